import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import { done, drafting, makeKnownCard, makePerson, makeProgramme } from '../../../helpers/schedulers.ts';
import type { Drafting } from '../../../helpers/schedulers.ts';

const COUNTY = '411224';
const clock = makeClock();
let at: TestCenter;
let card: Asset;
let people: readonly { readonly name: string; readonly who: Drafting }[];
beforeAll(async () => {
  at = await startCenter({ clock });
  card = await makeKnownCard(at, '防溺水');
  const logins = ['jia', 'yi'];
  const calls = await Promise.all(logins.map((login) => makePerson(at, login, ['operator', COUNTY])));
  people = calls.map((call, index) => ({ name: logins[index] ?? '', who: drafting(at, call) }));
});
afterAll(() => at.stop());

describe('two people at one draft', () => {
  it('saving at the same moment: one is kept, the other is told whose, when and which', async () => {
    const [first] = people;
    const created = done(await first!.who.create(COUNTY, makeProgramme(COUNTY, 'both', card)));
    let now = created;
    for (let round = 0; round < 25; round += 1) {
      clock.advance(1_000);
      const titles = people.map(({ name }) => `${name} 第 ${round} 次`);
      const answers = await Promise.all(
        people.map(({ who }, index) => who.save(now, { title: titles[index] ?? '' })),
      );
      const kept = answers.findIndex(({ status }) => status === 200);
      const lost = answers.find(({ status }) => status !== 200);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(lost?.body.error).toMatchObject({
        code: 'DRAFT_CHANGED',
        params: { name: people[kept]?.name, revision: now.revision + 1 },
      });
      expect(lost?.body.error.params.time).toMatch(/^2026-11-20 08:00:\d\d$/);
      now = await first!.who.read(created.id);
      expect(now).toMatchObject({ title: titles[kept], revision: round + 2 });
    }
  });

  it('one submitting while the other saves: what is reviewed is what was read', async () => {
    const [first, second] = people;
    for (let round = 0; round < 15; round += 1) {
      const draft = done(await first!.who.create(COUNTY, makeProgramme(COUNTY, `race-${round}`, card)));
      const edits = makeProgramme(COUNTY, `other-${round}`, card);
      const [submitted, saved] = await Promise.all([
        first!.who.submit(draft),
        second!.who.save(draft, { edits }),
      ]);
      const now = await first!.who.read(draft.id);
      expect([submitted.status, saved.status].filter((status) => status === 200)).toHaveLength(1);
      if (submitted.status === 200) expect(now).toMatchObject({ state: 'approved', hash: draft.hash });
      else expect(now).toMatchObject({ state: 'draft', revision: 2 });
    }
  });

  it('publishing two drafts of one thing at once: one is on air, the other is told', async () => {
    const { schedules } = at.center.services;
    for (let round = 0; round < 8; round += 1) {
      const drafts = await Promise.all(
        people.map(async ({ who, name }) =>
          done(await who.create(COUNTY, makeProgramme(COUNTY, `one-${round}`, card, { name }))),
        ),
      );
      const answers = await Promise.all(people.map(({ who }, index) => who.publish(drafts[index]!)));
      const codes = answers.map(({ body }) => body.error?.code ?? 'ok').sort();
      expect(codes[1]).toBe('ok');
      expect(['DRAFT_OUTDATED', 'FEASIBILITY_STALE']).toContain(codes[0]);
      const winner = people[answers.findIndex(({ status }) => status === 200)]?.name;
      const aired = (await schedules.world()).schedules.filter((one) => one.id === `one-${round}`);
      expect(aired).toMatchObject([{ name: winner }]);
    }
  });
});
