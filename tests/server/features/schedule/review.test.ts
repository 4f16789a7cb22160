import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import type { Draft } from '../../../../shared/schedule/draft.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
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
const CITY = '4112';
let at: TestCenter;
let card: Asset;
let admin: Drafting;
let author: Drafting;
let authorCall: Caller;
let second: Drafting;
let third: Drafting;
let cityReviewer: Drafting;
let provinceReviewer: Drafting;
let stranger: Drafting;
let countyReviewer: Caller;
beforeAll(async () => {
  at = await startCenter();
  card = await makeKnownCard(at, '防溺水');
  admin = drafting(at, at.as(await at.login()));
  // An author who may also review: the rules, not the roles, keep it from its own work.
  authorCall = await makePerson(at, 'zuozhe', ['operator', COUNTY], ['reviewer', COUNTY]);
  author = drafting(at, authorCall);
  countyReviewer = await makePerson(at, 'shen-er', ['reviewer', COUNTY]);
  second = drafting(at, countyReviewer);
  third = drafting(at, await makePerson(at, 'shen-san', ['reviewer', COUNTY]));
  cityReviewer = drafting(at, await makePerson(at, 'shi-shen', ['reviewer', CITY]));
  provinceReviewer = drafting(at, await makePerson(at, 'sheng-shen', ['reviewer', '41']));
  stranger = drafting(at, await makePerson(at, 'lin-shen', ['reviewer', '411221']));
});
afterAll(() => at.stop());

/** Demands reviews of counties, in the name of the province. */
async function demand(stages: number, final: 'issuer' | 'demander' = 'issuer'): Promise<void> {
  const { own } = (await at.as(await at.login())('GET', '/api/policies?region=41')).body;
  const base = own.review?.version ?? null;
  const edit = put('review', { region: '41', stages: { county: stages }, final }, base);
  await publishAtOnce(admin, '41', [edit]);
}
afterEach(async () => {
  const { own } = (await at.as(await at.login())('GET', '/api/policies?region=41')).body;
  if (own.review !== null) await publishAtOnce(admin, '41', [remove('review', '41', own.review.version)]);
});

let made = 0;
async function submitted(asset: Asset = card): Promise<Draft> {
  made += 1;
  const draft = done(await author.create(COUNTY, makeProgramme(COUNTY, `reviewed-${made}`, asset)));
  return done(await author.submit(draft));
}
const codeOf = async (answer: Promise<{ body: { error?: { code: string } } }>) =>
  (await answer).body.error?.code ?? 'none';

