import { describe, expect, it } from 'vitest';
import type { DayLane } from '../../../shared/plan/day-view.api.ts';
import type { NamedEntry } from '../../../shared/plan/plan.api.ts';
import {
  laneRows,
  mandatoryPieces,
  shareText,
  stripesOf,
  unionOf,
} from '../../../server/console/model/plan-day.ts';

function makeEntry(patch: Partial<NamedEntry>): NamedEntry {
  return {
    start: 0,
    end: 10,
    plannedEnd: 10,
    class: 'rotation',
    schedule: 's' as NamedEntry['schedule'],
    scheduleName: 's',
    tier: 'county',
    region: null,
    regionName: null,
    playlistName: null,
    asset: null,
    title: null,
    reason: 'fair-share',
    ...patch,
  };
}
const makeLane = (patch: Partial<DayLane>): DayLane => ({
  schedule: 's' as DayLane['schedule'],
  name: 's',
  class: 'rotation',
  region: '41' as DayLane['region'],
  regionName: '河南省',
  tier: 'province',
  pieces: [],
  airtimeS: 0,
  plays: 0,
  ...patch,
});

describe('stripes', () => {
  it('are one per look, however many entries a pixel holds', () => {
    const entries = Array.from({ length: 1_000 }, (_, index) =>
      makeEntry({ start: index, end: index + 1, tier: index < 500 ? 'city' : 'village' }),
    );
    expect(stripesOf(entries, { from: 0, to: 1_000 }, 100)).toEqual([
      { from: 0, to: 500, look: 'city', mandatory: false },
      { from: 500, to: 1_000, look: 'village', mandatory: false },
    ]);
  });

  it('leave out what nothing is known of, and tell filler from nothing scheduled', () => {
    const entries = [
      makeEntry({ start: 10, end: 20, class: 'filler', schedule: null, tier: null }),
      makeEntry({ start: 20, end: 30, class: 'filler' }),
    ];
    expect(stripesOf(entries, { from: 0, to: 40 }, 40).map(({ from, to, look }) => [from, to, look])).toEqual(
      [
        [10, 20, 'empty'],
        [20, 30, 'filler'],
      ],
    );
  });
});

describe('lanes', () => {
  it('stand by tier, highest first, fillers last, empty tiers not at all', () => {
    const rows = laneRows([
      makeLane({ class: 'filler' }),
      makeLane({ tier: 'village', regionName: '毛坪村' }),
      makeLane({}),
    ]);
    expect(rows.map(({ key, name }) => `${key} ${name}`)).toEqual([
      'province 河南省',
      'village 毛坪村',
      'filler 垫片',
    ]);
  });

  it('join what touches', () => {
    expect(
      unionOf([
        { from: 5, to: 9 },
        { from: 0, to: 5 },
        { from: 12, to: 13 },
      ]),
    ).toEqual([
      { from: 0, to: 9 },
      { from: 12, to: 13 },
    ]);
  });

  it('show what a mandatory got and what was taken from it', () => {
    const lane = makeLane({
      class: 'mandatory',
      pieces: [
        { from: 0, to: 10, standing: 'outranked', by: 'a' },
        { from: 10, to: 20, standing: 'on-air', by: null },
        { from: 20, to: 30, standing: 'played-once', by: null },
      ],
    });
    expect(mandatoryPieces(lane)).toEqual({ on: [{ from: 10, to: 20 }], lost: [{ from: 0, to: 10 }] });
  });
});

it('prints a share with two decimals, and a dash of nothing', () => {
  expect([shareText(1, 3), shareText(0, 0)]).toEqual(['33.33 %', '—']);
});
