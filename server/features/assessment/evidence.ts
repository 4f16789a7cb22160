import {
  AHEAD_LIMIT_MS,
  type BootEvidence,
  type BootFacts,
  type HeldRecord,
  type SeqRange,
  readBoot,
} from '../../../shared/assessment/boot-evidence.ts';
import { type ChainedBoot, placeBoots } from '../../../shared/assessment/boot-order.ts';
import type { BootId, DeviceId } from '../../../shared/core/ids.ts';
import { type BootClock, DRIFT_PARTS, makeBootClock } from '../../../shared/telemetry/clock.ts';
import type { EvidenceStore, StoredBoot } from './assessment.port.ts';

const DAY_MS = 86_400_000;
/** How far approximate places may be off, besides drift. */
const MARGIN_MS = 120_000;

export interface Stretch {
  /** Center time, milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A device's boots by the names they give their predecessors. */
export class BootChain {
  readonly boots: readonly StoredBoot[];
  readonly #byId: ReadonlyMap<BootId, StoredBoot>;
  readonly #next: ReadonlyMap<BootId, StoredBoot>;

  constructor(boots: readonly StoredBoot[]) {
    this.boots = boots.filter((boot) => boot.maxSeq > 0);
    this.#byId = new Map(this.boots.map((boot) => [boot.boot, boot]));
    this.#next = new Map(
      this.boots.flatMap((boot) => (boot.previous === null ? [] : [[boot.previous.boot, boot] as const])),
    );
  }

  get(boot: BootId): StoredBoot | undefined {
    return this.#byId.get(boot);
  }

  previous(boot: StoredBoot): StoredBoot | undefined {
    return boot.previous === null ? undefined : this.#byId.get(boot.previous.boot);
  }

  next(boot: StoredBoot): StoredBoot | undefined {
    return this.#next.get(boot.boot);
  }

  /** Boots passed on the way to the nearest that met the center, it included. */
  walk(from: StoredBoot, direction: 'previous' | 'next'): StoredBoot[] {
    const passed: StoredBoot[] = [];
    const seen = new Set([from]);
    for (let at = this[direction](from); at !== undefined && !seen.has(at); at = this[direction](at)) {
      passed.push(at);
      seen.add(at);
      if (at.met) break;
    }
    return passed;
  }

  /**
   * Boots that can say something about a stretch: those that touch it with the gap before and after
   * them, every one that never met the center, and the way from each to where it can be placed.
   */
  around({ fromMs, toMs }: Stretch): StoredBoot[] {
    const touching = this.boots.filter((boot) => {
      if (!boot.met) return true;
      const before = this.previous(boot);
      const after = this.next(boot);
      const start = before === undefined ? boot.approxStartMs : endOf(before);
      const end = after === undefined ? endOf(boot) : Math.max(endOf(boot), after.approxStartMs);
      const slack = MARGIN_MS + boot.lastMono / DRIFT_PARTS;
      return Math.min(start, boot.approxStartMs) - slack < toMs && end + slack > fromMs;
    });
    const all = new Set(touching);
    for (const boot of touching)
      for (const one of [...this.walk(boot, 'previous'), ...this.walk(boot, 'next')]) all.add(one);
    return [...all];
  }
}

function endOf(boot: StoredBoot): number {
  return boot.approxStartMs + boot.lastMono;
}

/** Reads what the boots of a device prove around one local day. `closeS`: the closing period. */
export async function loadEvidence(
  store: EvidenceStore,
  device: DeviceId,
  options: Stretch & { readonly closeS: number },
): Promise<BootEvidence[]> {
  const { closeS } = options;
  // A day's windows may run into the next day.
  const stretch = { fromMs: options.fromMs, toMs: options.toMs + DAY_MS };
  const chain = new BootChain(await store.boots(device));
  const boots = chain.around(stretch);
  const chained = await loadChained(store, boots);
  const evidence: BootEvidence[] = [];
  for (const [i, { boot, clock }] of placeBoots(chained).entries()) {
    const stored = boots[i] as StoredBoot;
    const holes = await holesOf(store, stored, chain.next(stored));
    const records = await recordsFor(store, stored, { clock, holes, stretch, closeS });
    const facts = withTimeQuarantine(boot.facts, stored, clock);
    evidence.push(readBoot({ facts, clock, records, holes }, closeS));
  }
  return evidence;
}

