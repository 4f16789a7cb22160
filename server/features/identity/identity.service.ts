import { AppError } from '../../../shared/core/errors.ts';
import type { AccountId, RegionCode } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32, randomHex } from '../../../shared/core/ports.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { can, ROLE_ABILITIES } from '../../../shared/identity/abilities.ts';
import type { AccountCreation } from '../../../shared/identity/account.schema.ts';
import { PASSWORD_MIN } from '../../../shared/identity/account.schema.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { StrangerLocks } from './stranger-locks.ts';
import type {
  AccountRecord,
  IdentityStore,
  PasswordHasher,
  SessionRecord,
  TokenHasher,
} from './identity.port.ts';

/** Wrong passwords in a row that lock an account, and for how long. */
export const LOCK_AFTER = 5;
const LOCK_MS = 5 * 60_000;
/** A session ends this long after login, whatever is done in it. */
export const SESSION_MAX_MS = 12 * 3_600_000;
/** A session's last use is written at most this often. */
const TOUCH_MS = 60_000;
const MINUTE_MS = 60_000;
/** Characters of a generated password, five bits each. */
const PASSWORD_LENGTH = 20;

export interface IdentityOptions {
  readonly store: IdentityStore;
  readonly hasher: PasswordHasher;
  readonly tokenHash: TokenHasher;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditService;
  readonly idleMinutes: number;
}

/** An account and the password made for it, to be shown once. */
export interface GeneratedLogin {
  readonly login: string;
  readonly password: string;
}

/** Accounts, passwords and sessions. */
export class IdentityService {
  readonly #options: IdentityOptions;
  /** Verified against when the account is unknown, so that both answers take the same work. */
  #decoy: string | null = null;
  readonly #strangers = new StrangerLocks();

  constructor(options: IdentityOptions) {
    this.#options = options;
  }

  /**
   * Forgets dead sessions, and makes the first administrator where there is no account yet.
   * @param announce shows the password made for it. It is called before the account is: a crash in
   *   between makes the next start show another, instead of leaving an account nobody can use.
   */
  async start(announce: (login: GeneratedLogin) => void = () => undefined): Promise<GeneratedLogin | null> {
    const { store, clock, hasher, random, idleMinutes } = this.#options;
    const now = clock.nowMs();
    await store.deleteSessionsBefore({
      createdMs: now - SESSION_MAX_MS,
      seenMs: now - idleMinutes * MINUTE_MS - TOUCH_MS,
    });
    this.#decoy = await hasher.hash(randomHex(random, 16));
    if ((await store.countAccounts()) > 0) return null;
    const first = { login: 'admin', password: randomBase32(random, PASSWORD_LENGTH) };
    announce(first);
    const grants = (['administrator', 'operator'] as const).map((role) => ({
      role,
      region: '41' as RegionCode,
      expiresAtMs: null,
    }));
    await this.createAccount({ ...first, name: '管理员', grants, organisation: null }, null);
    return first;
  }

