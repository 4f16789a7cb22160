import type { Selectable } from 'kysely';
import type { DeviceId, ScreenId, Sha256 } from '../../../../shared/core/ids.ts';
import { sha256Schema } from '../../../../shared/core/ids.ts';
import type { HeldAssignment, IssuedAssignment, PlanStore } from '../../../features/plan/plan.port.ts';
import type { Db } from '../database.ts';
import { preparedOn } from '../prepared.ts';
import { inSlices } from '../slices.ts';
import type { AssignmentTable } from '../tables/content.ts';
import { addPlan, issueAssignments } from './issue-assignments.ts';
import { planStates } from './plan-states.ts';
import { noteStep } from './plan-steps.ts';

type HeldRow = Pick<
  Selectable<AssignmentTable>,
  'screen' | 'device' | 'plan' | 'counter' | 'expires_at_ms' | 'content'
>;

const HELD = `select screen, device, plan, counter, expires_at_ms, content from assignments
  where screen in (select value from json_each(?)) and superseded_at_ms is null`;
const COUNTERS = `select value as device, (select max(counter) from assignments where device = value) as counter
  from json_each(?)`;

/** Plans, assignments and how far they got. */
export function planStore(db: Db): PlanStore {
  const statements = preparedOn(db);
  // All keys as one parameter: the statement is prepared once, whatever their number.
  const ofEach = <Row>(keys: readonly string[], text: string): Promise<Row[]> =>
    db.connection().execute(async () => statements(text).all(JSON.stringify(keys)) as Row[]);

  return {
    async text(digest) {
      const row = await db.selectFrom('plans').select('text').where('digest', '=', digest).executeTakeFirst();
      return row?.text ?? null;
    },

    addPlan: (digest, bytes, atMs) => addPlan(db, statements, { digest, bytes, atMs }),

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

    async held(screens) {
      const rows = await ofEach<HeldRow>(screens, HELD);
      return new Map(rows.map(heldOf).map((held) => [held.screen, held]));
    },

    async countersOf(devices) {
      const rows = await ofEach<{ device: DeviceId; counter: number | null }>(devices, COUNTERS);
      return new Map(rows.map((row) => [row.device, row.counter ?? 0]));
    },

    issue: (issue) => issueAssignments(db, statements, issue),

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

    reached: (places, step, atMs, code) => noteStep(db, statements, { places, step, atMs, code }),

    states: (filter) => planStates(db, filter),
  };
}

function assignmentOf(row: Selectable<AssignmentTable>): IssuedAssignment {
  return {
    ...heldOf(row),
    issuedAtMs: Number(row.issued_at_ms),
    envelope: { text: row.text, keyId: row.key_id, signature: row.signature },
  };
}

// Ids written by us alone, and read for every screen of a province: their patterns are not asked again.
function heldOf(row: HeldRow): HeldAssignment {
  return {
    screen: row.screen as ScreenId,
    device: row.device as DeviceId,
    plan: row.plan as Sha256,
    counter: Number(row.counter),
    expiresAtMs: Number(row.expires_at_ms),
    content: row.content as Sha256 | null,
  };
}
