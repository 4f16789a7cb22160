import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { cardSchema } from '../../../shared/asset/asset.schema.ts';
import type { Asset } from '../../../shared/asset/asset.schema.ts';
import { descriptionStep } from '../../../shared/asset/describe-asset.ts';
import type { ByteRange } from '../../../shared/core/byte-range.ts';
import { hlsPartsOf } from '../../../shared/asset/hls-parts.ts';
import { KIND_MEDIA_TYPES, PART_MEDIA_TYPES, mediaTypeOf } from '../../../shared/asset/media-type.ts';
import type { MediaType } from '../../../shared/asset/media-type.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { AssetFile, AssetFiles, AssetFilter, AssetStore, OwnedAsset } from './asset.port.ts';

export interface AssetDeps {
  readonly store: AssetStore;
  readonly files: AssetFiles;
  readonly audit: AuditService;
  readonly clock: Clock;
  /** The largest single file that is taken. */
  readonly limitBytes: number;
}

export type AssetService = ReturnType<typeof makeAssetService>;

/** Assets (素材): immutable bytes by hash, and what is said of them. */
export function makeAssetService({ store, files, audit, clock, limitBytes }: AssetDeps) {
  /**
   * Stores bytes under their hash. Sending them again changes nothing.
   * @throws AppError ASSET_BYTES_DIFFER, ASSET_TYPE_REFUSED, TOO_LARGE.
   */
  async function put(sha256: Sha256, source: Readable, actor: Actor): Promise<AssetFile> {
    const known = await store.file(sha256);
    if (known !== null) return known;
    let mediaType: MediaType | null = null;
    const { sizeBytes } = await files.put(sha256, source, {
      limitBytes,
      judge(head, size) {
        mediaType = mediaTypeOf(head, size);
        if (mediaType === null) throw new AppError('ASSET_TYPE_REFUSED', { mime: nameOf(head) });
      },
    });
    if (mediaType === null) throw new TypeError('the store kept bytes that nobody judged');
    const file: AssetFile = { sha256, mediaType, sizeBytes };
    await store.addFile(file, actor.account, clock.nowMs());
    return file;
  }

  /** @throws AppError ASSET_UNKNOWN. */
  async function file(sha256: Sha256): Promise<AssetFile> {
    const found = await store.file(sha256);
    if (found === null) throw new AppError('ASSET_UNKNOWN', { sha256 });
    return found;
  }

  /**
   * Makes sure that what is said of assets is true of stored bytes, so that a player can play what a
   * plan names: every byte is here, of the said type and size, and an HLS playlist or a card names
   * its parts and nothing else.
   * @throws AppError ASSET_UNKNOWN, ASSET_TYPE_REFUSED, ASSET_DESCRIBED_WRONG for the first that is not.
   */
  async function check(assets: readonly Asset[]): Promise<void> {
    const hashes = assets.flatMap((asset) => [asset.sha256, ...asset.parts.map((part) => part.sha256)]);
    const stored = await store.files([...new Set(hashes)]);
    const sizeAsSaid = (sha256: Sha256, sizeBytes: number) => {
      const found = stored.get(sha256);
      if (found === undefined) throw new AppError('ASSET_UNKNOWN', { sha256 });
      if (found.sizeBytes !== sizeBytes) throw wrong(sha256, `${found.sizeBytes} B, not ${sizeBytes} B`);
      return found;
    };
    for (const asset of assets) {
      const { mediaType } = sizeAsSaid(asset.sha256, asset.sizeBytes);
      if (!KIND_MEDIA_TYPES[asset.kind].includes(mediaType))
        throw new AppError('ASSET_TYPE_REFUSED', { mime: mediaType });
      if (asset.mime !== mediaType) throw wrong(asset.sha256, `${mediaType}, not ${asset.mime}`);
      for (const part of asset.parts) {
        const type = sizeAsSaid(part.sha256, part.sizeBytes).mediaType;
        if (!PART_MEDIA_TYPES[asset.kind].includes(type)) throw wrong(asset.sha256, `a part is ${type}`);
      }
      await checkParts(asset);
    }
  }

  async function checkParts(asset: Asset): Promise<void> {
    const named = await partsNamedBy(asset);
    const said = new Set(asset.parts.map((part) => part.sha256));
    const unsaid = named.find((sha256) => !said.has(sha256));
    if (unsaid !== undefined) throw wrong(asset.sha256, `it names part ${unsaid}, which is not listed`);
    const spare = [...said].find((sha256) => !named.includes(sha256));
    if (spare !== undefined) throw wrong(asset.sha256, `it does not name the listed part ${spare}`);
  }

  async function partsNamedBy(asset: Asset): Promise<readonly Sha256[]> {
    switch (asset.kind) {
      case 'video':
      case 'image':
        return [];
      case 'hls': {
        const { parts, foreign } = hlsPartsOf(await text(await files.read(asset.sha256, null)));
        if (foreign[0] !== undefined) throw wrong(asset.sha256, `it leads to ${foreign[0]}`);
        return parts;
      }
      case 'card': {
        const card = cardSchema.parse(JSON.parse(await text(await files.read(asset.sha256, null))));
        return card.picture === undefined ? [] : [card.picture];
      }
      default:
        return asset.kind satisfies never;
    }
  }

  /**
   * Says what stored bytes are, in a region's name, so that drafts can name them. Again is no change.
   * @throws AppError as {@link check} and {@link descriptionStep}.
   */
  async function describe({ region, asset }: OwnedAsset, actor: Actor): Promise<OwnedAsset> {
    await check([asset]);
    const held = (await store.assets([asset.sha256])).get(asset.sha256);
    const step = descriptionStep(held, { region, asset });
    if (step === 'same') return held ?? { region, asset };
    const detail = { region, title: asset.title, step };
    const note = audit.draft({ actor, action: 'asset.describe', subject: asset.sha256, detail });
    await store.describe({ region, asset }, clock.nowMs(), note);
    return { region, asset };
  }

  return {
    put,
    file,
    check,
    describe,
    /** The bytes of a stored file, or a range of them. */
    read: (sha256: Sha256, range: ByteRange | null) => files.read(sha256, range),
    /** Those of `hashes`, of assets or parts, whose bytes are here. */
    stored: async (hashes: readonly Sha256[]): Promise<ReadonlySet<Sha256>> =>
      new Set((await store.files(hashes)).keys()),
    /** What is said of assets, with the region whose word it is. */
    described: (hashes: readonly Sha256[]) => store.assets(hashes),
    list: (filter: AssetFilter) => store.list(filter),
  };
}

function wrong(sha256: Sha256, detail: string): AppError {
  return new AppError('ASSET_DESCRIBED_WRONG', { sha256, detail });
}

/** How unknown bytes begin, for whoever wonders what they sent. */
function nameOf(head: Uint8Array): string {
  return `0x${Buffer.from(head.subarray(0, 8)).toString('hex')}`;
}
