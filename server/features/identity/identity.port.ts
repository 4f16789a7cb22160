import type { AccountId, RegionCode } from '../../../shared/core/ids.ts';
import type { Role } from '../../../shared/identity/abilities.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

export interface Grant {
  readonly role: Role;
  readonly region: RegionCode;
  readonly expiresAtMs: number | null;
}

/** An account as it is stored. */
export interface AccountRecord {
  readonly id: AccountId;
  /** What is typed at login, lower case. */
  readonly login: string;
  readonly name: string;
  /** A salted hash in PHC format. */
  readonly password: string;
  readonly mustChange: boolean;
  /** Wrong passwords since the last right one. */
  readonly failures: number;
  readonly lockedUntilMs: number | null;
  readonly disabled: boolean;
  readonly createdAtMs: number;
  readonly grants: readonly Grant[];
}

export interface SessionRecord {
  /** SHA-256 of the token; the token itself is only in the cookie. */
  readonly tokenHash: string;
  readonly account: AccountId;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
}

/** A `note` is an audit entry that is committed with the change it tells of. */
export interface IdentityStore {
  countAccounts(): Promise<number>;
  /** `false` when the login is taken. */
  insertAccount(account: AccountRecord, note: AuditDraft): Promise<boolean>;
  accountByLogin(login: string): Promise<AccountRecord | null>;
  account(id: AccountId): Promise<AccountRecord | null>;
  /** Sorted by login. */
  accounts(): Promise<AccountRecord[]>;
  /** Refuses an account until an instant; its wrong passwords are counted from none again. */
  lock(id: AccountId, untilMs: number, note: AuditDraft): Promise<void>;
  /** Gives an account a password of its own choice, and ends its sessions but the one kept. */
  putPassword(
    id: AccountId,
    change: { readonly password: string; readonly keep: string; readonly note: AuditDraft },
  ): Promise<void>;
  /** Counts one more failure, in one statement so that parallel guesses all count; returns the count. */
  countFailure(id: AccountId): Promise<number>;
  /** Opens a session after a right password, which ends the count of wrong ones. */
  insertSession(session: SessionRecord, note: AuditDraft): Promise<void>;
  session(tokenHash: string): Promise<SessionRecord | null>;
  touchSession(tokenHash: string, seenAtMs: number): Promise<void>;
  /** Ends one session. */
  deleteSession(tokenHash: string, note: AuditDraft | null): Promise<void>;
  /** Forgets sessions made before, or last seen before, these instants. */
  deleteSessionsBefore(limits: { readonly createdMs: number; readonly seenMs: number }): Promise<void>;
}

/** Slow, salted hashing of passwords. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(password: string, hashed: string): Promise<boolean>;
}

/** Hash of a random token, for keeping it at rest. */
export type TokenHasher = (token: string) => string;
