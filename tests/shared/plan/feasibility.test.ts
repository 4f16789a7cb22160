import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../../shared/core/time.ts';
import { DAY_S, dayNumberOfLocalDay, midnightOf } from '../../../shared/core/time.ts';
import { preparePlans } from '../../../shared/plan/compile.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { errorSteps, feasibilitySteps } from '../../../shared/plan/feasibility.ts';
import type { FeasibilityInput } from '../../../shared/plan/feasibility.ts';
import { airtimeOf } from '../../../shared/plan/feasibility-airtime.ts';
import type { Finding } from '../../../shared/plan/feasibility.api.ts';
import { feasibilitySchema } from '../../../shared/plan/feasibility.api.ts';
import { touchedBetween } from '../../../shared/plan/feasibility-kinds.ts';
import type { CountedPlace } from '../../../shared/plan/feasibility-kinds.ts';
import { TIERS } from '../../../shared/region/tier.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { QuotaPolicy } from '../../../shared/schedule/schedule.schema.ts';
import { STATUTORY_DAYS, STATUTORY_YEARS } from '../../../shared/schedule/statutory-days.ts';
import { REGION, makePlan } from '../schedule/make-plan.ts';
import type { MadePlan, MadeReserve, MadeSchedule } from '../schedule/make-plan.ts';
import { FIRST_DAY, LAST_DAY, madePlanArb, scheduleArb } from '../schedule/worlds.ts';
import { makeAsset } from './make-plan.ts';

const TODAY = '2026-11-22' as LocalDay;
const DAY = LAST_DAY as LocalDay;
const DAY_NUMBER = dayNumberOfLocalDay(DAY);
const BYTES = 1_000;

/** A world in few words: what {@link makePlan} makes, before it is a plan. */
function makeWorld(made: MadePlan, quotas: readonly QuotaPolicy[] = []): World {
  const plan = makePlan(made);
  const playlists = Object.entries(plan.playlists).map(([id, { name, items }]) => ({
    id,
    name,
    region: '41',
    items,
  }));
  const assets = playlists.flatMap(({ items }) =>
    items.map(({ asset }) => makeAsset({ sha256: asset, sizeBytes: BYTES })),
  );
  return {
    schedules: plan.schedules.map((schedule) => ({
      ...schedule,
      audience: { regions: [], tags: [], groups: [], exclude: { regions: [], tags: [], groups: [] } },
    })),
    playlists: new Map(playlists.map((one) => [one.id, one])) as unknown as World['playlists'],
    assets: new Map(assets.map((one) => [one.sha256, one])),
    quotas,
    reserved: plan.reserved,
    holidays: STATUTORY_DAYS,
  };
}

const EMPTY = makeWorld({ schedules: [] });
const place = (region: string = REGION.village, cacheBytes = 1_000_000): CountedPlace => ({
  region: region as RegionCode,
  tags: [],
  groups: [],
  cacheBytes,
});

function input(before: World, after: World, patch: Partial<FeasibilityInput> = {}): FeasibilityInput {
  return {
    before,
    after,
    region: '41' as RegionCode,
    places: [place()],
    today: TODAY,
    day: DAY,
    regionName: (code) => `区划 ${code}`,
    touched: done(touchedBetween(before, after)),
    missing: new Set(),
    ...patch,
  };
}

