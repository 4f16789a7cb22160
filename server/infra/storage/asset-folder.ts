import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../../../shared/core/byte-range.ts';
import { HEAD_BYTES } from '../../../shared/asset/media-type.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { AssetFiles, Intake } from '../../features/asset/asset.port.ts';

/** Where half-received files are, beside the finished ones so that a rename is atomic. */
const DRAFTS = 'drafts';

/**
 * Keeps assets as files named by their hash, `<root>/ab/abcd…`. Bytes are hashed while they stream
 * into a draft, made durable, and only then renamed to their name: a name always has its bytes.
 * Drafts that a crash left behind are removed here.
 */
export async function openAssetFolder(root: string): Promise<AssetFiles> {
  const drafts = join(root, DRAFTS);
  await mkdir(drafts, { recursive: true });
  for (const name of await readdir(drafts)) await rm(join(drafts, name), { force: true });
  return {
    put: (sha256, source, intake) => put({ root, sha256, source, intake }),
    read: (sha256, range) => read(pathOf(root, sha256), sha256, range),
  };
}

function pathOf(root: string, sha256: Sha256): string {
  return join(root, sha256.slice(0, 2), sha256);
}

interface Delivery {
  readonly root: string;
  readonly sha256: Sha256;
  readonly source: Readable;
  readonly intake: Intake;
}

async function put({ root, sha256, source, intake }: Delivery): Promise<{ sizeBytes: number }> {
  const draft = join(root, DRAFTS, randomUUID());
  try {
    const received = await receive(draft, source, intake.limitBytes);
    if (received.sha256 !== sha256) throw new AppError('ASSET_BYTES_DIFFER');
    intake.judge(received.head, received.sizeBytes);
    const path = pathOf(root, sha256);
    await mkdir(dirname(path), { recursive: true });
    await rename(draft, path);
    await syncFolder(dirname(path));
    await syncFolder(root);
    return { sizeBytes: received.sizeBytes };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

interface Received {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
}

/** Writes the stream to `path` and syncs it, hashing on the way; never holds more than the head. */
async function receive(path: string, source: Readable, limitBytes: number): Promise<Received> {
  const file = await open(path, 'wx', 0o640);
  try {
    const hash = createHash('sha256');
    const head: Uint8Array[] = [];
    let headBytes = 0;
    let sizeBytes = 0;
    // The source stays open when we stop early, so that its sender still hears why.
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw new AppError('TOO_LARGE', { limit: `${limitBytes} B` });
      hash.update(chunk);
      if (headBytes < HEAD_BYTES) {
        const part = chunk.subarray(0, HEAD_BYTES - headBytes);
        head.push(part);
        headBytes += part.length;
      }
      await writeAll(file, chunk);
    }
    await file.sync();
    return { sha256: hash.digest('hex'), sizeBytes, head: Buffer.concat(head) };
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, at);
    at += bytesWritten;
  }
}

/** Makes a rename durable: the folder's own entries are data too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function read(path: string, sha256: Sha256, range: ByteRange | null): Promise<Readable> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new AppError('ASSET_UNKNOWN', { sha256 }, error);
    throw error;
  }
  return file.createReadStream(range === null ? {} : { start: range.first, end: range.last });
}
