import {
  deviceIdSchema,
  regionCodeSchema,
  screenIdSchema,
  sha256Schema,
} from '../../../../shared/core/ids.ts';
import type { PlanStore } from '../../../features/plan/plan.port.ts';
import type { Db } from '../database.ts';

/** Current assignments of the screens in a region's subtree, with how far their plans got there. */
export async function planStates(
  db: Db,
  { region, limit, offset }: Parameters<PlanStore['states']>[0],
): ReturnType<PlanStore['states']> {
  const query = db
    .selectFrom('assignments as a')
    .innerJoin('screens as s', 's.id', 'a.screen')
    .leftJoin('plan_states as p', (join) =>
      join.onRef('p.screen', '=', 'a.screen').onRef('p.plan', '=', 'a.plan'),
    )
    .where('a.superseded_at_ms', 'is', null)
    .where('s.region', 'like', `${region}%`);
  const rows = await query
    .select(['a.screen', 's.name', 's.region', 'a.device', 'a.plan', 'a.counter', 'a.issued_at_ms'])
    .select(['p.told_at_ms', 'p.fetched_at_ms', 'p.verified_at_ms', 'p.on_air_at_ms'])
    .select(['p.refused_at_ms', 'p.refused_code'])
    .orderBy('s.region')
    .orderBy('a.screen')
    .limit(limit)
    .offset(offset)
    .execute();
  const counts = await query
    .select((eb) => [
      eb.fn.countAll<number>().as('assigned'),
      eb.fn.count<number>('p.told_at_ms').as('told'),
      eb.fn.count<number>('p.fetched_at_ms').as('fetched'),
      eb.fn.count<number>('p.verified_at_ms').as('verified'),
      eb.fn.count<number>('p.on_air_at_ms').as('onAir'),
      eb.fn.count<number>('p.refused_at_ms').as('refused'),
    ])
    .executeTakeFirstOrThrow();
  return {
    counts: {
      assigned: Number(counts.assigned),
      told: Number(counts.told),
      fetched: Number(counts.fetched),
      verified: Number(counts.verified),
      onAir: Number(counts.onAir),
      refused: Number(counts.refused),
    },
    rows: rows.map((row) => ({
      screen: screenIdSchema.parse(row.screen),
      name: row.name,
      region: regionCodeSchema.parse(row.region),
      device: deviceIdSchema.parse(row.device),
      plan: sha256Schema.parse(row.plan),
      counter: Number(row.counter),
      issuedAtMs: Number(row.issued_at_ms),
      toldAtMs: instant(row.told_at_ms),
      fetchedAtMs: instant(row.fetched_at_ms),
      verifiedAtMs: instant(row.verified_at_ms),
      onAirAtMs: instant(row.on_air_at_ms),
      refusedAtMs: instant(row.refused_at_ms),
      refusedCode: row.refused_code,
    })),
  };
}

function instant(ms: number | null): number | null {
  return ms === null ? null : Number(ms);
}
