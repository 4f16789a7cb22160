import type { RegionCode, ScheduleId } from '../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../shared/core/time.ts';
import { dayNumberOfLocalDay, localDayAt, midnightOfLocalDay } from '../../shared/core/time.ts';
import { audienceTest } from '../../shared/plan/audience.ts';
import type { Place } from '../../shared/plan/audience.ts';
import type { Words } from '../../shared/plan/explain.api.ts';
import { isWithin } from '../../shared/region/tier.ts';
import { didYouMean } from '../../shared/schedule/did-you-mean.ts';
import { createExplainer, explain } from '../../shared/schedule/explain.ts';
import { entryWords, standingWords, stretchWords } from '../../shared/schedule/explain-words.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import { UsageError } from './cli.ts';
import { planOf } from './offline.ts';

type RegionName = (region: RegionCode) => string;

/** What is on at an instant and why, and of everything else in the plan why not, in words. */
export function explainInstant(
  document: ScheduleDocument,
  { place, at, regionName }: { readonly place: Place; readonly at: Instant; readonly regionName: RegionName },
) {
  const plan = planOf(document, place, localDayAt(at));
  const { entry, since, standings } = explain(plan, [], at);
  const naming = { plan, denials: [], regionName, on: midnightOfLocalDay(localDayAt(at)) };
  const title = document.assets.find(({ sha256 }) => sha256 === entry.asset)?.title ?? null;
  return {
    at,
    entry: { ...entry, title },
    words: entryWords(entry, naming),
    others: standings
      .filter(({ standing }) => standing.name !== 'on-air')
      .map(({ schedule: { id, name, region, class: kind }, schedule, standing }) => ({
        schedule: id,
        name,
        region,
        class: kind,
        standing: standing.name,
        words: standingWords(standing, schedule, { ...naming, since }),
      })),
  };
}

export interface WhyQuestion {
  readonly id: string;
  readonly place: Place;
  readonly day: LocalDay;
  readonly regionName: RegionName;
}

/** Why a schedule of the files is, or is not, on at a place on a day. @throws UsageError for an unknown id */
export function whyOffline(document: ScheduleDocument, { id, place, day, regionName }: WhyQuestion) {
  const schedule = document.schedules.find((one) => one.id === id);
  if (schedule === undefined) {
    const guess = didYouMean(
      id,
      document.schedules.map((one) => one.id),
    );
    throw new UsageError(`没有叫 ${id} 的排期${guess === null ? '' : `，是不是 ${guess}`}`);
  }
  const base = { schedule: schedule.id, name: schedule.name, day, airtimeS: 0, plays: 0 };
  if (!audienceTest(schedule)(place))
    return { ...base, words: [unreachedWords(schedule.region, place, regionName)] };
  const plan = planOf(document, place, day);
  const planned = plan.schedules.find((one) => one.id === id);
  const told = createExplainer(plan)
    .day(dayNumberOfLocalDay(day), [id as ScheduleId])
    .get(id as ScheduleId);
  if (planned === undefined || told === undefined) {
    const { to } = schedule.validity;
    return { ...base, words: [{ zh: `已经结束（${to}）`, en: `It ended (${to})` }] };
  }
  const { airtimeS, plays, stretches } = told;
  const naming = { plan, denials: [], regionName, on: midnightOfLocalDay(day) };
  const sum: Words = {
    zh: `${schedule.name} ${day} 播 ${plays} 次，共 ${airtimeS} 秒`,
    en: `${schedule.name} on ${day}: ${plays} showings, ${airtimeS} s`,
  };
  const words = stretches.map((one, index) => stretchWords(one, stretches[index + 1], planned, naming));
  return { ...base, airtimeS, plays, words: [sum, ...words] };
}

function unreachedWords(issuer: RegionCode, place: Place, regionName: RegionName): Words {
  if (!isWithin(place.region, issuer))
    return {
      zh: `点位不在发布方 ${regionName(issuer)} 的区划之内`,
      en: `The screen is outside ${regionName(issuer)}, which issues it`,
    };
  return {
    zh: '点位不在受众之内：区划、标签、分组或排除条件不符',
    en: 'The screen is not in the audience: region, tag, group or an exclusion',
  };
}
