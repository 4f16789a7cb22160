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

  /** Counts a try before it is judged, and returns the count. */
  countTry(name: string): number {
    const before = this.#tries.get(name);
    const failures = (before?.failures ?? 0) + 1;
    this.#put(name, { failures, lockedUntilMs: before?.lockedUntilMs ?? null });
    return failures;
  }

  /** Refuses the name until an instant; its tries are counted from none again. */
  lock(name: string, lockedUntilMs: number): void {
    this.#put(name, { failures: 0, lockedUntilMs });
  }

  #put(name: string, tries: Tries): void {
    this.#tries.delete(name);
    this.#tries.set(name, tries);
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= NAMES_MAX) break;
      this.#tries.delete(oldest);
    }
  }
}
