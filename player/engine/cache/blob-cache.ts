import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { syncFolder } from '../files/atomic-file.ts';
import { fetchInto } from './download.ts';
import type { BlobSource } from './download.ts';

/** Bytes that a plan names: an asset's own, an HLS segment's, a card's picture's. */
export interface Blob {
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

export type VerifyResult = 'verified' | 'missing' | 'corrupt';

/** What a file looked like when its hash was checked; another look means another check. */
type Fingerprint = string;

/**
 * A folder of files named by their SHA-256. A file counts only once its whole content was hashed by
 * this process; one that changed on disk since, or that fails the hash, is as good as missing.
 * Many engines of one process may share a cache: nothing is downloaded or hashed twice at a time.
 */
export class BlobCache {
  readonly #folder: string;
  readonly #verified = new Map<Sha256, Fingerprint>();
  readonly #underWay = new Map<Sha256, Promise<VerifyResult>>();
  readonly #listeners = new Set<(sha256: Sha256) => void>();
  readonly #wanters = new Set<(sha256: Sha256) => boolean>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Whether the bytes were checked by this process and the file has not changed since. */
  isVerified(sha256: Sha256): boolean {
    const known = this.#verified.get(sha256);
    if (known === undefined) return false;
    if (fingerprintOf(this.#path(sha256)) === known) return true;
    this.#verified.delete(sha256);
    return false;
  }

  /** Where the bytes lie, once checked; else `null`. */
  verifiedPath(sha256: Sha256): string | null {
    return this.isVerified(sha256) ? this.#path(sha256) : null;
  }

  /** Calls `listener` whenever a blob becomes verified. Returns what ends that. */
  onVerified(listener: (sha256: Sha256) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks `wants` before anything is dropped: many engines may share the folder. Returns what ends that. */
  onDrop(wants: (sha256: Sha256) => boolean): () => void {
    this.#wanters.add(wants);
    return () => this.#wanters.delete(wants);
  }

  /** Deletes a blob, and what came of it so far, unless somebody wants it. @returns whether anything was there. */
  drop(sha256: Sha256): boolean {
    for (const wants of this.#wanters) if (wants(sha256)) return false;
    const paths = [this.#path(sha256), `${this.#path(sha256)}.part`].filter((path) => statOf(path) !== null);
    for (const path of paths) rmSync(path, { force: true });
    this.#verified.delete(sha256);
    if (paths.length > 0) syncFolder(this.#folder);
    return paths.length > 0;
  }

  /** Hashes what is on disk. What does not match its name is deleted. */
  verify(blob: Blob): Promise<VerifyResult> {
    if (this.isVerified(blob.sha256)) return Promise.resolve('verified');
    return this.#once(blob.sha256, () => this.#check(blob, this.#path(blob.sha256)));
  }

  /**
   * Brings the bytes here: goes on where an earlier try broke off, and checks the whole file.
   * @throws where the source breaks off; what came so far stays for the next try.
   */
  fetch(blob: Blob, source: BlobSource): Promise<VerifyResult> {
    if (this.isVerified(blob.sha256)) return Promise.resolve('verified');
    return this.#once(blob.sha256, async () => {
      const draft = `${this.#path(blob.sha256)}.part`;
      await fetchInto(draft, blob, source);
      const path = this.#path(blob.sha256);
      if ((await hashFile(draft)) !== blob.sha256) {
        rmSync(draft, { force: true });
        return 'corrupt';
      }
      renameSync(draft, path);
      syncFolder(this.#folder);
      this.#accept(blob.sha256);
      return 'verified';
    });
  }

  /** Deletes what nobody wants, least recently used first, until the folder fits the budget. */
  evict(keep: ReadonlySet<string>, budgetBytes: number): number {
    const files = readdirSync(this.#folder).map((name) => ({ name, stat: statOf(join(this.#folder, name)) }));
    let total = files.reduce((sum, { stat }) => sum + (stat?.size ?? 0), 0);
    const spare = files
      .filter(({ name }) => !keep.has(name.slice(0, 64)) && !this.#underWay.has(name.slice(0, 64) as Sha256))
      .toSorted((a, b) => (a.stat?.mtimeMs ?? 0) - (b.stat?.mtimeMs ?? 0));
    let freed = 0;
    for (const { name, stat } of spare) {
      if (total <= budgetBytes) break;
      rmSync(join(this.#folder, name), { force: true });
      this.#verified.delete(name.slice(0, 64) as Sha256);
      total -= stat?.size ?? 0;
      freed += stat?.size ?? 0;
    }
    return freed;
  }

  async #check(blob: Blob, path: string): Promise<VerifyResult> {
    const stat = statOf(path);
    if (stat === null) return 'missing';
    const before = fingerprintOf(path);
    if (stat.size === blob.sizeBytes && (await hashFile(path)) === blob.sha256) {
      if (fingerprintOf(path) !== before) return 'missing';
      this.#accept(blob.sha256);
      return 'verified';
    }
    rmSync(path, { force: true });
    return 'corrupt';
  }

  #accept(sha256: Sha256): void {
    const path = this.#path(sha256);
    const now = new Date();
    // The access order for eviction; set before the fingerprint, which holds it.
    utimesSync(path, now, now);
    this.#verified.set(sha256, fingerprintOf(path));
    for (const listener of this.#listeners) listener(sha256);
  }

  #once(sha256: Sha256, work: () => Promise<VerifyResult>): Promise<VerifyResult> {
    const already = this.#underWay.get(sha256);
    if (already !== undefined) return already;
    const promise = work().finally(() => this.#underWay.delete(sha256));
    this.#underWay.set(sha256, promise);
    return promise;
  }

  #path(sha256: Sha256): string {
    return join(this.#folder, sha256);
  }
}

/** SHA-256 of a whole file, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 262_144 }))
      hash.update(chunk as Buffer);
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

function fingerprintOf(path: string): Fingerprint {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}
