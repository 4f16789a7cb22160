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
 * playlist with the segments renamed to their hashes, a card's with its picture by hash. An asset
 * without a file is one that the center has: it is what its declaration says.
 * @param folder nothing outside it is read
 * @throws AssetFileError
 */
export async function loadAsset(folder: string, declared: FileAsset): Promise<LoadedAsset> {
  if (declared.file === undefined) return { asset: namedAsset(declared), blobs: new Map() };
  const path = await resolveInside(folder, declared.file);
  const loaded = await loadFile(folder, path, declared);
  if (declared.sha256 !== undefined && declared.sha256 !== loaded.asset.sha256)
    throw new AssetFileError(
      `内容的 SHA-256 是 ${loaded.asset.sha256}，和写的不符：换回原来的文件，或删掉 sha256`,
      `its SHA-256 is ${loaded.asset.sha256}, not what is written`,
    );
  return loaded;
}

async function loadFile(folder: string, path: string, declared: FileAsset): Promise<LoadedAsset> {
  const { kind, title } = declared;
  if (kind === 'hls') return loadHls(folder, path, declared);
  const file = await hashFile(path);
  if (!KIND_MEDIA_TYPES[kind].includes(file.mime))
    throw new AssetFileError(`内容是 ${file.mime}，和 kind: ${kind} 不符`, `it is ${file.mime}, not ${kind}`);
  if (kind === 'card') return loadCard(folder, path, declared);
  const { sha256, mime, sizeBytes } = file;
  const durationS = kind === 'video' ? (declared.durationS ?? null) : null;
  return {
    asset: { sha256, kind, mime, sizeBytes, title, durationS, parts: [] },
    blobs: new Map([[sha256, { path, mime, sizeBytes }]]),
  };
}

/** What a declaration without a file says. */
function namedAsset({ sha256, kind, mime, sizeBytes, title, durationS, parts = [] }: FileAsset): Asset {
  if (sha256 === undefined || mime === undefined || sizeBytes === undefined)
    throw new AssetFileError(
      '没有 file 的素材要写全 sha256、mime、sizeBytes',
      'an asset without a file says sha256, mime and sizeBytes',
    );
  return { sha256, kind, mime, sizeBytes, title, durationS: durationS ?? null, parts };
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

/** A card as it stands, or with the hash of the picture that is declared beside it. */
async function loadCard(folder: string, path: string, declared: FileAsset): Promise<LoadedAsset> {
  const text = await readFile(path, 'utf8');
  const card = cardSchema.parse(JSON.parse(text));
  const mime = 'application/json';
  if (declared.picture === undefined) {
    if (card.picture !== undefined)
      throw new AssetFileError(
        '图文卡里有 picture，在 assets 里给它写 picture: 图的文件',
        'the card names a picture; say picture: file beside it',
      );
    return cardOf(declared, { path, mime, sizeBytes: (await stat(path)).size }, text);
  }
  const picturePath = await resolveInside(folder, declared.picture);
  const picture = await hashFile(picturePath);
  if (!KIND_MEDIA_TYPES.image.includes(picture.mime))
    throw new AssetFileError(`picture 的内容是 ${picture.mime}，要图片`, `its picture is ${picture.mime}`);
  if (card.picture !== undefined && card.picture !== picture.sha256)
    throw new AssetFileError('图文卡里的 picture 和这个文件不符', 'the card names another picture');
  // A card that names it already keeps its bytes, so that what was exported has its old hash.
  const whole = card.picture === undefined ? JSON.stringify({ ...card, picture: picture.sha256 }) : text;
  const bytes = new TextEncoder().encode(whole);
  const loaded = cardOf(declared, { bytes, mime, sizeBytes: bytes.length }, whole, picture);
  const { sha256, mime: pictureMime, sizeBytes } = picture;
  return {
    ...loaded,
    blobs: new Map([...loaded.blobs, [sha256, { path: picturePath, mime: pictureMime, sizeBytes }]]),
  };
}

function cardOf(
  { title }: FileAsset,
  blob: AssetBytes,
  text: string,
  picture?: { readonly sha256: Sha256; readonly mime: MediaType; readonly sizeBytes: number },
): LoadedAsset {
  const sha256 = sha256Hex(new TextEncoder().encode(text));
  const { mime, sizeBytes } = blob;
  const parts = picture === undefined ? [] : [picture];
  return {
    asset: { sha256, kind: 'card', mime, sizeBytes, title, durationS: null, parts },
    blobs: new Map([[sha256, blob]]),
  };
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
