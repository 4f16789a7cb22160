import type {
  Exemption,
  ExemptionFiling,
  RequiredHours,
  RequiredHoursVersion,
} from '../../../shared/assessment/assessment.schema.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import { type Clock, type Random, randomBase32 } from '../../../shared/core/ports.ts';
import {
  type DayNumber,
  type Instant,
  type LocalDay,
  dayNumberOf,
  instantOfMs,
  localDayAt,
  localDayOf,
} from '../../../shared/core/time.ts';
import { type Actor, can } from '../../../shared/identity/abilities.ts';
import { isWithin, parentOf } from '../../../shared/region/tier.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { AssessmentStore, StoredExemption } from './assessment.port.ts';
import { ExemptionBook, checkApprover, checkFiling, filerRegionOf } from './exemption-book.ts';
import { FIRST_DAY, RuleBook, isReduction } from './rule-book.ts';

export interface ObligationOptions {
  readonly store: AssessmentStore;
  readonly region: RegionService;
  readonly screen: ScreenService;
  readonly audit: AuditService;
  readonly clock: Clock;
  readonly random: Random;
  /** What every province requires until it says otherwise. */
  readonly defaultWindows: readonly Window[];
  /** Days were marked to be computed anew. */
  readonly onChanged: () => void;
}

/** What screens owe: required hours by region, and the exemptions from them. */
export class Obligations {
  readonly rules = new RuleBook([]);
  readonly exemptions = new ExemptionBook([]);
  readonly #options: ObligationOptions;

  constructor(options: ObligationOptions) {
    this.#options = options;
  }

  /** Loads rules and exemptions, and seeds the provinces' default. */
  async start(): Promise<void> {
    const { store, region, clock, defaultWindows } = this.#options;
    for (const rule of await store.rules()) this.rules.put(rule);
    for (const exemption of await store.exemptions()) this.exemptions.put(exemption);
    for (const { code } of region.provinces()) {
      if (this.rules.versionsOf(code).length > 0) continue;
      const windows = [...defaultWindows];
      const rule = { region: code, fromDay: FIRST_DAY, windows, changedAtMs: clock.nowMs() };
      await store.putRule(rule, 'system', null);
      this.rules.put(rule);
    }
  }

  /**
   * Files an exemption in the name of the highest region in which the actor may file for the subject.
   * It changes nothing until it is approved.
   */
  async fileExemption(filing: ExemptionFiling, actor: Actor): Promise<Exemption> {
    const { store, clock, random, audit } = this.#options;
    const nowMs = clock.nowMs();
    checkFiling(filing, nowMs);
    const exemption: StoredExemption = {
      id: `x-${randomBase32(random, 16)}`,
      kind: filing.kind,
      screen: filing.screen ?? null,
      region: filing.region ?? null,
      from: filing.from,
      to: filing.to,
      reason: filing.reason,
      filerRegion: filerRegionOf(actor, await this.subjectRegion(filing)),
      filedBy: actor.account,
      filedAtMs: nowMs,
      approvedBy: null,
      approvedAtMs: null,
    };
    const note = audit.draft({
      actor,
      action: 'exemption.file',
      subject: exemption.id,
      detail: { ...filing },
    });
    await store.insertExemption(exemption, note);
    this.exemptions.put(exemption);
    return publicExemption(exemption);
  }

  /** Approves: another person, one tier above who filed. @throws AppError, see {@link checkApprover} */
  async approveExemption(id: string, actor: Actor): Promise<Exemption> {
    const { store, clock, audit } = this.#options;
    const exemption = this.exemptions.get(id);
    if (exemption === undefined) throw new AppError('NOT_FOUND', { what: id });
    checkApprover(exemption, actor);
    const nowMs = clock.nowMs();
    const days = await this.#daysUnder(exemption);
    const note = audit.draft({ actor, action: 'exemption.approve', subject: id });
    if (!(await store.approve(id, { by: actor.account, atMs: nowMs, days, note })))
      throw new AppError('CONFLICT', { detail: '已经批过了（approved before）' });
    const approved = { ...exemption, approvedBy: actor.account, approvedAtMs: nowMs };
    this.exemptions.put(approved);
    // Once more: a day may have been computed between the commit and this.
    await store.markDirty(days, nowMs);
    this.#options.onChanged();
    return publicExemption(approved);
  }

