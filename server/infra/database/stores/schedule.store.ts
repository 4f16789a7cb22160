import type { Kysely, Selectable } from 'kysely';
import { AppError } from '../../../../shared/core/errors.ts';
import { regionCodeSchema } from '../../../../shared/core/ids.ts';
import type {
  ContentCommit,
  ContentItem,
  ContentVersion,
  ScheduleStore,
  VersionedKind,
} from '../../../features/schedule/schedule.port.ts';
import type { Db } from '../database.ts';
import type { Tables } from '../tables.ts';
import type { ContentVersionTable } from '../tables/content.ts';
import { describeAsset } from './asset.store.ts';
import { appendAudit } from './audit.store.ts';

/** Schedules, playlists, quota policies and reserved windows in all their versions. */
export function scheduleStore(db: Db): ScheduleStore {
  const all = () => db.selectFrom('content_versions').selectAll().orderBy('kind').orderBy('id');
  return {
    async onAir() {
      const rows = await all().where('to_ms', 'is', null).execute();
      return rows.map(versionOf);
    },

    async onAirAt(atMs) {
      const rows = await all()
        .where('from_ms', '<=', atMs)
        .where((eb) => eb.or([eb('to_ms', 'is', null), eb('to_ms', '>', atMs)]))
        .execute();
      return rows.map(versionOf);
    },

    async commit(change) {
      await db.transaction().execute(async (trx) => {
        for (const owned of change.describe) await describeAsset(trx, owned, change.atMs);
        for (const item of change.remove) await takeOff(trx, item, item.version, change.atMs);
        for (const { item, replaces } of change.put) {
          if (replaces !== null) await takeOff(trx, item, replaces, change.atMs);
          await putOn(trx, item, change);
        }
        await appendAudit(trx, change.note);
      });
    },
  };
}

/** Ends the version on air, if it is still the one that was seen when the change was decided. */
async function takeOff(
  trx: Kysely<Tables>,
  { kind, id }: ContentItem,
  version: number,
  atMs: number,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('content_versions')
    .set({ to_ms: atMs })
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where('version', '=', version)
    .where('to_ms', 'is', null)
    .executeTakeFirst();
  if (Number(numUpdatedRows) !== 1) throw changedMeanwhile(kind, id);
}

async function putOn(trx: Kysely<Tables>, item: ContentItem, { atMs, by }: ContentCommit): Promise<void> {
  const { kind, id, region, body } = item;
  const last = await trx
    .selectFrom('content_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .select((eb) => eb.fn.count('version').filterWhere('to_ms', 'is', null).as('open'))
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst();
  if (Number(last?.open ?? 0) > 0) throw changedMeanwhile(kind, id);
  await trx
    .insertInto('content_versions')
    .values({
      kind,
      id,
      version: Number(last?.version ?? 0) + 1,
      region,
      body,
      from_ms: atMs,
      to_ms: null,
      changed_by: by,
    })
    .execute();
}

function changedMeanwhile(kind: string, id: string): AppError {
  return new AppError('CONFLICT', { detail: `${kind} ${id} changed meanwhile` });
}

function versionOf(row: Selectable<ContentVersionTable>): ContentVersion {
  return {
    kind: row.kind as VersionedKind,
    id: row.id,
    region: regionCodeSchema.parse(row.region),
    body: row.body,
    version: Number(row.version),
    fromMs: Number(row.from_ms),
  };
}
