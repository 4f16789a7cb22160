import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import type { Draft } from '../../../../shared/schedule/draft.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import {
  done,
  drafting,
  makeKnownCard,
  makePerson,
  makeProgramme,
  publishAtOnce,
  put,
  remove,
} from '../../../helpers/schedulers.ts';
import type { Drafting } from '../../../helpers/schedulers.ts';

const COUNTY = '411224';
const OTHER = '411221';
const clock = makeClock();
let at: TestCenter;
let card: Asset;
let county: Drafting;
let colleague: Drafting;
let countyCall: Caller;
beforeAll(async () => {
  at = await startCenter({ clock });
  card = await makeKnownCard(at, '防溺水');
  countyCall = await makePerson(at, 'xian', ['operator', COUNTY]);
  county = drafting(at, countyCall);
  colleague = drafting(at, await makePerson(at, 'tongshi', ['operator', COUNTY]));
});
afterAll(() => at.stop());

const onAir = async (id: string) => {
  const { schedules } = await at.center.services.schedules.world();
  return schedules.find((one) => one.id === id) ?? null;
};

describe('a draft on its way to the air', () => {
  it('is created, changed, submitted, published, and then on air with its draft named', async () => {
    const heard: unknown[] = [];
    at.center.services.schedules.onPublished((published) => heard.push(published));
    const made = done(await county.create(COUNTY, makeProgramme(COUNTY, 'first', card)));
    expect(made).toMatchObject({
      state: 'draft',
      revision: 1,
      count: 2,
      stages: 0,
      passed: 0,
      problems: [],
      assets: [{ asset: { sha256: card.sha256 }, reviewed: false }],
      may: { edit: true, submit: true, recall: false, review: false, publish: true, discard: true },
    });
    expect(made.changes.map(({ kind, change }) => `${change} ${kind}`)).toEqual([
      'created playlist',
      'created schedule',
    ]);
    const saved = done(await county.save(made, { title: '改过' }));
    expect(saved).toMatchObject({ title: '改过', revision: 2, hash: made.hash });
    const submitted = done(await county.submit(saved));
    expect(submitted).toMatchObject({ state: 'approved', may: { edit: false, recall: true, publish: true } });
    expect(await onAir('first')).toBeNull();
    const published = done(await county.publish(submitted));
    expect(published).toMatchObject({ state: 'published', may: { publish: false, recall: false } });
    expect(await onAir('first')).toMatchObject({ region: COUNTY });
    expect(heard).toEqual([{ draft: made.id, regions: [COUNTY], atMs: clock.nowMs() }]);
    const { rows } = await at.center.services.audit.page({ limit: 2, offset: 0 });
    expect(rows.map((row) => [row.action, row.subject])).toEqual([
      ['draft.publish', made.id],
      ['draft.submit', made.id],
    ]);
  });

  it('cannot be published twice, edited, submitted or discarded afterwards', async () => {
    const published = await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'once', card));
    for (const act of [county.publish, county.submit, county.discard, county.recall])
      expect((await act(published)).body.error.code).toBe('DRAFT_STATE');
    expect((await county.save(published, { title: '晚了' })).body.error.code).toBe('DRAFT_STATE');
  });

  it('published by many calls at once is published once', async () => {
    const made = done(await county.create(COUNTY, makeProgramme(COUNTY, 'rush', card)));
    const answers = await Promise.all(Array.from({ length: 8 }, () => county.publish(made)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    for (const { status, body } of answers) if (status !== 200) expect(body.error.code).toBe('DRAFT_STATE');
    const detail = await countyCall('GET', '/api/schedules/rush');
    expect(detail.body.versions).toHaveLength(1);
  });

  it('is taken back and handed in again, and one that is discarded is over', async () => {
    const made = done(await county.create(COUNTY, makeProgramme(COUNTY, 'back', card)));
    const submitted = done(await county.submit(made));
    expect((await county.save(submitted, { title: '不行' })).body.error.code).toBe('DRAFT_STATE');
    expect((await colleague.recall(submitted)).body.error.code).toBe('FORBIDDEN');
    const back = done(await county.recall(submitted));
    expect(back.state).toBe('draft');
    const gone = done(await county.discard(done(await colleague.save(back, { title: '同事改' }))));
    expect(gone).toMatchObject({
      state: 'discarded',
      author: { name: 'xian' },
      changedBy: { name: 'tongshi' },
    });
    expect((await county.publish(gone)).body.error.code).toBe('DRAFT_STATE');
  });

  it('that changes nothing goes nowhere', async () => {
    const empty = done(await county.create(COUNTY, []));
    expect((await county.submit(empty)).body.error.code).toBe('DRAFT_EMPTY');
    expect((await county.publish(empty)).body.error.code).toBe('DRAFT_EMPTY');
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'same', card));
    const again = makeProgramme(COUNTY, 'same', card).map((edit) => ({ ...edit, base: 1 }));
    expect((await county.submit(done(await county.create(COUNTY, again)))).body.error.code).toBe(
      'DRAFT_EMPTY',
    );
  });

  it('holds nothing of a region outside its own, nor what such a region put on air', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'held', card));
    const neighbour = drafting(at, await makePerson(at, 'linxian', ['operator', OTHER]));
    expect((await neighbour.create(COUNTY, [])).body.error.code).toBe('FORBIDDEN');
    const foreign = await neighbour.create(OTHER, makeProgramme(COUNTY, 'foreign', card));
    expect(foreign.body.error).toMatchObject({
      code: 'SCHEDULE_REFUSED',
      params: { problem: 'OUTSIDE_SCOPE' },
    });
    expect((await neighbour.create(OTHER, makeProgramme(OTHER, 'held', card))).body.error.code).toBe(
      'CONFLICT',
    );
    expect((await neighbour.create(OTHER, [remove('schedule', 'held', 1)])).body.error.code).toBe('CONFLICT');
    const made = done(await county.create(COUNTY, []));
    const call = await makePerson(at, 'kan', ['operator', OTHER]);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/submit'],
      ['POST', '/recall'],
      ['POST', '/discard'],
    ] as const)
      expect(
        (await call(method, `/api/drafts/${made.id}${path}`, method === 'GET' ? undefined : { revision: 1 }))
          .status,
      ).toBe(403);
  });

  it('on air, is edited as a new version on the one that was read, or told that there is a newer', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'edited', card));
    const [, schedule] = makeProgramme(COUNTY, 'edited', card, { name: '二版' });
    const second = done(await county.create(COUNTY, [{ ...schedule, base: 1 } as never]));
    const rival = done(
      await colleague.create(COUNTY, [
        put(
          'schedule',
          {
            ...(schedule?.body as never as object),
            region: COUNTY,
            id: 'edited',
            name: '另一个二版',
          } as never,
          1,
        ),
      ]),
    );
    expect(second.changes).toMatchObject([{ kind: 'schedule', id: 'edited', change: 'updated' }]);
    expect(done(await county.publish(second)).state).toBe('published');
    for (const act of [colleague.submit, colleague.publish])
      expect((await act(rival)).body.error).toMatchObject({
        code: 'DRAFT_OUTDATED',
        params: { id: 'edited', version: 2 },
      });
    expect(await onAir('edited')).toMatchObject({ name: '二版' });
  });

  it('published in another world than the one reported on is told so', async () => {
    const made = done(await county.create(COUNTY, makeProgramme(COUNTY, 'stale', card)));
    const basis = await at.center.services.schedules.basisFor(made.id);
    const publish = { revision: made.revision, basis };
    const far = await makePerson(at, 'yuan', ['operator', OTHER]);
    await publishAtOnce(drafting(at, far), OTHER, makeProgramme(OTHER, 'far-away', card));
    await publishAtOnce(colleague, COUNTY, makeProgramme(COUNTY, 'near', card));
    const answer = await countyCall('POST', `/api/drafts/${made.id}/publish`, publish);
    expect(answer.body.error.code).toBe('FEASIBILITY_STALE');
    expect(await onAir('stale')).toBeNull();
    expect(done(await county.publish(made)).state).toBe('published');
  });

  it('keeps the report of before where only a sibling region published', async () => {
    const made = done(await county.create(COUNTY, makeProgramme(COUNTY, 'fresh', card)));
    const before = await at.center.services.schedules.basisFor(made.id);
    const far = drafting(at, await makePerson(at, 'yuan2', ['operator', OTHER]));
    await publishAtOnce(far, OTHER, makeProgramme(OTHER, 'far-again', card));
    expect(await at.center.services.schedules.basisFor(made.id)).toBe(before);
  });
});

describe('lists of drafts', () => {
  it('page, filter by state and text, and end at the reader’s regions', async () => {
    const titles = Array.from({ length: 5 }, (_, index) => `清单 ${index}`);
    for (const title of titles) done(await county.create(COUNTY, [], title));
    const page = async (query: string, who = countyCall) =>
      done<{ rows: Draft[]; total: number }>(await who('GET', `/api/drafts?${query}`));
    const first = await page('text=清单&limit=2');
    const rest = await page('text=清单&limit=10&offset=2');
    expect([first.total, first.rows.length, rest.rows.length]).toEqual([5, 2, 3]);
    expect(new Set([...first.rows, ...rest.rows].map((row) => row.title))).toEqual(new Set(titles));
    expect((await page('text=清单&state=published')).total).toBe(0);
    const outside = await makePerson(at, 'waimian', ['operator', OTHER]);
    expect((await page('text=清单', outside)).total).toBe(0);
    expect((await page(`text=清单&region=${OTHER}`)).total).toBe(0);
  });
});
