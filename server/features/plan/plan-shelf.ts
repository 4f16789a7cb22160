import type { ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import { decodePlan } from '../../../shared/plan/plan-bytes.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { PlanStore } from './plan.port.ts';

/** Plans that are kept in memory: after a publish thousands of players ask for the same few. */
const REMEMBERED_PLANS = 64;
/** Of a screen's plans those whose assets its device may still fetch: it may be some publishes behind. */
const FETCHABLE_PLANS = 16;

/** Every plan that was made, by digest; and who may fetch what of them. */
export class PlanShelf {
  readonly #store: PlanStore;
  readonly #bytes = new Map<Sha256, Uint8Array>();
  /** Hashes of the files that plans name. */
  readonly #files = new Map<Sha256, ReadonlySet<string>>();

  constructor(store: PlanStore) {
    this.#store = store;
  }

  /** A plan's exact bytes, or `null`. */
  async bytes(digest: Sha256): Promise<Uint8Array | null> {
    const known = this.#bytes.get(digest);
    if (known !== undefined) return known;
    const text = await this.#store.text(digest);
    if (text === null) return null;
    const bytes = new TextEncoder().encode(text);
    remember(this.#bytes, digest, bytes);
    return bytes;
  }

  /** The bytes of a plan that this screen was ever assigned, or `null`: what is others' is not told. */
  async bytesFor(screen: ScreenId, digest: Sha256): Promise<Uint8Array | null> {
    return (await this.#store.wasAssigned(screen, digest)) ? this.bytes(digest) : null;
  }

  /** Whether one of the plans that this screen was assigned of late names a file, as asset or as part. */
  async namesFile(screen: ScreenId, file: Sha256): Promise<boolean> {
    for (const digest of await this.#store.latestPlans(screen, FETCHABLE_PLANS))
      if ((await this.#filesOf(digest)).has(file)) return true;
    return false;
  }

  /** A plan that was ever made, or `null`. */
  async plan(digest: Sha256): Promise<Plan | null> {
    const bytes = await this.bytes(digest);
    return bytes === null ? null : decodePlan(bytes, digest);
  }

  async #filesOf(digest: Sha256): Promise<ReadonlySet<string>> {
    const known = this.#files.get(digest);
    if (known !== undefined) return known;
    const plan = await this.plan(digest);
    const assets = Object.values(plan?.assets ?? {});
    const files = new Set(assets.flatMap(({ sha256, parts }) => [sha256, ...parts.map((one) => one.sha256)]));
    remember(this.#files, digest, files);
    return files;
  }
}

/** Keeps what belongs to a plan, and forgets the longest kept beyond {@link REMEMBERED_PLANS}. */
function remember<Value>(memory: Map<Sha256, Value>, digest: Sha256, value: Value): void {
  memory.set(digest, value);
  for (const oldest of memory.keys()) {
    if (memory.size <= REMEMBERED_PLANS) break;
    memory.delete(oldest);
  }
}
