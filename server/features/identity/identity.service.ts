import { AppError } from '../../../shared/core/errors.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomHex } from '../../../shared/core/ports.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { PROVINCE } from '../../../shared/identity/abilities.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import { AccountBook } from './account-book.ts';
import { personOf } from './actor.ts';
import type {
  AccountRecord,
  FactorUse,
  IdentityStore,
  OneTimeCodes,
  PasswordHasher,
  Person,
  SecretBox,
  SessionRecord,
  TokenHasher,
} from './identity.port.ts';
import { OrganisationBook } from './organisation-book.ts';
import type { OrganisationStore } from './organisation.port.ts';
import { demandPassword, demandStrong, makePassword } from './passwords.ts';
import { SecondFactors } from './second-factor.ts';
import type { Try } from './tries.ts';
import { Tries } from './tries.ts';

/** A session ends this long after login, whatever is done in it. */
export const SESSION_MAX_MS = 12 * 3_600_000;
/** A session's last use is written at most this often. */
const TOUCH_MS = 60_000;
/**
 * A clock set back by more than this ends every session begun or used after: how long it was idle can
 * no longer be told.
 */
const SET_BACK_MS = 60_000;
const MINUTE_MS = 60_000;
/** How much of a token's hash names its session to its owner. */
const SESSION_NAME = 16;

export interface IdentityOptions {
  readonly store: IdentityStore;
  readonly organisations: OrganisationStore;
  readonly region: Pick<RegionService, 'find' | 'names'>;
  readonly hasher: PasswordHasher;
  readonly tokenHash: TokenHasher;
  readonly codes: OneTimeCodes;
  readonly box: SecretBox;
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

/** Login, sessions and passwords; beside them accounts, second factors and organisations. */
export class IdentityService {
  readonly accounts: AccountBook;
  readonly organisations: OrganisationBook;
  readonly secondFactors: SecondFactors;
  readonly #options: IdentityOptions;
  readonly #tries: Tries;
  readonly #listeners = new Set<() => void>();
  /** Verified against when the account is unknown, so that both answers take the same work. */
  #decoy: string | null = null;