function done<Result>(steps: Generator<void, Result, void>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
const report = (...args: Parameters<typeof input>) => done(feasibilitySteps(input(...args)));
const ofKind = <Kind extends Finding['kind']>(findings: readonly Finding[], kind: Kind) =>
  findings.filter((one): one is Finding & { kind: Kind } => one.kind === kind);
const finding = (schedules: readonly MadeSchedule[], kind: Finding['kind'], more: Partial<MadePlan> = {}) =>
  ofKind(report(EMPTY, makeWorld({ schedules, ...more })).findings, kind);

describe('airtime', () => {
  it('fills the day, is what the timeline shows, and its targets share out the rotation time', () => {
    fc.assert(
      fc.property(madePlanArb, fc.constantFrom(FIRST_DAY, LAST_DAY), (made, text) => {
        const plan = makePlan(made);
        const day = dayNumberOfLocalDay(text as LocalDay);
        const [from, to] = [midnightOf(day), midnightOf(day) + DAY_S];
        const told = airtimeOf(plan)(day);
        const { mandatory, rotation, filler, empty } = told.classes;
        expect(mandatory + rotation + filler + empty).toBe(DAY_S);
        for (const { id } of plan.schedules) {
          const own = createResolver(plan)
            .timeline(from, to as Instant)
            .filter((entry) => entry.schedule === id);
          const airtimeS = own.reduce(
            (sum, one) => sum + Math.min(one.end, to) - Math.max(one.start, from),
            0,
          );
          expect(told.schedules.get(id)?.airtimeS ?? 0).toBe(airtimeS);
          expect(told.schedules.get(id)?.plays ?? 0).toBe(own.filter((one) => one.start >= from).length);
        }
        expect(told.tiers.reduce((sum, one) => sum + one.airtimeS, 0)).toBe(rotation);
        expect(told.tiers.reduce((sum, one) => sum + one.targetS, 0)).toBeCloseTo(rotation, 6);
      }),
      { numRuns: 200 },
    );
  });

  it('stays within the fairness bound of its converted target on plain rotation days', () => {
    const plainArb = fc.record({
      length: fc.constantFrom(30, 60, 300, 900),
      window: fc.constantFrom('00:00-24:00', '06:00-18:00'),
      weights: fc.tuple(...TIERS.map(() => fc.integer({ min: 0, max: 9 }))),
      tiers: fc.array(fc.constantFrom(...TIERS), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(plainArb, ({ length, window, weights, tiers }) => {
        const schedules = tiers.map((tier, index) => ({
          id: `s${index}`,
          tier,
          items: [length, length],
          windows: [window],
        }));
        const named = Object.fromEntries(TIERS.map((tier, rank) => [tier, weights[rank] ?? 0]));
        const told = airtimeOf(makePlan({ schedules, weights: named }))(DAY_NUMBER);
        // |A_f/w_f − A_g/w_g| <= L_f/w_f + L_g/w_g, and the targets are in proportion to the weights.
        for (const [f, one] of told.tiers.entries())
          for (const [g, other] of told.tiers.entries()) {
            const [wf = 0, wg = 0] = [weights[f], weights[g]];
            if (wf === 0 || wg === 0 || one.empty || other.empty) continue;
            const apart = (one.airtimeS - one.targetS) / wf - (other.airtimeS - other.targetS) / wg;
            expect(Math.abs(apart)).toBeLessThanOrEqual(length / wf + length / wg + 1e-6);
          }
        const shares = told.tiers.filter((one, rank) => !one.empty && (weights[rank] ?? 0) > 0);
        const all = TIERS.reduce(
          (sum, _, rank) => sum + (told.tiers[rank]?.empty === false ? (weights[rank] ?? 0) : 0),
          0,
        );
        for (const one of shares)
          expect(one.targetS).toBeCloseTo(
            ((weights[told.tiers.indexOf(one)] ?? 0) * told.classes.rotation) / all,
            6,
          );
      }),
      { numRuns: 100 },
    );
  });
});

describe('a report', () => {
  it('of a draft that changes nothing says so', () => {
    fc.assert(
      fc.property(madePlanArb, (made) => {
        const told = report(makeWorld(made), makeWorld(made));
        expect(told).toMatchObject({ kinds: [], kindCount: 0, resolvedKinds: 0, findings: [] });
        expect(told.reached).toMatchObject({ changed: 0, inRegion: 1 });
      }),
      { numRuns: 60 },
    );
  });

  it('says before and after as resolving them separately does, and finds the errors that the gate finds', () => {
    fc.assert(
      fc.property(madePlanArb, scheduleArb('drafted'), (made, drafted) => {
        const worlds = [made, { ...made, schedules: [...made.schedules, drafted] }].map((one) =>
          makeWorld(one),
        );
        const [before, after] = worlds as [World, World];
        const told = report(before, after);
        const day = { from: midnightOf(DAY_NUMBER), to: (midnightOf(DAY_NUMBER) + DAY_S) as Instant };
        const seconds = worlds.map((world) => {
          const entries = createResolver(preparePlans(world, TODAY).plan(place())).timeline(day.from, day.to);
          return (id: string) =>
            entries
              .filter((one) => one.schedule === id)
              .reduce((sum, one) => sum + Math.min(one.end, day.to) - Math.max(one.start, day.from), 0);
        });
        const [kind] = told.kinds;
        expect(kind?.screens).toBe(1);
        for (const row of kind?.schedules ?? []) {
          expect(row.beforeS).toBe(seconds[0]?.(row.schedule));
          expect(row.afterS).toBe(seconds[1]?.(row.schedule));
          expect(row.drafted).toBe(row.schedule === 'drafted');
        }
        const errors = told.findings.filter(({ severity }) => severity === 'error');
        expect(done(errorSteps(input(before, after)))).toEqual(expect.arrayContaining(errors));
        expect(done(errorSteps(input(before, after)))).toHaveLength(errors.length);
        expect(feasibilitySchema.safeParse({ ...told, basis: '0'.repeat(64) }).error).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('counts screens by region one tier below, and only those whose plan changes', () => {
    const after = makeWorld({ schedules: [{ id: 'city', tier: 'city' }] });
    const places = [place('4101'), place('410122'), place('410122100201'), place('4102'), place('41')];
    expect(report(EMPTY, after, { places }).reached).toEqual({
      changed: 3,
      inRegion: 5,
      byRegion: [
        { region: '41', name: '区划 41', changed: 0, screens: 1 },
        { region: '4101', name: '区划 4101', changed: 3, screens: 3 },
        { region: '4102', name: '区划 4102', changed: 0, screens: 1 },
      ],
    });
  });
});

describe('findings', () => {
  it('name the mandatory that loses time, to which, and how much', () => {
    const county = {
      id: 'county-news',
      class: 'mandatory',
      tier: 'county',
      items: [60],
      windows: ['12:00-13:00'],
    } as const;
    const before = makeWorld({ schedules: [county] });
    const after = makeWorld({
      schedules: [
        county,
        { id: 'province-news', class: 'mandatory', tier: 'province', items: [600], windows: ['12:00-12:20'] },
      ],
    });
    const [lost] = ofKind(report(before, after).findings, 'displaced');
    expect(lost).toMatchObject({
      schedule: 'county-news',
      by: 'province-news',
      lostS: 1_200,
      screens: 1,
      severity: 'warning',
    });
    expect(lost?.zh).toBe(
      '县级必播《county-news》（区划 410122）这一天有 20 分钟让给省级必播《province-news》（区划 41）',
    );
    expect(ofKind(report(after, after).findings, 'displaced')).toEqual([]);
  });

  it('refuse an item longer than every window, also where midnight cuts a rotation window', () => {
    const found = finding(
      [{ id: 'late', items: [60, 4_000], windows: ['23:00-01:00', '08:00-09:00'] }],
      'item-never-fits',
    );
    expect(found).toMatchObject([{ severity: 'error', schedule: 'late', item: 1, screens: 1 }]);
    expect(
      finding(
        [{ id: 'late', class: 'mandatory', items: [4_000], windows: ['23:00-01:00'] }],
        'item-never-fits',
      ),
    ).toEqual([]);
  });

  it('refuse a chain over midnight of more than seven days, also when several schedules make it together', () => {
    const night = (id: string, weekdays: number[]): MadeSchedule => ({
      id,
      class: 'mandatory',
      windows: ['23:00-01:00'],
      days: { weekdays },
    });
    const [odd, even] = [night('odd', [1, 3, 5, 7]), night('even', [2, 4, 6])];
    expect(finding([odd], 'chain')).toEqual([]);
    expect(finding([odd, even], 'chain')).toMatchObject([
      { severity: 'error', subject: 'even odd', screens: 1 },
    ]);
    expect(finding([odd, night('almost', [2, 4])], 'chain')).toEqual([]);
    // Six crossed midnights are seven days, seven are eight.
    const row = (length: number) =>
      Array.from({ length }, (_, index) => `2027-06-${String(10 + index)}`) as unknown as LocalDay[];
    const dated = (length: number): MadeSchedule => ({ ...night('dated', []), days: { dates: row(length) } });
    expect(finding([dated(6)], 'chain')).toEqual([]);
    expect(finding([dated(7)], 'chain')).toHaveLength(1);
    // One that begins years from now is looked at in its own time.
    expect(finding([{ ...night('far', [1, 2, 3, 4, 5, 6, 7]), from: '2031-01-01' }], 'chain')).toHaveLength(
      1,
    );
    // What was there before keeps no other draft off the air.
    const before = makeWorld({ schedules: [odd, even] });
    const after = makeWorld({ schedules: [odd, even, { id: 'other' }] });
    expect(ofKind(report(before, after).findings, 'chain')).toEqual([]);
  });

  it('name windows inside reserved time, on the chosen day or the next on which they meet', () => {
    const reserved: MadeReserve[] = [{ tier: 'province', windows: ['19:00-19:30'], days: { weekdays: [3] } }];
    const found = finding([{ id: 'evening', tier: 'county', windows: ['18:00-20:00'] }], 'reserved', {
      reserved,
    });
    expect(found).toMatchObject([
      { schedule: 'evening', by: 'reserve-0', lostS: 1_800, severity: 'warning' },
    ]);
    expect(found[0]?.zh).toContain('2026-11-25');
    expect(
      finding([{ id: 'own', tier: 'province', windows: ['18:00-20:00'] }], 'reserved', { reserved }),
    ).toEqual([]);
  });

  it('refuse assets that are not in the center, though no plan can be made of what names them', () => {
    const after = makeWorld({ schedules: [{ id: 'new', items: [60, 60] }, { id: 'other' }] });
    const [first] = [...after.assets.keys()] as Sha256[];
    const missing = new Set([first as Sha256]);
    expect(ofKind(report(EMPTY, after, { missing }).findings, 'asset-missing')).toMatchObject([
      { severity: 'error', asset: first, screens: 1 },
    ]);
    const undescribed = { ...after, assets: new Map([...after.assets].slice(1)) };
    expect(ofKind(report(EMPTY, undescribed).findings, 'asset-missing')).toMatchObject([
      { severity: 'error', asset: first, screens: 1 },
    ]);
    expect(ofKind(report(after, after, { missing }).findings, 'asset-missing')).toEqual([]);
  });

  it('count the screens whose cache is too small for what the next 14 days need', () => {
    const soon = { id: 'soon', items: [60, 60, 60] };
    const later = { id: 'later', items: [60, 60], from: '2027-01-01' };
    const places = [place(REGION.village, 2 * BYTES), place(REGION.village, 3 * BYTES), place('4102', 10)];
    const told = report(EMPTY, makeWorld({ schedules: [soon, later] }), { places });
    expect(ofKind(told.findings, 'storage')).toMatchObject([
      { needBytes: 3 * BYTES, screens: 1, severity: 'warning' },
    ]);
  });

  it('warn of statutory days beyond the notices', () => {
    const beyond = `${STATUTORY_YEARS.last + 1}-05-01`;
    expect(
      finding(
        [{ id: 'holiday', days: 'holidays', from: '2026-11-01', to: '2026-12-31' }],
        'holidays-unknown',
      ),
    ).toEqual([]);
    expect(
      finding([{ id: 'holiday', days: 'holidays', from: beyond, to: beyond }], 'holidays-unknown'),
    ).toMatchObject([{ severity: 'warning', subject: 'holiday' }]);
  });

  it('name schedules and tiers that get no airtime, and items that fit and are never on', () => {
    const mandatory = {
      id: 'all-day',
      class: 'mandatory',
      tier: 'province',
      items: [3_600],
      windows: ['00:00-24:00'],
    } as const;
    expect(finding([mandatory, { id: 'never', tier: 'county' }], 'no-airtime')).toMatchObject([
      { subject: 'county', severity: 'warning' },
      { subject: 'never', severity: 'warning' },
    ]);
    // 14 showings of an hour in 14 days: the second item of a long playlist starts with the window anew.
    const hour = {
      id: 'hour',
      tier: 'county',
      class: 'mandatory',
      items: [3_600, 3_600],
      windows: ['08:00-09:00'],
    } as const;
    expect(finding([hour], 'item-never-on')).toMatchObject([
      { schedule: 'hour', item: 1, severity: 'warning' },
    ]);
    expect(
      finding([{ id: 'rota', items: [3_600, 3_600], windows: ['08:00-09:00'] }], 'item-never-on'),
    ).toEqual([]);
  });
});

it('gives way often: no step resolves more than one plan of the province', () => {
  const many = Array.from(
    { length: 40 },
    (_, index): MadeSchedule => ({
      id: `s${index}`,
      tier: TIERS[index % 5] ?? 'county',
      items: [60, 90],
    }),
  );
  let steps = 0;
  const run = feasibilitySteps(input(EMPTY, makeWorld({ schedules: many })));
  while (run.next().done !== true) steps += 1;
  expect(steps).toBeGreaterThan(14);
});
