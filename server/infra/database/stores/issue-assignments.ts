import { sql } from 'kysely';
import type { DraftId, ScreenId } from '../../../../shared/core/ids.ts';
import { draftIdSchema } from '../../../../shared/core/ids.ts';
import type { Issue, IssuedAssignment } from '../../../features/plan/plan.port.ts';
import type { Attribution } from '../../../features/plan/publication.port.ts';
import type { Db } from '../database.ts';
import type { AssignmentTable } from '../tables/content.ts';

/** Rows per statement. */
const AT_ONCE = 200;

/** See `PlanStore.issue`. */
export async function issueAssignments(db: Db, issue: Issue): Promise<readonly DraftId[]> {
  const { assignments, plans, changed, attributions } = issue;
  const [first] = assignments;
  if (first === undefined) return [];
  const atMs = first.issuedAtMs;
  const changing = new Set(changed);
  const overtaken = new Set<string>();
  await db.transaction().execute(async (trx) => {
    await addPlans(trx, plans, atMs);
    for (const slice of slices(assignments)) {
      const turned = slice.filter(({ screen }) => changing.has(screen));
      for (const draft of await closeSteps(trx, turned, atMs)) overtaken.add(draft);
      await trx
        .updateTable('assignments')
        .set({ superseded_at_ms: atMs })
        .where(
          'screen',
          'in',
          slice.map(({ screen }) => screen),
        )
        .where('superseded_at_ms', 'is', null)
        .execute();
      await trx.insertInto('assignments').values(slice.map(rowOf)).execute();
    }
    await attribute(trx, attributions, new Map(assignments.map((one) => [one.screen, one])));
  });
  return [...overtaken].map((draft) => draftIdSchema.parse(draft));
}

/** Keeps plans for ever; one that is there already is left as it is. */
export async function addPlans(trx: Db, plans: ReadonlyMap<string, string>, atMs: number): Promise<void> {
  const rows = [...plans].map(([digest, text]) => ({ digest, text, made_at_ms: atMs }));
  for (const slice of slices(rows))
    await trx
      .insertInto('plans')
      .values(slice)
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute();
}

/**
 * Another plan takes its place: what earlier publishes did not get on air there is overtaken, and
 * should the plan have been there once before, its steps of then are not those of now.
 */
async function closeSteps(
  trx: Db,
  turned: readonly IssuedAssignment[],
  atMs: number,
): Promise<readonly string[]> {
  if (turned.length === 0) return [];
  const pairs = sql.join(turned.map(({ screen, plan }) => sql`(${screen}, ${plan})`));
  await trx.deleteFrom('plan_states').where(sql<boolean>`(screen, plan) in (values ${pairs})`).execute();
  const closed = await trx
    .updateTable('publication_screens')
    .set({ closed_at_ms: atMs })
    .where(
      'screen',
      'in',
      turned.map(({ screen }) => screen),
    )
    .where('closed_at_ms', 'is', null)
    .returning('draft')
    .execute();
  return closed.map(({ draft }) => draft);
}

async function attribute(
  trx: Db,
  attributions: readonly Attribution[],
  issued: ReadonlyMap<ScreenId, IssuedAssignment>,
): Promise<void> {
  const rows = attributions.flatMap(({ screen, drafts }) => {
    const plan = issued.get(screen)?.plan;
    return plan === undefined ? [] : drafts.map((draft) => ({ draft, screen, plan }));
  });
  for (const slice of slices(rows))
    await trx
      .insertInto('publication_screens')
      .values(slice)
      // Begun by a center that died, or made before something else changed there as well: its steps begin anew.
      .onConflict((conflict) =>
        conflict.columns(['draft', 'screen']).doUpdateSet((eb) => ({
          plan: eb.ref('excluded.plan'),
          told_at_ms: null,
          fetched_at_ms: null,
          verified_at_ms: null,
          on_air_at_ms: null,
          refused_at_ms: null,
          refused_code: null,
          closed_at_ms: null,
        })),
      )
      .execute();
}

function slices<Value>(values: readonly Value[]): Value[][] {
  return Array.from({ length: Math.ceil(values.length / AT_ONCE) }, (_, at) =>
    values.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
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
    content: one.content,
  };
}
