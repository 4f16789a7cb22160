/**
 * Sets of seconds as half-open intervals (DESIGN.md section 7: integer seconds, half-open
 * intervals, unions). A {@link Spans} is sorted, disjoint, never touching and never empty inside,
 * so equal sets are equal lists.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}
export type Spans = readonly Span[];

export const EMPTY: Spans = [];

/** One interval as a set; empty where `end <= start`. */
export function span(start: number, end: number): Spans {
  return end > start ? [{ start, end }] : EMPTY;
}

/** Any list of intervals as a set: sorted, merged, without empty ones. */
export function normalize(list: readonly Span[]): Spans {
  const sorted = list.filter(({ start, end }) => end > start).toSorted((a, b) => a.start - b.start);
  const merged: Span[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || next.start > last.end) merged.push({ start: next.start, end: next.end });
    else if (next.end > last.end) merged[merged.length - 1] = { start: last.start, end: next.end };
  }
  return merged;
}

/** Seconds in any of the sets. */
export function union(...sets: readonly Spans[]): Spans {
  return normalize(sets.flat());
}

/** Seconds in both sets. */
export function intersect(a: Spans, b: Spans): Spans {
  const both: Span[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return both;
    const start = Math.max(left.start, right.start);
    const end = Math.min(left.end, right.end);
    if (end > start) both.push({ start, end });
    if (left.end < right.end) i++;
    else j++;
  }
}

/** Seconds in `a` and not in `b`. */
export function subtract(a: Spans, b: Spans): Spans {
  const left: Span[] = [];
  let j = 0;
  for (const { start, end } of a) {
    let at = start;
    while (j < b.length && (b[j] as Span).end <= at) j++;
    for (let k = j; at < end; k++) {
      const cut = b[k];
      if (cut === undefined || cut.start >= end) {
        left.push({ start: at, end });
        break;
      }
      if (cut.start > at) left.push({ start: at, end: cut.start });
      at = cut.end;
    }
  }
  return left;
}

/** Seconds of `a` in `[from, to)`. */
export function clip(a: Spans, from: number, to: number): Spans {
  return intersect(a, span(from, to));
}

/** How many seconds are in the set. */
export function measure(a: Spans): number {
  let total = 0;
  for (const { start, end } of a) total += end - start;
  return total;
}

/** Whether second `t` is in the set, by binary search. */
export function covers(a: Spans, t: number): boolean {
  let low = 0;
  let high = a.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((a[middle] as Span).end <= t) low = middle + 1;
    else high = middle;
  }
  const found = a[low];
  return found !== undefined && found.start <= t;
}
