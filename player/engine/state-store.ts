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
  /** The highest deny-list version ever persisted, per region whose list it is: it never goes down. */
  denyFloors: z.record(z.string(), z.int().min(0)).default({}),
});
export type PlayerState = z.infer<typeof stateSchema>;

const EMPTY: PlayerState = {
  format: 'kepu-player-state/1',
  center: null,
  counter: 0,
  assignment: null,
  onAir: null,
  denyFloors: {},
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
    return new StateStore(paths, { ...(newest ?? EMPTY), denyFloors: highest(copies) });
  }

  get(): PlayerState {
    return this.#state;
  }

  /** Persists a change; returns only once it would survive a power cut. */
  update(patch: Partial<Omit<PlayerState, 'format'>>): void {
    const next = { ...this.#state, ...patch };
    if (next.counter < this.#state.counter) throw new RangeError('the accepted counter never goes down');
    for (const [region, floor] of Object.entries(this.#state.denyFloors))
      if ((next.denyFloors[region] ?? 0) < floor)
        throw new RangeError('a deny list never goes back to an older version');
    const text = `${JSON.stringify(next, null, 2)}\n`;
    for (const path of this.#paths) writeFileAtomic(path, text);
    this.#state = next;
  }
}

/** Of each region the highest version that any copy remembers. */
function highest(copies: readonly PlayerState[]): Record<string, number> {
  const floors: Record<string, number> = {};
  for (const { denyFloors } of copies)
    for (const [region, version] of Object.entries(denyFloors))
      floors[region] = Math.max(floors[region] ?? 0, version);
  return floors;
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
