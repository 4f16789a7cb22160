import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, ScheduleId } from '../../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../../shared/core/time.ts';
import { DAY_S, dayNumberOfLocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';
import { absenceOf } from '../../../shared/plan/absence.ts';
import type { Why, Words } from '../../../shared/plan/explain.api.ts';
import { spoken } from '../../../shared/plan/feasibility-findings.ts';
import type { ScheduleDetail } from '../../../shared/schedule/draft.api.ts';
import { stretchWords } from '../../../shared/schedule/explain-words.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { PlanStretch, TimelineService } from './timeline.service.ts';

export interface WhyDeps {
  readonly timelines: TimelineService;
  readonly schedules: Pick<ScheduleService, 'historyOf'>;
  readonly region: RegionService;
}

type Version = ScheduleDetail['versions'][number];
type Stretch = Why['stretches'][number];

/** Reasons that an answer puts first; the rest stand in the stretches. */
const TOLD = 4;

/** Answers "why is my programme not on?" (为什么我的节目没播) for a schedule, a screen and a day. */
export class WhyService {
  readonly #deps: WhyDeps;

  constructor(deps: WhyDeps) {
    this.#deps = deps;
  }

  /** @throws AppError SCHEDULE_UNKNOWN for a schedule that never was on air. */
  async why(id: ScheduleId, screen: Screen, day: LocalDay): Promise<Why> {
    const versions = await this.#deps.schedules.historyOf(id);
    const [latest] = versions;
    if (latest === undefined) throw new AppError('SCHEDULE_UNKNOWN', { id });
    const from = midnightOfLocalDay(day);
    const told = await this.#day(id, screen, { from, to: from + DAY_S, day });
    const isOpen = told.stretches.some(({ standing }) => standing !== 'closed');
    const body = versionOn(versions, from + DAY_S)?.body ?? latest.body;
    const absent = !told.held
      ? this.#absence(versions, screen, { day, from })
      : isOpen
        ? null
        : (outsideValidity(body, day) ?? ({ kind: 'not-today', words: notToday(day) } as const));
    return {
      schedule: id,
      name: body.name,
      screen: screen.id,
      screenName: screen.name,
      day,
      airtimeS: told.airtimeS,
      plays: told.plays,
      words: [
        ...(absent === null ? [summary(told, day)] : [absent.words]),
        ...(absent === null ? reasons(told.stretches) : []),
      ],
      absent: absent?.kind ?? null,
      stretches: told.held ? told.stretches : [],
    };
  }

  /** The day under the plans in force, each for its part of the day. */
  async #day(
    id: ScheduleId,
    screen: Screen,
    { from, to, day }: { readonly from: Instant; readonly to: number; readonly day: LocalDay },
  ) {
    const told = { stretches: [] as Stretch[], airtimeS: 0, plays: 0, held: false };
    for (const stretch of await this.#deps.timelines.stretches(screen, from, to)) {
      const part = await this.#part(id, screen, { stretch, day, from });
      told.held ||= part.held;
      told.airtimeS += part.airtimeS;
      told.plays += part.plays;
      told.stretches.push(...part.stretches);
    }
    return told;
  }

  async #part(
    id: ScheduleId,
    screen: Screen,
    { stretch, day, from }: { readonly stretch: PlanStretch; readonly day: LocalDay; readonly from: Instant },
  ) {
    const found = await this.#deps.timelines.resolvedFor(screen, stretch);
    const subject = found?.plan.schedules.find((one) => one.id === id);
    const own = found?.explainer.day(dayNumberOfLocalDay(day), [id]).get(id);
    if (found === null || subject === undefined || own === undefined)
      return { held: false, airtimeS: 0, plays: 0, stretches: [notInPlan(stretch)] };
    const { plan, resolver, denials } = found;
    const naming = { plan, denials, regionName: (code: RegionCode) => this.#regionName(code), on: from };
    const parts = own.stretches.flatMap((one) => {
      const part = {
        from: Math.max(one.from, stretch.from) as Instant,
        to: Math.min(one.to, stretch.to) as Instant,
      };
      return part.from < part.to ? [{ ...part, standing: one.standing }] : [];
    });
    return {
      held: true,
      airtimeS: parts.reduce((sum, one) => sum + (one.standing.name === 'on-air' ? one.to - one.from : 0), 0),
      plays: resolver
        .timeline(stretch.from as Instant, stretch.to as Instant)
        .filter((entry) => entry.schedule === id && entry.start >= stretch.from).length,
      stretches: parts.map((one, index) => ({
        from: one.from,
        to: one.to,
        standing: one.standing.name,
        by: one.standing.by,
        words: stretchWords(one, parts[index + 1], subject, naming),
      })),
    };
  }

  /** Why none of the day's plans holds it. */
  #absence(
    versions: readonly Version[],
    screen: Screen,
    { day, from }: { readonly day: LocalDay; readonly from: Instant },
  ): { readonly kind: NonNullable<Why['absent']>; readonly words: Words } {
    const on = versionOn(versions, from + DAY_S);
    if (on === null) {
      const gone = versions.find((one) => one.toMs !== null && one.toMs <= (from + DAY_S) * 1000);
      return gone === undefined ? notPublished(day) : withdrawn(gone);
    }
    const { body } = on;
    const outside = outsideValidity(body, day);
    if (outside?.kind === 'ended') return outside;
    const absence = absenceOf(body, screen);
    if (absence !== null) return { kind: absence.kind, words: this.#absentWords(absence, body.region) };
    if (outside !== null) return outside;
    return {
      kind: 'not-published',
      words: {
        zh: '已经发布，但这块屏那天的播出单里还没有它：发布在那之后，或屏还没有收到新派单',
        en: 'It is published, and the plans of that day do not hold it yet: it came later, or the screen has no new assignment',
      },
    };
  }

  #absentWords({ kind, entry }: NonNullable<ReturnType<typeof absenceOf>>, issuer: RegionCode): Words {
    switch (kind) {
      case 'region':
        return entry === null
          ? { zh: '受众里没有这块屏所在的区划', en: 'Its audience names no region that holds this screen' }
          : {
              zh: `它由${this.#regionName(issuer)}发布，只到${this.#regionName(issuer)}之内的屏，这块屏不在里面`,
              en: `It is issued by ${this.#regionName(issuer)}, and this screen is not inside it`,
            };
      case 'tag':
        return { zh: `只发给带标签“${entry}”的屏，这块屏没有`, en: `It is only for screens tagged ${entry}` };
      case 'group':
        return {
          zh: `只发给分组“${entry}”里的屏，这块屏不在`,
          en: `It is only for screens in groups ${entry}`,
        };
      case 'excluded': {
        const name = /^\d+$/.test(entry ?? '') ? this.#regionName(entry as RegionCode) : entry;
        return { zh: `受众里排除了“${name}”，这块屏在其中`, en: `Its audience excludes ${name}` };
      }
      default:
        return kind satisfies never;
    }
  }

  #regionName(code: RegionCode): string {
    return this.#deps.region.find(code)?.name ?? code;
  }
}

