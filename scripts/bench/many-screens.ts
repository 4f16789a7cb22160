import { createHash, generateKeyPairSync } from 'node:crypto';
import type { DeviceId, RegionCode, ScreenId } from '../../shared/core/ids.ts';
import { canonicalText } from '../../shared/core/canonical.ts';
import type { Db } from '../../server/infra/database/database.ts';
import type { MadeContent } from './made-world.ts';
import { madeAssets } from './made-world.ts';

/** Rows per statement. */
const ROWS = 500;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

export interface PlacedScreen {
  readonly region: RegionCode;
  readonly tags: readonly string[];
}

/** A device that can connect: its key as PKCS#8 in base64. */
export interface MadeDevice {
  readonly device: DeviceId;
  readonly privateKey: string;
}

/** The id of the made screen numbered so. */
export function screenNumber(index: number): ScreenId {
  let rest = index;
  let id = '';
  for (let place = 0; place < 16; place += 1) {
    id = `${BASE32[rest % 32]}${id}`;
    rest = Math.floor(rest / 32);
  }
  return `s-${id}` as ScreenId;
}

/**
 * Puts screens with a device each straight into the database: registering fifty thousand one request
 * at a time is not what is measured.
 * @param connecting how many of them get a real key, with which they can connect
 */
export async function addScreens(
  db: Db,
  screens: readonly PlacedScreen[],
  { connecting, atMs }: { readonly connecting: number; readonly atMs: number },
): Promise<MadeDevice[]> {
  const made: MadeDevice[] = [];
  for (let at = 0; at < screens.length; at += ROWS) {
    const rows = screens.slice(at, at + ROWS).map((place, offset) => {
      const index = at + offset;
      const key = index < connecting ? realKey() : null;
      if (key !== null) made.push({ device: key.device, privateKey: key.privateKey });
      return { place, index, key: key ?? idleKey(index) };
    });
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('screens')
        .values(
          rows.map(({ place, index }) => ({
            id: screenNumber(index),
            name: `第 ${index} 块屏`,
            region: place.region,
            tags: JSON.stringify(place.tags),
            groups: '[]',
            demo: 0,
            commissioned_on: '2026-11-01',
            retired_on: null,
            settings: '{}',
            created_at_ms: atMs,
          })),
        )
        .execute();
      await trx
        .insertInto('devices')
        .values(
          rows.map(({ key }) => ({
            id: key.device,
            public_key: key.publicKey,
            renderer: 'headless',
            version: 'bench',
            hardware: 'bench',
            enrolled_at_ms: atMs,
            pairing_code: null,
            pairing_expires_at_ms: null,
          })),
        )
        .execute();
      await trx
        .insertInto('bindings')
        .values(
          rows.map(({ index, key }) => ({
            id: `b-${index}`,
            screen: screenNumber(index),
            device: key.device,
            from_ms: atMs,
            to_ms: null,
          })),
        )
        .execute();
    });
  }
  return made;
}

/** Puts contents on air, and the assets they name. */
export async function addContents(db: Db, contents: readonly MadeContent[], atMs: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const asset of madeAssets()) {
      await trx
        .insertInto('asset_files')
        .values({
          sha256: asset.sha256,
          media_type: asset.mime,
          size_bytes: asset.sizeBytes,
          stored_at_ms: atMs,
          stored_by: 'bench',
        })
        .execute();
      await trx
        .insertInto('assets')
        .values({
          sha256: asset.sha256,
          region: '41',
          kind: asset.kind,
          mime: asset.mime,
          size_bytes: asset.sizeBytes,
          title: asset.title,
          duration_s: asset.durationS,
          parts: '[]',
          described_at_ms: atMs,
        })
        .execute();
    }
    const rows = contents.flatMap(({ schedule, playlist }) => [
      versionRow('schedule', schedule, 1, atMs),
      versionRow('playlist', playlist, 1, atMs),
    ]);
    for (let at = 0; at < rows.length; at += ROWS)
      await trx
        .insertInto('content_versions')
        .values(rows.slice(at, at + ROWS))
        .execute();
  });
}

/** Puts a new version of a content's playlist on air, as a publish does. */
export async function changePlaylist(db: Db, { playlist }: MadeContent, atMs: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { version } = await trx
      .updateTable('content_versions')
      .set({ to_ms: atMs })
      .where('kind', '=', 'playlist')
      .where('id', '=', playlist.id)
      .where('to_ms', 'is', null)
      .returning('version')
      .executeTakeFirstOrThrow();
    const turned = { ...playlist, items: [...playlist.items.slice(1), ...playlist.items.slice(0, 1)] };
    await trx
      .insertInto('content_versions')
      .values(versionRow('playlist', turned, version + 1, atMs))
      .execute();
    // A draft's id holds no 0, 1, 8 or 9: the version in letters tells one publish from the next.
    await trx
      .insertInto('publications')
      .values({
        draft: `d-${screenNumber(version).slice(2)}`,
        title: '全省换一条',
        region: '41',
        regions: '["41"]',
        published_at_ms: atMs,
        published_by_name: 'bench',
        computed_at_ms: null,
      })
      .execute();
  });
}

function versionRow(
  kind: 'schedule' | 'playlist',
  item: { readonly id: string; readonly region: RegionCode },
  version: number,
  atMs: number,
) {
  return {
    kind,
    id: item.id,
    version,
    region: item.region,
    body: canonicalText(item),
    from_ms: atMs,
    to_ms: null,
    changed_by: 'bench',
    draft: null,
    end_kind: null,
    end_reason: null,
    ended_by: null,
  };
}

interface Key extends MadeDevice {
  readonly publicKey: string;
}

function realKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  return {
    device: createHash('sha256').update(Buffer.from(raw, 'base64url')).digest('hex').slice(0, 32) as DeviceId,
    publicKey: raw,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  };
}

/** Of a device that never connects: a name, and a key that nobody holds. */
function idleKey(index: number): Omit<Key, 'privateKey'> {
  const hash = createHash('sha256').update(`idle ${index}`);
  const digest = hash.digest();
  return {
    device: digest.toString('hex').slice(0, 32) as DeviceId,
    publicKey: digest.toString('base64url'),
  };
}
