import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';
import { makeDevice } from '../../../helpers/device.ts';

const card = makeCard('防溺水');
/** The last second of 9999-12-31 in Henan. */
const LAST = 253_402_271_999;
let at: TestCenter;
let admin: Caller;
let screen: string;
beforeAll(async () => {
  at = await startCenter({ listen: true });
  const cookie = await at.login();
  admin = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const document = makeDocument(card.asset, { schedules: [makeDaily()] });
  expect((await admin('POST', '/api/schedules/apply', document)).status).toBe(200);
  screen = (await admin('POST', '/api/screens', { name: '门口', region: '410122' })).body.id;
  await makeDevice().claimTo(at, screen as ScreenId, cookie);
  await at.center.services.plans.settled();
});
afterAll(() => at.stop());

const statusOf = async (path: string) => (await admin('GET', `/api/${path}`)).status;

describe('what is asked of the ends of time', () => {
  it('is answered as far as days have names', async () => {
    for (const path of [
      `screens/${screen}/explain?at=0`,
      `screens/${screen}/explain?at=${LAST}`,
      `screens/${screen}/timeline?from=0&to=100000`,
      `screens/${screen}/timeline?from=${LAST - 60}&to=${LAST}`,
      `screens/${screen}/plan-day?day=9999-12-31`,
      `screens/${screen}/plan-day?day=0001-01-01`,
      `schedules/daily/why?screen=${screen}&day=9999-12-31`,
      `schedules/daily/why?screen=${screen}&day=0001-01-01`,
      `schedules/document?region=41&at=${LAST}`,
    ])
      expect([path, await statusOf(path)]).toEqual([path, 200]);
  });

  it('is refused beyond, before anything is resolved', async () => {
    for (const query of ['at=-1', `at=${LAST + 1}`, `at=${Number.MAX_SAFE_INTEGER}`, 'at=1e300', 'at=0.5'])
      expect([query, await statusOf(`screens/${screen}/explain?${query}`)]).toEqual([query, 400]);
    expect(await statusOf(`screens/${screen}/timeline?from=${LAST}&to=${LAST + 60}`)).toBe(400);
    expect(await statusOf(`schedules/document?region=41&at=${LAST + 1}`)).toBe(400);
    expect(await statusOf(`screens/${screen}/plan-day?day=10000-01-01`)).toBe(400);
  });
});
