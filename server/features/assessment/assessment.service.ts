import type {
  RecordPage,
  RegionFigures,
  ScreenDay,
  ScreenFigure,
} from '../../../shared/assessment/assessment.schema.ts';
import { METRIC_VERSION } from '../../../shared/assessment/assessment.schema.ts';
import { AHEAD_LIMIT_MS, firstInstantOf, lastInstantOf } from '../../../shared/assessment/boot-evidence.ts';
import { placeBoots } from '../../../shared/assessment/boot-order.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { BootId, DeviceId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { type LocalDay, instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { TelemetryService } from '../telemetry/telemetry.service.ts';
import type { AssessmentStore, DenialSource, PlanSource } from './assessment.port.ts';
import { ContentBook } from './content-book.ts';
import { BootChain, loadChained } from './evidence.ts';
import { type AssessedScreen, poolRegions, screenFigures } from './figures.ts';
import { Obligations } from './obligations.ts';
import { Rollup } from './rollup.ts';
import { ScreenDays } from './screen-days.ts';

export interface AssessmentOptions {
  readonly store: AssessmentStore;
  readonly plans: PlanSource;
  readonly denials: DenialSource;
  readonly region: RegionService;
  readonly screen: ScreenService;
  readonly telemetry: TelemetryService;
  readonly audit: AuditService;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: {
    warn(detail: Readonly<Record<string, unknown>>, message: string): void;
    error(detail: Readonly<Record<string, unknown>>, message: string): void;
  };
  /** What every province requires until it says otherwise. */
  readonly defaultWindows: readonly Window[];
}

/** What a center requires where nobody says otherwise: 08:00 to 20:00; a demo center, the whole day. */
export function defaultWindows(demo: boolean): readonly Window[] {
  return demo ? [{ start: '00:00', end: '24:00' }] : [{ start: '08:00', end: '20:00' }];
}

/** Committed records are gathered for so long before the days they touch are computed. */
const SOON_MS = 500;
/** How often the queues are looked at without being told. */
const UPKEEP_MS = 5_000;
/** Records shown at a time. */
export const RECORDS_SHOWN = 500;

/** The figures: 开机率 and 使用率 of screens and regions, required hours and exemptions. */
export class AssessmentService {
  readonly #options: AssessmentOptions;
  readonly #undo: (() => void)[] = [];
  readonly #days: ScreenDays;
  readonly #rollup: Rollup;
  /** Required hours and exemptions. */
  readonly obligations: Obligations;
  #soon: NodeJS.Timeout | null = null;

