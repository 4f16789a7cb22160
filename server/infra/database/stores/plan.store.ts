import type { Selectable } from 'kysely';
import { deviceIdSchema, screenIdSchema, sha256Schema } from '../../../../shared/core/ids.ts';
import type { IssuedAssignment, PlanStep, PlanStore } from '../../../features/plan/plan.port.ts';
import type { Db } from '../database.ts';
import { inSlices } from '../slices.ts';
import type { AssignmentTable } from '../tables/content.ts';
import { planStates } from './plan-states.ts';

/** Columns of `plan_states` by step. */
const STEP_COLUMN = {
  told: 'told_at_ms',
  fetched: 'fetched_at_ms',
  verified: 'verified_at_ms',
  'on-air': 'on_air_at_ms',
  refused: 'refused_at_ms',
} as const satisfies Record<PlanStep, string>;

/** Assignments per statement. */
const ISSUED_AT_ONCE = 100;

/** Plans, assignments and how far they got. */
export function planStore(db: Db): PlanStore {
  return {
    async text(digest) {
      const row = await db.selectFrom('plans').select('text').where('digest', '=', digest).executeTakeFirst();
      return row?.text ?? null;
    },

    async addPlan(digest, text, nowMs) {
      await db
        .insertInto('plans')
        .values({ digest, text, made_at_ms: nowMs })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
    },

    async current(screens) {
      const rows = await inSlices(screens, (slice) =>
        db
          .selectFrom('assignments')
          .selectAll()
          .where('screen', 'in', slice)
          .where('superseded_at_ms', 'is', null)
          .execute(),
      );
      return new Map(rows.map(assignmentOf).map((assignment) => [assignment.screen, assignment]));
    },

    async countersOf(devices) {
      const rows = await inSlices(devices, (slice) =>
        db
          .selectFrom('assignments')
          .select((eb) => ['device', eb.fn.max('counter').as('counter')])
          .where('device', 'in', slice)
          .groupBy('device')
          .execute(),
      );
      return new Map(rows.map((row) => [deviceIdSchema.parse(row.device), Number(row.counter)]));
    },

    async issue(assignments) {
      await db.transaction().execute(async (trx) => {
        for (let at = 0; at < assignments.length; at += ISSUED_AT_ONCE) {
          const slice = assignments.slice(at, at + ISSUED_AT_ONCE);
          const [first] = slice;
          if (first === undefined) return;
          await trx
            .updateTable('assignments')
            .set({ superseded_at_ms: first.issuedAtMs })
            .where(
              'screen',
              'in',
              slice.map((one) => one.screen),
            )
            .where('superseded_at_ms', 'is', null)
            .execute();
          await trx.insertInto('assignments').values(slice.map(rowOf)).execute();
        }
      });
    },

    async history(screen, fromMs, toMs) {
      const rows = await db
        .selectFrom('assignments')
        .select(['plan', 'issued_at_ms', 'superseded_at_ms'])
        .where('screen', '=', screen)
        .where('issued_at_ms', '<', toMs)
        .where((eb) => eb.or([eb('superseded_at_ms', 'is', null), eb('superseded_at_ms', '>', fromMs)]))
        .orderBy('counter')
        .execute();
      return rows.map((row) => ({
        plan: sha256Schema.parse(row.plan),
        issuedAtMs: Number(row.issued_at_ms),
        supersededAtMs: row.superseded_at_ms === null ? null : Number(row.superseded_at_ms),
      }));
    },

    async latestPlans(screen, limit) {
      const rows = await db
        .selectFrom('assignments')
        .select((eb) => ['plan', eb.fn.max('counter').as('latest')])
        .where('screen', '=', screen)
        .groupBy('plan')
        .orderBy('latest', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => sha256Schema.parse(row.plan));
    },

    async wasAssigned(screen, plan) {
      const row = await db
        .selectFrom('assignments')
        .select('counter')
        .where('screen', '=', screen)
        .where('plan', '=', plan)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async reached(places, step, atMs, code) {
      const column = STEP_COLUMN[step];
      await db.transaction().execute(async (trx) => {
        for (const { screen, device, plan } of places) {
          await trx
            .insertInto('plan_states')
            .values({ screen, device, plan, [column]: atMs, refused_code: code })
            .onConflict((conflict) =>
              conflict
                .columns(['screen', 'plan'])
                .doUpdateSet((eb) =>
                  step === 'refused'
                    ? { device, refused_at_ms: atMs, refused_code: code }
                    : { device, [column]: eb.fn.coalesce(`plan_states.${column}`, eb.val(atMs)) },
                ),
            )
            .execute();
        }
      });
    },

    states: (filter) => planStates(db, filter),
  };
}

function rowOf(one: IssuedAssignment): AssignmentTable {
  return {
    screen: one.screen,
    counter: one.counter,
    device: one.device,
    plan: one.plan,
    text: one.envelope.text,
    key_id: one.envelope.keyId,
    signature: one.envelope.signature,
    issued_at_ms: one.issuedAtMs,
    expires_at_ms: one.expiresAtMs,
    superseded_at_ms: null,
  };
}

function assignmentOf(row: Selectable<AssignmentTable>): IssuedAssignment {
  return {
    screen: screenIdSchema.parse(row.screen),
    device: deviceIdSchema.parse(row.device),
    plan: sha256Schema.parse(row.plan),
    counter: Number(row.counter),
    issuedAtMs: Number(row.issued_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    envelope: { text: row.text, keyId: row.key_id, signature: row.signature },
  };
}
