import { join } from 'node:path';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { Random } from '../../../shared/core/ports.ts';
import { SignedKind, envelopeSchema } from '../../../shared/core/signed.ts';
import type { Assignment } from '../../../shared/plan/assignment.schema.ts';
import { acceptDenyList, parseDenyList } from '../../../shared/schedule/accept-deny-list.ts';
import { denialsFor, denyListRegionOf } from '../../../shared/schedule/denial.schema.ts';
import type { DenyList } from '../../../shared/schedule/denial.schema.ts';
import type { CenterKey } from '../../../shared/screen/protocol.ts';
import { readFileIfThere, writeFileAtomic } from '../files/atomic-file.ts';
import { verifyCenterEnvelope } from '../identity/device-key.ts';
import type { Journal } from '../journal/journal.ts';
import { jitteredMs } from '../link/backoff.ts';
import type { CenterHttp } from '../link/center-http.ts';
import type { Ruling } from '../plan/plan-library.ts';
import type { Cancel, Log, Timers } from '../ports.ts';
import type { StateStore } from '../state-store.ts';

export interface DenyKeeperOptions {
  readonly folder: string;
  readonly state: StateStore;
  readonly journal: Pick<Journal, 'record'>;
  readonly http: Pick<CenterHttp, 'denials' | 'hasToken'>;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** The assignment in force: whose list we go by, and which version of it is demanded. */
  readonly assignment: () => Assignment | null;
  /** Another list is held, durably: to be acted on now. */
  readonly onList: () => void;
}

/** The list lives twice: what was once known to be denied must survive rot in one file. */
export const DENY_LIST_FILES = ['denials.json', 'denials.copy.json'] as const;

interface Held {
  readonly list: DenyList;
  readonly text: string;
}

/**
 * Takes deny lists: verified before parsed, persisted before acted on, never an older one, and only
 * that of the county in which the screen stands. What is refused goes into the journal.
 */
export class DenyKeeper {
  readonly #options: DenyKeeperOptions;
  readonly #paths: readonly string[];
  #held: Held | null;
  #fetching = false;
  #failures = 0;
  #cancel: Cancel | null = null;
  #lastRefused = '';
  #stopped = false;

  constructor(options: DenyKeeperOptions) {
    this.#options = options;
    this.#paths = DENY_LIST_FILES.map((name) => join(options.folder, name));
    const { center } = options.state.get();
    // The first file is written first: where both can be read it is the newer.
    this.#held = this.#paths.map((path) => readHeld(path, center)).find((held) => held !== null) ?? null;
  }

  /** Version of the list held, whosever it is; 0 before the first. */
  get version(): number {
    return this.#held?.list.version ?? 0;
  }

  /**
   * What is denied where the screen stands. `null` where a list is known to be there that is not held
   * (before the first one came, after a move to another county, or after the disk lost it): nothing
   * may take the glass then.
   */
  ruling(): Ruling | null {
    const assignment = this.#options.assignment();
    if (assignment === null) return null;
    const region = denyListRegionOf(assignment.region);
    const floor = this.#floorOf(region);
    const list = this.#held?.list;
    if (list?.region === region && list.version >= floor)
      return { denyList: list.version, denials: denialsFor(list.denials, assignment.region) };
    return floor === 0 && assignment.denyListVersion === 0 ? { denyList: 0, denials: [] } : null;
  }

  /** Whether the list that the assignment demands, or a later one, is held. */
  get isCurrent(): boolean {
    const demanded = this.#options.assignment()?.denyListVersion ?? 0;
    const ruling = this.ruling();
    return ruling !== null && ruling.denyList >= demanded;
  }

  /**
   * Judges what came as a deny list.
   * @returns the version held durably afterwards if that is this list's, else 0.
   */
  offer(payload: unknown): number {
    const { state, assignment } = this.#options;
    const envelope = envelopeSchema.safeParse(payload);
    const { center } = state.get();
    if (!envelope.success || center === null) {
      this.#refuse('DENIAL_LIST_INVALID', 'not a signed document');
      return 0;
    }
    const region = assignment()?.region;
    const verdict = acceptDenyList({
      text: envelope.data.text,
      verified: verifyCenterEnvelope(SignedKind.denials, envelope.data, center),
      region: region === undefined ? null : denyListRegionOf(region),
      floorOf: (one) => this.#floorOf(one),
      heldText: this.#held?.text ?? null,
    });
    if (!verdict.ok) {
      this.#refuse(verdict.code, verdict.detail);
      return 0;
    }
    if (!verdict.repeated) this.#take(verdict.list, JSON.stringify(envelope.data), envelope.data.text);
    return verdict.list.version;
  }

  /** Goes on towards the list that the assignment demands. */
  pursue(): void {
    if (this.#stopped || this.#fetching || this.#cancel !== null) return;
    if (this.#options.assignment() === null || this.isCurrent || !this.#options.http.hasToken) return;
    void this.#fetch();
  }

  /** There is a way to the center again. */
  hurry(): void {
    this.#failures = 0;
    this.#cancel?.();
    this.#cancel = null;
    this.pursue();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  /**
   * Acted on as soon as one copy is durable, which is its own mark: on a slow disk the rest takes longer
   * than the cut may. The copy and the mark follow before the center hears that it is held.
   */
  #take(list: DenyList, file: string, text: string): void {
    const { state, log, onList } = this.#options;
    const [first, ...copies] = this.#paths;
    if (first !== undefined) writeFileAtomic(first, file);
    this.#held = { list, text };
    this.#lastRefused = '';
    log.info('deny list held', { version: list.version, denials: list.denials.length });
    onList();
    for (const path of copies) writeFileAtomic(path, file);
    const { denyFloors } = state.get();
    state.update({ denyFloors: { ...denyFloors, [list.region]: list.version } });
  }

  async #fetch(): Promise<void> {
    const { http, log, timers, random } = this.#options;
    this.#fetching = true;
    try {
      const payload = await http.denials();
      if (!this.#stopped) this.offer(payload);
    } catch (error) {
      log.info('deny list not here yet', { reason: String(error) });
    } finally {
      this.#fetching = false;
    }
    if (this.#stopped || this.isCurrent) return;
    this.#failures += 1;
    this.#cancel = timers.after(250 + jitteredMs(random, this.#failures), () => {
      this.#cancel = null;
      this.pursue();
    });
  }

  #floorOf(region: RegionCode): number {
    const list = this.#held?.list;
    return Math.max(
      this.#options.state.get().denyFloors[region] ?? 0,
      list?.region === region ? list.version : 0,
    );
  }

  #refuse(code: string, detail: string): void {
    const { journal, log } = this.#options;
    log.warn('deny list refused', { code, detail });
    // The same one knocking again is one refusal.
    if (this.#lastRefused === code + detail) return;
    this.#lastRefused = code + detail;
    journal.record({ kind: 'refusal', what: 'denials', code, detail: detail.slice(0, 200) });
  }
}

/** The list in a file, if the center this device trusts really signed it. */
function readHeld(path: string, center: CenterKey | null): Held | null {
  const bytes = readFileIfThere(path);
  if (bytes === null || center === null) return null;
  try {
    const { text, ...rest } = envelopeSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!verifyCenterEnvelope(SignedKind.denials, { text, ...rest }, center)) return null;
    const list = parseDenyList(text);
    return list === null ? null : { list, text };
  } catch {
    return null; // Rotten; the other copy speaks.
  }
}
