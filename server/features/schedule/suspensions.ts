import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import { can, scopeOf } from '../../../shared/identity/abilities.ts';
import type { Ability, Actor } from '../../../shared/identity/abilities.ts';
import { isWithin, lineageOf } from '../../../shared/region/tier.ts';
import type { Suspension } from '../../../shared/schedule/draft.api.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { SuspensionRecord, SuspensionStore } from './suspension.port.ts';

export interface SuspensionDeps {
  readonly store: SuspensionStore;
  readonly region: RegionService;
  readonly audit: AuditService;
  readonly clock: Clock;
  readonly random: Random;
}

/** Random characters of a suspension's id. */
const ID_LENGTH = 16;

export type Suspensions = ReturnType<typeof makeSuspensions>;

/**
 * Suspensions (暂停发布): a higher tier keeps a region, and all below it, from putting anything on air.
 * What is on air stays; taking it down is another act. The higher tier itself may still act there.
 */
export function makeSuspensions({ store, region, audit, clock, random }: SuspensionDeps) {
  const toldTo =
    (actor: Actor) =>
    (record: SuspensionRecord): Suspension => ({
      id: record.id,
      region: record.region,
      regionName: region.find(record.region)?.name ?? record.region,
      issuer: record.issuer,
      issuerName: region.find(record.issuer)?.name ?? record.issuer,
      reason: record.reason,
      byName: record.by.name,
      atMs: record.atMs,
      liftedByName: record.lifted?.by.name ?? null,
      liftedAtMs: record.lifted?.atMs ?? null,
      mayLift: record.lifted === null && can(actor, 'policy.manage', record.issuer),
    });

  async function need(id: string): Promise<SuspensionRecord> {
    const found = await store.get(id);
    if (found === null) throw new AppError('NOT_FOUND', { what: `暂停 ${id}` });
    return found;
  }

  return {
    need,

    /** @throws AppError REGION_UNKNOWN; HIGHER_TIER_NEEDED; CONFLICT where the same is suspended already. */
    async suspend(
      { region: code, reason }: { readonly region: RegionCode; readonly reason: string },
      actor: Actor,
    ): Promise<Suspension> {
      if (region.find(code)?.code !== code) throw new AppError('REGION_UNKNOWN', { code });
      const issuer = issuerOver(actor, code);
      if (issuer === null) throw new AppError('HIGHER_TIER_NEEDED');
      const held = (await store.inForce()).find((one) => one.region === code && one.issuer === issuer);
      if (held !== undefined) throw new AppError('CONFLICT', { detail: `${code} (${held.id})` });
      const id = `p-${randomBase32(random, ID_LENGTH)}`;
      const note = audit.draft({
        actor,
        action: 'suspension.create',
        subject: code,
        detail: { id, issuer, reason },
      });
      await store.insert({ id, region: code, issuer, reason, by: actor.account, atMs: clock.nowMs() }, note);
      return toldTo(actor)(await need(id));
    },

    /** @throws AppError NOT_FOUND; HIGHER_TIER_NEEDED; CONFLICT where it is lifted already. */
    async lift(id: string, actor: Actor): Promise<Suspension> {
      const record = await need(id);
      if (!can(actor, 'policy.manage', record.issuer)) throw new AppError('HIGHER_TIER_NEEDED');
      const note = audit.draft({ actor, action: 'suspension.lift', subject: record.region, detail: { id } });
      if (!(await store.lift(id, actor.account, clock.nowMs(), note)))
        throw new AppError('CONFLICT', { detail: `${record.region} 的暂停已经解除（already lifted）` });
      return toldTo(actor)(await need(id));
    },

    /** Those of the caller's regions, below and above them; in force first, then latest first. */
    async list(actor: Actor): Promise<Suspension[]> {
      const scope = scopeOf(actor, 'schedule.read');
      const seen = (await store.all()).filter((one) =>
        scope.some((held) => isWithin(one.region, held) || lineageOf(held).includes(one.region)),
      );
      const open = seen.filter((one) => one.lifted === null);
      const over = seen.filter((one) => one.lifted !== null);
      return [...open, ...over].map(toldTo(actor));
    },

    /**
     * Whether anything may be put on air in the name of these regions now.
     * @throws AppError REGION_SUSPENDED, unless `actor` holds the ability over who suspended.
     */
    async demandNone(regions: readonly RegionCode[], actor: Actor, ability: Ability): Promise<void> {
      const found = (await store.inForce()).find(
        (one) => regions.some((code) => isWithin(code, one.region)) && !can(actor, ability, one.issuer),
      );
      if (found === undefined) return;
      const name = region.find(found.region)?.name ?? found.region;
      throw new AppError('REGION_SUSPENDED', { region: name, reason: found.reason });
    },
  };
}

/** The highest region strictly above `code` in whose name `actor` manages policy. */
function issuerOver(actor: Actor, code: RegionCode): RegionCode | null {
  const above = scopeOf(actor, 'policy.manage').filter((held) => held !== code && isWithin(code, held));
  return above.sort((a, b) => a.length - b.length)[0] ?? null;
}
