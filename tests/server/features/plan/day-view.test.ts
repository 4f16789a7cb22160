import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayViewSchema } from '../../../../shared/plan/day-view.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';

const card = makeCard('防溺水');
const DAY = '2026-11-21';

let at: TestCenter;
let call: Caller;
let screen: string;
beforeAll(async () => {
  at = await startCenter();
  const cookie = await at.login();
  call = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const news = makeDaily({
    id: 'news',
    name: '新闻',
    class: 'mandatory',
    windows: [{ start: '12:00', end: '12:10' }],
  });
  const document = makeDocument(card.asset, { schedules: [makeDaily(), news] });
  expect((await call('POST', '/api/schedules/apply', document)).status).toBe(200);
  await at.center.services.plans.settled();
  screen = (await call('POST', '/api/screens', { name: '村口', region: '411224102203' })).body.id;
});
afterAll(() => at.stop());

const dayOf = async (query = '') => {
  const { status, body } = await call('GET', `/api/screens/${screen}/plan-day?day=${DAY}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return dayViewSchema.parse(body);
};

describe('a day of a screen as planned', () => {
  it('is whole, in lanes by tier, with what the tiers got', async () => {
    const view = await dayOf();
    const lengths = view.entries.map(({ start, end }) => end - start);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(86_400);
    expect(view.lanes.map(({ schedule, class: kind }) => `${kind} ${schedule}`)).toEqual([
      'mandatory news',
      'rotation daily',
    ]);
    expect(view.tiers[0]).toMatchObject({ tier: 'province', airtimeS: 86_400 - 600, empty: false });
    expect(view.changed).toEqual([]);
  });

  it('shows where a draft would change it, and nothing else', async () => {
    const draft = await call('POST', '/api/drafts', {
      region: '411224',
      title: '县里午后',
      edits: [
        {
          kind: 'playlist',
          id: 'lushi',
          base: null,
          body: {
            id: 'lushi',
            name: '县',
            region: '411224',
            items: [{ asset: card.asset.sha256, durationS: 15 }],
          },
        },
        {
          kind: 'schedule',
          id: 'lushi-noon',
          base: null,
          body: makeDaily({
            id: 'lushi-noon',
            name: '县里午后',
            class: 'mandatory',
            region: '411224',
            playlist: 'lushi',
            windows: [{ start: '14:00', end: '14:30' }],
          }),
        },
      ],
    });
    expect(draft.status, JSON.stringify(draft.body)).toBe(201);
    const view = await dayOf(`&draft=${draft.body.id}`);
    const from = Date.parse(`${DAY}T14:00:00+08:00`) / 1000;
    expect(view.changed[0]).toMatchObject({ from });
    expect(view.lanes.map(({ schedule }) => schedule)).toContain('lushi-noon');
    expect(view.lanes.find(({ schedule }) => schedule === 'lushi-noon')?.airtimeS).toBe(1_800);
    // Nothing is on air because somebody looked.
    expect((await dayOf()).lanes.map(({ schedule }) => schedule)).not.toContain('lushi-noon');
  });

  it('is refused for a draft that is not there', async () => {
    const answer = await call('GET', `/api/screens/${screen}/plan-day?day=${DAY}&draft=d-aaaaaaaaaaaaaaaa`);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  });
});
