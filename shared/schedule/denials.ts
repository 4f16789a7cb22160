import type { ScheduleId, Sha256 } from '../core/ids.ts';
import type { Denial } from './timeline.ts';

/** What is denied between two changes of the deny-list. */
export interface DenialState {
  /** Whether anything is denied at all. */
  readonly any: boolean;
  deniesSchedule(schedule: ScheduleId): boolean;
  deniesAsset(asset: Sha256): boolean;
}

const NOTHING: DenialState = { any: false, deniesSchedule: () => false, deniesAsset: () => false };

/** The instants at which a denial begins or is lifted. */
export function denialChanges(denials: readonly Denial[]): number[] {
  return denials
    .filter((denial) => denial.to === null || denial.to > denial.from)
    .flatMap((denial) => (denial.to === null ? [denial.from] : [denial.from, denial.to]));
}

/** What is in force at an instant (SCHEDULING.md rules 13 and 15): a denial acts in `[from, to)`. */
export function denialsAt(denials: readonly Denial[], instant: number): DenialState {
  const active = denials.filter(
    (denial) => denial.from <= instant && (denial.to === null || denial.to > instant),
  );
  if (active.length === 0) return NOTHING;
  const stopAll = active.some((denial) => denial.kind === 'stop-all');
  const schedules = new Set(active.filter((one) => one.kind === 'schedule').map((one) => one.subject));
  const assets = new Set(active.filter((one) => one.kind === 'asset').map((one) => one.subject));
  return {
    any: true,
    deniesSchedule: (schedule) => stopAll || schedules.has(schedule),
    deniesAsset: (asset) => stopAll || assets.has(asset),
  };
}

/**
 * The parts of `[start, end)` in which what an entry shows was not denied. What is shown while it is
 * denied counts as nothing, also on a device that had not heard of the denial yet.
 */
export function undeniedParts(
  entry: {
    readonly start: number;
    readonly end: number;
    readonly schedule: ScheduleId | null;
    readonly asset: Sha256 | null;
  },
  denials: readonly Denial[],
): { readonly start: number; readonly end: number }[] {
  let parts = [{ start: entry.start, end: entry.end }];
  for (const { kind, subject, from, to } of denials) {
    const denies =
      kind === 'stop-all' || (kind === 'schedule' ? subject === entry.schedule : subject === entry.asset);
    if (!denies) continue;
    const until = to ?? Number.POSITIVE_INFINITY;
    parts = parts.flatMap(({ start, end }) =>
      [
        { start, end: Math.min(end, Math.max(start, from)) },
        { start: Math.max(start, Math.min(end, until)), end },
      ].filter((part) => part.start < part.end),
    );
  }
  return parts;
}
