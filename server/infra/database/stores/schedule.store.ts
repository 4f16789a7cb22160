import type { Kysely, Selectable } from 'kysely';
import { AppError } from '../../../../shared/core/errors.ts';
import { draftIdSchema, regionCodeSchema } from '../../../../shared/core/ids.ts';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type {
  ContentCommit,
  ContentItem,
  ContentVersion,
  PastVersion,
  ScheduleStore,
  VersionedKind,
} from '../../../features/schedule/schedule.port.ts';
import type { Db } from '../database.ts';
import { inSlices } from '../slices.ts';
import type { Tables } from '../tables.ts';
import type { ContentVersionTable } from '../tables/content.ts';
import { nameOf, namesOf } from './account-names.ts';
import type { Names } from './account-names.ts';
import { describeAsset } from './asset.store.ts';
import { appendAudit } from './audit.store.ts';
import { recordPublication } from './publication.store.ts';
import { publishDraft } from './draft.store.ts';

/** Rows per statement: 12 columns each, well under SQLite's 32,766 parameters. */
const ROWS = 500;

/** Schedules, playlists, quota policies, reserved windows and review demands in all their versions. */
export function scheduleStore(db: Db): ScheduleStore {
  const all = () => db.selectFrom('content_versions').selectAll().orderBy('kind').orderBy('id');
  return {
    async mark() {
      // Every change adds a version or ends one, and neither is ever undone.
      const { rows, ended } = await db
        .selectFrom('content_versions')
        .select((eb) => [eb.fn.countAll().as('rows'), eb.fn.count('to_ms').as('ended')])
        .executeTakeFirstOrThrow();
      return `${rows} ${ended}`;
    },

    async onAir() {
      const rows = await all().where('to_ms', 'is', null).execute();
      return rows.map(versionOf);
    },

    async onAirAt(atMs) {
      const rows = await all()
        .where('from_ms', '<=', atMs)
        .where((eb) => eb.or([eb('to_ms', 'is', null), eb('to_ms', '>', atMs)]))
        .orderBy('version')
        .execute();
      // A clock that was set back lets two versions claim an instant: the later one was the last word.
      return [...new Map(rows.map((row) => [`${row.kind} ${row.id}`, versionOf(row)])).values()];
    },

    async versions(kind, id) {
      const rows = await db
        .selectFrom('content_versions')
        .selectAll()
        .where('kind', '=', kind)
        .where('id', '=', id)
        .orderBy('version', 'desc')
        .execute();
      const names = await namesOf(
        db,
        rows.flatMap((row) => [row.changed_by, row.ended_by ?? []].flat()),
      );
      return rows.map((row) => pastOf(row, names));
    },

    async lastHolders(items) {
      const holders = new Map<string, RegionCode>();
      for (const [kind, group] of Map.groupBy(items, (item) => item.kind)) {
        const rows = await inSlices(
          group.map((item) => item.id),
          (slice) =>
            db
              .selectFrom('content_versions')
              .select(['id', 'region'])
              .where('kind', '=', kind)
              .where('id', 'in', slice)
              .orderBy('version')
              .execute(),
        );
        for (const { id, region } of rows) holders.set(`${kind} ${id}`, regionCodeSchema.parse(region));
      }
      return holders;
    },

    async offAir() {
      const rows = await db
        .selectFrom('content_versions as one')
        .selectAll('one')
        .where('one.kind', '=', 'schedule')
        .where(({ exists, not, selectFrom }) =>
          not(
            exists(
              selectFrom('content_versions as later')
                .select('later.id')
                .whereRef('later.kind', '=', 'one.kind')
                .whereRef('later.id', '=', 'one.id')
                .whereRef('later.version', '>', 'one.version'),
            ),
          ),
        )
        .where('one.to_ms', 'is not', null)
        .orderBy('one.id')
        .execute();
      return rows.map(versionOf);
    },

    async commit(change) {
      await db.transaction().execute(async (trx) => {
        const { draft, note } = change;
        if (draft !== null && !(await publishDraft(trx, draft, change))) throw changedMeanwhile(draft.id);
        for (const owned of change.describe) await describeAsset(trx, owned, change.atMs);
        const replaced = change.put.filter(({ replaces }) => replaces !== null);
        await takeOff(trx, change.remove, { ...change, kind: 'withdrawn' });
        await takeOff(
          trx,
          replaced.map(({ item, replaces }) => ({ ...item, version: replaces ?? 0 })),
          { ...change, kind: 'replaced', reason: null },
        );
        await putOn(trx, change);
        if (draft !== null) await recordPublication(trx, { ...draft, atMs: change.atMs, by: change.by });
        await appendAudit(trx, note);
      });
    },
  };
}