/** The version on air at the end of a day, or now for a day to come. */
function versionOn(versions: readonly Version[], end: number): Version | null {
  return (
    versions.find((one) => one.fromMs < end * 1000 && (one.toMs === null || one.toMs >= end * 1000)) ?? null
  );
}

/** Whether a day lies after or before what a schedule is valid for. */
function outsideValidity({ validity: { from, to } }: Version['body'], day: LocalDay) {
  if (to !== null && to < day) {
    const words = { zh: `有效期到 ${to} 为止，已经结束`, en: `Its validity ended on ${to}` };
    return { kind: 'ended', words } as const;
  }
  if (from <= day) return null;
  return {
    kind: 'not-today',
    words: { zh: `${from} 才开始生效`, en: `It is valid only from ${from}` },
  } as const;
}

function withdrawn({ end }: Version): { readonly kind: 'withdrawn'; readonly words: Words } {
  const reason = end?.reason ?? null;
  const by = end === null ? '' : `，由 ${end.byName}`;
  return {
    kind: 'withdrawn',
    words: {
      zh: `那天之前已经撤下${by}${reason === null ? '' : `：${reason}`}`,
      en: `It was withdrawn before${end === null ? '' : ` by ${end.byName}`}${reason === null ? '' : `: ${reason}`}`,
    },
  };
}

function notPublished(day: LocalDay): { readonly kind: 'not-published'; readonly words: Words } {
  return {
    kind: 'not-published',
    words: { zh: `${day} 那天它还没有发布`, en: `It was not published yet on ${day}` },
  };
}

function notToday(day: LocalDay): Words {
  return { zh: `${day} 不是它的播出日`, en: `${day} is none of its days` };
}

function notInPlan({ from, to }: PlanStretch): Stretch {
  const words = { zh: '当时的播出单里没有它', en: 'The plan in force then does not hold it' };
  return { from, to, standing: 'closed', by: null, words };
}

function summary(
  { airtimeS, plays }: { readonly airtimeS: number; readonly plays: number },
  day: LocalDay,
): Words {
  if (airtimeS === 0) return { zh: `${day} 一次也没有排上`, en: `It gets no airtime on ${day}` };
  return {
    zh: `${day} 共播 ${plays} 次，${spoken(airtimeS)}`,
    en: `On ${day} it is on ${plays} times, ${airtimeS} s`,
  };
}

/** What kept it off the air for longest, first. */
function reasons(stretches: readonly Stretch[]): Words[] {
  return stretches
    .filter(({ standing }) => standing !== 'on-air' && standing !== 'closed' && standing !== 'waiting')
    .toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
    .slice(0, TOLD)
    .map(({ words }) => words);
}