describe('the three reviews (三审)', () => {
  it('are passed by three people, none of them an author, the last at or above the issuer', async () => {
    await demand(3);
    const draft = await submitted();
    expect(draft).toMatchObject({ state: 'submitted', stages: 3, passed: 0, final: COUNTY });
    expect(await codeOf(author.publish(draft))).toBe('REVIEW_DEMANDED');
    expect(await codeOf(author.approve(draft))).toBe('REVIEW_OTHER_PERSON');
    expect(await codeOf(stranger.approve(draft))).toBe('FORBIDDEN');
    const one = done(await second.approve(draft));
    expect(one).toMatchObject({ state: 'submitted', passed: 1, may: { review: false } });
    expect(await codeOf(second.approve(one))).toBe('REVIEW_OTHER_PERSON');
    expect(done(await third.approve(one)).passed).toBe(2);
    const approved = done(await cityReviewer.approve(one, [card.sha256]));
    expect(approved).toMatchObject({ state: 'approved', passed: 3 });
    expect(approved.reviews.map(({ stage, byName }) => `${stage} ${byName}`)).toEqual([
      '1 shen-er',
      '2 shen-san',
      '3 shi-shen',
    ]);
    expect(await codeOf(provinceReviewer.approve(approved))).toBe('DRAFT_STATE');
    const published = done(await author.publish(approved));
    expect(published).toMatchObject({ state: 'published', stages: 3, passed: 3 });
  });

  it('end with a reviewer of the region that keeps the last stage to itself', async () => {
    await demand(1, 'demander');
    const draft = await submitted();
    expect(draft.final).toBe('41');
    expect((await second.approve(draft, [card.sha256])).body.error).toMatchObject({
      code: 'REVIEW_HIGHER_REGION',
      params: { region: '41' },
    });
    expect(done(await provinceReviewer.approve(draft, [card.sha256])).state).toBe('approved');
  });

  it('cover what was read: other content, or a colleague’s change, is told', async () => {
    await demand(1);
    const draft = await submitted();
    const other = await second.approve(draft, [], { hash: 'f'.repeat(64) });
    expect(other.body.error.code).toBe('REVIEW_CONTENT_CHANGED');
    const back = done(await author.recall(draft));
    const changed = done(
      await author.submit(
        done(await author.save(back, { edits: makeProgramme(COUNTY, 'reviewed-other', card) })),
      ),
    );
    expect(changed.hash).not.toBe(draft.hash);
    expect((await second.approve(draft)).body.error.code).toBe('DRAFT_CHANGED');
    expect((await second.approve(changed, [], { hash: draft.hash })).body.error.code).toBe(
      'REVIEW_CONTENT_CHANGED',
    );
  });

  it('return with a comment, whereupon the stages begin anew', async () => {
    await demand(2);
    const draft = await submitted();
    expect((await second.sendBack(draft, '')).status).toBe(400);
    done(await second.approve(draft));
    const returned = done(await third.sendBack(draft, '片头太长'));
    expect(returned).toMatchObject({ state: 'returned', passed: 0, may: { review: false } });
    expect(returned.reviews.at(-1)).toMatchObject({ verdict: 'return', comment: '片头太长', stage: 2 });
    expect(await codeOf(author.publish(returned))).toBe('DRAFT_STATE');
    const again = done(await author.submit(returned));
    expect(again).toMatchObject({ state: 'submitted', passed: 0 });
    const one = done(await second.approve(again));
    expect(done(await third.approve(one, [card.sha256]))).toMatchObject({ state: 'approved', passed: 2 });
  });

  it('by two reviewers at the same moment pass two stages or one, never one twice', async () => {
    await demand(2);
    for (let round = 0; round < 8; round += 1) {
      const draft = await submitted();
      const answers = await Promise.all(
        [second, third, second].map((one) => one.approve(draft, [card.sha256])),
      );
      const codes = answers.map(({ body }) => body.error?.code ?? 'ok').sort();
      expect(codes.filter((code) => code === 'ok')).toHaveLength(2);
      const now = await author.read(draft.id);
      expect(now).toMatchObject({ state: 'approved', passed: 2 });
      expect(now.reviews.map((review) => review.stage)).toEqual([1, 2]);
      expect(new Set(now.reviews.map((review) => review.by)).size).toBe(2);
    }
  });

  it('are asked again at publishing when more is demanded since', async () => {
    await demand(1);
    const approved = done(await second.approve(await submitted(), [card.sha256]));
    await demand(2);
    expect(await codeOf(author.publish(approved))).toBe('REVIEW_DEMANDED');
    const now = await author.read(approved.id);
    expect(now).toMatchObject({ state: 'approved', stages: 2, passed: 1, may: { publish: false } });
    const more = done(await third.approve(now, [card.sha256]));
    expect(done(await author.publish(more)).state).toBe('published');
  });

  it('that a lower region passed do not do once a higher one keeps the last to itself', async () => {
    await demand(1);
    const approved = done(await second.approve(await submitted(), [card.sha256]));
    await demand(1, 'demander');
    expect(await codeOf(author.publish(approved))).toBe('REVIEW_DEMANDED');
    expect(await codeOf(third.approve(approved, [card.sha256]))).toBe('REVIEW_HIGHER_REGION');
    done(await provinceReviewer.approve(approved, [card.sha256]));
    expect(done(await author.publish(approved)).state).toBe('published');
  });

  it('are not escaped by drafting for a county in the name of its city', async () => {
    await demand(1, 'demander');
    const cityAuthor = drafting(at, await makePerson(at, 'shi-caoni', ['operator', CITY]));
    const made = done(await cityAuthor.create(CITY, makeProgramme(COUNTY, 'in-the-citys-name', card)));
    expect(made).toMatchObject({ stages: 1, final: '41' });
    expect(await codeOf(cityAuthor.publish(made))).toBe('REVIEW_DEMANDED');
    expect(done(await cityAuthor.submit(made)).state).toBe('submitted');
  });

  it('wait for those who may pass them, and for nobody else', async () => {
    await demand(1);
    const draft = await submitted();
    const waiting = async (call: Caller) =>
      ((await call('GET', '/api/drafts?waiting=true')).body.rows as Draft[]).some(
        ({ id }) => id === draft.id,
      );
    expect(await waiting(countyReviewer)).toBe(true);
    expect(await waiting(authorCall)).toBe(false);
    done(await second.approve(draft, [card.sha256]));
    expect(await waiting(countyReviewer)).toBe(false);
    expect(await waiting(authorCall)).toBe(true);
  });

  it('are each in the audit log with the hash that was reviewed', async () => {
    await demand(1);
    const draft = await submitted();
    done(await second.sendBack(draft, '再看看'));
    done(await second.approve(done(await author.submit(draft)), [card.sha256]));
    const { rows } = await at.center.services.audit.page({ limit: 10, offset: 0, subject: draft.id });
    expect(rows.map((row) => row.action)).toEqual([
      'draft.approve',
      'draft.submit',
      'draft.return',
      'draft.submit',
    ]);
    for (const row of rows) expect(row.detail).toMatchObject({ hash: draft.hash });
  });
});

