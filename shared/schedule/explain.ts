import type { Instant } from '../core/time.ts';
import type { Plan, PlanSchedule } from '../plan/plan.schema.ts';
import { tierOf, tierRank } from '../region/tier.ts';
import { compile } from './compile.ts';
import { createResolver } from './resolve.ts';
import type { Epoch, OpenPiece } from './segment.ts';
import { layOut, segmentAt } from './segment.ts';
import type { Denial, TimelineEntry } from './timeline.ts';

/** How a schedule stands at an instant: why it is on, or why it is not. */
export type Standing =
  | 'on-air'
  /** None of its windows is open. */
  | 'closed'
  /** A window is open, but a higher tier keeps this time. */
  | 'reserved'
  | 'denied'
  | 'empty'
  /** Rotation of a tier whose quota is 0. */
  | 'no-quota'
  /** A class above it, or something ordered before it in its own, is on. */
  | 'outranked'
  /** Mandatory: its next item does not fit, or it played once; it let others on. */
  | 'yielded'
  /** Rotation: another is on in its fair share; its turn comes. */
  | 'waiting'
  /** Rotation under filler: its next item does not fit before the next boundary. */
  | 'does-not-fit';

export interface Explanation {
  readonly entry: TimelineEntry;
  /** Every schedule of the plan, by id. */
  readonly standings: readonly { readonly schedule: PlanSchedule; readonly standing: Standing }[];
}

/** What is on at an instant and why, and of every other schedule of the plan why it is not. */
export function explain(plan: Plan, denials: readonly Denial[], instant: Instant): Explanation {
  const entry = createResolver(plan, denials).at(instant);
  const program = compile(plan);
  const { epochs } = layOut(program, denials, segmentAt(program, instant));
  const epoch = epochs.find((one) => one.start <= instant && instant < one.end);
  if (epoch === undefined) throw new RangeError('no epoch holds the instant');
  const unreserved = { ...program, reserves: [] };
  const whole = layOut(unreserved, denials, segmentAt(unreserved, instant)).epochs.find(
    (one) => one.start <= instant && instant < one.end,
  );
  const standings = plan.schedules.map((schedule) => ({
    schedule,
    standing: standingOf(plan, schedule, { entry, epoch, whole }),
  }));
  return { entry, standings };
}

interface Moment {
  readonly entry: TimelineEntry;
  readonly epoch: Epoch;
  /** The same moment as if nothing were reserved. */
  readonly whole: Epoch | undefined;
}

function standingOf(plan: Plan, schedule: PlanSchedule, { entry, epoch, whole }: Moment): Standing {
  if (entry.schedule === schedule.id) return 'on-air';
  const items = plan.playlists[schedule.playlist]?.items ?? [];
  if (items.length === 0) return 'empty';
  if (!isOpen(epoch, schedule)) return whole !== undefined && isOpen(whole, schedule) ? 'reserved' : 'closed';
  const { denials } = epoch;
  if (denials.deniesSchedule(schedule.id) || items.every(({ asset }) => denials.deniesAsset(asset)))
    return 'denied';
  const tier = tierOf(schedule.region);
  if (schedule.class === 'rotation' && plan.tierWeights[tier] === 0) return 'no-quota';
  switch (schedule.class) {
    case 'mandatory':
      return entry.class === 'mandatory' && comesFirst(epoch, entry, schedule) ? 'outranked' : 'yielded';
    case 'rotation':
      if (entry.class === 'mandatory') return 'outranked';
      return entry.class === 'rotation' ? 'waiting' : 'does-not-fit';
    case 'filler':
      return 'outranked';
    default:
      return schedule.class satisfies never;
  }
}

function isOpen(epoch: Epoch, schedule: PlanSchedule): boolean {
  return openOf(epoch, schedule).some(({ opening }) => opening.rule.id === schedule.id);
}

function openOf(epoch: Epoch, schedule: PlanSchedule): readonly OpenPiece[] {
  if (schedule.class === 'mandatory') return epoch.mandatory;
  if (schedule.class === 'filler') return epoch.filler;
  return epoch.rotation[tierRank(tierOf(schedule.region))] ?? [];
}

/** Whether what is on comes before the schedule in the order of mandatories. */
function comesFirst(epoch: Epoch, entry: TimelineEntry, schedule: PlanSchedule): boolean {
  const first = epoch.mandatory.find(
    ({ opening }) => opening.rule.id === entry.schedule || opening.rule.id === schedule.id,
  );
  return first?.opening.rule.id === entry.schedule;
}
