import type { RegionCode } from '../core/ids.ts';
import type { DayNumber } from '../core/time.ts';
import { DAY_S, midnightOf } from '../core/time.ts';
import { tierOf, tierRank } from '../region/tier.ts';
import { makeDaySet } from '../schedule/day-set.ts';
import { createExplainer } from '../schedule/explain.ts';
import type { NamedDenial } from '../schedule/explain-standing.ts';
import { clip, spanOf, stretchOn } from '../schedule/windows.ts';
import type { DayLane, DayView } from './day-view.api.ts';
import { airtimeOf } from './feasibility-airtime.ts';
import { tierRows } from './feasibility-outlook.ts';
import type { Plan } from './plan.schema.ts';

/** What a day's page draws of a plan: lanes, reserved time, and how the tiers shared the rotation. */
export type PlanDay = Pick<DayView, 'lanes' | 'reserved' | 'tiers'>;

/**
 * One local day of a plan under the denials that concern a screen: for every schedule that wanted
 * time that day, each stretch with how it stands (`explain`), highest tier first.
 */
export function planDay(
  plan: Plan,
  denials: readonly NamedDenial[],
  { day, regionName }: { readonly day: DayNumber; readonly regionName: (region: RegionCode) => string },
): PlanDay {
  const issuer = (region: RegionCode) => ({ region, regionName: regionName(region), tier: tierOf(region) });
  const days = createExplainer(plan, denials).day(
    day,
    plan.schedules.map(({ id }) => id),
  );
  const lanes = plan.schedules.flatMap(({ id, name, class: scheduleClass, region }): DayLane[] => {
    const told = days.get(id);
    const pieces = (told?.stretches ?? [])
      .filter(({ standing }) => standing.name !== 'closed')
      .map(({ from, to, standing }) => ({ from, to, standing: standing.name, by: standing.by }));
    if (told === undefined || pieces.length === 0) return [];
    const { airtimeS, plays } = told;
    return [{ schedule: id, name, class: scheduleClass, ...issuer(region), pieces, airtimeS, plays }];
  });
  return {
    lanes: lanes.toSorted(
      (a, b) =>
        tierRank(a.tier) - tierRank(b.tier) ||
        CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class) ||
        (a.schedule < b.schedule ? -1 : 1),
    ),
    reserved: reservedOn(plan, day).map(({ region, ...kept }) => ({ ...kept, ...issuer(region) })),
    tiers: tierRows(plan, airtimeOf(plan, denials)(day)),
  };
}

const CLASS_ORDER = ['mandatory', 'rotation', 'filler'];

/** Reserved time that touches the day, the night's from the day before included. */
function reservedOn(plan: Plan, day: DayNumber) {
  const whole = { start: midnightOf(day), end: midnightOf(day) + DAY_S };
  return plan.reserved.flatMap((reserve) => {
    const days = makeDaySet(reserve, plan.holidays);
    return [(day - 1) as DayNumber, day].flatMap((one) =>
      days.holds(one)
        ? reserve.windows.flatMap((window) => {
            const kept = clip(stretchOn(spanOf(window), one), whole);
            return kept === null
              ? []
              : [{ id: reserve.id, region: reserve.region, from: kept.start, to: kept.end }];
          })
        : [],
    );
  });
}