  constructor(options: IdentityOptions) {
    const changed = () => this.#tell();
    this.#options = options;
    this.#tries = new Tries(options);
    this.accounts = new AccountBook({ ...options, changed });
    this.organisations = new OrganisationBook({ ...options, store: options.organisations, changed });
    this.secondFactors = new SecondFactors({ ...options, hash: options.tokenHash, tries: this.#tries });
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
    const first = { login: 'admin', password: makePassword(random) };
    announce(first);
    const grants = (['administrator', 'operator'] as const).map((role) => ({
      role,
      region: PROVINCE,
      expiresAtMs: null,
    }));
    await this.accounts.create({ ...first, name: '管理员', grants, organisation: null }, null);
    return first;
  }

  /** Whether a lock until then is in force. */
  isLocked(untilMs: number | null): boolean {
    return this.#tries.isLocked(untilMs);
  }

  /** Calls `listener` when sessions were ended, or what somebody may do was changed. @returns how to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Checks a password, and a code where the account has a second factor, and opens a session.
   * @returns the token for the cookie.
   * @throws AppError LOGIN_REFUSED; SECOND_FACTOR_NEEDED after a right password without a code;
   *   SECOND_FACTOR_WRONG; LOGIN_LOCKED after five wrong tries of either in a row.
   */
  async login(given: {
    readonly login: string;
    readonly password: string;
    readonly code?: string | undefined;
  }): Promise<{ readonly token: string; readonly actor: Person }> {
    const { store, hasher } = this.#options;
    const name = given.login.trim().toLowerCase();
    const found = await store.accountByLogin(name);
    // A disabled account is answered as if it were none.
    const account = found?.disabled === true ? null : found;
    const attempt = account === null ? this.#tries.beginStranger(name) : await this.#tries.begin(account);
    const right = await hasher.verify(given.password, account?.password ?? this.#decoy ?? '');
    if (account === null || !right) {
      await attempt.wrong();
      throw new AppError('LOGIN_REFUSED');
    }
    const use = account.secondFactor ? await this.#demandFactor(account, given.code, attempt) : null;
    const actor = await this.#personOf(account);
    const token = await this.#openSession(actor, use).catch(async (error: unknown) => {
      // Our failure, not a wrong try.
      await attempt.right();
      throw error;
    });
    if (token === null) {
      await attempt.wrong();
      throw new AppError('SECOND_FACTOR_WRONG');
    }
    return { token, actor };
  }

  /** Who holds the session of `token`; `null` once it is over. Asking keeps it alive. */
  async actorOf(token: string): Promise<Person | null> {
    const found = await this.#sessionOf(token);
    if (found === null) return null;
    const { store, clock, idleMinutes } = this.#options;
    const now = clock.nowMs();
    if (now - found.session.seenAtMs >= Math.min(TOUCH_MS, (idleMinutes * MINUTE_MS) / 4))
      await store.touchSession(found.session.tokenHash, now);
    return found.actor;
  }

  /** {@link actorOf} for what a page does by itself: it keeps no session alive. */
  async peek(token: string): Promise<Person | null> {
    return (await this.#sessionOf(token))?.actor ?? null;
  }

  async logout(token: string, actor: Actor | null): Promise<void> {
    const { store, audit, tokenHash } = this.#options;
    const note = actor === null ? null : audit.draft({ actor, action: 'logout', subject: actor.account });
    await store.deleteSession(tokenHash(token), note);
    this.#tell();
  }

  /** One's own open sessions, newest first. @param token that of the one that asks. */
  async sessions(actor: Actor, token: string) {
    const { store, tokenHash } = this.#options;
    const own = await store.sessionsOf(actor.account);
    return own
      .filter((session) => !this.#isOver(session))
      .map((session) => ({
        id: session.tokenHash.slice(0, SESSION_NAME),
        createdAtMs: session.createdAtMs,
        seenAtMs: session.seenAtMs,
        current: session.tokenHash === tokenHash(token),
      }));
  }

  /** Ends one of one's own sessions. @throws AppError NOT_FOUND */
  async endSession(actor: Actor, id: string): Promise<void> {
    const { store, audit } = this.#options;
    const own = await store.sessionsOf(actor.account);
    const session = own.find(({ tokenHash }) => tokenHash.slice(0, SESSION_NAME) === id);
    if (session === undefined) throw new AppError('NOT_FOUND', { what: id });
    await store.deleteSession(
      session.tokenHash,
      audit.draft({ actor, action: 'session.end', subject: actor.account, detail: { session: id } }),
    );
    this.#tell();
  }

  /** Ends all of one's own sessions but the one that asks. */
  async endOtherSessions(actor: Actor, token: string): Promise<void> {
    const { store, audit, tokenHash } = this.#options;
    const note = audit.draft({ actor, action: 'session.end-others', subject: actor.account });
    await store.deleteOtherSessions(actor.account, tokenHash(token), note);
    this.#tell();
  }

  /** Sets one's own second factor up; see {@link SecondFactors.confirm}. @param token that of the session that asks. */
  async confirmSecondFactor(actor: Actor, code: string, token: string): Promise<string[]> {
    const codes = await this.secondFactors.confirm(actor, code, this.#options.tokenHash(token));
    this.#tell();
    return codes;
  }

  /** Changes one's own password and ends one's other sessions. */
  async changePassword(
    actor: Actor,
    change: { readonly current: string; readonly next: string },
    token: string,
  ): Promise<void> {
    const { store, hasher, audit, tokenHash } = this.#options;
    const account = await store.account(actor.account);
    if (account === null) throw new AppError('LOGIN_REFUSED');
    await demandPassword(account, change.current, { hasher, tries: this.#tries });
    demandStrong(change.next);
    const password = await hasher.hash(change.next);
    const note = audit.draft({ actor, action: 'account.password', subject: account.id });
    await store.putPassword(account.id, { password, keep: tokenHash(token), note });
    this.#tell();
  }

  /** One's own account, and how many recovery codes are left of it. */
  async self(actor: Actor): Promise<{ readonly account: AccountRecord; readonly recoveryCodesLeft: number }> {
    const { store } = this.#options;
    const account = await store.account(actor.account);
    if (account === null) throw new AppError('NOT_LOGGED_IN');
    return { account, recoveryCodesLeft: await store.recoveryCodesLeft(account.id) };
  }

  async #demandFactor(account: AccountRecord, code: string | undefined, attempt: Try): Promise<FactorUse> {
    if (code === undefined || code === '') {
      await attempt.right();
      throw new AppError('SECOND_FACTOR_NEEDED');
    }
    const use = await this.secondFactors.prove(account, code);
    if (use !== null) return use;
    await attempt.wrong();
    throw new AppError('SECOND_FACTOR_WRONG');
  }

  async #sessionOf(
    token: string,
  ): Promise<{ readonly session: SessionRecord; readonly actor: Person } | null> {
    const { store, tokenHash } = this.#options;
    const session = await store.session(tokenHash(token));
    if (session === null) return null;
    if (this.#isOver(session)) {
      await store.deleteSession(session.tokenHash, null);
      return null;
    }
    const account = await store.account(session.account);
    return account === null || account.disabled ? null : { session, actor: await this.#personOf(account) };
  }

  #isOver({ createdAtMs, seenAtMs }: SessionRecord): boolean {
    const { clock, idleMinutes } = this.#options;
    const now = clock.nowMs();
    return (
      now - createdAtMs >= SESSION_MAX_MS ||
      now - seenAtMs >= idleMinutes * MINUTE_MS ||
      now < createdAtMs - SET_BACK_MS ||
      now < seenAtMs - SET_BACK_MS
    );
  }

  async #personOf(account: AccountRecord): Promise<Person> {
    const { store, clock } = this.#options;
    const now = clock.nowMs();
    const { organisation } = account;
    const held = organisation === null ? [] : await store.heldByOrganisation(organisation.id, now);
    return personOf(account, held, now);
  }

  /** @returns `null` where what proved the second factor was used meanwhile. */
  async #openSession(actor: Person, use: FactorUse | null): Promise<string | null> {
    const { store, random, tokenHash, clock, audit } = this.#options;
    const { account } = actor;
    const token = randomHex(random, 32);
    const now = clock.nowMs();
    const session = { tokenHash: tokenHash(token), account, createdAtMs: now, seenAtMs: now };
    const detail = use === null ? {} : { secondFactor: use.kind === 'step' ? 'code' : 'recovery' };
    const note = audit.draft({ actor, action: 'login', subject: account, detail });
    return (await store.insertSession(session, use, note)) ? token : null;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
