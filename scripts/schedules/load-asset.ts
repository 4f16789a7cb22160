import { open, readFile, realpath, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Asset, AssetPart } from '../../shared/asset/asset.schema.ts';
import { cardSchema } from '../../shared/asset/asset.schema.ts';
import { HEAD_BYTES, KIND_MEDIA_TYPES, MEDIA_TYPES, mediaTypeOf } from '../../shared/asset/media-type.ts';
import type { MediaType } from '../../shared/asset/media-type.ts';
import { sha256Hex } from '../../shared/core/canonical.ts';
import type { Sha256 } from '../../shared/core/ids.ts';
import { hlsDurationS, hlsUris, rewriteHls } from '../../shared/schedule/hls-rewrite.ts';
import type { FileAsset } from '../../shared/schedule/schedule-file.schema.ts';

/** Bytes to upload under their hash: a file on disk, or bytes made here. */
export type AssetBytes = ({ readonly path: string } | { readonly bytes: Uint8Array }) & {
  readonly mime: MediaType;
  readonly sizeBytes: number;
};

export interface LoadedAsset {
  readonly asset: Asset;
  readonly blobs: ReadonlyMap<Sha256, AssetBytes>;
}

/** Why a file cannot be an asset. */
export class AssetFileError extends Error {
  override readonly name = 'AssetFileError';
  readonly zh: string;

  constructor(zh: string, en: string, cause?: unknown) {
    super(en, { cause });
    this.zh = zh;
  }
}

/**
 * Reads an asset's file and what it leads to, and says what it is. An HLS asset's bytes are its
 * playlist with the segments renamed to their hashes.
 * @param folder nothing outside it is read
 * @throws AssetFileError
 */
export async function loadAsset(folder: string, declared: FileAsset): Promise<LoadedAsset> {
  const path = await resolveInside(folder, declared.file);
  const { kind, title } = declared;
  if (kind === 'hls') return loadHls(folder, path, declared);
  const file = await hashFile(path);
  if (!KIND_MEDIA_TYPES[kind].includes(file.mime))
    throw new AssetFileError(`内容是 ${file.mime}，和 kind: ${kind} 不符`, `it is ${file.mime}, not ${kind}`);
  if (kind === 'card') await refusePicture(path);
  const { sha256, mime, sizeBytes } = file;
  const durationS = kind === 'video' ? (declared.durationS ?? null) : null;
  return {
    asset: { sha256, kind, mime, sizeBytes, title, durationS, parts: [] },
    blobs: new Map([[sha256, { path, mime, sizeBytes }]]),
  };
}

async function loadHls(folder: string, path: string, { title, durationS }: FileAsset): Promise<LoadedAsset> {
  const text = await readFile(path, 'utf8');
  const length = hlsDurationS(text);
  if (length === null)
    throw new AssetFileError(
      '要写完的 HLS 分片表（有 #EXTINF 和 #EXT-X-ENDLIST），不收直播和多码率总表',
      'it is no finished HLS media playlist',
    );
  const blobs = new Map<Sha256, AssetBytes>();
  const names = new Map<string, string>();
  const parts = new Map<Sha256, AssetPart>();
  for (const uri of hlsUris(text)) {
    const partPath = await resolveInside(folder, uri, dirname(path));
    const { sha256, mime, sizeBytes } = await hashFile(partPath);
    names.set(uri, `${sha256}.${MEDIA_TYPES[mime]}`);
    parts.set(sha256, { sha256, sizeBytes, mime });
    blobs.set(sha256, { path: partPath, mime, sizeBytes });
  }
  const bytes = new TextEncoder().encode(rewriteHls(text, (uri) => names.get(uri) ?? uri));
  const sha256 = sha256Hex(bytes);
  const mime = 'application/vnd.apple.mpegurl';
  blobs.set(sha256, { bytes, mime, sizeBytes: bytes.length });
  return {
    asset: {
      sha256,
      kind: 'hls',
      mime,
      sizeBytes: bytes.length,
      title,
      durationS: durationS ?? length,
      parts: [...parts.values()],
    },
    blobs,
  };
}

/** A card names its picture by hash, which a file cannot know; pictures come with the console. */
async function refusePicture(path: string): Promise<void> {
  const card = cardSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  if (card.picture !== undefined)
    throw new AssetFileError('文件里的图文卡还不能带 picture，删掉它', 'a card in a file has no picture yet');
}

/** Hashes a file without holding it in memory, and tells its type by its content. */
async function hashFile(path: string): Promise<{ sha256: Sha256; mime: MediaType; sizeBytes: number }> {
  const { size } = await stat(path);
  const mime = mediaTypeOf(await headOf(path, size), size);
  if (mime === null)
    throw new AssetFileError(
      '认不出内容，收 MP4、HLS、JPEG、PNG、WebP、图文卡 JSON',
      'its content is none of MP4, HLS, JPEG, PNG, WebP, card JSON',
    );
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest('hex') as Sha256, mime, sizeBytes: size };
}

async function headOf(path: string, size: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const head = new Uint8Array(Math.min(size, HEAD_BYTES));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The real path of a file, which has to lie inside the folder, links followed. */
async function resolveInside(folder: string, name: string, from: string = folder): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(name))
    throw new AssetFileError(`不收网址 ${name}，放成文件`, `${name} is an address, not a file`);
  const root = await realpath(folder);
  const path = await realpath(join(from, name)).catch((cause: unknown) => {
    throw new AssetFileError('文件不存在，检查路径', 'no such file', cause);
  });
  if (!path.startsWith(root + sep))
    throw new AssetFileError('文件要放在排期目录里面', 'it lies outside the folder of the schedules');
  return path;
}
