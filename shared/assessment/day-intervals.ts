import type { CAUSES, DayInterval } from './assessment.schema.ts';
import type { BootEvidence } from './boot-evidence.ts';
import type { BootGap } from './boot-order.ts';
import { type Span, type Spans, covers } from './intervals.ts';

type Cause = (typeof CAUSES)[number];

/** The sets of seconds that a screen's day is made of, each clipped to the day. */
export interface DaySets {
  readonly required: Spans;
  readonly exempt: Spans;
  readonly on: Spans;
  /** Disjoint from `on`. */
  readonly off: Spans;
  readonly content: Spans;
  readonly gradeA: Spans;
  readonly verified: Spans;
  /** Causes of off and unknown seconds, first that applies (ACCOUNTING.md rule 8). */
  readonly causes: readonly (readonly [Cause, Spans])[];
  /** Gaps between boots that prove off. */
  readonly gaps: readonly BootGap[];
}

/** Cuts the stretch `within` into maximal intervals of equal properties, each with its records. */
export function cutIntervals(sets: DaySets, boots: readonly BootEvidence[], within: Span): DayInterval[] {
  const cuts = new Set<number>([within.start, within.end]);
  for (const set of [
    sets.required,
    sets.exempt,
    sets.on,
    sets.off,
    sets.content,
    sets.gradeA,
    sets.verified,
    ...sets.causes.map(([, spans]) => spans),
  ])
    for (const { start, end } of set) {
      cuts.add(start);
      cuts.add(end);
    }
  const edges = [...cuts].filter((t) => t >= within.start && t <= within.end).sort((a, b) => a - b);
  const stretches: Omit<DayInterval, 'records'>[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i] as number;
    const next = { start, end: edges[i + 1] as number, ...propertiesAt(sets, start) };
    const last = stretches.at(-1);
    if (last !== undefined && isAlike(last, next))
      stretches[stretches.length - 1] = { ...last, end: next.end };
    else stretches.push(next);
  }
  return stretches.map((stretch) => ({ ...stretch, records: recordsBehind(stretch, sets, boots) }));
}

function propertiesAt(sets: DaySets, t: number): Omit<DayInterval, 'start' | 'end' | 'records'> {
  const on = covers(sets.on, t);
  const state = on ? 'on' : covers(sets.off, t) ? 'off' : 'unknown';
  return {
    state,
    required: covers(sets.required, t),
    exempt: covers(sets.exempt, t),
    content: covers(sets.content, t),
    grade: on ? (covers(sets.gradeA, t) ? 'A' : 'B') : null,
    verified: covers(sets.verified, t),
    cause: on ? null : (sets.causes.find(([, spans]) => covers(spans, t))?.[0] ?? 'not-known'),
  };
}

function isAlike(a: Omit<DayInterval, 'records'>, b: Omit<DayInterval, 'records'>): boolean {
  return (
    a.state === b.state &&
    a.required === b.required &&
    a.exempt === b.exempt &&
    a.content === b.content &&
    a.grade === b.grade &&
    a.verified === b.verified &&
    a.cause === b.cause
  );
}

/** Journal records that touch the stretch; for a gap, the last of one boot and the first of the next. */
function recordsBehind(
  stretch: Omit<DayInterval, 'records'>,
  sets: DaySets,
  boots: readonly BootEvidence[],
): DayInterval['records'] {
  const ranges: DayInterval['records'] = [];
  for (const boot of boots) {
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (const { seq, start, end } of boot.placed) {
      const touches =
        start < stretch.end && (end > stretch.start || (start === end && start === stretch.start));
      if (!touches) continue;
      first = Math.min(first, seq);
      last = Math.max(last, seq);
    }
    if (last > 0) ranges.push({ boot: boot.facts.boot, first, last });
  }
  if (stretch.state !== 'off') return ranges;
  for (const gap of sets.gaps)
    if (gap.start < stretch.end && gap.end > stretch.start) {
      const lastSeq = gap.before.facts.maxSeq;
      addRange(ranges, gap.before.facts.boot, lastSeq);
      addRange(ranges, gap.after.facts.boot, 1);
    }
  return ranges;
}

function addRange(ranges: DayInterval['records'], boot: string, seq: number): void {
  const known = ranges.find((range) => range.boot === boot);
  if (known === undefined) ranges.push({ boot, first: seq, last: seq });
  else {
    known.first = Math.min(known.first, seq);
    known.last = Math.max(known.last, seq);
  }
}