describe('an asset', () => {
  it('never reviewed passes only when a reviewer says to have looked at it; afterwards it is known', async () => {
    await demand(2);
    const fresh = await makeKnownCard(at, '新素材');
    const draft = await submitted(fresh);
    done(await second.approve(draft));
    expect((await third.approve(draft)).body.error).toMatchObject({
      code: 'ASSET_UNREVIEWED',
      params: { count: 1, titles: '新素材' },
    });
    expect((await author.read(draft.id)).assets).toMatchObject([{ reviewed: false }]);
    done(await third.approve(draft, [fresh.sha256]));
    const next = await submitted(fresh);
    expect(next.assets).toMatchObject([{ asset: { sha256: fresh.sha256 }, reviewed: true }]);
    done(await second.approve(next));
    expect(done(await third.approve(next)).state).toBe('approved');
  });

  it('counts as looked at when an earlier stage did', async () => {
    await demand(2);
    const early = await makeKnownCard(at, '一审看过');
    const draft = await submitted(early);
    done(await second.approve(draft, [early.sha256]));
    expect(done(await third.approve(draft)).state).toBe('approved');
  });

  it('reviewed in one county is new to another', async () => {
    await demand(1);
    const local = await makeKnownCard(at, '县里审过');
    done(await second.approve(await submitted(local), [local.sha256]));
    const next = drafting(at, await makePerson(at, 'lin-zuo', ['operator', '411221']));
    const draft = done(await next.create('411221', makeProgramme('411221', 'neighbour', local)));
    done(await next.submit(draft));
    expect(await codeOf(stranger.approve(draft))).toBe('ASSET_UNREVIEWED');
  });

  it('of a playlist on air is asked for too, when a schedule brings it to more screens', async () => {
    const quiet = await makeKnownCard(at, '未审先挂');
    const [playlist] = makeProgramme(COUNTY, 'quiet', quiet);
    await publishAtOnce(author, COUNTY, [playlist as never]);
    await demand(1);
    const [, schedule] = makeProgramme(COUNTY, 'quiet', quiet);
    const draft = done(await author.submit(done(await author.create(COUNTY, [schedule as never]))));
    expect(await codeOf(second.approve(draft))).toBe('ASSET_UNREVIEWED');
  });
});