  /** Exemptions whose subject lies in one of `scope`, latest filed first. */
  async exemptionsIn(scope: readonly RegionCode[]): Promise<Exemption[]> {
    const found: Exemption[] = [];
    for (const exemption of this.exemptions.all()) {
      const region = await this.subjectRegion(exemption).catch(() => null);
      if (region !== null && scope.some((held) => isWithin(region, held)))
        found.push(publicExemption(exemption));
    }
    return found;
  }

  exemption(id: string): Exemption | null {
    const found = this.exemptions.get(id);
    return found === undefined ? null : publicExemption(found);
  }

  /** The region that an exemption concerns. @throws AppError NOT_FOUND, REGION_UNKNOWN */
  async subjectRegion(of: {
    readonly screen?: ScreenId | null | undefined;
    readonly region?: RegionCode | null | undefined;
  }): Promise<RegionCode> {
    const { screen, region } = this.#options;
    if (of.screen !== undefined && of.screen !== null) return (await screen.require(of.screen)).region;
    const found = of.region === undefined || of.region === null ? undefined : region.find(of.region);
    if (found === undefined) throw new AppError('REGION_UNKNOWN', { code: of.region ?? '' });
    return found.code;
  }

  /** What a region requires on a day, and its own versions. */
  requiredHours(code: RegionCode, day: LocalDay): RequiredHours {
    const rule = this.rules.inForce(code, day);
    return {
      region: code,
      day,
      windows: [...(rule?.windows ?? [])],
      from: rule?.region ?? null,
      versions: this.rules.versionsOf(code).map((version) => ({ ...version })),
    };
  }

  /**
   * Changes a region's required hours from a day on, tomorrow at the earliest; requiring less takes
   * somebody who holds the rules one tier up (ACCOUNTING.md rule 14).
   * @throws AppError REGION_UNKNOWN, RULE_NOT_IN_FUTURE, HIGHER_TIER_NEEDED
   */
  async changeRequiredHours(
    change: Pick<RequiredHoursVersion, 'region' | 'windows' | 'fromDay'>,
    actor: Actor,
  ): Promise<RequiredHours> {
    const { store, region, clock, audit } = this.#options;
    const at = region.find(change.region);
    if (at === undefined) throw new AppError('REGION_UNKNOWN', { code: change.region });
    const nowMs = clock.nowMs();
    if (change.fromDay <= localDayAt(instantOfMs(nowMs))) throw new AppError('RULE_NOT_IN_FUTURE');
    const current = this.rules.windows(at.code, change.fromDay);
    const above = parentOf(at.code) ?? at.code;
    if (isReduction(current, change.windows, change.fromDay) && !can(actor, 'assessment.rules', above))
      throw new AppError('HIGHER_TIER_NEEDED');
    const rule = { ...change, region: at.code, changedAtMs: nowMs };
    const note = audit.draft({
      actor,
      action: 'required-hours.change',
      subject: at.code,
      detail: { windows: change.windows, fromDay: change.fromDay },
    });
    await store.putRule(rule, actor.account, note);
    this.rules.put(rule);
    return this.requiredHours(at.code, change.fromDay);
  }

  async #daysUnder(exemption: StoredExemption): Promise<{ screen: ScreenId; day: LocalDay }[]> {
    const { screen: screens, clock } = this.#options;
    const list =
      exemption.screen === null
        ? (await screens.list({ region: exemption.region ?? undefined })).rows
        : [await screens.require(exemption.screen)];
    // The day before too: its windows may run past midnight into the exemption.
    const first = dayNumberOf(exemption.from as Instant) - 1;
    const last = Math.min(
      dayNumberOf((exemption.to - 1) as Instant),
      dayNumberOf(instantOfMs(clock.nowMs())),
    );
    const days = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
      localDayOf((first + i) as DayNumber),
    );
    return list.flatMap(({ id }) => days.map((day) => ({ screen: id, day })));
  }
}

function publicExemption({ filerRegion: _filerRegion, ...exemption }: StoredExemption): Exemption {
  return exemption;
}
