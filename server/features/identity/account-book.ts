import { AppError } from '../../../shared/core/errors.ts';
import type { AccountId, RegionCode } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import type { Actor, Role } from '../../../shared/identity/abilities.ts';
import { can, DUTIES_APART, PROVINCE, ROLE_ZH } from '../../../shared/identity/abilities.ts';
import type { AccountCreation, AccountPatch, RoleGrant } from '../../../shared/identity/account.schema.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import { isInForce } from './actor.ts';
import type {
  AccountChange,
  AccountRecord,
  AccountStore,
  OtherAccounts,
  PasswordHasher,
} from './identity.port.ts';
import type { OrganisationStore } from './organisation.port.ts';
import { demandStrong, makePassword } from './passwords.ts';

export interface AccountBookOptions {
  readonly store: AccountStore;
  readonly organisations: Pick<OrganisationStore, 'organisation'>;
  readonly region: Pick<RegionService, 'find'>;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditService;
  /** Called after a change of what somebody may do. */
  readonly changed: () => void;
}

/** An account, and the password that was made for it, shown this once; `null` where none was. */
export interface AccountAndPassword {
  readonly account: AccountRecord;
  readonly password: string | null;
}

/** Accounts as those see and change them who hold `account.manage`. */
export class AccountBook {
  readonly #options: AccountBookOptions;

  constructor(options: AccountBookOptions) {
    this.#options = options;
  }

  /**
   * Adds an account. Where no password is given one is made and returned this once.
   * @param actor who adds it; `null`: the center itself.
   * @throws AppError FORBIDDEN where a grant or the organisation lies outside where the actor manages
   *   accounts; DUTIES_CONFLICT, MEMBER_ROLE, GRANT_EXPIRED, REGION_UNKNOWN, PASSWORD_WEAK, CONFLICT.
   */
  async create(creation: AccountCreation, actor: Actor | null): Promise<AccountAndPassword> {
    const { store, hasher, clock, random, audit } = this.#options;
    const grants = actor === null ? creation.grants : this.#checkedGrants(creation.grants);
    if (actor !== null) {
      for (const { region } of grants) demandManaged(actor, region);
      for (const grant of grants) this.#demandFuture(grant);
    }
    const organisation = await this.#organisationFor(creation, actor);
    if (grants.length === 0 && organisation === null)
      throw new AppError('BAD_REQUEST', { detail: 'grants: 至少一个角色（at least one role）' });
    this.#demandDutiesApart(grants, organisation !== null);
    const generated = creation.password === undefined ? makePassword(random) : null;
    const password = creation.password ?? generated ?? '';
    demandStrong(password);
    const account: AccountRecord = {
      id: `a-${randomBase32(random, 16)}` as AccountId,
      login: creation.login,
      name: creation.name,
      password: await hasher.hash(password),
      mustChange: true,
      failures: 0,
      lockedUntilMs: null,
      disabled: false,
      createdAtMs: clock.nowMs(),
      lastLoginAtMs: null,
      grants,
      organisation,
      secondFactor: false,
    };
    const note = audit.draft({
      actor,
      action: 'account.create',
      subject: account.id,
      detail: { login: account.login, grants, organisation: organisation?.id ?? null },
    });
    if (!(await store.insertAccount(account, note)))
      throw new AppError('CONFLICT', { detail: creation.login });
    return { account, password: generated };
  }

  /** Accounts that `actor` manages somewhere, by login; `text` is part of a login or a name. */
  async list(
    actor: Actor,
    {
      text = '',
      limit,
      offset,
    }: { readonly text?: string | undefined; readonly limit: number; readonly offset: number },
  ): Promise<{ readonly rows: AccountRecord[]; readonly total: number }> {
    const wanted = text.toLowerCase();
    const seen = (await this.#options.store.accounts()).filter(
      (account) =>
        regionsOf(account, account.grants).some((region) => can(actor, 'account.manage', region)) &&
        (account.login.includes(wanted) || account.name.toLowerCase().includes(wanted)),
    );
    return { rows: seen.slice(offset, offset + limit), total: seen.length };
  }

