import type { DraftId } from '../../../../shared/core/ids.ts';
import { draftIdSchema } from '../../../../shared/core/ids.ts';
import type { PlanOnScreen, PlanStep } from '../../../features/plan/plan.port.ts';
import type { Db } from '../database.ts';
import type { Prepared } from '../prepared.ts';

/** Columns of `plan_states` and `publication_screens` by step. */
const STEP_COLUMN = {
  told: 'told_at_ms',
  fetched: 'fetched_at_ms',
  verified: 'verified_at_ms',
  'on-air': 'on_air_at_ms',
  refused: 'refused_at_ms',
} as const satisfies Record<PlanStep, string>;

export interface StepReached {
  readonly places: readonly PlanOnScreen[];
  readonly step: PlanStep;
  readonly atMs: number;
  readonly code: string | null;
}

/** Notes a step of plans on screens, and of the publishes that brought them there. @returns those publishes. */
export async function noteStep(
  db: Db,
  statements: (text: string) => Prepared,
  { places, step, atMs, code }: StepReached,
): Promise<readonly DraftId[]> {
  const drafts = new Set<string>();
  await db.transaction().execute(async () => {
    const notePlan = statements(plansText(step));
    const notePublications = statements(publicationsText(step));
    for (const { screen, device, plan } of places) {
      notePlan.run(screen, device, plan, atMs, code);
      const noted = step === 'refused' ? [atMs, code] : [atMs];
      for (const row of notePublications.all(...noted, screen, plan))
        drafts.add((row as { readonly draft: string }).draft);
    }
  });
  return [...drafts].map((draft) => draftIdSchema.parse(draft));
}

/** The first time counts, but for refusals, of which the last does. */
function plansText(step: PlanStep): string {
  const column = STEP_COLUMN[step];
  const again =
    step === 'refused'
      ? 'refused_at_ms = excluded.refused_at_ms, refused_code = excluded.refused_code'
      : `${column} = coalesce(plan_states.${column}, excluded.${column})`;
  return `insert into plan_states (screen, device, plan, ${column}, refused_code) values (?, ?, ?, ?, ?)
    on conflict (screen, plan) do update set device = excluded.device, ${again}`;
}

function publicationsText(step: PlanStep): string {
  const column = STEP_COLUMN[step];
  const [noted, due] =
    step === 'refused' ? [`${column} = ?, refused_code = ?`, ''] : [`${column} = ?`, `and ${column} is null`];
  return `update publication_screens set ${noted}
    where closed_at_ms is null and screen = ? and plan = ? ${due} returning draft`;
}