  /**
   * Checks a password and opens a session.
   * @returns the token for the cookie.
   * @throws AppError LOGIN_REFUSED, or LOGIN_LOCKED after {@link LOCK_AFTER} wrong tries in a row.
   */
  async login(login: string, password: string): Promise<{ readonly token: string; readonly actor: Actor }> {
    const { store, hasher, clock } = this.#options;
    const name = login.trim().toLowerCase();
    const found = await store.accountByLogin(name);
    // A disabled account is answered as if it were none.
    const account = found?.disabled === true ? null : found;
    const lockedUntilMs = account === null ? this.#strangers.lockedUntilMs(name) : account.lockedUntilMs;
    const leftMs = (lockedUntilMs ?? 0) - clock.nowMs();
    if (leftMs > 0) throw new AppError('LOGIN_LOCKED', { minutes: Math.ceil(leftMs / MINUTE_MS) });
    const right = await hasher.verify(password, account?.password ?? this.#decoy ?? '');
    if (account === null || !right) {
      if (account === null) this.#strangers.countFailure(name, LOCK_AFTER, clock.nowMs() + LOCK_MS);
      else await this.#countFailure(account);
      throw new AppError('LOGIN_REFUSED');
    }
    const actor = actorOf(account);
    return { token: await this.#openSession(actor), actor };
  }

  /** Who holds the session of `token`; `null` once it is over. Asking keeps it alive. */
  async actorOf(token: string): Promise<Actor | null> {
    const found = await this.#sessionOf(token);
    if (found === null) return null;
    const { store, clock, idleMinutes } = this.#options;
    const now = clock.nowMs();
    if (now - found.session.seenAtMs >= Math.min(TOUCH_MS, (idleMinutes * MINUTE_MS) / 4))
      await store.touchSession(found.session.tokenHash, now);
    return found.actor;
  }

  /** {@link actorOf} for what a page does by itself: it keeps no session alive. */
  async peek(token: string): Promise<Actor | null> {
    return (await this.#sessionOf(token))?.actor ?? null;
  }

  async logout(token: string, actor: Actor | null): Promise<void> {
    const { store, audit, tokenHash } = this.#options;
    const note = actor === null ? null : audit.draft({ actor, action: 'logout', subject: actor.account });
    await store.deleteSession(tokenHash(token), note);
  }

  /** Changes one's own password and ends one's other sessions. */
  async changePassword(
    actor: Actor,
    change: { readonly current: string; readonly next: string },
    token: string,
  ): Promise<void> {
    const { store, hasher, audit, tokenHash } = this.#options;
    const account = await store.account(actor.account);
    if (account === null || !(await hasher.verify(change.current, account.password)))
      throw new AppError('LOGIN_REFUSED');
    demandStrong(change.next);
    const password = await hasher.hash(change.next);
    const note = audit.draft({ actor, action: 'account.password', subject: account.id });
    await store.putPassword(account.id, { password, keep: tokenHash(token), note });
  }

  /**
   * Adds an account. Where no password is given one is made and returned this once.
   * @param actor who adds it; grants may not reach outside where the actor holds `account.manage`.
   */
  async createAccount(
    creation: AccountCreation,
    actor: Actor | null,
  ): Promise<{ readonly account: AccountRecord; readonly password: string | null }> {
    const { store, hasher, clock, random, audit } = this.#options;
    for (const { region } of creation.grants)
      if (actor !== null && !can(actor, 'account.manage', region))
        throw new AppError('FORBIDDEN', { ability: 'account.manage' });
    const generated = creation.password === undefined ? randomBase32(random, PASSWORD_LENGTH) : null;
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
      grants: creation.grants,
    };
    const note = audit.draft({
      actor,
      action: 'account.create',
      subject: account.id,
      detail: { login: account.login, grants: creation.grants },
    });
    if (!(await store.insertAccount(account, note)))
      throw new AppError('CONFLICT', { detail: creation.login });
    return { account, password: generated };
  }

  async account(actor: Actor): Promise<AccountRecord | null> {
    return this.#options.store.account(actor.account);
  }

  /** Accounts that hold a role somewhere `actor` manages accounts. */
  async accounts(actor: Actor): Promise<AccountRecord[]> {
    const all = await this.#options.store.accounts();
    return all.filter(({ grants }) => grants.some(({ region }) => can(actor, 'account.manage', region)));
  }

  async #sessionOf(
    token: string,
  ): Promise<{ readonly session: SessionRecord; readonly actor: Actor } | null> {
    const { store, tokenHash, clock, idleMinutes } = this.#options;
    const session = await store.session(tokenHash(token));
    if (session === null) return null;
    const now = clock.nowMs();
    if (now - session.createdAtMs >= SESSION_MAX_MS || now - session.seenAtMs >= idleMinutes * MINUTE_MS) {
      await store.deleteSession(session.tokenHash, null);
      return null;
    }
    const account = await store.account(session.account);
    return account === null || account.disabled ? null : { session, actor: actorOf(account) };
  }

  async #openSession(actor: Actor): Promise<string> {
    const { store, random, tokenHash, clock, audit } = this.#options;
    const { account } = actor;
    const token = randomHex(random, 32);
    const now = clock.nowMs();
    const session = { tokenHash: tokenHash(token), account, createdAtMs: now, seenAtMs: now };
    await store.insertSession(session, audit.draft({ actor, action: 'login', subject: account }));
    return token;
  }

  async #countFailure(account: AccountRecord): Promise<void> {
    const { store, clock, audit } = this.#options;
    const failures = await store.countFailure(account.id);
    if (failures < LOCK_AFTER) return;
    // The count starts anew, so that every further lock again takes as many wrong tries.
    const lockedUntilMs = clock.nowMs() + LOCK_MS;
    const note = audit.draft({ actor: null, action: 'account.locked', subject: account.id });
    await store.lock(account.id, lockedUntilMs, note);
  }
}

function demandStrong(password: string): void {
  if (Array.from(password).length < PASSWORD_MIN) throw new AppError('PASSWORD_WEAK');
}

function actorOf({ id, name, grants }: AccountRecord): Actor {
  return {
    account: id,
    name,
    organisation: null,
    grants: grants.map(({ role, region }) => ({ region, abilities: ROLE_ABILITIES[role] })),
  };
}