  constructor(options: AssessmentOptions) {
    this.#options = options;
    this.obligations = new Obligations({ ...options, onChanged: () => this.#drainSoon() });
    this.#days = this.#makeDays();
    this.#rollup = this.#makeRollup();
  }

  /** Loads rules and exemptions, seeds the provinces' default, and begins to follow the journal. */
  async start(): Promise<void> {
    const { store, clock, telemetry } = this.#options;
    await this.obligations.start();
    // This start's own uptime is the last; the one before it ended when the center went down.
    const uptime = await store.uptime(0, clock.nowMs());
    const downMs = uptime.at(-2)?.toMs;
    if (downMs !== undefined) await this.#rollup.recheckSince(downMs);
    this.#undo.push(telemetry.onCommitted(() => this.#drainSoon()));
    const timer = setInterval(() => this.#drainSoon(), UPKEEP_MS);
    timer.unref();
    this.#undo.push(() => clearInterval(timer));
    this.#drainSoon();
  }

  /** Finishes the day being computed; what is still marked is taken up at the next start. */
  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo();
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#soon = null;
    await this.#rollup.stop();
  }

  /** Resolves once every committed record and every change is in the figures. */
  async settle(): Promise<void> {
    await this.#rollup.drain();
  }

  /** For assignments: what each screen's region requires on a day. */
  async on(day: LocalDay): Promise<(screen: Pick<Screen, 'region'>) => readonly Window[]> {
    const { rules } = this.obligations;
    return ({ region }) => rules.windows(region, day);
  }

  /** Figures of every region of `tier` inside `parent`, and their total. @throws AppError REGION_UNKNOWN */
  async regionFigures(question: {
    readonly parent: RegionCode;
    readonly tier: Tier;
    readonly day: LocalDay;
  }): Promise<RegionFigures> {
    const { region, clock } = this.#options;
    const parent = region.find(question.parent);
    if (parent === undefined) throw new AppError('REGION_UNKNOWN', { code: question.parent });
    const nowMs = clock.nowMs();
    return poolRegions({
      day: question.day,
      nowMs,
      parent,
      rows: this.#rowsOf(parent.code, question.tier),
      nameOf: (code) => region.find(code)?.name ?? code,
      screens: await this.#assessed(parent.code, question.day, nowMs),
    });
  }

  /** Figures of the screens in a region's subtree. */
  async screenFigures(code: RegionCode, day: LocalDay): Promise<{ rows: ScreenFigure[]; nowMs: number }> {
    const { region, clock } = this.#options;
    const at = region.find(code);
    if (at === undefined) throw new AppError('REGION_UNKNOWN', { code });
    const nowMs = clock.nowMs();
    const screens = await this.#assessed(at.code, day, nowMs);
    return { rows: screenFigures(screens, day, (one) => region.find(one)?.name ?? one), nowMs };
  }

  /** One screen's day as intervals, computed from the journal as of now. @throws AppError NOT_FOUND */
  async screenDay(id: ScreenId, day: LocalDay): Promise<ScreenDay> {
    const { screen: screens, region, clock } = this.#options;
    const screen = await screens.require(id);
    const nowMs = clock.nowMs();
    const { sums, intervals } = await this.#days.assess(screen, day, nowMs);
    const former = await this.#options.store.formerDevices();
    return {
      screen: id,
      name: screen.name,
      demo: screen.demo,
      regionNames: region.names(screen.region),
      day,
      metricVersion: METRIC_VERSION,
      computedAtMs: nowMs,
      settled: false,
      neverContacted: this.#lastContactMs(screen, former.get(id)) === null,
      requiredHours: [...this.obligations.rules.windows(screen.region, day)],
      sums,
      intervals: [...intervals],
    };
  }

  /**
   * The journal records of a boot behind a stretch of a screen's day, as they were signed.
   * @throws AppError NOT_FOUND where no device bound to the screen ever had such a boot.
   */
  async records(
    id: ScreenId,
    range: { readonly boot: BootId; readonly first: number; readonly last: number },
  ): Promise<RecordPage> {
    const { store, screen: screens } = this.#options;
    const { boot, first, last } = range;
    for (const device of new Set((await screens.bindings(id)).map((binding) => binding.device))) {
      const chain = new BootChain(await store.boots(device));
      const stored = chain.get(boot);
      if (stored === undefined) continue;
      const around = [stored, ...chain.walk(stored, 'previous'), ...chain.walk(stored, 'next')];
      const [placed] = placeBoots(await loadChained(store, around));
      const place = (mono: number) => placed?.clock?.placeMs(mono) ?? null;
      const rows = await store.recordRange(
        { device, boot },
        first,
        Math.min(last, first + RECORDS_SHOWN - 1),
      );
      return {
        device,
        boot,
        records: rows.map(({ record, receiptMs, hash, quarantine }) => {
          const toMs = place(lastInstantOf(record));
          const ahead = toMs !== null && toMs > receiptMs + AHEAD_LIMIT_MS;
          return {
            record,
            hash,
            receiptMs,
            fromMs: place(firstInstantOf(record)),
            toMs,
            quarantine: quarantine ?? (toMs === null ? 'unplaced' : ahead ? 'after-receipt' : null),
          };
        }),
      };
    }
    throw new AppError('NOT_FOUND', { what: boot });
  }

  #makeDays(): ScreenDays {
    const { store, plans, denials, screen, log } = this.#options;
    return new ScreenDays({
      store,
      content: new ContentBook(plans, denials),
      rules: this.obligations.rules,
      exemptions: this.obligations.exemptions,
      bindings: (id) => screen.bindings(id),
      onUnknownPlan: (plan, device) =>
        log.warn(
          { plan, device },
          'a journal names a plan the center does not have; it counts as no content',
        ),
    });
  }

  #makeRollup(): Rollup {
    const { store, screen, clock } = this.#options;
    return new Rollup({
      store,
      days: this.#days,
      screen: (id) => screen.get(id),
      bindingsOfDevice: (device) => screen.bindingsOfDevice(device),
      clock,
    });
  }

  #drainSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.#rollup
        .drain()
        .catch((error: unknown) => this.#options.log.error({ err: error }, 'figures could not be computed'));
    }, SOON_MS).unref();
  }

  /** 济源 is one row in the list of cities and one in the list of counties (ACCOUNTING.md rule 16). */
  #rowsOf(parent: RegionCode, tier: Tier) {
    const { region } = this.#options;
    const all =
      tier === 'city'
        ? region.cities()
        : tier === 'county'
          ? region.counties()
          : [...region.all()].filter((one) => one.tier === tier && !one.statOnly);
    return all.filter((one) => isWithin(one.code, parent)).toSorted((a, b) => (a.code < b.code ? -1 : 1));
  }

  async #assessed(region: RegionCode, day: LocalDay, nowMs: number): Promise<AssessedScreen[]> {
    const { store, screen: screens, telemetry } = this.#options;
    const { rows } = await screens.list({ region });
    const proven = new Map((await store.daysOn(day)).map((one) => [one.screen, one]));
    const isToday = localDayAt(instantOfMs(nowMs)) === day;
    const live = telemetry.live();
    const former = await store.formerDevices();
    const assessed: AssessedScreen[] = [];
    for (const screen of rows) {
      const state = live.get(screen.id);
      const online = state?.online === true;
      assessed.push({
        screen,
        sums: this.#days.sums(screen, day, proven.get(screen.id), nowMs),
        online,
        dueNow: isToday && this.#days.isDue(screen, day, nowMs),
        seenLive:
          isToday && online && (state.panel === 'on' || (state.panel === 'unreadable' && state.painted > 0)),
        lastContactMs: this.#lastContactMs(screen, former.get(screen.id)),
      });
    }
    return assessed;
  }

  /** Last contact of any box the screen ever had; `null`: it was never heard from. */
  #lastContactMs(screen: Screen, former: readonly DeviceId[] = []): number | null {
    const devices = screen.device === null ? former : [screen.device, ...former];
    const last = Math.max(0, ...devices.map((device) => this.#options.telemetry.lastHeardMs(device) ?? 0));
    return last === 0 ? null : last;
  }
}
