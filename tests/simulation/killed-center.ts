import { pino } from 'pino';
import { buildCenter } from '../../server/app.ts';
import { parseConfig } from '../../server/infra/config.ts';
import { systemRandom } from '../../server/infra/random.ts';
import { systemClock } from '../../player/engine/system-ports.ts';

/**
 * A center to be killed: denies what it is told to, and dies by SIGKILL once that is committed, before
 * it has answered or told anybody.
 */
const [folder = '', login = '', password = '', denial = ''] = process.argv.slice(2);
const center = await buildCenter({
  config: parseConfig({ KEPU_DATA: folder, KEPU_PORT: '0' }),
  clock: systemClock,
  random: systemRandom,
  log: pino(
    { level: 'info' },
    {
      write: (line: string) => {
        if (line.includes('deny lists sent')) process.kill(process.pid, 'SIGKILL');
      },
    },
  ),
});
const session = await center.http.inject({
  method: 'POST',
  url: '/api/identity/login',
  payload: { login, password },
});
await center.http.inject({
  method: 'POST',
  url: '/api/denials',
  headers: { cookie: String(session.headers['set-cookie']).split(';')[0] ?? '' },
  payload: JSON.parse(denial) as object,
});
process.stdout.write('answered');
