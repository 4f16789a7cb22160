import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { pino } from 'pino';
import { buildCenter } from '../../server/app.ts';
import { systemClock } from '../../server/infra/clock.ts';
import { parseConfig } from '../../server/infra/config.ts';
import { openDatabase } from '../../server/infra/database/database.ts';
import { systemRandom } from '../../server/infra/random.ts';
import { regionCodeSchema } from '../../shared/core/ids.ts';
import { madeContent } from './made-world.ts';
import { changePlaylist } from './many-screens.ts';

/**
 * A real center in a process of its own, `publishing-center.ts FOLDER`: brings every screen of its
 * database to its first plan, and then, each time it is told to, publishes a change of the province's
 * first playlist and says what that took.
 */
const [folder = ''] = process.argv.slice(2);
const config = parseConfig({ KEPU_DATA: folder, KEPU_PORT: '0' });
const center = await buildCenter({
  config,
  clock: systemClock,
  random: systemRandom,
  log: pino({ level: 'error' }, pino.destination(2)),
});
const url = await center.listen({ host: '127.0.0.1', port: 0 });
const db = await openDatabase(folder);
const { plans } = center.services;
const province = regionCodeSchema.parse('41');
const loop = monitorEventLoopDelay({ resolution: 5 });
await plans.settled();
process.send?.({ kind: 'ready', url });

process.on('message', () => void publish());
process.on('SIGTERM', () => process.exit(0));

async function publish(): Promise<void> {
  loop.reset();
  loop.enable();
  const startedMs = performance.now();
  const atMs = systemClock.nowMs();
  const cpu = process.cpuUsage();
  await changePlaylist(db, madeContent(province, 1), atMs);
  plans.published({ regions: [province] });
  await plans.settled();
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  loop.disable();
  const { assigned, plansNew, screens } = await made(atMs);
  process.send?.({
    kind: 'published',
    atMs,
    tookMs,
    cpuMs: (user + system) / 1_000,
    blockedMs: loop.max / 1e6,
    blockedP99Ms: loop.percentile(99) / 1e6,
    assigned,
    plans: plansNew,
    screens,
  });
}

/** What the publish left in the database. */
async function made(atMs: number) {
  const count = async (table: 'assignments' | 'plans', column: 'issued_at_ms' | 'made_at_ms') => {
    const { total } = await db
      .selectFrom(table)
      .where(column as never, '>=', atMs as never)
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(total);
  };
  const { total } = await db
    .selectFrom('publication_screens')
    .innerJoin('publications', 'publications.draft', 'publication_screens.draft')
    .where('published_at_ms', '=', atMs)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return {
    assigned: await count('assignments', 'issued_at_ms'),
    plansNew: await count('plans', 'made_at_ms'),
    screens: Number(total),
  };
}
