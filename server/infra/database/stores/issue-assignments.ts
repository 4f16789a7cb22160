import type { DraftId, ScreenId, Sha256 } from '../../../../shared/core/ids.ts';
import { draftIdSchema } from '../../../../shared/core/ids.ts';
import type { Issue, IssuedAssignment } from '../../../features/plan/plan.port.ts';
import type { Attribution } from '../../../features/plan/publication.port.ts';
import type { Db } from '../database.ts';
import type { Prepared } from '../prepared.ts';

type Statements = (text: string) => Prepared;

const SUPERSEDE = 'update assignments set superseded_at_ms = ? where screen = ? and superseded_at_ms is null';
const ASSIGN = `insert into assignments
  (screen, counter, device, plan, text, key_id, signature, issued_at_ms, expires_at_ms, content)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const FORGET_STEPS = 'delete from plan_states where screen = ? and plan = ?';
const CLOSE = `update publication_screens set closed_at_ms = ? where screen = ? and closed_at_ms is null
  returning draft`;
// Begun by a center that died, or made before something else changed there as well: its steps begin anew.
const ATTRIBUTE = `insert into publication_screens (draft, screen, plan) values (?, ?, ?)
  on conflict (draft, screen) do update set plan = excluded.plan, told_at_ms = null, fetched_at_ms = null,
  verified_at_ms = null, on_air_at_ms = null, refused_at_ms = null, refused_code = null, closed_at_ms = null`;
// The bytes are UTF-8 already; what is kept is the text.
const ADD_PLAN = `insert into plans (digest, text, made_at_ms) values (?, cast(? as text), ?)
  on conflict (digest) do nothing`;

/** See `PlanStore.issue`. */
export async function issueAssignments(
  db: Db,
  statements: Statements,
  issue: Issue,
): Promise<readonly DraftId[]> {
  const { assignments, plans, changed, attributions } = issue;
  const [first] = assignments;
  if (first === undefined) return [];
  const atMs = first.issuedAtMs;
  const changing = new Set(changed);
  const overtaken = new Set<string>();
  await db.transaction().execute(async () => {
    keepPlans(statements, plans, atMs);
    for (const assignment of assignments) {
      if (changing.has(assignment.screen))
        for (const draft of closeSteps(statements, assignment, atMs)) overtaken.add(draft);
      statements(SUPERSEDE).run(atMs, assignment.screen);
      statements(ASSIGN).run(...valuesOf(assignment));
    }
    attribute(statements, attributions, new Map(assignments.map((one) => [one.screen, one])));
  });
  return [...overtaken].map((draft) => draftIdSchema.parse(draft));
}

/** See `PlanStore.addPlan`. */
export async function addPlan(
  db: Db,
  statements: Statements,
  plan: { readonly digest: Sha256; readonly bytes: Uint8Array; readonly atMs: number },
): Promise<void> {
  await db
    .connection()
    .execute(async () => keepPlans(statements, new Map([[plan.digest, plan.bytes]]), plan.atMs));
}

/** Keeps plans for ever; one that is there already is left as it is. */
function keepPlans(statements: Statements, plans: ReadonlyMap<Sha256, Uint8Array>, atMs: number): void {
  for (const [digest, bytes] of plans) statements(ADD_PLAN).run(digest, bytes, atMs);
}

/**
 * Another plan takes its place: what earlier publishes did not get on air there is overtaken, and
 * should the plan have been there once before, its steps of then are not those of now.
 */
function closeSteps(statements: Statements, { screen, plan }: IssuedAssignment, atMs: number): string[] {
  statements(FORGET_STEPS).run(screen, plan);
  return statements(CLOSE)
    .all(atMs, screen)
    .map((row) => (row as { readonly draft: string }).draft);
}

function attribute(
  statements: Statements,
  attributions: readonly Attribution[],
  issued: ReadonlyMap<ScreenId, IssuedAssignment>,
): void {
  for (const { screen, drafts } of attributions) {
    const plan = issued.get(screen)?.plan;
    if (plan === undefined) continue;
    for (const draft of drafts) statements(ATTRIBUTE).run(draft, screen, plan);
  }
}

function valuesOf(one: IssuedAssignment): (string | number | null)[] {
  const { text, keyId, signature } = one.envelope;
  const { screen, counter, device, plan, issuedAtMs, expiresAtMs, content } = one;
  return [screen, counter, device, plan, text, keyId, signature, issuedAtMs, expiresAtMs, content];
}
