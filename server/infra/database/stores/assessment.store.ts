import type { Kysely } from 'kysely';
import { z } from 'zod';
import { windowSchema } from '../../../../shared/schedule/schedule.schema.ts';
import { EXEMPTION_KINDS } from '../../../../shared/assessment/assessment.schema.ts';
import type { RegionCode, ScreenId } from '../../../../shared/core/ids.ts';
import type { LocalDay } from '../../../../shared/core/time.ts';
import type {
  AssessmentStore,
  DayStore,
  ExemptionStore,
  PendingEvidence,
  ProvenDay,
  RuleStore,
} from '../../../features/assessment/assessment.port.ts';
import type { Db } from '../database.ts';
import type { ScreenDayTable } from '../tables/telemetry.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.store.ts';
import { evidenceStore } from './evidence.store.ts';

/** Everything the figures are made from and into, in the database. */
export function assessmentStore(db: Db): AssessmentStore {
  return { ...evidenceStore(db), ...dayStore(db), ...ruleStore(db), ...exemptionStore(db) };
}

/** Marks days to be computed anew, inside the caller's transaction. */
async function mark(
  trx: Kysely<Tables>,
  days: readonly { readonly screen: ScreenId; readonly day: LocalDay }[],
  nowMs: number,
): Promise<void> {
  for (let at = 0; at < days.length; at += 500)
    await trx
      .insertInto('dirty_days')
      .values(days.slice(at, at + 500).map(({ screen, day }) => ({ screen, day, since_ms: nowMs })))
      .onConflict((conflict) =>
        // One more, so that whoever computes the day now sees that it was marked again.
        conflict.columns(['screen', 'day']).doUpdateSet((eb) => ({
          since_ms: eb('dirty_days.since_ms', '+', 1),
        })),
      )
      .execute();
}

function dayStore(db: Db): DayStore {
  return {
    async pending(limit) {
      const rows = await db.selectFrom('pending_evidence').selectAll().limit(limit).execute();
      return rows.map(
        (row) =>
          ({
            device: row.device,
            boot: row.boot,
            first: row.first_seq,
            last: row.last_seq,
          }) as PendingEvidence,
      );
    },

    async settlePending(pending, days, nowMs) {
      await db.transaction().execute(async (trx) => {
        await mark(trx, days, nowMs);
        await trx
          .deleteFrom('pending_evidence')
          .where('device', '=', pending.device)
          .where('boot', '=', pending.boot)
          .where('first_seq', '=', pending.first)
          .where('last_seq', '=', pending.last)
          .execute();
      });
    },

    markDirty: (days, nowMs) => db.transaction().execute((trx) => mark(trx, days, nowMs)),

    async dirty(limit) {
      const rows = await db
        .selectFrom('dirty_days')
        .selectAll()
        .orderBy('since_ms')
        .orderBy('screen')
        .orderBy('day')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        screen: row.screen as ScreenId,
        day: row.day as LocalDay,
        revision: row.since_ms,
      }));
    },

    async putDay(day, revision) {
      const { screen, day: date, ...sums } = rowOf(day);
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('screen_days')
          .values({ screen, day: date, ...sums })
          .onConflict((conflict) => conflict.columns(['day', 'screen']).doUpdateSet(sums))
          .execute();
        await trx
          .deleteFrom('dirty_days')
          .where('screen', '=', screen)
          .where('day', '=', date)
          .where('since_ms', '=', revision)
          .execute();
      });
    },

    async daysOn(day) {
      const rows = await db.selectFrom('screen_days').selectAll().where('day', '=', day).execute();
      return rows.map(dayOf);
    },

    async daysOf(screen, from, to) {
      const rows = await db
        .selectFrom('screen_days')
        .selectAll()
        .where('screen', '=', screen)
        .where('day', '>=', from)
        .where('day', '<=', to)
        .orderBy('day')
        .execute();
      return rows.map(dayOf);
    },

    async computedSince(sinceMs) {
      const rows = await db
        .selectFrom('screen_days')
        .select(['screen', 'day'])
        .where('computed_at_ms', '>=', sinceMs)
        .execute();
      return rows.map(({ screen, day }) => ({ screen: screen as ScreenId, day: day as LocalDay }));
    },
  };
}

function rowOf(day: ProvenDay): ScreenDayTable {
  return {
    screen: day.screen,
    day: day.day,
    on_s: day.onS,
    off_s: day.offS,
    used_s: day.usedS,
    verified_s: day.verifiedS,
    grade_a_s: day.gradeAS,
    panel_seen: Number(day.panelSeen),
    computed_at_ms: day.computedAtMs,
  };
}

function dayOf(row: ScreenDayTable): ProvenDay {
  return {
    screen: row.screen as ScreenId,
    day: row.day as LocalDay,
    onS: row.on_s,
    offS: row.off_s,
    usedS: row.used_s,
    verifiedS: row.verified_s,
    gradeAS: row.grade_a_s,
    panelSeen: row.panel_seen === 1,
    computedAtMs: row.computed_at_ms,
  };
}

const windowsSchema = z.array(windowSchema);

function ruleStore(db: Db): RuleStore {
  return {
    async rules() {
      const rows = await db
        .selectFrom('required_rules')
        .selectAll()
        .orderBy('region')
        .orderBy('from_day')
        .execute();
      return rows.map((row) => ({
        region: row.region as RegionCode,
        fromDay: row.from_day as LocalDay,
        windows: windowsSchema.parse(JSON.parse(row.windows)),
        changedAtMs: row.changed_at_ms,
      }));
    },

    async putRule(rule, changedBy, note) {
      const said = {
        windows: JSON.stringify(rule.windows),
        changed_by: changedBy,
        changed_at_ms: rule.changedAtMs,
      };
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('required_rules')
          .values({ region: rule.region, from_day: rule.fromDay, ...said })
          .onConflict((conflict) => conflict.columns(['region', 'from_day']).doUpdateSet(said))
          .execute();
        if (note !== null) await appendAudit(trx, note);
      });
    },
  };
}

const kindSchema = z.enum(EXEMPTION_KINDS);

function exemptionStore(db: Db): ExemptionStore {
  return {
    async exemptions() {
      const rows = await db
        .selectFrom('exemptions')
        .selectAll()
        .orderBy('filed_at_ms')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        kind: kindSchema.parse(row.kind),
        screen: row.screen as ScreenId | null,
        region: row.region as RegionCode | null,
        from: row.from_s,
        to: row.to_s,
        reason: row.reason,
        filerRegion: row.filer_region as RegionCode,
        filedBy: row.filed_by,
        filedAtMs: row.filed_at_ms,
        approvedBy: row.approved_by,
        approvedAtMs: row.approved_at_ms,
      }));
    },

    async insertExemption(exemption, note) {
      const row = {
        id: exemption.id,
        kind: exemption.kind,
        screen: exemption.screen,
        region: exemption.region,
        from_s: exemption.from,
        to_s: exemption.to,
        reason: exemption.reason,
        filer_region: exemption.filerRegion,
        filed_by: exemption.filedBy,
        filed_at_ms: exemption.filedAtMs,
        approved_by: exemption.approvedBy,
        approved_at_ms: exemption.approvedAtMs,
      };
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('exemptions').values(row).execute();
        await appendAudit(trx, note);
      });
    },

    async approve(id, { by, atMs, days, note }) {
      return db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('exemptions')
          .set({ approved_by: by, approved_at_ms: atMs })
          .where('id', '=', id)
          .where('approved_at_ms', 'is', null)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await mark(trx, days, atMs);
        await appendAudit(trx, note);
        return true;
      });
    },
  };
}