/** A version that is to be ended. */
type Ending = Pick<ContentVersion, 'kind' | 'id' | 'version'>;
interface End extends Pick<ContentCommit, 'atMs' | 'by' | 'reason'> {
  readonly kind: 'replaced' | 'withdrawn';
}

/** Ends versions on air, each if it is still the one that was seen when the change was decided. */
async function takeOff(trx: Kysely<Tables>, items: readonly Ending[], end: End): Promise<void> {
  for (const [kind, ending] of Map.groupBy(items, (item) => item.kind)) {
    const open = await openVersions(trx, kind, ending);
    for (const { id, version } of ending)
      if (open.get(id) !== version) throw changedMeanwhile(`${kind} ${id}`);
    for (let at = 0; at < ending.length; at += ROWS)
      await trx
        .updateTable('content_versions')
        .set({ to_ms: end.atMs, end_kind: end.kind, end_reason: end.reason, ended_by: end.by })
        .where('kind', '=', kind)
        .where(
          'id',
          'in',
          ending.slice(at, at + ROWS).map((item) => item.id),
        )
        .where('to_ms', 'is', null)
        .execute();
  }
}

async function openVersions(
  trx: Kysely<Tables>,
  kind: VersionedKind,
  items: readonly Pick<ContentItem, 'id'>[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await inSlices(
    items.map((item) => item.id),
    (slice) =>
      trx
        .selectFrom('content_versions')
        .select(['id', 'version'])
        .where('kind', '=', kind)
        .where('id', 'in', slice)
        .where('to_ms', 'is', null)
        .execute(),
  );
  return new Map(rows.map((row) => [row.id, Number(row.version)]));
}

async function lastVersions(
  trx: Kysely<Tables>,
  kind: VersionedKind,
  items: readonly Pick<ContentItem, 'id'>[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await inSlices(
    items.map((item) => item.id),
    (slice) =>
      trx
        .selectFrom('content_versions')
        .select(['id', (eb) => eb.fn.max('version').as('version')])
        .where('kind', '=', kind)
        .where('id', 'in', slice)
        .groupBy('id')
        .execute(),
  );
  return new Map(rows.map((row) => [row.id, Number(row.version)]));
}

async function putOn(trx: Kysely<Tables>, { put, atMs, by, draft }: ContentCommit): Promise<void> {
  const items = put.map(({ item }) => item);
  for (const [kind, group] of Map.groupBy(items, (item) => item.kind)) {
    const [taken] = (await openVersions(trx, kind, group)).keys();
    if (taken !== undefined) throw changedMeanwhile(`${kind} ${taken}`);
    const last = await lastVersions(trx, kind, group);
    const rows = group.map(
      ({ id, region, body }): ContentVersionTable => ({
        kind,
        id,
        version: (last.get(id) ?? 0) + 1,
        region,
        body,
        from_ms: atMs,
        to_ms: null,
        changed_by: by,
        draft: draft?.id ?? null,
        end_kind: null,
        end_reason: null,
        ended_by: null,
      }),
    );
    for (let at = 0; at < rows.length; at += ROWS)
      await trx
        .insertInto('content_versions')
        .values(rows.slice(at, at + ROWS))
        .execute();
  }
}

function changedMeanwhile(what: string): AppError {
  return new AppError('CONFLICT', { detail: `${what} changed meanwhile` });
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

function pastOf(row: Selectable<ContentVersionTable>, names: Names): PastVersion {
  const by = nameOf(names, row.changed_by);
  const kind = row.end_kind === 'withdrawn' ? 'withdrawn' : 'replaced';
  return {
    ...versionOf(row),
    by,
    toMs: row.to_ms === null ? null : Number(row.to_ms),
    draft: row.draft === null ? null : draftIdSchema.parse(row.draft),
    end:
      row.to_ms === null
        ? null
        : {
            kind,
            by: row.ended_by === null ? by : nameOf(names, row.ended_by),
            reason: row.end_reason,
          },
  };
}
