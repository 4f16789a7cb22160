import type { AccountId, OrganisationId, RegionCode } from '../../../shared/core/ids.ts';
import type { Actor, HeldAbilities } from '../../../shared/identity/abilities.ts';
import type { RoleGrant } from '../../../shared/identity/account.schema.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

/** An account as it is stored. */
export interface AccountRecord {
  readonly id: AccountId;
  /** What is typed at login, lower case. */
  readonly login: string;
  readonly name: string;
  /** A salted hash in PHC format. */
  readonly password: string;
  readonly mustChange: boolean;
  /** Tries since the last right one. */
  readonly failures: number;
  readonly lockedUntilMs: number | null;
  readonly disabled: boolean;
  readonly createdAtMs: number;
  readonly lastLoginAtMs: number | null;
  /** Sorted by region; those that have expired are still here. */
  readonly grants: readonly RoleGrant[];
  /** The operating organisation it belongs to, and the region that keeps that on its books. */
  readonly organisation: {
    readonly id: OrganisationId;
    readonly name: string;
    readonly region: RegionCode;
  } | null;
  /** Whether a confirmed second factor is set. */
  readonly secondFactor: boolean;
}

/** Somebody logged in. */
export interface Person extends Actor {
  /** Whether the account has a second factor. */
  readonly secondFactor: boolean;
}

export interface SessionRecord {
  /** SHA-256 of the token; the token itself is only in the cookie. */
  readonly tokenHash: string;
  readonly account: AccountId;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
}

/** What a change of an account does; what is left out stays. */
export interface AccountChange {
  readonly name?: string | undefined;
  readonly grants?: readonly RoleGrant[] | undefined;
  readonly disabled?: boolean | undefined;
  /** A hash; the account has to change it, and starts without wrong tries. */
  readonly password?: string | undefined;
  readonly dropSecondFactor?: boolean | undefined;
  readonly endSessions: boolean;
  readonly note: AuditDraft;
}

/** What else stands when a change of one account is decided. */
export interface OtherAccounts {
  /** Accounts that are not disabled and administer the whole province without an end. */
  readonly lastingAdministrators: number;
}

/** What proves a second factor, and is used up by it: a time step's code, or a recovery code. */
export type FactorUse =
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'recovery'; readonly codeHash: string };

export interface SecondFactorRecord {
  /** Sealed. */
  readonly secret: string;
  readonly offeredAtMs: number;
  readonly confirmed: boolean;
  readonly usedStep: number | null;
}

/** A `note` is an audit entry that is committed with the change it tells of. */
export interface AccountStore {
  countAccounts(): Promise<number>;
  /** `false` when the login is taken. */
  insertAccount(account: AccountRecord, note: AuditDraft): Promise<boolean>;
  accountByLogin(login: string): Promise<AccountRecord | null>;
  account(id: AccountId): Promise<AccountRecord | null>;
  /** Sorted by login. */
  accounts(): Promise<AccountRecord[]>;
  /**
   * Decides a change and makes it in one transaction, so that two at once cannot both be right about
   * what the other undoes. What `decide` throws changes nothing.
   * @returns the account as it is then; `null` where there is none.
   */
  changeAccount(
    id: AccountId,
    decide: (account: AccountRecord, others: OtherAccounts) => AccountChange,
  ): Promise<AccountRecord | null>;
  /** Gives an account a password of its own choice, and ends its sessions but the one kept. */
  putPassword(
    id: AccountId,
    change: { readonly password: string; readonly keep: string; readonly note: AuditDraft },
  ): Promise<void>;
  /**
   * Counts one more try before it is judged, in one statement so that parallel guesses all count.
   * @param locked locks that end inside this range are in force: nothing is counted then.
   * @returns the count; `null` while the account is locked.
   */
  countTry(
    id: AccountId,
    locked: { readonly afterMs: number; readonly untilMs: number },
  ): Promise<number | null>;
  /** Takes a counted try back: it was right as far as it went. */
  uncountTry(id: AccountId): Promise<void>;
  /** Refuses an account until an instant; its tries are counted from none again. */
  lock(id: AccountId, untilMs: number, note: AuditDraft): Promise<void>;
  /** What the organisation may do by grants in force at `nowMs`; nothing when it is disabled. */
  heldByOrganisation(id: OrganisationId, nowMs: number): Promise<HeldAbilities[]>;
}

export interface SessionStore {
  /**
   * Opens a session, uses up what proved the second factor, and ends the count of wrong tries.
   * @returns `false`, with nothing done, where that proof was used before.
   */
  insertSession(session: SessionRecord, use: FactorUse | null, note: AuditDraft): Promise<boolean>;
  session(tokenHash: string): Promise<SessionRecord | null>;
  /** Newest first. */
  sessionsOf(account: AccountId): Promise<SessionRecord[]>;
  touchSession(tokenHash: string, seenAtMs: number): Promise<void>;
  /** Ends one session. */
  deleteSession(tokenHash: string, note: AuditDraft | null): Promise<void>;
  /** Ends all of an account's sessions but one. */
  deleteOtherSessions(account: AccountId, keep: string, note: AuditDraft): Promise<void>;
  /** Forgets sessions made before, or last seen before, these instants. */
  deleteSessionsBefore(limits: { readonly createdMs: number; readonly seenMs: number }): Promise<void>;
}

export interface SecondFactorStore {
  secondFactor(account: AccountId): Promise<SecondFactorRecord | null>;
  /** Keeps a secret that counts once it is confirmed, in place of one offered before; `false` where one is set. */
  offerSecondFactor(account: AccountId, secret: string, atMs: number): Promise<boolean>;
  /**
   * Makes the offered secret count, uses up the step that confirmed it, and ends the sessions that
   * were opened without it.
   * @returns `false` where that very offer is no longer there.
   */
  confirmSecondFactor(
    account: AccountId,
    confirmation: {
      readonly secret: string;
      readonly step: number;
      readonly atMs: number;
      readonly recoveryHashes: readonly string[];
      readonly keep: string;
      readonly note: AuditDraft;
    },
  ): Promise<boolean>;
  /** Takes it away against a proof; `false`, with nothing done, where that was used before. */
  removeSecondFactor(account: AccountId, use: FactorUse, note: AuditDraft): Promise<boolean>;
  recoveryCodesLeft(account: AccountId): Promise<number>;
}

export interface IdentityStore extends AccountStore, SessionStore, SecondFactorStore {}

/** Slow, salted hashing of passwords. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(password: string, hashed: string): Promise<boolean>;
}

/** Hash of a random token, for keeping it at rest. */
export type TokenHasher = (token: string) => string;

/** Codes by time (RFC 6238): HMAC-SHA-1, six digits, steps of 30 s, as every authenticator has them. */
export interface OneTimeCodes {
  /** 160 random bits in base32. */
  makeSecret(): string;
  /** The `otpauth://` address that authenticators read. */
  uri(secret: string, login: string): string;
  /** The time step that `code` is of, at most one from the one at `nowMs`; `null`: a wrong code. */
  stepOf(secret: string, code: string, nowMs: number): number | null;
}

/** Keeps a secret at rest unreadable and bound to what it is of. */
export interface SecretBox {
  seal(text: string, about: string): string;
  /** @throws Error where it was sealed by another key, about another thing, or changed. */
  open(sealed: string, about: string): string;
}
