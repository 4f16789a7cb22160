import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDaySchema } from '../../../shared/core/time.ts';
import {
  playlistSchema,
  reservedWindowSchema,
  scheduleSchema,
} from '../../../shared/schedule/schedule.schema.ts';
import type { Schedule } from '../../../shared/schedule/schedule.schema.ts';
import type { Place } from '../../../shared/plan/audience.ts';
import { preparePlans } from '../../../shared/plan/compile.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { encodePlan } from '../../../shared/plan/plan-bytes.ts';
import { planSchema } from '../../../shared/plan/plan.schema.ts';
import { regionCodeSchema } from '../../../shared/core/ids.ts';
import { CLIP, makeAsset } from './make-plan.ts';

const TODAY = localDaySchema.parse('2026-11-20');
const playlist = playlistSchema.parse({
  id: 'daily',
  name: '日常',
  region: '41',
  items: [{ asset: CLIP, durationS: 30 }],
});

function makeSchedule(patch: Record<string, unknown> = {}): Schedule {
  return scheduleSchema.parse({
    id: 'province-daily',
    name: '全省轮播',
    class: 'rotation',
    region: '41',
    playlist: 'daily',
    windows: [{ start: '08:00', end: '20:00' }],
    validity: { from: '2026-11-01', to: null },
    ...patch,
  });
}

function makeWorld(patch: Partial<World> = {}): World {
  return {
    schedules: [makeSchedule()],
    playlists: new Map([[playlist.id, playlist]]),
    assets: new Map([[CLIP, makeAsset()]]),
    quotas: [],
    reserved: [],
    holidays: { off: [], work: [] },
    ...patch,
  };
}

const place = (region: string, tags: string[] = [], groups: string[] = []): Place => ({
  region: regionCodeSchema.parse(region),
  tags,
  groups,
});
const idsFor = (world: World, at: Place, day = TODAY) =>
  preparePlans(world, day)
    .plan(at)
    .schedules.map((schedule) => schedule.id);

