import type { BootId, DeviceId, Sha256 } from '../core/ids.ts';
import { type BootClock, UNMET_TOLERANCE_MS } from '../telemetry/clock.ts';
import type { JournalRecord } from '../telemetry/record.schema.ts';
import { type Spans, intersect, normalize, span, subtract, union } from './intervals.ts';

/**
 * What one boot's records prove, in whole seconds of center time. Instants are placed in
 * milliseconds and then floored, both ends (ACCOUNTING.md rule 4).
 */

/** How far a corrected time may lie after its receipt before it is quarantined (DESIGN.md section 6). */
export const AHEAD_LIMIT_MS = UNMET_TOLERANCE_MS;

/** A record with its earliest receipt (ACCOUNTING.md rule 2). */
export interface HeldRecord {
  readonly record: JournalRecord;
  readonly receiptMs: number;
}

export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** What is known of a boot besides the records at hand. */
export interface BootFacts {
  readonly device: DeviceId;
  readonly boot: BootId;
  readonly osBoot: string;
  readonly panelReadable: boolean;
  readonly previous: { readonly boot: BootId; readonly lastSeq: number } | null;
  /** Last monotonic instant that any of its held records names. */
  readonly lastMono: number;
  /** Largest sequence held, and how many of 1 … that are neither missing, lost nor quarantined. */
  readonly maxSeq: number;
  readonly soundCount: number;
  /** The boot record itself is held; without it nothing is known about the panel. */
  readonly begun: boolean;
}

export interface BootInput {
  readonly facts: BootFacts;
  /** `null` while the boot cannot be placed. */
  readonly clock: BootClock | null;
  /** Records at hand, by sequence: all that touch the stretch in question and the ones beside them. */
  readonly records: readonly HeldRecord[];
  /** Sequences missing, lost or quarantined among 1 … maxSeq, sorted. */
  readonly holes: readonly SeqRange[];
}

export interface PlacedRun {
  readonly plan: Sha256;
  /** Version of the deny list that the device followed, 0 for none. */
  readonly denyList: number;
  readonly start: number;
  readonly end: number;
}

/** A record's place, for drilling down from a second to the journal. */
export interface PlacedRecord {
  readonly seq: number;
  readonly kind: JournalRecord['kind'];
  readonly start: number;
  readonly end: number;
}

export interface BootEvidence {
  readonly facts: BootFacts;
  /** Engine start and the last instant any record names; `null` where unplaced. */
  readonly start: number | null;
  readonly end: number | null;
  readonly power: Spans;
  readonly painting: Spans;
  readonly panelOn: Spans;
  readonly panelOff: Spans;
  readonly runs: readonly PlacedRun[];
  readonly exceptions: Spans;
  /** Exceptions that say an item failed: a black stage is then the content's fault. */
  readonly failures: Spans;
  /** Seconds in which nothing counts as K because an exception may be missing (ACCOUNTING.md rule 9). */
  readonly doubtful: Spans;
  readonly placed: readonly PlacedRecord[];
  /** A record at hand was quarantined by its time. */
  readonly quarantined: boolean;
}

/** Where an instant of the boot lies, in whole seconds; `null` where it cannot be placed. */
export function placeSecond(clock: BootClock | null, mono: number): number | null {
  const ms = clock?.placeMs(mono) ?? null;
  return ms === null ? null : Math.floor(ms / 1000);
}

/** The last instant a record names. */
export function lastInstantOf(record: JournalRecord): number {
  return 'to' in record ? record.to : record.mono;
}

/** The first instant a record names. */
export function firstInstantOf(record: JournalRecord): number {
  return 'from' in record ? record.from : record.mono;
}

/**
 * Places a boot's records. `closeS` is the closing period of open intervals, which bounds how far
 * back a missing exception could reach.
 */
