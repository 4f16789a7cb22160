import { describe, expect, it } from 'vitest';
import { PlanLibrary } from '../../../player/engine/plan/plan-library.ts';
import type { LoadedPlan } from '../../../player/engine/plan/plan-library.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { hashOf, makeDirector, planNamed } from './director-fixture.ts';

const library = new PlanLibrary();
const exceptionsOf = (records: readonly JournalRecord[]) =>
  records.filter((record) => record.kind === 'exception');
const runsOf = (records: readonly JournalRecord[]) => records.filter((record) => record.kind === 'run');

/** The plan under a list of one denial, in force from an instant (ms) on. */
function under(denyList: number, denial: Partial<Denial>, fromMs: number) {
  const denials: Denial[] = [
    { kind: 'stop-all', subject: '', to: null, ...denial, from: Math.floor(fromMs / 1000) as Instant },
  ];
  return (loaded: LoadedPlan) => library.under(loaded, { denyList, denials });
}

describe('a director under another deny list', () => {
  it('goes on untouched where the timeline says the same: the run alone is parted, exactly', async () => {
    const { director, run, clock, cue, finish } = await makeDirector();
    const plan = planNamed(['a', 'b'], 10);
    director.activate(plan);
    run(4_300);
    const before = cue();
    director.obey(under(5, { kind: 'asset', subject: hashOf('nowhere') }, clock.nowMs()));
    expect(cue()).toEqual(before);
    run(15_700);
    const records = finish();
    expect(exceptionsOf(records)).toEqual([]);
    expect(runsOf(records)).toMatchObject([
      { from: 0, to: 4_300, items: 1 },
      { from: 4_300, to: 20_000, items: 2, denyList: 5 },
    ]);
    const frames = runsOf(records).reduce((sum, record) => sum + record.frames, 0);
    expect(frames).toBeGreaterThanOrEqual(2 * 225);
    expect(frames).toBeLessThanOrEqual(2 * 250);
  });

  it('cuts what is denied in the middle of an item, on the record, and the next one is not late', async () => {
    const { director, run, clock, cue, finish } = await makeDirector();
    director.activate(planNamed(['a', 'b'], 10));
    run(4_000);
    const cut = cue().title;
    director.obey(under(7, { kind: 'asset', subject: hashOf(cut) }, clock.nowMs()));
    const other = cut === 'a' ? 'b' : 'a';
    expect(cue().title).toBe(other);
    run(26_000);
    expect(cue().title).toBe(other);
    const records = finish();
    expect(exceptionsOf(records)).toMatchObject([
      { cause: 'cut', asset: hashOf(cut), from: 4_000, to: 4_000, detail: 'deny list 7' },
    ]);
    expect(runsOf(records)).toMatchObject([{ to: 4_000 }, { from: 4_000, denyList: 7 }]);
  });

  it('heard late goes by the instant that the denial names, and shows what every other screen shows', async () => {
    const [late, early] = [await makeDirector(), await makeDirector()];
    const plan = planNamed(['a', 'b', 'urgent'], 10);
    for (const one of [late, early]) one.director.activate(plan);
    const fromMs = early.clock.nowMs() + 3_000;
    const ruled = under(2, { kind: 'asset', subject: hashOf('a') }, fromMs);
    early.run(3_000);
    early.director.obey(ruled);
    early.run(14_000);
    late.run(17_000);
    late.director.obey(ruled);
    expect(late.cue().key).toBe(early.cue().key);
    expect(late.cue().originMs).toBe(early.cue().originMs);
  });

  it('under a stop-all shows its own filler, and lifted exactly what the timeline says', async () => {
    const { director, run, clock, cue } = await makeDirector();
    const plan = planNamed(['a', 'b'], 10);
    director.activate(plan);
    run(5_000);
    const fromMs = clock.nowMs();
    director.obey(under(1, {}, fromMs));
    expect(cue().kind).toBe('filler');
    run(12_000);
    const lift = under(2, { to: Math.floor(clock.nowMs() / 1000) as Instant }, fromMs);
    director.obey(lift);
    const said = lift(plan).resolver.at(Math.floor(clock.nowMs() / 1000) as Instant);
    expect(cue()).toMatchObject({ originMs: said.start * 1000, endMs: said.end * 1000 });
    expect(hashOf(cue().title)).toBe(said.asset);
  });

  it('that has a plan to come lets it come under the list too', async () => {
    const { director, run, clock, cue } = await makeDirector();
    director.activate(planNamed(['a'], 10));
    run(2_000);
    const next = planNamed(['b', 'a'], 10);
    director.activate(next);
    expect(cue().title).toBe('a');
    director.obey(under(3, { kind: 'asset', subject: hashOf('a') }, clock.nowMs()));
    // Nothing of the plan on air may be shown: what waited need not wait any more.
    expect(director.plan?.digest).toBe(next.digest);
    expect(cue().title).toBe('b');
    run(30_000);
    expect(cue().title).toBe('b');
  });
});
