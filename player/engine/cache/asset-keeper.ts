import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Random } from '../../../shared/core/ports.ts';
import type { PlanAsset } from '../../../shared/plan/plan.schema.ts';
import { jitteredMs } from '../link/backoff.ts';
import type { Cancel, Log, Timers } from '../ports.ts';
import type { Blob, BlobCache } from './blob-cache.ts';
import type { BlobSource } from './download.ts';

export interface AssetKeeperOptions {
  readonly cache: BlobCache;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** `null` while there is no way to the center. */
  readonly source: () => BlobSource | null;
  /** Something a wanted asset is made of changed its standing. */
  readonly onChange: () => void;
  /** Bytes failed their hash and were deleted. */
  readonly onCorrupt: (sha256: Sha256, where: 'disk' | 'download') => void;
}

/** At most this many at a time: rural links are thin, and order matters more than width. */
const PARALLEL = 2;

/** How much of what is wanted is here. */
export interface CacheProgress {
  readonly ready: number;
  readonly total: number;
  readonly bytesReady: number;
  readonly bytesTotal: number;
}

/**
 * Keeps what the timeline needs on the device: checks what is on disk, downloads what is missing, in
 * the order of need, and again after a failure.
 */
export class AssetKeeper {
  readonly #options: AssetKeeperOptions;
  readonly #stopListening: () => void;
  readonly #busy = new Set<Sha256>();
  readonly #failures = new Map<Sha256, number>();
  readonly #waiting = new Map<Sha256, Cancel>();
  #wanted: readonly Blob[] = [];
  #names: ReadonlySet<string> = new Set();
  #denied: ReadonlySet<Sha256> = new Set();
  readonly #stopWanting: () => void;
  #stopped = false;

  constructor(options: AssetKeeperOptions) {
    this.#options = options;
    this.#stopListening = options.cache.onVerified((sha256) => {
      if (this.#names.has(sha256)) options.onChange();
    });
    this.#stopWanting = options.cache.onDrop((sha256) => this.#names.has(sha256));
  }

  /** Replaces what is wanted; the most urgent first. */
  want(assets: readonly PlanAsset[]): void {
    const blobs = new Map<Sha256, Blob>();
    for (const asset of assets) for (const blob of blobsOf(asset)) blobs.set(blob.sha256, blob);
    this.#wanted = [...blobs.values()];
    this.#names = new Set(blobs.keys());
    this.#work();
  }

  /** What must not be kept, but for what is also part of what is wanted; also what is still on its way. */
  deny(assets: readonly PlanAsset[]): void {
    this.#denied = new Set(assets.flatMap(blobsOf).map(({ sha256 }) => sha256));
    for (const sha256 of this.#denied)
      if (this.#options.cache.drop(sha256)) this.#options.log.info('denied asset purged', { asset: sha256 });
  }

  /** There is a way to the center again: failed downloads wait no longer. */
  hurry(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
    this.#failures.clear();
    this.#work();
  }

  /** Whether every byte of the asset is here and was checked by this process. */
  isReady(asset: PlanAsset): boolean {
    return blobsOf(asset).every((blob) => this.#options.cache.isVerified(blob.sha256));
  }

  progress(): CacheProgress {
    const ready = this.#wanted.filter((blob) => this.#options.cache.isVerified(blob.sha256));
    const bytes = (blobs: readonly Blob[]) => blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0);
    return {
      ready: ready.length,
      total: this.#wanted.length,
      bytesReady: bytes(ready),
      bytesTotal: bytes(this.#wanted),
    };
  }

  /** Makes room by deleting what is not wanted. */
  evict(budgetBytes: number): void {
    const freed = this.#options.cache.evict(this.#names, budgetBytes);
    if (freed > 0) this.#options.log.info('cache made room', { freedBytes: freed });
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    this.#stopWanting();
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #work(): void {
    if (this.#stopped) return;
    for (const blob of this.#wanted) {
      if (this.#busy.size >= PARALLEL) return;
      const { sha256 } = blob;
      if (this.#busy.has(sha256) || this.#waiting.has(sha256) || this.#options.cache.isVerified(sha256))
        continue;
      this.#busy.add(sha256);
      void this.#obtain(blob).finally(() => {
        this.#busy.delete(sha256);
        this.#work();
      });
    }
  }

  async #obtain(blob: Blob): Promise<void> {
    try {
      const onDisk = await this.#options.cache.verify(blob);
      if (onDisk === 'verified' || this.#stopped) return;
      if (onDisk === 'corrupt') this.#options.onCorrupt(blob.sha256, 'disk');
      const source = this.#options.source();
      if (source === null) {
        this.#retryLater(blob);
        return;
      }
      const fetched = await this.#options.cache.fetch(blob, source);
      if (this.#denied.has(blob.sha256)) this.#options.cache.drop(blob.sha256);
      if (this.#stopped) return;
      if (fetched === 'verified') {
        this.#failures.delete(blob.sha256);
        return;
      }
      if (fetched === 'corrupt') this.#options.onCorrupt(blob.sha256, 'download');
      this.#retryLater(blob);
    } catch (error) {
      this.#options.log.info('asset not here yet', { asset: blob.sha256, reason: String(error) });
      this.#retryLater(blob);
    }
  }

  #retryLater(blob: Blob): void {
    if (this.#stopped) return;
    const failures = (this.#failures.get(blob.sha256) ?? 0) + 1;
    this.#failures.set(blob.sha256, failures);
    const cancel = this.#options.timers.after(250 + jitteredMs(this.#options.random, failures), () => {
      this.#waiting.delete(blob.sha256);
      this.#work();
    });
    this.#waiting.set(blob.sha256, cancel);
  }
}

/** An asset's own bytes and those of its parts. */
export function blobsOf(asset: PlanAsset): Blob[] {
  return [asset, ...asset.parts].map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }));
}
