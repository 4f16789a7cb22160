import type { ExemptionFiling } from '../../../shared/assessment/assessment.schema.ts';
import { type Spans, EMPTY, normalize } from '../../../shared/assessment/intervals.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import { type Actor, can, scopeOf } from '../../../shared/identity/abilities.ts';
import { isWithin, parentOf } from '../../../shared/region/tier.ts';
import type { StoredExemption } from './assessment.port.ts';

/** An exemption covers nothing earlier than this before it was filed (ACCOUNTING.md rule 17). */
export const FILING_LIMIT_S = 72 * 3_600;

/** Approved exemptions, in memory, by what they cover. */
export class ExemptionBook {
  readonly #all = new Map<string, StoredExemption>();
  readonly #byScreen = new Map<ScreenId, StoredExemption[]>();
  #byRegion: StoredExemption[] = [];

  constructor(exemptions: readonly StoredExemption[]) {
    for (const exemption of exemptions) this.put(exemption);
  }

  /** Adds one, or puts its approved form in its place. */
  put(exemption: StoredExemption): void {
    this.#all.set(exemption.id, exemption);
    if (exemption.approvedAtMs === null) return;
    const { screen } = exemption;
    if (screen === null)
      this.#byRegion = [...this.#byRegion.filter(({ id }) => id !== exemption.id), exemption];
    else {
      const others = (this.#byScreen.get(screen) ?? []).filter(({ id }) => id !== exemption.id);
      this.#byScreen.set(screen, [...others, exemption]);
    }
  }

  get(id: string): StoredExemption | undefined {
    return this.#all.get(id);
  }

  /** Latest filed first. */
  all(): StoredExemption[] {
    return [...this.#all.values()].sort((a, b) => b.filedAtMs - a.filedAtMs || (a.id < b.id ? -1 : 1));
  }

  /** E of a screen: approved seconds, whatever the day. */
  spans(screen: ScreenId, region: RegionCode): Spans {
    const own = this.#byScreen.get(screen);
    const wide = this.#byRegion.filter((one) => one.region !== null && isWithin(region, one.region));
    if (own === undefined && wide.length === 0) return EMPTY;
    return normalize(
      [...(own ?? []), ...wide].map(({ from, to, filedAtMs }) => ({
        start: Math.max(from, Math.floor(filedAtMs / 1_000) - FILING_LIMIT_S),
        end: to,
      })),
    );
  }
}

/**
 * Checks what is filed.
 * @throws AppError BAD_REQUEST where it names not exactly one subject or an empty stretch;
 * EXEMPTION_TOO_LATE where it begins more than 72 h before `nowMs`.
 */
export function checkFiling(filing: ExemptionFiling, nowMs: number): void {
  if ((filing.screen === undefined) === (filing.region === undefined))
    throw new AppError('BAD_REQUEST', { detail: 'screen 和 region 填一个（name one of screen and region）' });
  if (filing.to <= filing.from)
    throw new AppError('BAD_REQUEST', { detail: 'to 要晚于 from（to has to be after from）' });
  if (filing.from < Math.floor(nowMs / 1_000) - FILING_LIMIT_S) throw new AppError('EXEMPTION_TOO_LATE');
}

/** The highest region in whose name `actor` may file for `subject`. */
export function filerRegionOf(actor: Actor, subject: RegionCode): RegionCode {
  const held = scopeOf(actor, 'exemption.file')
    .filter((region) => isWithin(subject, region))
    .sort((a, b) => a.length - b.length)[0];
  if (held === undefined) throw new AppError('FORBIDDEN', { ability: 'exemption.file' });
  return held;
}

/**
 * Who may approve: another person, one tier above the region that filed; where there is no tier
 * above, another person of the same one (DESIGN.md section 7).
 * @throws AppError SECOND_PERSON_NEEDED, HIGHER_TIER_NEEDED
 */
export function checkApprover(exemption: StoredExemption, actor: Actor): void {
  if (exemption.filedBy === actor.account) throw new AppError('SECOND_PERSON_NEEDED');
  const above = parentOf(exemption.filerRegion) ?? exemption.filerRegion;
  if (!can(actor, 'exemption.approve', above)) throw new AppError('HIGHER_TIER_NEEDED');
}