export function readBoot(input: BootInput, closeS: number): BootEvidence {
  const { facts, clock } = input;
  const sound: { record: JournalRecord; start: number; end: number }[] = [];
  const dropped: number[] = [];
  for (const { record, receiptMs } of input.records) {
    const startMs = clock?.placeMs(firstInstantOf(record)) ?? null;
    const endMs = clock?.placeMs(lastInstantOf(record)) ?? null;
    if (startMs === null || endMs === null || endMs > receiptMs + AHEAD_LIMIT_MS) {
      dropped.push(record.seq);
      continue;
    }
    sound.push({ record, start: Math.floor(startMs / 1000), end: Math.floor(endMs / 1000) });
  }
  const of = (keep: (record: JournalRecord) => boolean): Spans =>
    normalize(sound.filter(({ record }) => keep(record)));
  const exception = (record: JournalRecord) => record.kind === 'exception';
  return {
    facts,
    start: placeSecond(clock, 0),
    end: placeSecond(clock, facts.lastMono),
    power: of((record) => record.kind === 'power'),
    painting: of((record) => record.kind === 'power' && record.painted > 0),
    panelOn: of((record) => record.kind === 'panel' && record.state === 'on'),
    panelOff: of((record) => record.kind === 'panel' && record.state === 'off'),
    runs: sound.flatMap(({ record, start, end }) =>
      record.kind === 'run' && record.frames > 0
        ? [{ plan: record.plan, denyList: record.denyList ?? 0, start, end }]
        : [],
    ),
    exceptions: of(exception),
    failures: of((record) => record.kind === 'exception' && record.cause === 'failed'),
    doubtful: doubtfulSpans(input, dropped, closeS),
    placed: sound.map(({ record, start, end }) => ({ seq: record.seq, kind: record.kind, start, end })),
    quarantined: clock !== null && dropped.length > 0,
  };
}

/**
 * Rule 9: from one closing period before a missing, lost or quarantined sequence to the end of the
 * next record held. The missing one was made no earlier than the record before it.
 */
function doubtfulSpans(input: BootInput, dropped: readonly number[], closeS: number): Spans {
  const { clock, records } = input;
  const gone = [...input.holes, ...dropped.map((seq) => ({ from: seq, to: seq }))];
  if (gone.length === 0 || clock === null) return [];
  const goneSeqs = new Set(dropped);
  const held = records.filter(({ record }) => !goneSeqs.has(record.seq)).map(({ record }) => record);
  return normalize(
    gone.map(({ from, to }) => {
      const before = held.findLast((record) => record.seq < from);
      const after = held.find((record) => record.seq > to);
      const startMono = before === undefined ? 0 : before.mono;
      const start = placeSecond(clock, startMono);
      const end = after === undefined ? null : placeSecond(clock, Math.max(after.mono, lastInstantOf(after)));
      return {
        start: start === null ? Number.MIN_SAFE_INTEGER : start - closeS,
        end: end ?? Number.MAX_SAFE_INTEGER,
      };
    }),
  );
}

/** What a boot proves within the seconds its device was bound to the screen. */
export interface BootProof {
  readonly on: Spans;
  readonly gradeA: Spans;
  readonly off: Spans;
  readonly content: Spans;
}

export interface ProofContext {
  /** Seconds in which the device was bound to the screen (ACCOUNTING.md rule 12). */
  readonly bound: Spans;
  /** Seconds in which only a panel's word counts, because the screen gave it before (rule 6). */
  readonly panelDemanded: Spans;
  /** Approved non-filler content that a run showed. */
  readonly contentOf: (run: PlacedRun) => Spans;
}

/**
 * On, off and K of one boot. Rule 6: where the panel can be read, only panel records prove on;
 * else power and a painting renderer do. Rule 12: only inside the binding, and K only with ON of
 * the same boot.
 */
export function proveBoot(boot: BootEvidence, context: ProofContext): BootProof {
  const { bound, panelDemanded, contentOf } = context;
  const gradeA = boot.facts.panelReadable ? intersect(boot.panelOn, bound) : [];
  const gradeB = boot.facts.panelReadable ? [] : subtract(intersect(boot.painting, bound), panelDemanded);
  const on = boot.facts.begun ? union(gradeA, gradeB) : [];
  const shown = union(...boot.runs.map((run) => intersect(contentOf(run), span(run.start, run.end))));
  return {
    on,
    gradeA: boot.facts.begun ? gradeA : [],
    off: intersect(boot.panelOff, bound),
    content: intersect(subtract(subtract(shown, boot.exceptions), boot.doubtful), on),
  };
}
