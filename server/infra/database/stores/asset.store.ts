import type { Kysely, Selectable } from 'kysely';
import { assetSchema } from '../../../../shared/asset/asset.schema.ts';
import type { MediaType } from '../../../../shared/asset/media-type.ts';
import { canonicalText } from '../../../../shared/core/canonical.ts';
import { regionCodeSchema, sha256Schema } from '../../../../shared/core/ids.ts';
import type { Sha256 } from '../../../../shared/core/ids.ts';
import type { AssetFile, AssetStore, OwnedAsset } from '../../../features/asset/asset.port.ts';
import type { Db } from '../database.ts';
import type { Tables } from '../tables.ts';
import type { AssetFileTable, AssetTable } from '../tables/content.ts';
import { inSlices } from '../slices.ts';
import { appendAudit } from './audit.store.ts';

/** Assets and their files in the database. */
export function assetStore(db: Db): AssetStore {
  return {
    async file(sha256) {
      const row = await db
        .selectFrom('asset_files')
        .selectAll()
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      return row === undefined ? null : fileOf(row);
    },

    async files(hashes) {
      const rows = await inSlices(hashes, (slice) =>
        db.selectFrom('asset_files').selectAll().where('sha256', 'in', slice).execute(),
      );
      return new Map(rows.map(fileOf).map((file) => [file.sha256, file]));
    },

    async addFile({ sha256, mediaType, sizeBytes }, storedBy, nowMs) {
      await db
        .insertInto('asset_files')
        .values({
          sha256,
          media_type: mediaType,
          size_bytes: sizeBytes,
          stored_at_ms: nowMs,
          stored_by: storedBy,
        })
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .execute();
    },

    async assets(hashes) {
      const rows = await inSlices(hashes, (slice) =>
        db.selectFrom('assets').selectAll().where('sha256', 'in', slice).execute(),
      );
      return new Map(rows.map(assetOf).map((owned) => [owned.asset.sha256, owned]));
    },

    async describe(owned, atMs, note) {
      await db.transaction().execute(async (trx) => {
        await describeAsset(trx, owned, atMs);
        await appendAudit(trx, note);
      });
    },

    async list({ text, limit, offset }) {
      let query = db.selectFrom('assets');
      if (text !== undefined && text !== '')
        query = query.where((eb) => eb('title', 'like', `%${text.replace(/[%_]/g, '')}%`));
      const rows = await query
        .selectAll()
        .orderBy('title')
        .orderBy('sha256')
        .limit(limit)
        .offset(offset)
        .execute();
      const { total } = await query
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows: rows.map(assetOf), total: Number(total) };
    },
  };
}

/** Describes an asset, or describes it anew; inside the caller's transaction. */
export async function describeAsset(
  trx: Kysely<Tables>,
  { region, asset }: OwnedAsset,
  nowMs: number,
): Promise<void> {
  const row: AssetTable = {
    sha256: asset.sha256,
    region,
    kind: asset.kind,
    mime: asset.mime,
    size_bytes: asset.sizeBytes,
    title: asset.title,
    duration_s: asset.durationS,
    parts: canonicalText(asset.parts),
    described_at_ms: nowMs,
  };
  const { sha256: _, ...described } = row;
  await trx
    .insertInto('assets')
    .values(row)
    .onConflict((conflict) => conflict.column('sha256').doUpdateSet(described))
    .execute();
}

function fileOf(row: Selectable<AssetFileTable>): AssetFile {
  return {
    sha256: row.sha256 as Sha256,
    mediaType: row.media_type as MediaType,
    sizeBytes: Number(row.size_bytes),
  };
}

/** A row as an asset, parsed because the database is a boundary too. */
export function assetOf(row: Selectable<AssetTable>): OwnedAsset {
  return {
    region: regionCodeSchema.parse(row.region),
    asset: assetSchema.parse({
      sha256: sha256Schema.parse(row.sha256),
      kind: row.kind,
      mime: row.mime,
      sizeBytes: Number(row.size_bytes),
      title: row.title,
      durationS: row.duration_s,
      parts: JSON.parse(row.parts),
    }),
  };
}
