import { AppError } from '../../../shared/core/errors.ts';
import type { OrganisationId, RegionCode } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import type { Actor, GrantableAbility } from '../../../shared/identity/abilities.ts';
import { can, GRANTABLE_ABILITIES, scopeOf } from '../../../shared/identity/abilities.ts';
import type { Organisation } from '../../../shared/identity/organisation.schema.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { OrganisationGrantRecord, OrganisationRecord, OrganisationStore } from './organisation.port.ts';

export interface OrganisationBookOptions {
  readonly store: OrganisationStore;
  readonly region: Pick<RegionService, 'find' | 'names'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditService;
  /** Called after a change of what somebody may do. */
  readonly changed: () => void;
}

/** What an organisation is allowed somewhere for a time. */
export interface GrantWish {
  readonly region: RegionCode;
  readonly abilities: readonly GrantableAbility[];
  readonly expiresAtMs: number;
}

/**
 * Operating organisations (第三方运营): they act only inside grants. Their routes ask for
 * `account.manage` where the organisation is kept, or where the grant is given.
 */
export class OrganisationBook {
  readonly #options: OrganisationBookOptions;

  constructor(options: OrganisationBookOptions) {
    this.#options = options;
  }

  /**
   * Those that `actor` has to do with: kept in or granted something in its regions, or kept by a
   * higher tier, whose organisations a county may let in.
   */
  async list(actor: Actor): Promise<Organisation[]> {
    const scope = scopeOf(actor, 'account.manage');
    const all = await this.#options.store.organisations();
    return all
      .filter(({ region, grants }) =>
        scope.some(
          (held) =>
            isWithin(region, held) ||
            isWithin(held, region) ||
            grants.some((grant) => isWithin(grant.region, held)),
        ),
      )
      .map((organisation) => this.#seen(organisation, actor));
  }

  /** All of it, for who judges a call. @throws AppError NOT_FOUND */
  async require(id: OrganisationId): Promise<OrganisationRecord> {
    const found = await this.#options.store.organisation(id);
    if (found === null) throw new AppError('NOT_FOUND', { what: id });
    return found;
  }

  /** @throws AppError REGION_UNKNOWN; CONFLICT where the name is taken */
  async create(
    wish: { readonly name: string; readonly region: RegionCode; readonly contact: string },
    actor: Actor,
  ): Promise<Organisation> {
    const { store, clock, random, audit } = this.#options;
    const region = this.#regionOf(wish.region, actor);
    const id = `o-${randomBase32(random, 16)}` as OrganisationId;
    const { name, contact } = wish;
    const organisation = { id, name, contact, region, disabled: false, createdAtMs: clock.nowMs() };
    const detail = { name, region };
    const note = audit.draft({ actor, action: 'organisation.create', subject: id, detail });
    if (!(await store.insertOrganisation(organisation, note)))
      throw new AppError('CONFLICT', { detail: name });
    return this.#seen(await this.require(id), actor);
  }

  /** @throws AppError NOT_FOUND; CONFLICT where the name is taken */
  async change(
    id: OrganisationId,
    patch: {
      readonly name?: string | undefined;
      readonly contact?: string | undefined;
      readonly disabled?: boolean | undefined;
    },
    actor: Actor,
  ): Promise<Organisation> {
    const { store, audit, changed } = this.#options;
    const detail = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const note = audit.draft({ actor, action: 'organisation.change', subject: id, detail });
    if (!(await store.changeOrganisation(id, patch, note)))
      throw new AppError('CONFLICT', { detail: patch.name ?? '' });
    changed();
    return this.#seen(await this.require(id), actor);
  }

  /** @throws AppError GRANT_EXPIRED, REGION_UNKNOWN */
  async grant(id: OrganisationId, wish: GrantWish, actor: Actor): Promise<Organisation> {
    const { store, clock, random, audit, changed } = this.#options;
    const region = this.#regionOf(wish.region, actor);
    const now = clock.nowMs();
    if (wish.expiresAtMs <= now) throw new AppError('GRANT_EXPIRED');
    const grant: OrganisationGrantRecord = {
      id: `g-${randomBase32(random, 16)}`,
      region,
      // In the order of the table and each once; what may not be granted never passed the schema.
      abilities: GRANTABLE_ABILITIES.filter((ability) => wish.abilities.includes(ability)),
      expiresAtMs: wish.expiresAtMs,
      grantedBy: actor.account,
      grantedByName: actor.name,
      grantedAtMs: now,
      revokedAtMs: null,
      revokedByName: null,
    };
    const { abilities, expiresAtMs } = grant;
    const detail = { grant: grant.id, region, abilities, expiresAtMs };
    await store.insertGrant(
      id,
      grant,
      audit.draft({ actor, action: 'organisation.grant', subject: id, detail }),
    );
    changed();
    return this.#seen(await this.require(id), actor);
  }

  /** @throws AppError CONFLICT where it was taken back before */
  async revoke(id: OrganisationId, grant: string, actor: Actor): Promise<Organisation> {
    const { store, clock, audit, changed } = this.#options;
    const note = audit.draft({ actor, action: 'organisation.revoke', subject: id, detail: { grant } });
    const revocation = { by: actor.account, byName: actor.name, atMs: clock.nowMs() };
    if (!(await store.revokeGrant(grant, revocation, note)))
      throw new AppError('CONFLICT', { detail: `${grant} 已收回（taken back before）` });
    changed();
    return this.#seen(await this.require(id), actor);
  }

  /** The code in use now; a former one may have led elsewhere. */
  #regionOf(code: RegionCode, actor: Actor): RegionCode {
    const region = this.#options.region.find(code);
    if (region === undefined) throw new AppError('REGION_UNKNOWN', { code });
    if (!can(actor, 'account.manage', region.code))
      throw new AppError('FORBIDDEN', { ability: 'account.manage' });
    return region.code;
  }

  /** With its grants in the actor's regions, below and above them; all of them for who keeps it. */
  #seen(organisation: OrganisationRecord, actor: Actor): Organisation {
    const scope = scopeOf(actor, 'account.manage');
    const keeps = can(actor, 'account.manage', organisation.region);
    const isSeen = ({ region }: OrganisationGrantRecord) =>
      keeps || scope.some((held) => isWithin(region, held) || isWithin(held, region));
    const nameOf = (code: RegionCode) => this.#options.region.names(code).at(-1) ?? code;
    return {
      ...organisation,
      regionName: nameOf(organisation.region),
      grants: organisation.grants.filter(isSeen).map((grant) => ({
        id: grant.id,
        region: grant.region,
        regionName: nameOf(grant.region),
        abilities: [...grant.abilities],
        expiresAtMs: grant.expiresAtMs,
        grantedByName: grant.grantedByName,
        grantedAtMs: grant.grantedAtMs,
        revokedAtMs: grant.revokedAtMs,
        revokedByName: grant.revokedByName,
      })),
    };
  }
}
