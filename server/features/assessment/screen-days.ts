import { type Spans, measure, normalize, subtract } from '../../../shared/assessment/intervals.ts';
import type { FigureSums } from '../../../shared/assessment/assessment.schema.ts';
import { clip, intersect, span } from '../../../shared/assessment/intervals.ts';
import { isInService } from '../../../shared/assessment/required-hours.ts';
import {
  PANEL_MEMORY_DAYS,
  type ScreenDayResult,
  assessScreenDay,
} from '../../../shared/assessment/screen-day.ts';
import type { DeviceId, Sha256 } from '../../../shared/core/ids.ts';
import {
  DAY_S,
  type DayNumber,
  type LocalDay,
  dayNumberOfLocalDay,
  localDayOf,
  midnightOfLocalDay,
} from '../../../shared/core/time.ts';
import type { Binding, Screen } from '../../../shared/screen/screen.schema.ts';
import type { EvidenceStore, DayStore, ProvenDay } from './assessment.port.ts';
import type { ContentBook } from './content-book.ts';
import { loadEvidence } from './evidence.ts';
import type { ExemptionBook } from './exemption-book.ts';
import type { RuleBook } from './rule-book.ts';

export interface ScreenDaysOptions {
  readonly store: EvidenceStore & DayStore;
  readonly content: ContentBook;
  readonly rules: RuleBook;
  readonly exemptions: ExemptionBook;
  readonly bindings: (screen: Screen['id']) => Promise<readonly Binding[]>;
  /** Told of plans that a journal names and the center does not have. */
  readonly onUnknownPlan: (plan: Sha256, device: DeviceId) => void;
}

/** Day `n` days after `day`. */
export function addDays(day: LocalDay, n: number): LocalDay {
  return localDayOf((dayNumberOfLocalDay(day) + n) as DayNumber);
}

/** Assesses single screen days, from the journal, as often as one likes. */
export class ScreenDays {
  readonly #options: ScreenDaysOptions;

  constructor(options: ScreenDaysOptions) {
    this.#options = options;
  }

  /** W of a screen on a day, empty where it is not in service; and its approved E. */
  owed(screen: Screen, day: LocalDay): { readonly required: Spans; readonly exempt: Spans } {
    const { rules, exemptions } = this.#options;
    const { commissionedOn, retiredOn } = screen;
    const required = isInService(day, commissionedOn, retiredOn) ? rules.spans(screen.region, day) : [];
    return {
      // The last day's windows end with it, also those that run past midnight (ACCOUNTING.md rule 15).
      required: retiredOn === null ? required : clip(required, 0, midnightOfLocalDay(retiredOn)),
      exempt: exemptions.spans(screen.id, screen.region),
    };
  }

  /** The sums of a day as of `nowMs`, from what was proven when it was last computed. */
  sums(screen: Screen, day: LocalDay, proven: ProvenDay | undefined, nowMs: number): FigureSums {
    const { required, exempt } = this.owed(screen, day);
    const window = clip(required, 0, Math.floor(nowMs / 1_000));
    const windowS = measure(window);
    const exemptS = exempt.length === 0 ? 0 : measure(intersect(window, exempt));
    const requiredS = windowS - exemptS;
    const onS = proven?.onS ?? 0;
    const offS = proven?.offS ?? 0;
    return {
      windowS,
      exemptS,
      requiredS,
      onS,
      offS,
      unknownS: Math.max(0, requiredS - onS - offS),
      usedS: proven?.usedS ?? 0,
      verifiedS: proven?.verifiedS ?? 0,
      gradeAS: proven?.gradeAS ?? 0,
    };
  }

  /** Whether the screen owes this very second. */
  isDue(screen: Screen, day: LocalDay, nowMs: number): boolean {
    const { required, exempt } = this.owed(screen, day);
    const now = Math.floor(nowMs / 1_000);
    return subtract(clip(required, now, now + 1), exempt).length > 0;
  }

  /** Reads the journal of every device that was bound to the screen, and assesses the day. */
  async assess(screen: Screen, day: LocalDay, nowMs: number): Promise<ScreenDayResult> {
    const { store, content, onUnknownPlan } = this.#options;
    const { required, exempt } = this.owed(screen, day);
    const midnight = midnightOfLocalDay(day);
    const end = Math.max(midnight + DAY_S, required.at(-1)?.end ?? 0);
    const stretch = { fromMs: midnight * 1_000, toMs: end * 1_000 };
    const bindings = (await this.#options.bindings(screen.id)).filter(
      ({ fromMs, toMs }) => fromMs < stretch.toMs && (toMs === null || toMs > stretch.fromMs),
    );
    const devices = [...new Set(bindings.map(({ device }) => device))];
    const boots = [];
    for (const device of devices)
      boots.push(...(await loadEvidence(store, device, { ...stretch, closeS: screen.settings.closeS })));
    for (const boot of boots)
      for (const plan of await content.prepare(boot.runs.map((run) => run.plan)))
        onUnknownPlan(plan, boot.facts.device);
    const contacts = await store.contacts(devices, stretch.fromMs, stretch.toMs);
    const result = assessScreenDay({
      day,
      now: Math.floor(nowMs / 1_000),
      required,
      exempt,
      boots,
      bindings: bindings.map(({ device, fromMs, toMs }) => ({
        device,
        from: Math.floor(fromMs / 1_000),
        to: toMs === null ? null : Math.floor(toMs / 1_000),
      })),
      contact: contacts.map(({ device, boot, fromMs, toMs }) => ({
        device,
        boot,
        start: Math.floor(fromMs / 1_000),
        end: Math.floor(toMs / 1_000),
      })),
      centerDown: await this.#centerDown(stretch),
      panelSeenBefore: await this.#panelSeenBefore(screen, day),
      contentOf: (run) => content.contentOf(run, screen.region),
    });
    content.trim();
    return result;
  }

  async #panelSeenBefore(screen: Screen, day: LocalDay): Promise<boolean> {
    const before = await this.#options.store.daysOf(
      screen.id,
      addDays(day, -PANEL_MEMORY_DAYS),
      addDays(day, -1),
    );
    return before.some(({ panelSeen }) => panelSeen);
  }

  /** Seconds between the first and the last time the center is known to have run, in which it did not. */
  async #centerDown({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Promise<Spans> {
    const { store } = this.#options;
    // A day on either side, so that a stop over midnight has both its ends.
    const up = normalize(
      (await store.uptime(fromMs - DAY_S * 1_000, toMs + DAY_S * 1_000)).map((one) => ({
        start: Math.floor(one.fromMs / 1_000),
        end: Math.ceil(one.toMs / 1_000),
      })),
    );
    const [first, last] = [up[0], up.at(-1)];
    return first === undefined || last === undefined ? [] : subtract(span(first.start, last.end), up);
  }
}
