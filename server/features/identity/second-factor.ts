import { AppError } from '../../../shared/core/errors.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type {
  AccountRecord,
  FactorUse,
  IdentityStore,
  OneTimeCodes,
  PasswordHasher,
  SecretBox,
  TokenHasher,
} from './identity.port.ts';
import { demandPassword } from './passwords.ts';
import type { Tries } from './tries.ts';

const RECOVERY_CODES = 10;
/** 80 bits: a plain hash of it at rest cannot be searched. */
const RECOVERY_LENGTH = 16;
/** An offered secret that nobody confirmed by then was walked away from. */
const OFFER_MS = 15 * 60_000;

export interface SecondFactorOptions {
  readonly store: IdentityStore;
  readonly codes: OneTimeCodes;
  readonly box: SecretBox;
  readonly hasher: PasswordHasher;
  readonly hash: TokenHasher;
  readonly tries: Tries;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditService;
}

/** The second factor: codes by time (RFC 6238), and recovery codes for who lost the telephone. */
export class SecondFactors {
  readonly #options: SecondFactorOptions;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
  }

  /**
   * Offers a secret; nothing changes until {@link confirm}.
   * @throws AppError LOGIN_REFUSED, LOGIN_LOCKED, SECOND_FACTOR_SET
   */
  async begin(actor: Actor, password: string): Promise<{ readonly secret: string; readonly uri: string }> {
    const { store, codes, box, clock } = this.#options;
    const account = await this.#demandAccount(actor);
    await demandPassword(account, password, this.#options);
    const secret = codes.makeSecret();
    const kept = await store.offerSecondFactor(account.id, box.seal(secret, account.id), clock.nowMs());
    if (!kept) throw new AppError('SECOND_FACTOR_SET');
    return { secret, uri: codes.uri(secret, account.login) };
  }

  /**
   * Sets the factor up, by a code of the offered secret; ends the other sessions.
   * @param keep hash of the session that asks.
   * @returns the recovery codes, which are nowhere else in the clear.
   * @throws AppError NOT_FOUND without an offer of the last quarter of an hour, SECOND_FACTOR_WRONG,
   *   SECOND_FACTOR_SET
   */
  async confirm(actor: Actor, code: string, keep: string): Promise<string[]> {
    const { store, codes, box, clock, audit, random } = this.#options;
    const { account } = actor;
    const offer = await store.secondFactor(account);
    if (offer?.confirmed === true) throw new AppError('SECOND_FACTOR_SET');
    const now = clock.nowMs();
    if (offer === null || now - offer.offeredAtMs > OFFER_MS)
      throw new AppError('NOT_FOUND', { what: '两步验证（second factor）' });
    const step = codes.stepOf(box.open(offer.secret, account), code, now);
    if (step === null) throw new AppError('SECOND_FACTOR_WRONG');
    const recovery = Array.from({ length: RECOVERY_CODES }, () => randomBase32(random, RECOVERY_LENGTH));
    const set = await store.confirmSecondFactor(account, {
      secret: offer.secret,
      step,
      atMs: now,
      recoveryHashes: recovery.map((each) => this.#options.hash(each)),
      keep,
      note: audit.draft({ actor, action: 'second-factor.set', subject: account }),
    });
    if (!set) throw new AppError('SECOND_FACTOR_SET');
    return recovery.map((each) => each.replace(/(.{4})(?=.)/g, '$1-'));
  }

  /**
   * Takes one's own factor away.
   * @throws AppError LOGIN_REFUSED, LOGIN_LOCKED, SECOND_FACTOR_WRONG, NOT_FOUND where none is set
   */
  async remove(actor: Actor, proof: { readonly password: string; readonly code: string }): Promise<void> {
    const { store, audit, tries } = this.#options;
    const account = await this.#demandAccount(actor);
    await demandPassword(account, proof.password, this.#options);
    if (!account.secondFactor) throw new AppError('NOT_FOUND', { what: '两步验证（second factor）' });
    const attempt = await tries.begin(account);
    const use = await this.prove(account, proof.code);
    const note = audit.draft({ actor, action: 'second-factor.remove', subject: account.id });
    if (use === null || !(await store.removeSecondFactor(account.id, use, note))) {
      await attempt.wrong();
      throw new AppError('SECOND_FACTOR_WRONG');
    }
    await attempt.right();
  }

  /**
   * What `code` proves; `null`: nothing. Whoever acts on it uses it up in the same transaction, which
   * is where a second use fails. The caller counts the try.
   */
  async prove(account: AccountRecord, code: string): Promise<FactorUse | null> {
    const { store, codes, box, clock, hash } = this.#options;
    const bare = code.replace(/[\s-]/g, '').toLowerCase();
    if (bare.length === RECOVERY_LENGTH) return { kind: 'recovery', codeHash: hash(bare) };
    const factor = await store.secondFactor(account.id);
    if (factor === null || !factor.confirmed) return null;
    const step = codes.stepOf(box.open(factor.secret, account.id), bare, clock.nowMs());
    // No code of a used step or before is taken, also when the clock was set back: recovery codes help then.
    if (step === null || (factor.usedStep !== null && step <= factor.usedStep)) return null;
    return { kind: 'step', step };
  }

  async #demandAccount(actor: Actor): Promise<AccountRecord> {
    const account = await this.#options.store.account(actor.account);
    if (account === null) throw new AppError('NOT_LOGGED_IN');
    return account;
  }
}
