import type { Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../../../shared/core/errors.ts';
import type { AccountId, DenialId, DeviceId, RegionCode, ScreenId } from '../../../../shared/core/ids.ts';
import type { Instant } from '../../../../shared/core/time.ts';
import { isWithin } from '../../../../shared/region/tier.ts';
import { denialKindSchema } from '../../../../shared/schedule/denial.schema.ts';
import type {
  DenialStore,
  DeniedScreen,
  DenyChange,
  StoredDenial,
  VersionNotes,
} from '../../../features/schedule/denial.port.ts';
import type { Db } from '../database.ts';
import type { DenialTable } from '../tables/denials.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.store.ts';

const namedSchema = z.object({ name: z.string() });

/** Takedowns and stop-alls, their one counter, and which device holds which list. */
export function denialStore(db: Db): DenialStore {
  return {
    async load() {
      const denials = await db.selectFrom('denials').selectAll().orderBy('version').execute();
      const changes = await db.selectFrom('deny_changes').selectAll().orderBy('version').execute();
      return {
        denials: denials.map(denialOf),
        changes: changes.map(
          ({ version, region, at_s }): DenyChange => ({
            version: Number(version),
            region: region as RegionCode,
            at: Number(at_s) as Instant,
          }),
        ),
      };
    },

    async issue(denial, notes) {
      const { kind, subject, region, issuer, id } = denial;
      return db.transaction().execute(async (trx) => {
        const same = await trx
          .selectFrom('denials')
          .select('id')
          .where('kind', '=', kind)
          .where('subject', '=', subject)
          .where('region', '=', region)
          .where('issuer', '=', issuer)
          .where('to_s', 'is', null)
          .executeTakeFirst();
        if (same !== undefined) throw new AppError('DENIAL_TWICE', { region });
        const version = await nextVersion(trx);
        await trx
          .insertInto('denials')
          .values(rowOf({ ...denial, version }))
          .execute();
        await note(trx, { version, kind: 'issue', region, at: denial.from, denial: id, notes });
        return version;
      });
    },

    async ask(id, { by, byName, atMs, reason }, audit) {
      await db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('denials')
          .set({ lift_asked_by: by, lift_asked_by_name: byName, lift_asked_at_ms: atMs, lift_reason: reason })
          .where('id', '=', id)
          .where('to_s', 'is', null)
          .where('lift_asked_by', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw changedMeanwhile(id);
        await appendAudit(trx, audit);
      });
    },

    async keep(id, audit) {
      await db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('denials')
          .set({ lift_asked_by: null, lift_asked_by_name: null, lift_asked_at_ms: null, lift_reason: null })
          .where('id', '=', id)
          .where('to_s', 'is', null)
          .where('lift_asked_by', 'is not', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw changedMeanwhile(id);
        await appendAudit(trx, audit);
      });
    },

    async lift(id, { by, byName, atMs, to }, notes) {
      return db.transaction().execute(async (trx) => {
        const version = await nextVersion(trx);
        const lifted = await trx
          .updateTable('denials')
          .set({ to_s: to, lift_version: version, lifted_by: by, lifted_by_name: byName, lifted_at_ms: atMs })
          .where('id', '=', id)
          .where('to_s', 'is', null)
          .where('lift_asked_by', 'is not', null)
          .where('lift_asked_by', '!=', by)
          .returning('region')
          .executeTakeFirst();
        if (lifted === undefined) throw changedMeanwhile(id);
        await note(trx, {
          version,
          kind: 'lift',
          region: lifted.region as RegionCode,
          at: to,
          denial: id,
          notes,
        });
        return version;
      });
    },

    async raise(region, above, at, notes) {
      return db.transaction().execute(async (trx) => {
        // Twice as high: a device that lies again and again runs out of numbers after some forty lies.
        const version = Math.max(await nextVersion(trx), 2 * above);
        await note(trx, { version, kind: 'raise', region, at, denial: null, notes });
        return version;
      });
    },

    async subject(kind, subject, region) {
      if (kind === 'asset') {
        const row = await db
          .selectFrom('assets')
          .select(['region', 'title'])
          .where('sha256', '=', subject)
          .executeTakeFirst();
        return row === undefined ? null : { name: row.title, issuer: row.region as RegionCode };
      }
      const rows = await db
        .selectFrom('content_versions')
        .select(['region', 'body'])
        .where('kind', '=', 'schedule')
        .where('id', '=', subject)
        .orderBy('version', 'desc')
        .execute();
      // What a neighbour schedules reaches nobody here, and its name is no business of ours.
      const row = rows.find(({ region: at }) => {
        const issuer = at as RegionCode;
        return isWithin(region, issuer) || isWithin(issuer, region);
      });
      if (row === undefined) return null;
      return { name: namedSchema.parse(JSON.parse(row.body)).name, issuer: row.region as RegionCode };
    },

    async noteHeld(held) {
      await db.transaction().execute(async (trx) => {
        for (const { device, region, version, atMs } of held) {
          const said = { region, version, at_ms: atMs };
          await trx
            .insertInto('deny_held')
            .values({ device, ...said })
            .onConflict((conflict) => conflict.column('device').doUpdateSet(said))
            .execute();
        }
      });
    },

    async counts(region, version) {
      const row = await concerned(db, region)
        .select((eb) => [
          eb.fn.countAll<number>().as('screens'),
          eb.fn.sum<number | null>(holds(version)).as('held'),
        ])
        .executeTakeFirstOrThrow();
      return { screens: Number(row.screens), held: Number(row.held ?? 0) };
    },

    async screens({ region, version, held, limit, offset }) {
      let query = concerned(db, region);
      if (held !== undefined) query = query.where(holds(version), '=', held ? 1 : 0);
      const rows = await query
        .select(['s.id', 's.name', 's.region', 'b.device'])
        .select(['h.region as held_region', 'h.version', 'h.at_ms'])
        .orderBy('s.region')
        .orderBy('s.id')
        .limit(limit)
        .offset(offset)
        .execute();
      const { total } = await query
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return {
        total: Number(total),
        rows: rows.map((row): DeniedScreen => {
          const device = row.device as DeviceId;
          const known = row.held_region !== null && row.version !== null && row.at_ms !== null;
          return {
            screen: row.id as ScreenId,
            name: row.name,
            region: row.region as RegionCode,
            device,
            held: known
              ? {
                  device,
                  region: row.held_region as RegionCode,
                  version: Number(row.version),
                  atMs: Number(row.at_ms),
                }
              : null,
          };
        }),
      };
    },
  };
}

