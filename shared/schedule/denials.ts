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
