import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, ScheduleId, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { clockTextAt, instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { Explanation, StandingName, Words } from '../../../shared/plan/explain.api.ts';
import type { PlanSchedule } from '../../../shared/plan/plan.schema.ts';
import { tierOf } from '../../../shared/region/tier.ts';
import type { ScheduleDetail } from '../../../shared/schedule/draft.api.ts';
import type { ScheduleStanding } from '../../../shared/schedule/explain.ts';
import { entryWords, named, standingWords } from '../../../shared/schedule/explain-words.ts';
import type { Naming } from '../../../shared/schedule/explain-words.ts';
import { stageText } from '../../../shared/schedule/review.schema.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { AssessmentService } from '../assessment/assessment.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import { shownAt } from './explain-shown.ts';
import { namedEntry } from './named-entry.ts';
import type { PlanService } from './plan.service.ts';
import type { PlanStretch, TimelineService } from './timeline.service.ts';

export interface ExplainDeps {
  readonly timelines: TimelineService;
  readonly plans: Pick<PlanService, 'planAt'>;
  readonly schedules: Pick<ScheduleService, 'historyOf'>;
  readonly assessment: Pick<AssessmentService, 'screenDay' | 'records'>;
  readonly region: RegionService;
  readonly clock: Clock;
}

type Row = Explanation['others'][number];
type Version = ScheduleDetail['versions'][number];

/** Standings of what wanted the time and did not get it. */
const DISPLACED: ReadonlySet<StandingName> = new Set([
  'outranked',
  'reserved',
  'denied',
  'does-not-fit',
  'not-cut',
]);

/** Answers "why is this on?" for any screen and instant, past, present or to come. */
export class ExplainService {
  readonly #deps: ExplainDeps;

  constructor(deps: ExplainDeps) {
    this.#deps = deps;
  }

  /** @throws AppError NOT_FOUND where no plan can be made for the screen. */
  async at(screen: Screen, at: Instant): Promise<Explanation> {
    const { timelines } = this.#deps;
    const stretch = await this.#planAt(screen, at);
    const found = await timelines.resolvedFor(screen, { plan: stretch.plan, from: at, to: at + 1 });
    if (found === null) throw new AppError('PLAN_UNKNOWN', { digest: stretch.plan });
    const { plan, explainer, denials } = found;
    const { entry, since, standings } = explainer.at(at);
    const naming: Naming = { plan, denials, regionName: (code) => this.#regionName(code), on: at };
    const version = await this.#versionAt(entry.schedule, stretch.madeAtMs);
    const { displaced, others } = rowsOf(standings, { ...naming, since });
    const shown = await this.#shown(screen, at, stretch.plan);
    return {
      screen: screen.id,
      at,
      assigned: stretch.assigned,
      plan: stretch.plan,
      entry: namedEntry(plan, entry, naming.regionName),
      version: version?.version ?? null,
      publishedByName: version?.byName ?? null,
      publishedAtMs: version?.fromMs ?? null,
      reviews: version?.reviews ?? [],
      words: [
        ...entryWords(entry, naming),
        ...(version === null ? [] : [versionWords(version)]),
        ...(displaced.length === 0 ? [] : [displacedWords(displaced, naming)]),
        ...(shown === null ? [] : [shown.words]),
      ],
      displaced,
      others,
      shown,
    };
  }

  /** The plan in force then; before the first assignment what would be assigned now. */
  async #planAt(screen: Screen, at: Instant): Promise<Omit<PlanStretch, 'from' | 'to'>> {
    const { timelines, plans, clock } = this.#deps;
    const [stretch] = await timelines.stretches(screen, at, at + 1);
    if (stretch !== undefined) return stretch;
    const plan = await plans.planAt(screen);
    if (plan === null) throw new AppError('NOT_FOUND', { what: '播出单（plan）' });
    return { plan, assigned: false, madeAtMs: clock.nowMs() };
  }

  /** The version of a schedule that was on air when its plan was made. */
  async #versionAt(id: ScheduleId | null, atMs: number): Promise<Version | null> {
    if (id === null) return null;
    const versions = await this.#deps.schedules.historyOf(id);
    return versions.find((one) => one.fromMs <= atMs && (one.toMs === null || atMs < one.toMs)) ?? null;
  }

  async #shown(screen: Screen, at: Instant, planned: Sha256): Promise<Explanation['shown']> {
    const { clock, assessment } = this.#deps;
    if (at >= instantOfMs(clock.nowMs())) return null;
    return shownAt(assessment, screen, { at, planned });
  }

  #regionName(code: RegionCode): string {
    return this.#deps.region.find(code)?.name ?? code;
  }
}

/** Everything but what is on: what wanted the time, and the rest. */
function rowsOf(
  standings: readonly ScheduleStanding[],
  naming: Naming & { readonly since: Instant },
): { readonly displaced: Row[]; readonly others: Row[] } {
  const displaced: Row[] = [];
  const others: Row[] = [];
  for (const { schedule, standing } of standings) {
    if (standing.name === 'on-air') continue;
    const row = { ...subjectOf(schedule, naming), standing: standing.name, by: standing.by };
    const words = standingWords(standing, schedule, naming);
    // Filler gives way to everything, always: that is no displacement.
    const isDisplaced = DISPLACED.has(standing.name) && schedule.class !== 'filler';
    (isDisplaced ? displaced : others).push({ ...row, words });
  }
  return { displaced, others };
}

function subjectOf({ id, name, class: kind, region }: PlanSchedule, { regionName }: Naming) {
  return {
    schedule: id,
    name,
    class: kind,
    region,
    regionName: regionName(region),
    tier: tierOf(region),
  };
}

function versionWords({ version, byName, fromMs, reviews }: Version): Words {
  const at = instantOfMs(fromMs);
  const time = `${localDayAt(at)} ${clockTextAt(at).slice(0, 5)}`;
  const passed = reviews.filter(({ verdict }) => verdict === 'approve');
  const zh = passed.map(({ stage, byName: by }) => `${stageText(stage)} ${by}`);
  const en = passed.map(({ stage, byName: by }) => `stage ${stage} by ${by}`);
  return {
    zh: `第 ${version} 版，${byName} 于 ${time} 发布；${zh.length === 0 ? '本级不要求审核' : `${zh.join('，')}通过`}`,
    en: `Version ${version}, published by ${byName} at ${time}; ${en.length === 0 ? 'no review demanded' : `passed ${en.join(', ')}`}`,
  };
}

/** Names of what gives way that a sentence lists; the rest are counted. */
const NAMED = 3;

function displacedWords(displaced: readonly Row[], naming: Naming): Words {
  const first = displaced.slice(0, NAMED).map(({ schedule }) => named(schedule, naming));
  const more = displaced.length > NAMED;
  return {
    zh: `这一刻还想播而没有播的：${first.map(({ zh }) => zh).join('、')}${more ? ` 等 ${displaced.length} 条` : ''}`,
    en: `Also wanted this instant: ${first.map(({ en }) => en).join(', ')}${more ? ` and ${displaced.length - NAMED} more` : ''}`,
  };
}
