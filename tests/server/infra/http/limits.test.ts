import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makePerson } from '../../../helpers/schedulers.ts';

let at: TestCenter;
let greedy: Caller;
let neighbour: Caller;
beforeAll(async () => {
  at = await startCenter();
  greedy = await makePerson(at, 'greedy', ['county-manager', '410122']);
  neighbour = await makePerson(at, 'neighbour', ['county-manager', '410122']);
});
afterAll(() => at.stop());

const document = {
  format: 'kepu-schedules/1',
  region: '410122',
  assets: [],
  schedules: [],
  playlists: [],
  quotas: [],
  reserved: [],
  reviews: [],
};
const path = '/api/schedules/feasibility';

describe('what takes long', () => {
  it('is asked so often by one account, whatever others ask from the same address', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => greedy('POST', path, document)));
    const codes = answers.map(({ status, body }) => (status === 200 ? 'ok' : body.error.code));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(20);
    expect(new Set(codes)).toEqual(new Set(['ok', 'TOO_MANY']));
    expect((await neighbour('POST', path, document)).status).toBe(200);
    expect((await greedy('GET', '/api/schedules?limit=1')).status).toBe(200);
  });

  it('is not even counted for who may not ask', async () => {
    const foreign = await Promise.all(Array.from({ length: 3 }, () => at.as(null)('POST', path, document)));
    expect(foreign.map(({ status }) => status)).toEqual([401, 401, 401]);
  });
});