/** The county's first six digits, or the whole code of a screen above county tier: whose list it goes by. */
const LIST_REGION = sql<string>`substr(s.region, 1, 6)`;

/** Screens of a subtree that have a device, with the list that the device holds. */
function concerned(db: Db, region: RegionCode) {
  return db
    .selectFrom('screens as s')
    .innerJoin('bindings as b', (join) => join.onRef('b.screen', '=', 's.id').on('b.to_ms', 'is', null))
    .leftJoin('deny_held as h', 'h.device', 'b.device')
    .where('s.region', '>=', region)
    .where('s.region', '<', String(BigInt(region) + 1n));
}

/** 1 where the device holds this version, or a later one, of the list that its screen goes by. */
function holds(version: number) {
  return sql<number>`case when h.region = ${LIST_REGION} and h.version >= ${version} then 1 else 0 end`;
}

async function nextVersion(trx: Kysely<Tables>): Promise<number> {
  const { last } = await trx
    .selectFrom('deny_changes')
    .select((eb) => eb.fn.max<number | null>('version').as('last'))
    .executeTakeFirstOrThrow();
  return Number(last ?? 0) + 1;
}

async function note(
  trx: Kysely<Tables>,
  change: {
    readonly version: number;
    readonly kind: 'issue' | 'lift' | 'raise';
    readonly region: RegionCode;
    readonly at: Instant;
    readonly denial: DenialId | null;
    readonly notes: VersionNotes;
  },
): Promise<void> {
  const { version, kind, region, at, denial, notes } = change;
  await trx.insertInto('deny_changes').values({ version, kind, region, at_s: at, denial }).execute();
  for (const draft of notes(version)) await appendAudit(trx, draft);
}

function changedMeanwhile(id: DenialId): AppError {
  return new AppError('CONFLICT', { detail: `${id} changed meanwhile` });
}

function rowOf(denial: StoredDenial): DenialTable {
  return {
    id: denial.id,
    kind: denial.kind,
    subject: denial.subject,
    name: denial.name,
    region: denial.region,
    issuer: denial.issuer,
    reason: denial.reason,
    reported_to: denial.reportedTo,
    from_s: denial.from,
    to_s: denial.to,
    version: denial.version,
    lift_version: denial.liftVersion,
    issued_by: denial.issuedBy,
    issued_by_name: denial.issuedByName,
    issued_at_ms: denial.issuedAtMs,
    lift_asked_by: null,
    lift_asked_by_name: null,
    lift_asked_at_ms: null,
    lift_reason: null,
    lifted_by: null,
    lifted_by_name: null,
    lifted_at_ms: null,
  };
}

function denialOf(row: Selectable<DenialTable>): StoredDenial {
  const { lift_asked_by: by, lift_asked_at_ms: atMs } = row;
  return {
    id: row.id as DenialId,
    kind: denialKindSchema.parse(row.kind),
    subject: row.subject,
    name: row.name,
    region: row.region as RegionCode,
    issuer: row.issuer as RegionCode,
    reason: row.reason,
    reportedTo: row.reported_to as RegionCode | null,
    from: Number(row.from_s) as Instant,
    to: row.to_s === null ? null : (Number(row.to_s) as Instant),
    version: Number(row.version),
    liftVersion: row.lift_version === null ? null : Number(row.lift_version),
    issuedBy: row.issued_by as AccountId,
    issuedByName: row.issued_by_name,
    issuedAtMs: Number(row.issued_at_ms),
    liftAsked:
      by === null || atMs === null
        ? null
        : {
            by: by as AccountId,
            byName: row.lift_asked_by_name ?? '',
            atMs: Number(atMs),
            reason: row.lift_reason ?? '',
          },
    liftedByName: row.lifted_by_name,
  };
}