/** The clock of a boot that met the center. */
export async function clockOf(store: EvidenceStore, boot: StoredBoot): Promise<BootClock | null> {
  return boot.met ? makeBootClock(await store.offsets(boot.device, boot.boot)) : null;
}

/** Boots ready to be placed among each other. */
export async function loadChained(
  store: EvidenceStore,
  boots: readonly StoredBoot[],
): Promise<ChainedBoot[]> {
  const chained: ChainedBoot[] = [];
  for (const boot of boots) chained.push(await chainedBoot(store, boot));
  return chained;
}

async function chainedBoot(store: EvidenceStore, boot: StoredBoot): Promise<ChainedBoot> {
  const { device, osBoot, panelReadable, previous, lastMono, maxSeq, soundCount, begun } = boot;
  const facts: BootFacts = {
    device,
    boot: boot.boot,
    osBoot,
    panelReadable,
    previous,
    lastMono,
    maxSeq,
    soundCount,
    begun,
  };
  const clock = await clockOf(store, boot);
  const readings = boot.met
    ? [boot.first, boot.last]
    : (await store.recordsBetween(boot, 0, Number.MAX_SAFE_INTEGER)).map(({ record }) => ({
        mono: record.mono,
        wall: record.wall,
      }));
  return { facts, clock, readings };
}

/** One record too far ahead of its receipt is enough to spoil a boot for rule 7. */
function withTimeQuarantine(facts: BootFacts, stored: StoredBoot, clock: BootClock | null): BootFacts {
  const placed = clock?.placeMs(stored.lastMono) ?? null;
  if (placed === null || stored.aheadMs + (placed - stored.lastMono) <= AHEAD_LIMIT_MS) return facts;
  return { ...facts, soundCount: facts.soundCount - 1 };
}

/** Sequences that are missing, lost or quarantined, as far as anybody names them. */
async function holesOf(
  store: EvidenceStore,
  boot: StoredBoot,
  next: StoredBoot | undefined,
): Promise<SeqRange[]> {
  const lastSeq = Math.max(boot.maxSeq, next?.previous?.lastSeq ?? 0);
  if (boot.soundCount === lastSeq) return [];
  const holes: SeqRange[] = [];
  let expected = 1;
  for (const seq of await store.soundSeqs(boot)) {
    if (seq > expected) holes.push({ from: expected, to: seq - 1 });
    expected = seq + 1;
  }
  if (expected <= lastSeq) holes.push({ from: expected, to: lastSeq });
  return holes;
}

async function recordsFor(
  store: EvidenceStore,
  boot: StoredBoot,
  options: {
    readonly clock: BootClock | null;
    readonly holes: readonly SeqRange[];
    readonly stretch: Stretch;
    readonly closeS: number;
  },
): Promise<HeldRecord[]> {
  const { clock, holes, stretch, closeS } = options;
  const startMs = clock?.placeMs(0) ?? null;
  if (startMs === null) return [];
  const slack = MARGIN_MS + 2_000 * closeS + Math.ceil(boot.lastMono / DRIFT_PARTS);
  const fromMono = stretch.fromMs - startMs - slack;
  const toMono = stretch.toMs - startMs + slack;
  const inside = toMono < 0 ? [] : await store.recordsBetween(boot, Math.max(0, fromMono), toMono);
  if (holes.length === 0) return inside;
  const known = new Set(inside.map(({ record }) => record.seq));
  const beside = holes.flatMap(({ from, to }) => [from - 1, to + 1]).filter((seq) => !known.has(seq));
  return [...inside, ...(await store.recordsAt(boot, [...new Set(beside)]))].sort(
    (a, b) => a.record.seq - b.record.seq,
  );
}
