import { sql } from 'kysely';
import type { DraftId } from '../../../../shared/core/ids.ts';
import { draftIdSchema } from '../../../../shared/core/ids.ts';
import type { PlanOnScreen, PlanStep } from '../../../features/plan/plan.port.ts';
import type { Db } from '../database.ts';

/** Places per statement. */
const AT_ONCE = 200;

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
export async function noteStep(db: Db, reached: StepReached): Promise<readonly DraftId[]> {
  const drafts = new Set<string>();
  await db.transaction().execute(async (trx) => {
    for (let at = 0; at < reached.places.length; at += AT_ONCE) {
      const slice = { ...reached, places: reached.places.slice(at, at + AT_ONCE) };
      await notePlans(trx, slice);
      for (const draft of await notePublications(trx, slice)) drafts.add(draft);
    }
  });
  return [...drafts].map((draft) => draftIdSchema.parse(draft));
}

async function notePlans(trx: Db, { places, step, atMs, code }: StepReached): Promise<void> {
  const column = STEP_COLUMN[step];
  await trx
    .insertInto('plan_states')
    .values(
      places.map(({ screen, device, plan }) => ({
        screen,
        device,
        plan,
        [column]: atMs,
        refused_code: code,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['screen', 'plan']).doUpdateSet((eb) =>
        step === 'refused'
          ? { device: eb.ref('excluded.device'), refused_at_ms: atMs, refused_code: code }
          : {
              device: eb.ref('excluded.device'),
              [column]: eb.fn.coalesce(`plan_states.${column}`, eb.val(atMs)),
            },
      ),
    )
    .execute();
}

async function notePublications(
  trx: Db,
  { places, step, atMs, code }: StepReached,
): Promise<readonly string[]> {
  const column = STEP_COLUMN[step];
  const pairs = sql.join(places.map(({ screen, plan }) => sql`(${screen}, ${plan})`));
  const open = trx
    .updateTable('publication_screens')
    .where('closed_at_ms', 'is', null)
    .where(
      'screen',
      'in',
      places.map(({ screen }) => screen),
    )
    .where(sql<boolean>`(screen, plan) in (values ${pairs})`);
  const rows = await (step === 'refused'
    ? open.set({ refused_at_ms: atMs, refused_code: code }).returning('draft').execute()
    : open
        .where(column, 'is', null)
        .set({ [column]: atMs })
        .returning('draft')
        .execute());
  return rows.map(({ draft }) => draft);
}
