import type { DayNumber, Instant } from '../core/time.ts';
import { dayNumberOf } from '../core/time.ts';
import type { Plan } from '../plan/plan.schema.ts';
import type { Program } from './compile.ts';
import { compile } from './compile.ts';
import { resolveSegment } from './resolve-segment.ts';
import type { Segment } from './segment.ts';
import { layOut, segmentAt } from './segment.ts';
import type { Denial, TimelineEntry } from './timeline.ts';

/** What a plan shows, at any instant, past or future. */
export interface Resolver {
  /** What is on between two instants: the entries that touch `[from, to)`, whole, in order. */
  timeline(from: Instant, to: Instant): TimelineEntry[];
  /** What is on at an instant. */
  at(instant: Instant): TimelineEntry;
}

/** Segments (mostly single days) that a resolver remembers. */
const REMEMBERED = 8;

/**
 * Makes a resolver of a plan under the denials that concern a screen. Answers depend on nothing but
 * the arguments: the same on the center and on every player, whatever was asked before.
 * @throws AppError PLAN_RULES_UNKNOWN when the plan names rules that this program does not resolve.
 */
export function createResolver(plan: Plan, denials: readonly Denial[] = []): Resolver {
  const program = compile(plan);
  const segments = new Map<DayNumber, Resolved>();

  function resolvedAt(instant: Instant): Resolved {
    const day = dayNumberOf(instant);
    const known = segments.get(day);
    if (known !== undefined) return known;
    const resolved = resolve(program, denials, segmentAt(program, instant));
    const { firstDay, afterLastDay } = resolved.segment;
    for (let one: number = firstDay; one < afterLastDay; one += 1) segments.set(one as DayNumber, resolved);
    while (segments.size > REMEMBERED + afterLastDay - firstDay) {
      const oldest = segments.keys().next();
      if (oldest.done === true) break;
      segments.delete(oldest.value);
    }
    return resolved;
  }

  return {
    timeline(from, to) {
      const answer: TimelineEntry[] = [];
      for (let at = from; at < to; ) {
        const { segment, entries } = resolvedAt(at);
        for (let index = indexAt(entries, at); index < entries.length; index += 1) {
          const entry = entries[index] as TimelineEntry;
          if (entry.start >= to) break;
          answer.push(entry);
        }
        at = segment.end as Instant;
      }
      return answer;
    },
    at(instant) {
      const { entries } = resolvedAt(instant);
      return entries[indexAt(entries, instant)] as TimelineEntry;
    },
  };
}

interface Resolved {
  readonly segment: Segment;
  readonly entries: readonly TimelineEntry[];
}

function resolve(program: Program, denials: readonly Denial[], segment: Segment): Resolved {
  return { segment, entries: resolveSegment(program, layOut(program, denials, segment)) };
}

/** The entry that holds an instant; entries cover their segment without gaps. */
function indexAt(entries: readonly TimelineEntry[], instant: number): number {
  let low = 0;
  let high = entries.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((entries[middle] as TimelineEntry).start <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
