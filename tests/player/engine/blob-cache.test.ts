import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BlobCache } from '../../../player/engine/cache/blob-cache.ts';
import type { Blob } from '../../../player/engine/cache/blob-cache.ts';
import type { BlobSource } from '../../../player/engine/cache/download.ts';
import { sha256Hex } from '../../../shared/core/canonical.ts';
import { makeFolder } from './fixtures.ts';

function makeBlob(sizeBytes = 10_000): Blob & { readonly bytes: Buffer } {
  const bytes = randomBytes(sizeBytes);
  return { bytes, sha256: sha256Hex(bytes), sizeBytes };
}

/** Serves the bytes; breaks off after `breaksAfter` of them the first time. */
function sourceOf(bytes: Buffer, breaksAfter?: number): BlobSource & { readonly offsets: number[] } {
  const offsets: number[] = [];
  const source: BlobSource = (_blob, offset) => {
    offsets.push(offset);
    const part = bytes.subarray(offset, offsets.length === 1 ? breaksAfter : undefined);
    return Promise.resolve(
      new Response(new Uint8Array(part), {
        status: offset > 0 ? 206 : 200,
        headers: offset > 0 ? { 'content-range': `bytes ${offset}-${bytes.length - 1}/${bytes.length}` } : {},
      }),
    );
  };
  return Object.assign(source, { offsets });
}

describe('the asset cache', () => {
  it('shows nothing that this process did not hash', async () => {
    const folder = makeFolder();
    const blob = makeBlob();
    await new BlobCache(folder).fetch(blob, sourceOf(blob.bytes));
    const restarted = new BlobCache(folder);
    expect(restarted.verifiedPath(blob.sha256)).toBeNull();
    expect(await restarted.verify(blob)).toBe('verified');
    expect(restarted.verifiedPath(blob.sha256)).toBe(join(folder, blob.sha256));
  });

  it('stops trusting a file that changes afterwards, and deletes it when it is wrong', async () => {
    const folder = makeFolder();
    const blob = makeBlob();
    const cache = new BlobCache(folder);
    await cache.fetch(blob, sourceOf(blob.bytes));
    writeFileSync(join(folder, blob.sha256), Buffer.alloc(blob.sizeBytes, 1));
    expect(cache.isVerified(blob.sha256)).toBe(false);
    expect(await cache.verify(blob)).toBe('corrupt');
    expect(existsSync(join(folder, blob.sha256))).toBe(false);
    expect(await cache.verify(blob)).toBe('missing');
  });

  it('finds a truncated and a lengthened file wrong', async () => {
    const folder = makeFolder();
    const [short, long] = [makeBlob(), makeBlob()];
    writeFileSync(join(folder, short.sha256), short.bytes.subarray(0, 9_999));
    writeFileSync(join(folder, long.sha256), long.bytes);
    appendFileSync(join(folder, long.sha256), 'x');
    const cache = new BlobCache(folder);
    expect(await cache.verify(short)).toBe('corrupt');
    expect(await cache.verify(long)).toBe('corrupt');
  });

  it('goes on where a download broke off', async () => {
    const blob = makeBlob();
    const cache = new BlobCache(makeFolder());
    const source = sourceOf(blob.bytes, 4_000);
    await expect(cache.fetch(blob, source)).rejects.toThrow('broke off after 4000 of 10000');
    expect(await cache.fetch(blob, source)).toBe('verified');
    expect(source.offsets).toEqual([0, 4_000]);
  });

  it('keeps nothing of bytes that are wrong or more than announced', async () => {
    const folder = makeFolder();
    const blob = makeBlob();
    const cache = new BlobCache(folder);
    expect(await cache.fetch(blob, sourceOf(randomBytes(10_000)))).toBe('corrupt');
    expect(await cache.fetch(blob, sourceOf(randomBytes(90_000)))).toBe('corrupt');
    expect(readdirSync(folder)).toEqual([]);
    expect(await cache.fetch(blob, sourceOf(blob.bytes))).toBe('verified');
  });

  it('downloads once for many who ask at the same time', async () => {
    const blob = makeBlob();
    const cache = new BlobCache(makeFolder());
    const source = sourceOf(blob.bytes);
    const answers = await Promise.all([1, 2, 3].map(() => cache.fetch(blob, source)));
    expect(answers).toEqual(['verified', 'verified', 'verified']);
    expect(source.offsets).toEqual([0]);
  });

  it('makes room by deleting what nobody wants, the longest unused first', async () => {
    const folder = makeFolder();
    const cache = new BlobCache(folder);
    const blobs = [makeBlob(), makeBlob(), makeBlob()] as const;
    for (const [index, blob] of blobs.entries()) {
      await cache.fetch(blob, sourceOf(blob.bytes));
      utimesSync(join(folder, blob.sha256), index, index);
    }
    expect(cache.evict(new Set([blobs[0].sha256]), 20_000)).toBe(10_000);
    expect(readdirSync(folder).toSorted()).toEqual([blobs[0].sha256, blobs[2].sha256].toSorted());
  });
});
