import { canonicalText, sha256Hex } from '../../../shared/core/canonical.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { dayNumberOfLocalDay, instantOfMs, localDayAt, localDayOf } from '../../../shared/core/time.ts';
import type { DayNumber, LocalDay } from '../../../shared/core/time.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { errorSteps, feasibilitySteps } from '../../../shared/plan/feasibility.ts';
import type { FeasibilityInput } from '../../../shared/plan/feasibility.ts';
import type { Feasibility, Finding } from '../../../shared/plan/feasibility.api.ts';
import { touchedAssets, touchedBetween } from '../../../shared/plan/feasibility-kinds.ts';
import type { CountedPlace, Steps, Touched } from '../../../shared/plan/feasibility-kinds.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import type { AssetService } from '../asset/asset.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import { breather } from './breath.ts';
import { worldAfter } from './draft-world.ts';
import { demandJudgeable, worldOfDocument } from './feasibility-document.ts';

export interface FeasibilityDeps {
  readonly schedules: Pick<ScheduleService, 'world' | 'worldWith' | 'contentOf' | 'basisFor'>;
  readonly screen: Pick<ScreenService, 'idsWithin' | 'byIds'>;
  readonly assets: Pick<AssetService, 'stored'>;
  readonly region: RegionService;
  readonly clock: Clock;
}

/** Screens read between two breaths of the event loop. */
const SCREENS_READ = 500;
/** How far ahead a day may be asked for. */
const DAYS_AHEAD = 400;

/** What is judged: two worlds, in a region's name. */
interface Change {
  readonly before: World;
  readonly after: World;
  readonly region: RegionCode;
}

/**
 * Tells what publishing would do before it is done (可行性报告), and keeps from publishing what cannot
 * work. Minutes of thought for a province, in breaths of milliseconds; the same question asked twice
 * at once is answered once.
 */
export class FeasibilityService {
  readonly #deps: FeasibilityDeps;
  readonly #underWay = new Map<string, Promise<Feasibility>>();

  constructor(deps: FeasibilityDeps) {
    this.#deps = deps;
  }

  /** The report on a draft for a day; left out: tomorrow. @throws AppError NOT_FOUND, BAD_REQUEST. */
  async report(draft: DraftId, day?: LocalDay): Promise<Feasibility> {
    const { schedules } = this.#deps;
    const asked = this.#day(day);
    // Read before the worlds: whatever is published in between makes the basis old, and is noticed.
    const basis = await schedules.basisFor(draft);
    return this.#once(`${basis} ${asked} ${this.#today()}`, async () => {
      const change = await this.#changeOf(draft);
      const input = await this.#input(change, asked);
      return { ...(await driven(feasibilitySteps(input), this.#deps.clock)), basis };
    });
  }

  /**
   * The report on applying a whole document. Its basis names the document alone: nothing is published
   * with it. @throws AppError REGION_UNKNOWN, SCHEDULE_REFUSED, BAD_REQUEST.
   */
  async reportOn(document: ScheduleDocument, day?: LocalDay): Promise<Feasibility> {
    const { schedules, region } = this.#deps;
    const asked = this.#day(day);
    const before = await schedules.world();
    demandJudgeable(document, before, { hasRegion: (code) => region.find(code)?.code === code });
    const change = { before, after: worldOfDocument(before, document), region: document.region };
    const input = await this.#input(change, asked);
    return {
      ...(await driven(feasibilitySteps(input), this.#deps.clock)),
      basis: sha256Hex(canonicalText(document)),
    };
  }

  /** What forbids publishing a draft, and the world in which it does: the gate of every publish. */
  async errorsOf(draft: DraftId): Promise<{ readonly basis: Sha256; readonly errors: readonly Finding[] }> {
    const basis = await this.#deps.schedules.basisFor(draft);
    const input = await this.#input(await this.#changeOf(draft), this.#day());
    return { basis, errors: await driven(errorSteps(input), this.#deps.clock) };
  }

  async #changeOf(draft: DraftId): Promise<Change> {
    const { schedules } = this.#deps;
    const before = await schedules.world();
    return { before, ...(await worldAfter(schedules, draft)) };
  }

  async #input(change: Change, day: LocalDay): Promise<FeasibilityInput> {
    const { region } = this.#deps;
    const touched = await driven(touchedBetween(change.before, change.after), this.#deps.clock);
    return {
      ...change,
      touched,
      day,
      today: this.#today(),
      places: await this.#places(change.region),
      regionName: (code) => region.find(code)?.name ?? code,
      missing: await this.#missing(change.after, touched),
    };
  }

  /** The screens in service in a region, with a device or still without. */
  async #places(region: RegionCode): Promise<CountedPlace[]> {
    const { screen, clock } = this.#deps;
    const today = this.#today();
    const ids = await screen.idsWithin([region]);
    const breathe = breather(clock);
    const places: CountedPlace[] = [];
    for (let at = 0; at < ids.length; at += SCREENS_READ) {
      await breathe();
      for (const one of await screen.byIds(ids.slice(at, at + SCREENS_READ)))
        if (one.retiredOn === null || one.retiredOn > today)
          places.push({
            region: one.region,
            tags: one.tags,
            groups: one.groups,
            cacheBytes: one.settings.cacheBytes,
          });
    }
    return places;
  }

  /** Assets of what is touched that have not all their bytes in the center. */
  async #missing(after: World, touched: Touched): Promise<ReadonlySet<Sha256>> {
    const filesOf = (sha256: Sha256) => [
      sha256,
      ...(after.assets.get(sha256)?.parts ?? []).map((part) => part.sha256),
    ];
    const named = [...touchedAssets(after, touched).keys()];
    const stored = await this.#deps.assets.stored([...new Set(named.flatMap(filesOf))]);
    return new Set(named.filter((sha256) => !filesOf(sha256).every((file) => stored.has(file))));
  }

  /** @throws AppError BAD_REQUEST for a day gone by, or too far ahead to be more than a guess. */
  #day(asked?: LocalDay): LocalDay {
    const today = dayNumberOfLocalDay(this.#today());
    if (asked === undefined) return localDayOf((today + 1) as DayNumber);
    const day = dayNumberOfLocalDay(asked);
    if (day < today || day > today + DAYS_AHEAD)
      throw new AppError('BAD_REQUEST', {
        detail: `日期要在今天和 ${DAYS_AHEAD} 天之内（the day must be within ${DAYS_AHEAD} days from today）`,
      });
    return asked;
  }

  #today(): LocalDay {
    return localDayAt(instantOfMs(this.#deps.clock.nowMs()));
  }

  #once(key: string, work: () => Promise<Feasibility>): Promise<Feasibility> {
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const made = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, made);
    return made;
  }
}

/** Goes through the steps, and lets whatever else waits have its turn between them. */
async function driven<Result>(steps: Steps<Result>, clock: Clock): Promise<Result> {
  const breathe = breather(clock);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}