  /**
   * Changes an account. A grant may be given or taken by who manages accounts in its region;
   * everything else by who does in all regions that the account reaches.
   * @throws AppError NOT_FOUND, FORBIDDEN, DUTIES_CONFLICT, MEMBER_ROLE, GRANT_EXPIRED, REGION_UNKNOWN,
   *   LAST_ADMINISTRATOR, ACCOUNT_DISABLED; SECOND_PERSON_NEEDED for resetting oneself, or giving oneself more.
   */
  async change(id: AccountId, patch: AccountPatch, actor: Actor): Promise<AccountAndPassword> {
    const { store, hasher, random } = this.#options;
    if (actor.account === id && (patch.resetPassword === true || patch.resetSecondFactor === true))
      throw new AppError('SECOND_PERSON_NEEDED');
    const generated = patch.resetPassword === true ? makePassword(random) : null;
    const password = generated === null ? undefined : await hasher.hash(generated);
    const grants = patch.grants === undefined ? undefined : this.#checkedGrants(patch.grants);
    const account = await store.changeAccount(id, (current, others) => {
      this.#demandMayChange(current, { ...patch, grants }, actor);
      this.#demandSound(current, { ...patch, grants }, others);
      return { ...this.#changeOf(current, { ...patch, grants }, actor), password };
    });
    if (account === null) throw new AppError('NOT_FOUND', { what: id });
    this.#options.changed();
    return { account, password: generated };
  }

  #demandMayChange(current: AccountRecord, patch: AccountPatch, actor: Actor): void {
    const now = this.#options.clock.nowMs();
    const { grants, ...rest } = patch;
    if (grants === undefined || Object.values(rest).some((value) => value !== undefined)) {
      const inForce = current.grants.filter((grant) => isInForce(grant, now));
      for (const region of regionsOf(current, inForce)) demandManaged(actor, region);
    }
    if (grants === undefined) return;
    const { added, removed } = difference(current.grants, grants);
    for (const { region } of [...added, ...removed]) demandManaged(actor, region);
    // Whoever appoints people does not appoint themselves, nor for longer; less is one's own to choose.
    const holds = current.grants.filter((grant) => isInForce(grant, now));
    if (actor.account === current.id && added.some((grant) => !holds.some((one) => includes(one, grant))))
      throw new AppError('SECOND_PERSON_NEEDED');
    // Nothing given and nothing taken: still not a way to look at somebody else's account.
    if (
      added.length + removed.length === 0 &&
      !regionsOf(current, current.grants).some((region) => can(actor, 'account.manage', region))
    )
      throw new AppError('FORBIDDEN', { ability: 'account.manage' });
  }

