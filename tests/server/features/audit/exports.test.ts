import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeCard, makeDocument, upload } from '../../../helpers/content.ts';

let at: TestCenter;
let call: Caller;
beforeAll(async () => {
  at = await startCenter();
  const cookie = await at.login();
  call = at.as(cookie);
  const card = makeCard('防溺水');
  await upload(at, cookie, card.asset.sha256, card.bytes);
  expect((await call('POST', '/api/schedules/apply', makeDocument(card.asset))).status).toBe(200);
});
afterAll(() => at.stop());

it.each([
  ['/api/schedules/document?region=41', 'schedule.export', '41'],
  ['/api/playlists/daily/smil', 'playlist.export', 'daily'],
  ['/api/assessment/regions.csv?parent=41&tier=county&day=2026-11-20', 'figures.export', '41'],
])('%s leaves the house on record as %s', async (path, action, subject) => {
  expect((await call('GET', path)).status).toBe(200);
  const { rows } = await at.center.services.audit.page({ limit: 5, offset: 0, action });
  expect(rows).toMatchObject([{ action, subject, actorName: '管理员' }]);
});