describe('a plan', () => {
  it('holds the schedules that reach a place, their playlists and assets, and is valid', () => {
    const plan = preparePlans(makeWorld(), TODAY).plan(place('410122'));
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(plan.schedules.map((schedule) => schedule.id)).toEqual(['province-daily']);
    expect(Object.keys(plan.playlists)).toEqual(['daily']);
    expect(Object.keys(plan.assets)).toEqual([CLIP]);
  });

  it('is the same bytes in whatever order its world comes', () => {
    const schedules = ['a', 'b', 'c', 'd'].map((id) =>
      makeSchedule({
        id,
        windows: [
          { start: '10:00', end: '11:00' },
          { start: '08:00', end: '09:00' },
        ],
      }),
    );
    const digest = encodePlan(preparePlans(makeWorld({ schedules }), TODAY).plan(place('410122'))).digest;
    fc.assert(
      fc.property(fc.shuffledSubarray(schedules, { minLength: 4 }), (shuffled) => {
        const turned = shuffled.map((one) => ({ ...one, windows: [...one.windows].reverse() }));
        const plan = preparePlans(makeWorld({ schedules: turned }), TODAY).plan(place('410122'));
        expect(encodePlan(plan).digest).toBe(digest);
      }),
    );
  });

  it('is alike exactly for places whose bytes are equal', () => {
    const schedules = [
      makeSchedule(),
      makeSchedule({ id: 'school', audience: { tags: ['学校'] } }),
      makeSchedule({ id: 'zhengzhou', region: '4101', audience: { exclude: { regions: ['410122'] } } }),
    ];
    const quotas = [
      {
        region: regionCodeSchema.parse('4102'),
        percents: { province: 50, city: 50, county: 0, township: 0, village: 0 },
        minimums: {},
      },
    ];
    const planner = preparePlans(makeWorld({ schedules, quotas }), TODAY);
    const places = fc.record({
      region: fc.constantFrom('41', '4101', '410122', '410122101', '410103', '4102', '410202', '419001'),
      tags: fc.subarray(['学校', '广场']),
    });
    fc.assert(
      fc.property(places, places, (a, b) => {
        const [one, other] = [place(a.region, a.tags), place(b.region, b.tags)];
        const sameBytes = encodePlan(planner.plan(one)).digest === encodePlan(planner.plan(other)).digest;
        expect(planner.alike(one) === planner.alike(other)).toBe(sameBytes);
      }),
      { numRuns: 200 },
    );
  });

  it('drops what has ended, a day later for windows over midnight, eight for chains of mandatories', () => {
    const ended = { validity: { from: '2026-11-01', to: '2026-11-10' } };
    const world = makeWorld({
      schedules: [
        makeSchedule({ id: 'rotation', ...ended }),
        makeSchedule({ id: 'mandatory', class: 'mandatory', ...ended }),
        makeSchedule({ id: 'dated', days: { dates: ['2026-11-03', '2026-12-01'] }, ...ended }),
      ],
    });
    const on = (day: string) => idsFor(world, place('410122'), localDaySchema.parse(day));
    expect(on('2026-11-04')).toEqual(['dated', 'mandatory', 'rotation']);
    expect(on('2026-11-11')).toEqual(['mandatory', 'rotation']);
    expect(on('2026-11-18')).toEqual(['mandatory']);
    expect(on('2026-11-19')).toEqual([]);
  });

  it('holds what is still to come, so that a screen without a link will show it', () => {
    const world = makeWorld({
      schedules: [makeSchedule({ validity: { from: '2027-02-01', to: '2027-02-10' } })],
    });
    expect(idsFor(world, place('410122'))).toEqual(['province-daily']);
  });

  it('carries the statutory days that its schedules ask for, from their first day on, and no others', () => {
    const day = (text: string) => localDaySchema.parse(text);
    const holidays = {
      off: [day('2026-10-01'), day('2027-01-01')],
      work: [day('2027-01-09'), day('2026-10-10')],
    };
    const none = preparePlans(makeWorld({ holidays }), TODAY).plan(place('410122'));
    expect(none.holidays).toEqual({ off: [], work: [] });
    const world = makeWorld({ holidays, schedules: [makeSchedule({ days: 'workdays' })] });
    const asked = preparePlans(world, TODAY).plan(place('410122'));
    expect(asked.holidays).toEqual({ off: ['2027-01-01'], work: ['2027-01-09'] });
  });

  it('holds a reserved window only where a lower tier is kept out by it', () => {
    const reserved = [
      reservedWindowSchema.parse({
        id: 'city-hour',
        region: '4101',
        windows: [{ start: '19:00', end: '20:00' }],
        validity: { from: '2026-11-01', to: null },
      }),
    ];
    const schedules = [makeSchedule(), makeSchedule({ id: 'county', region: '410122' })];
    const planner = preparePlans(makeWorld({ reserved, schedules }), TODAY);
    expect(planner.plan(place('410122')).reserved.map((window) => window.id)).toEqual(['city-hour']);
    expect(planner.plan(place('410103')).reserved).toEqual([]);
    expect(planner.plan(place('410202')).reserved).toEqual([]);
  });
});

describe('an audience', () => {
  const reach = (audience: object, at: Place, region = '41') =>
    idsFor(makeWorld({ schedules: [makeSchedule({ region, audience })] }), at).length === 1;

  it("that is empty is the issuer's subtree", () => {
    expect(reach({}, place('410122101201'))).toBe(true);
    expect(reach({}, place('410122'), '4101')).toBe(true);
    expect(reach({}, place('4101'), '410122')).toBe(false);
    expect(reach({}, place('410202'), '4101')).toBe(false);
  });

  it('wants one entry of every kind named', () => {
    const audience = { regions: ['4101', '410202'], tags: ['学校', '广场'], groups: ['示范点'] };
    expect(reach(audience, place('410122', ['广场'], ['示范点']))).toBe(true);
    expect(reach(audience, place('410202', ['学校'], ['示范点', '其他']))).toBe(true);
    expect(reach(audience, place('410122', ['广场'], []))).toBe(false);
    expect(reach(audience, place('410122', [], ['示范点']))).toBe(false);
    expect(reach(audience, place('410203', ['广场'], ['示范点']))).toBe(false);
  });

  it('is left by one exclusion of any kind', () => {
    const audience = { exclude: { regions: ['410122'], tags: ['停用'], groups: ['维修'] } };
    expect(reach(audience, place('410103'))).toBe(true);
    expect(reach(audience, place('410122101'))).toBe(false);
    expect(reach(audience, place('410103', ['停用']))).toBe(false);
    expect(reach(audience, place('410103', [], ['维修']))).toBe(false);
  });
});
