import { open, stat } from 'node:fs/promises';
import type { Blob } from './blob-cache.ts';

/** Where bytes come from: answers a response for the bytes from `offset` on. */
export type BlobSource = (blob: Blob, offset: number, signal: AbortSignal) => Promise<Response>;

/** The source answered something else than the bytes. */
export class DownloadRefused extends Error {
  override readonly name = 'DownloadRefused';
  readonly status: number;

  constructor(status: number) {
    super(`the center answered ${status}`);
    this.status = status;
  }
}

/**
 * Fills `path` with the blob's bytes, going on from what is there. Returns once the file has its full
 * size and is synced; whether the bytes are right is for the caller to check.
 * @throws DownloadRefused, or what the source throws; the file keeps what came.
 */
export async function fetchInto(path: string, blob: Blob, source: BlobSource): Promise<void> {
  const have = await sizeOf(path);
  const offset = have >= blob.sizeBytes ? 0 : have;
  const abort = new AbortController();
  const response = await source(blob, offset, abort.signal);
  const resumed = response.status === 206 && startOf(response) === offset;
  if (!resumed && response.status !== 200) {
    abort.abort();
    throw new DownloadRefused(response.status);
  }
  const file = await open(path, resumed ? 'a' : 'w', 0o600);
  try {
    let size = resumed ? offset : 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      // More than announced can only be the wrong bytes: stop before they fill the disk.
      if (size > blob.sizeBytes) break;
      await file.write(chunk);
    }
    abort.abort();
    await file.sync();
    if (size < blob.sizeBytes) throw new Error(`broke off after ${size} of ${blob.sizeBytes} bytes`);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

function startOf(response: Response): number {
  const match = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return match === null ? -1 : Number(match[1]);
}
