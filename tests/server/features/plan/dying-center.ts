import process from 'node:process';
import { pino } from 'pino';
import { buildCenter } from '../../../../server/app.ts';
import { systemClock } from '../../../../server/infra/clock.ts';
import { parseConfig } from '../../../../server/infra/config.ts';
import { systemRandom } from '../../../../server/infra/random.ts';

/** A center on a folder, `dying-center.ts FOLDER`, for a test that kills it while it assigns. */
const [folder = ''] = process.argv.slice(2);
await buildCenter({
  config: parseConfig({ KEPU_DATA: folder, KEPU_PORT: '0' }),
  clock: systemClock,
  random: systemRandom,
  log: pino({ level: 'silent' }),
});
