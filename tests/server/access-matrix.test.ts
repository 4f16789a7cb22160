import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredRoute } from '../../server/infra/http/access.ts';
import type { RegionCode } from '../../shared/core/ids.ts';
import { isWithin } from '../../shared/region/tier.ts';
import type { TestCenter } from '../helpers/center.ts';
import { startCenter } from '../helpers/center.ts';
import { makeClock } from '../helpers/clock.ts';
import type { RouteEntry } from './access-matrix/routes.ts';
import { ROUTES } from './access-matrix/routes.ts';
import type { Asker, Target } from './access-matrix/world.ts';
import { makeAskers, makeTargets, PASSWORD, REGIONS } from './access-matrix/world.ts';

/** Route × asker × region: every route of a real center answers as the table written by hand says. */

const clock = makeClock();
let at: TestCenter;
let targets: Record<keyof typeof REGIONS, Target>;
let askers: Asker[];

beforeAll(async () => {
  at = await startCenter({ clock, listen: true });
  targets = await makeTargets(at, clock);
  askers = await makeAskers(at, clock);
  for (const asker of askers) await logIn(asker);
}, 120_000);
afterAll(() => at.stop());

async function logIn(asker: Asker): Promise<void> {
  if (asker.login !== null) asker.credential = await at.login(asker.login, PASSWORD);
}

/** HEAD is Fastify's own shadow of a GET, but where a route declares it by name. */
const nameOf = ({ method, path }: DeclaredRoute) => `${method} ${path}`;
const routes = () => at.center.http.declaredRoutes;
const named = () =>
  routes()
    .map(nameOf)
    .filter((name) => !name.startsWith('HEAD ') || name in ROUTES);

type Verdict = 'allowed' | 401 | 403;

/** By the hand-written table and the grants, and nothing else. */
function expected({ want }: RouteEntry, asker: Asker, region: RegionCode): Verdict {
  switch (want.kind) {
    case 'public':
      return 'allowed';
    case 'session':
      return asker.login === null ? 401 : 'allowed';
    case 'device':
      return asker.device ? 'allowed' : 403;
    case 'ability': {
      if (asker.device && want.device === true) return 'allowed';
      if (asker.login === null) return 401;
      const held = asker.held.filter(({ abilities }) => abilities.includes(want.ability));
      const holds = {
        over: held.some((grant) => isWithin(region, grant.region)),
        along: held.some((grant) => isWithin(region, grant.region) || isWithin(grant.region, region)),
        anywhere: held.length > 0,
        province: held.some((grant) => isWithin('41' as RegionCode, grant.region)),
      }[want.where];
      return holds ? 'allowed' : 403;
    }
    default:
      return want satisfies never;
  }
}

/** What only access answers; "another person must do this" and a wrong password come after it. */
const REFUSALS: Readonly<Record<string, Verdict>> = {
  NOT_LOGGED_IN: 401,
  FORBIDDEN: 403,
  DEVICE_UNCLAIMED: 403,
};

async function ask(name: string, { sample }: RouteEntry, asker: Asker, target: Target) {
  const [url, body, type] = sample(target);
  const { credential } = asker;
  const header = credential?.startsWith('Bearer ') === true ? 'authorization' : 'cookie';
  const answer = await at.center.http.inject({
    method: name.split(' ')[0] as 'GET',
    url,
    ...(body !== undefined && { payload: body }),
    headers: {
      ...(credential !== null && { [header]: credential }),
      ...(type !== undefined && { 'content-type': type }),
    },
  });
  if (url === '/api/identity/logout') await logIn(asker);
  const json = String(answer.headers['content-type']).includes('json') && answer.body !== '';
  const code = json ? String(answer.json().error?.code ?? '') : '';
  if (answer.statusCode >= 500 && code !== 'NOT_READY' && name !== 'GET /*')
    throw new Error(`${name} failed: ${answer.body}`);
  // A HEAD has no body to say why.
  const bare = name.startsWith('HEAD ') && [401, 403].includes(answer.statusCode);
  const verdict = bare ? (answer.statusCode as Verdict) : (REFUSALS[code] ?? 'allowed');
  return { verdict, said: `${answer.statusCode} ${code}` };
}

describe('every route', () => {
  it('stands in the table, and nothing else does', () => {
    const missing = named().filter((name) => !(name in ROUTES));
    expect(
      missing,
      'add a line for each of these to tests/server/access-matrix/routes.ts: what it should demand, and a request',
    ).toEqual([]);
    expect(Object.keys(ROUTES).filter((name) => !named().includes(name))).toEqual([]);
  });

  it('answers each role, organisation, device and stranger in each region as it should', async () => {
    const unexpected: string[] = [];
    let asked = 0;
    for (const name of new Set(named())) {
      const entry = ROUTES[name];
      if (entry === undefined) continue;
      // Where no region is wanted, one is as good as four; and logins are counted.
      const regions = Object.entries(REGIONS).slice(0, entry.want.kind === 'ability' ? 4 : 1);
      for (const asker of askers)
        for (const [where, region] of regions) {
          const target = targets[where as keyof typeof REGIONS];
          const { verdict, said } = await ask(name, entry, asker, target);
          const should = expected(entry, asker, region);
          asked += 1;
          if (verdict !== should)
            unexpected.push(`${name}: ${asker.name} in ${where} got ${said}, expected ${should}`);
        }
    }
    expect(unexpected).toEqual([]);
    const wants = Object.values(ROUTES).map(({ want }) => (want.kind === 'ability' ? 4 : 1));
    expect(asked).toBe(askers.length * wants.reduce((sum, each) => sum + each, 0));
  }, 300_000);
});