  #demandSound(current: AccountRecord, patch: AccountPatch, others: OtherAccounts): void {
    const grants = patch.grants ?? current.grants;
    const disabled = patch.disabled ?? current.disabled;
    for (const grant of difference(current.grants, grants).added) this.#demandFuture(grant);
    if (patch.grants !== undefined) this.#demandDutiesApart(grants, current.organisation !== null);
    if (disabled && patch.resetPassword === true) throw new AppError('ACCOUNT_DISABLED');
    const was = !current.disabled && current.grants.some(isLastingAdministrator);
    const is = !disabled && grants.some(isLastingAdministrator);
    if (was && !is && others.lastingAdministrators === 0) throw new AppError('LAST_ADMINISTRATOR');
  }

  #changeOf(current: AccountRecord, patch: AccountPatch, actor: Actor): AccountChange {
    const { name, grants, disabled, resetPassword, resetSecondFactor } = patch;
    const { added, removed } = difference(current.grants, grants ?? current.grants);
    return {
      name,
      grants,
      disabled,
      dropSecondFactor: resetSecondFactor,
      endSessions: disabled === true || resetPassword === true || resetSecondFactor === true,
      note: this.#options.audit.draft({
        actor,
        action: 'account.change',
        subject: current.id,
        detail: {
          login: current.login,
          ...(name !== undefined && { name }),
          ...(disabled !== undefined && { disabled }),
          ...(resetPassword === true && { resetPassword }),
          ...(resetSecondFactor === true && { resetSecondFactor }),
          ...(added.length > 0 && { granted: added }),
          ...(removed.length > 0 && { revoked: removed }),
        },
      }),
    };
  }

  /** Grants under the codes in use now. @throws AppError REGION_UNKNOWN, or BAD_REQUEST for one given twice. */
  #checkedGrants(grants: readonly RoleGrant[]): RoleGrant[] {
    const checked = grants.map((grant) => {
      const region = this.#options.region.find(grant.region);
      if (region === undefined) throw new AppError('REGION_UNKNOWN', { code: grant.region });
      return { ...grant, region: region.code };
    });
    const keys = new Set(checked.map(({ role, region }) => `${role} ${region}`));
    if (keys.size < checked.length)
      throw new AppError('BAD_REQUEST', { detail: 'grants: 同一角色在同一区划写了两次（given twice）' });
    return checked;
  }

  #demandFuture(grant: RoleGrant): void {
    if (!isInForce(grant, this.#options.clock.nowMs())) throw new AppError('GRANT_EXPIRED');
  }

  /** Whoever is watched by the audit does not watch it, and members act inside grants alone; expired roles don't count. */
  #demandDutiesApart(grants: readonly RoleGrant[], isMember: boolean): void {
    const now = this.#options.clock.nowMs();
    const roles = new Set<Role>(grants.filter((grant) => isInForce(grant, now)).map(({ role }) => role));
    const names = (of: readonly Role[]) => of.map((role) => ROLE_ZH[role]).join('、');
    const pair = DUTIES_APART.find(([one, other]) => roles.has(one) && roles.has(other));
    if (pair !== undefined) throw new AppError('DUTIES_CONFLICT', { roles: names(pair) });
    // Every role holds something that no region may grant to an organisation.
    if (isMember && roles.size > 0) throw new AppError('MEMBER_ROLE');
  }

  async #organisationFor(
    creation: AccountCreation,
    actor: Actor | null,
  ): Promise<AccountRecord['organisation']> {
    if (creation.organisation === null) return null;
    const found = await this.#options.organisations.organisation(creation.organisation);
    if (found === null) throw new AppError('NOT_FOUND', { what: creation.organisation });
    if (actor !== null) demandManaged(actor, found.region);
    return { id: found.id, name: found.name, region: found.region };
  }
}

function demandManaged(actor: Actor, region: RegionCode): void {
  if (!can(actor, 'account.manage', region)) throw new AppError('FORBIDDEN', { ability: 'account.manage' });
}

/** The regions that an account reaches by `grants` and that keep its organisation; the province where it has neither. */
function regionsOf(account: AccountRecord, grants: readonly RoleGrant[]): RegionCode[] {
  const regions = grants.map(({ region }) => region);
  if (account.organisation !== null) regions.push(account.organisation.region);
  return regions.length === 0 ? [PROVINCE] : regions;
}

function isLastingAdministrator({ role, region, expiresAtMs }: RoleGrant): boolean {
  return role === 'administrator' && region === PROVINCE && expiresAtMs === null;
}

/** Whether whoever holds `one` gains nothing by `other`. */
function includes(one: RoleGrant, other: RoleGrant): boolean {
  const lasts =
    one.expiresAtMs === null || (other.expiresAtMs !== null && other.expiresAtMs <= one.expiresAtMs);
  return one.role === other.role && isWithin(other.region, one.region) && lasts;
}

function difference(before: readonly RoleGrant[], after: readonly RoleGrant[]) {
  const isIn = (grants: readonly RoleGrant[]) => (grant: RoleGrant) =>
    grants.some(
      ({ role, region, expiresAtMs }) =>
        role === grant.role && region === grant.region && expiresAtMs === grant.expiresAtMs,
    );
  return {
    added: after.filter((grant) => !isIn(before)(grant)),
    removed: before.filter((grant) => !isIn(after)(grant)),
  };
}
