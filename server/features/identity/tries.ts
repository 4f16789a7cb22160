import { AppError } from '../../../shared/core/errors.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { AccountRecord, AccountStore } from './identity.port.ts';
import { StrangerLocks } from './stranger-locks.ts';

/** Wrong tries in a row, of passwords or codes, that lock an account, and for how long. */
export const LOCK_AFTER = 5;
export const LOCK_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** One counted try; it stays counted unless it is said to have been right. */
export interface Try {
  /** It was wrong: the last one that is allowed locks. */
  wrong(): Promise<void>;
  /** It was right as far as it went, and is not counted. */
  right(): Promise<void>;
}

export interface TriesOptions {
  readonly store: AccountStore;
  readonly clock: Clock;
  readonly audit: AuditService;
}

/**
 * The lockout. A try is counted before it is judged, so that however many come at once, no more than
 * {@link LOCK_AFTER} are judged.
 */
export class Tries {
  readonly #options: TriesOptions;
  readonly #strangers = new StrangerLocks();

  constructor(options: TriesOptions) {
    this.#options = options;
  }

  /** @throws AppError LOGIN_LOCKED while the account is locked, or is being tried too often at once. */
  async begin(account: AccountRecord): Promise<Try> {
    const { store, clock, audit } = this.#options;
    const now = clock.nowMs();
    this.#demandUnlocked(account.lockedUntilMs);
    // A lock that ends later than any could was set by a clock that has been set back since.
    const count = await store.countTry(account.id, { afterMs: now, untilMs: now + LOCK_MS });
    if (count === null || count > LOCK_AFTER) throw locked(LOCK_MS);
    return {
      wrong: async () => {
        if (count < LOCK_AFTER) return;
        // The count starts anew, so that every further lock again takes as many wrong tries.
        const note = audit.draft({ actor: null, action: 'account.locked', subject: account.id });
        await store.lock(account.id, clock.nowMs() + LOCK_MS, note);
      },
      right: () => store.uncountTry(account.id),
    };
  }

  /** {@link begin} for a name that no account has. */
  beginStranger(name: string): Try {
    this.#demandUnlocked(this.#strangers.lockedUntilMs(name));
    const count = this.#strangers.countTry(name);
    if (count > LOCK_AFTER) throw locked(LOCK_MS);
    return {
      wrong: async () => {
        if (count === LOCK_AFTER) this.#strangers.lock(name, this.#options.clock.nowMs() + LOCK_MS);
      },
      right: async () => undefined,
    };
  }

  /** Whether a lock until then is in force; see {@link begin} for one that lies too far off. */
  isLocked(untilMs: number | null): boolean {
    const leftMs = (untilMs ?? 0) - this.#options.clock.nowMs();
    return leftMs > 0 && leftMs <= LOCK_MS;
  }

  #demandUnlocked(untilMs: number | null): void {
    if (this.isLocked(untilMs)) throw locked((untilMs ?? 0) - this.#options.clock.nowMs());
  }
}

function locked(leftMs: number): AppError {
  return new AppError('LOGIN_LOCKED', { minutes: Math.ceil(leftMs / MINUTE_MS) });
}
