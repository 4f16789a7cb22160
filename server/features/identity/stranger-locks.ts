/** Names remembered; beyond them the longest unheard is forgotten. */
const NAMES_MAX = 10_000;

interface Tries {
  readonly failures: number;
  readonly lockedUntilMs: number | null;
}

/**
 * Locks for names that no account has, as accounts are locked: otherwise the lock itself would tell
 * which names are accounts. In memory, because there is nothing to protect.
 */
export class StrangerLocks {
  readonly #tries = new Map<string, Tries>();

  lockedUntilMs(name: string): number | null {
    return this.#tries.get(name)?.lockedUntilMs ?? null;
  }

  /** Counts a wrong try; the one that makes `lockAfter` locks until `lockedUntilMs`. */
  countFailure(name: string, lockAfter: number, lockedUntilMs: number): void {
    const before = this.#tries.get(name);
    const failures = (before?.failures ?? 0) + 1;
    this.#tries.delete(name);
    this.#tries.set(
      name,
      failures < lockAfter
        ? { failures, lockedUntilMs: before?.lockedUntilMs ?? null }
        : { failures: 0, lockedUntilMs },
    );
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= NAMES_MAX) break;
      this.#tries.delete(oldest);
    }
  }
}
