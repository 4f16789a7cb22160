import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import type { Explanation, Why } from '../../../../shared/plan/explain.api.ts';
import { explanationSchema, whySchema } from '../../../../shared/plan/explain.api.ts';
import type { ScreenTimeline } from '../../../../shared/plan/plan.api.ts';
import { DAY, at, startAssessedCenter } from '../../../helpers/assessed-center.ts';
import type { AssessedCenter } from '../../../helpers/assessed-center.ts';
import { makeDaily } from '../../../helpers/content.ts';
import { makeSimDevice } from '../../../helpers/journal.ts';

// On air from the start: rotation of the province 00:00–16:00 and 18:00–24:00, nothing between.
let center: AssessedCenter;
let screen: ScreenId;
let elsewhere: ScreenId;
let call: Awaited<ReturnType<AssessedCenter['admin']>>;

const instant = (hour: number) => Math.floor(at(hour) / 1_000);
const news = (patch: object = {}) =>
  makeDaily({
    id: 'county-news',
    name: '中牟新闻',
    region: '410122',
    class: 'mandatory',
    windows: [{ start: '12:00', end: '12:30' }],
    ...patch,
  });

async function publish(edits: readonly object[], region = '410122'): Promise<void> {
  const made = await call('POST', '/api/drafts', { region, title: '改一改', edits });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { basis } = (await call('GET', `/api/drafts/${made.body.id}/feasibility`)).body;
  const done = await call('POST', `/api/drafts/${made.body.id}/publish`, { revision: 1, basis });
  expect(done.status, JSON.stringify(done.body)).toBe(200);
  await center.test.center.services.plans.settled();
}
async function explain(hour: number, of = screen): Promise<Explanation> {
  const answer = await call('GET', `/api/screens/${of}/explain?at=${instant(hour)}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return explanationSchema.parse(answer.body);
}
async function why(schedule: string, day: string = DAY, of = screen): Promise<Why> {
  const answer = await call('GET', `/api/schedules/${schedule}/why?screen=${of}&day=${day}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return whySchema.parse(answer.body);
}

beforeAll(async () => {
  center = await startAssessedCenter();
  const device = makeSimDevice('explained');
  screen = await center.claim(device);
  call = await center.admin();
  elsewhere = (await call('POST', '/api/screens', { name: '别处', region: '4102' })).body.id;
  await publish([{ kind: 'schedule', id: 'county-news', base: null, body: news() }]);
  // A morning on air, in which one item failed; its journal comes at noon.
  const { services } = center.test.center;
  const assigned = await services.timelines.stretches(
    await services.screen.require(screen),
    instant(8),
    instant(9),
  );
  const plan = assigned[0]?.plan;
  if (plan === undefined) throw new Error('nothing assigned');
  const boot = device.boot({ startMs: at(6) });
  boot.onAir(at(6), at(12), plan);
  boot.exception(at(9), at(9.5), plan, 'failed');
  await center.send(device, boot.envelope(), at(12.1));
  await services.assessment.settle();
  call = await center.admin();
});
afterAll(() => center.test.stop());

describe('why is this on', () => {
  it('names the rule, the issuer, the version and who published it, and what it keeps off', async () => {
    const told = await explain(12.25);
    expect(told).toMatchObject({
      assigned: true,
      entry: { schedule: 'county-news', scheduleName: '中牟新闻', class: 'mandatory', regionName: '中牟县' },
      version: 1,
      publishedByName: '管理员',
      reviews: [],
      shown: null,
    });
    expect(told.displaced).toMatchObject([{ schedule: 'daily', standing: 'outranked', by: 'county-news' }]);
    expect(told.displaced[0]?.words.zh).toBe(
      '12:00 起由县级必播《中牟新闻》（中牟县）占用，本条排期排在它后面',
    );
    const words = told.words.map(({ zh }) => zh);
    expect(words[0]).toContain('播《防溺水》：县级必播《中牟新闻》（中牟县）');
    expect(words[2]).toMatch(/^第 1 版，管理员 于 2026-11-2\d \d\d:\d\d 发布；本级不要求审核$/);
  });

  it('says for the past what the journal says was shown', async () => {
    expect((await explain(8)).shown).toMatchObject({ state: 'as-planned', boot: expect.any(String) });
    expect((await explain(9.25)).shown).toMatchObject({ state: 'failed', words: { zh: '这一项播出失败' } });
    expect((await explain(5)).shown).toMatchObject({ state: 'unknown' });
    expect((await explain(20)).shown).toBeNull();
  });

  it('says of nothing scheduled that it is nothing, and of a screen without a device what it would show', async () => {
    const gap = await explain(17);
    expect(gap.entry).toMatchObject({ schedule: null, reason: 'nothing-scheduled' });
    expect(gap.others).toMatchObject([
      { schedule: 'county-news', standing: 'closed' },
      { schedule: 'daily', standing: 'closed' },
    ]);
    expect(gap.others[1]?.words.zh).toBe('不在播出时段内，下一个时段 18:00 开始');
    const bare = await explain(12.25, elsewhere);
    expect(bare).toMatchObject({ assigned: false, entry: { schedule: 'daily' } });
  });

  it('answers nobody who may not read there, and no unknown screen', async () => {
    const path = `/api/screens/${screen}/explain?at=${instant(9)}`;
    expect((await center.test.as(null)('GET', path)).status).toBe(401);
    expect((await call('GET', `/api/screens/s-aaaaaaaaaaaaaaaa/explain?at=${instant(9)}`)).status).toBe(404);
  });
});

describe('why is mine not', () => {
  it('tells the day in stretches without gaps, the decisive reason first', async () => {
    const told = await why('daily');
    expect(told.absent).toBeNull();
    expect(told.stretches[0]?.from).toBe(instant(0));
    expect(told.stretches.at(-1)?.to).toBe(instant(24));
    for (const [index, stretch] of told.stretches.entries())
      if (index > 0) expect(stretch.from).toBe(told.stretches[index - 1]?.to);
    const lost = told.stretches.find(({ standing }) => standing === 'outranked');
    expect(lost).toMatchObject({ from: instant(12), to: instant(12.5), by: 'county-news' });
    expect(lost?.words.zh).toMatch(
      /^12:00–12:30 由县级必播《中牟新闻》（中牟县）占用，本条排期排在它后面；12:30 起恢复$/,
    );
    const onAir = told.stretches.filter(({ standing }) => standing === 'on-air');
    expect(told.airtimeS).toBe(onAir.reduce((sum, one) => sum + one.to - one.from, 0));
    expect(told.words[0]?.zh).toContain(`${DAY} 共播 ${told.plays} 次`);
  });

  it('says why a plan does not hold it: elsewhere, not yet, over, withdrawn, none of its days', async () => {
    await publish([
      {
        kind: 'schedule',
        id: 'tagged',
        base: null,
        body: news({ id: 'tagged', audience: { tags: ['室外'] } }),
      },
    ]);
    await publish([
      { kind: 'schedule', id: 'sunday', base: null, body: news({ id: 'sunday', days: { weekdays: [7] } }) },
    ]);
    await publish([
      {
        kind: 'schedule',
        id: 'short',
        base: null,
        body: news({ id: 'short', validity: { from: '2026-11-20', to: '2026-11-21' } }),
      },
    ]);
    expect((await why('county-news', DAY, elsewhere)).absent).toBe('region');
    expect(await why('tagged', '2026-11-24')).toMatchObject({ absent: 'tag', airtimeS: 0, stretches: [] });
    expect((await why('sunday', '2026-11-24')).absent).toBe('not-today');
    expect((await why('sunday', '2026-11-29')).absent).toBeNull();
    expect((await why('short', '2026-12-24')).absent).toBe('ended');
    expect((await why('county-news', '2026-11-19')).absent).toBe('not-published');
    const off = await call('POST', '/api/schedules/sunday/withdraw', { version: 1, reason: '不播了' });
    expect(off.status, JSON.stringify(off.body)).toBeLessThan(300);
    await center.test.center.services.plans.settled();
    const gone = await why('sunday', '2026-11-29');
    expect(gone).toMatchObject({ absent: 'withdrawn' });
    expect(gone.words[0]?.zh).toContain('不播了');
    expect((await call('GET', `/api/schedules/nobody/why?screen=${screen}&day=${DAY}`)).status).toBe(404);
  });
});

describe('the timeline under a draft', () => {
  it('marks what would not be on as things stand, and leaves the past as it was', async () => {
    const body = news({ id: 'evening', windows: [{ start: '16:30', end: '17:00' }] });
    const made = await call('POST', '/api/drafts', {
      region: '410122',
      title: '傍晚',
      edits: [{ kind: 'schedule', id: 'evening', base: null, body }],
    });
    const answer = await call(
      'GET',
      `/api/screens/${screen}/timeline?from=${instant(10)}&to=${instant(20)}&draft=${made.body.id}`,
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const told = answer.body as ScreenTimeline;
    const entries = told.stretches.flatMap((one) => one.entries);
    const drafted = entries.filter((one) => one.schedule === 'evening');
    expect(drafted[0]).toMatchObject({ start: instant(16.5), differs: true });
    expect(told.stretches.at(-1)).toMatchObject({ assigned: false, to: instant(20) });
    expect(entries.filter((one) => one.start < instant(12)).every((one) => one.differs !== true)).toBe(true);
    expect(entries.find((one) => one.start === instant(18))?.differs).toBe(false);
  });
});

describe('under a takedown', () => {
  it('says what is denied from its instant on, and leaves what was before', async () => {
    const denied = await call('POST', '/api/denials', {
      kind: 'schedule',
      subject: 'daily',
      region: '410122',
      reason: '有误，先撤',
    });
    expect(denied.status, JSON.stringify(denied.body)).toBeLessThan(300);
    const told = await explain(19);
    expect(told.entry.schedule).toBeNull();
    expect(told.displaced).toMatchObject([{ schedule: 'daily', standing: 'denied', by: 'daily' }]);
    expect((await explain(11)).entry.schedule).toBe('daily');
  });
});
