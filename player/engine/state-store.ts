import { join } from 'node:path';
import { z } from 'zod';
import { sha256Schema } from '../../shared/core/ids.ts';
import { envelopeSchema } from '../../shared/core/signed.ts';
import { centerKeySchema } from '../../shared/screen/protocol.ts';
import { readFileIfThere, writeFileAtomic } from './files/atomic-file.ts';

/** What the player must still know after a power cut. The journal keeps the rest. */
const stateSchema = z.strictObject({
  format: z.literal('kepu-player-state/1'),
  /** The center this device trusts, pinned at first contact. */
  center: centerKeySchema.nullable(),
  /** The highest assignment counter ever accepted: it never goes down. */
  counter: z.int().min(0),
  /** The assignment in force. */
  assignment: envelopeSchema.nullable(),
  /** The plan on air; another one than the assignment's while that is still being fetched. */
  onAir: sha256Schema.nullable(),
});
export type PlayerState = z.infer<typeof stateSchema>;

const EMPTY: PlayerState = {
  format: 'kepu-player-state/1',
  center: null,
  counter: 0,
  assignment: null,
  onAir: null,
};

export const STATE_FILES = ['state.json', 'state.copy.json'] as const;

/**
 * The persisted state, replaced as a whole. It lives twice, because it holds the counter that must
 * never go down: rot in one file leaves the other.
 */
export class StateStore {
  readonly #paths: readonly string[];
  #state: PlayerState;

  private constructor(paths: readonly string[], state: PlayerState) {
    this.#paths = paths;
    this.#state = state;
  }

  /** Opens the state in `folder`: the newest readable copy, or the empty state where there is none. */
  static open(folder: string): StateStore {
    const paths = STATE_FILES.map((name) => join(folder, name));
    const copies = paths.map(readState).filter((state) => state !== null);
    const newest = copies.toSorted((a, b) => b.counter - a.counter)[0];
    return new StateStore(paths, newest ?? EMPTY);
  }

  get(): PlayerState {
    return this.#state;
  }

  /** Persists a change; returns only once it would survive a power cut. */
  update(patch: Partial<Omit<PlayerState, 'format'>>): void {
    const next = { ...this.#state, ...patch };
    if (next.counter < this.#state.counter) throw new RangeError('the accepted counter never goes down');
    const text = `${JSON.stringify(next, null, 2)}\n`;
    for (const path of this.#paths) writeFileAtomic(path, text);
    this.#state = next;
  }
}

function readState(path: string): PlayerState | null {
  const bytes = readFileIfThere(path);
  if (bytes === null) return null;
  try {
    return stateSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null; // Rotten; the other copy speaks.
  }
}
