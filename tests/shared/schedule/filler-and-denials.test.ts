import { describe, expect, it } from 'vitest';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import { assetOf, instant, makePlan, told } from './make-plan.ts';
import type { MadePlan } from './make-plan.ts';

const DAY = '2026-11-23';
const M = 60;
function shown(made: MadePlan, from: string, to: string, denials: readonly Denial[] = []): string[] {
  const resolver = createResolver(makePlan(made), denials);
  return told(resolver.timeline(instant(DAY, from), instant(DAY, to)));
}
const denial = (kind: Denial['kind'], subject: string, from: string, to: string | null = null): Denial => ({
  kind,
  subject,
  from: instant(DAY, from),
  to: to === null ? null : instant(DAY, to),
});

describe('filler', () => {
  it('rule 12: the first in order with a playable item shows, each time with its next item', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'low', class: 'filler', tier: 'village', items: [2 * M] },
        {
          id: 'high',
          class: 'filler',
          tier: 'city',
          items: [2 * M, 3 * M],
          windows: ['08:01-08:09'],
          from: DAY,
        },
      ],
    };
    expect(shown(made, '08:00', '08:10')).toEqual([
      '08:00:00-08:01:00 low/0',
      '08:01:00-08:03:00 high/0',
      '08:03:00-08:06:00 high/1',
      '08:06:00-08:08:00 high/0',
      '08:08:00-08:09:00 high/1',
      '08:09:00-08:11:00 low/0',
    ]);
  });

  it('rule 12: an opening nobody can use does not cut it; its window, something else and midnight do', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'fill', class: 'filler', items: [40 * M], windows: ['08:00-24:00'] },
        { id: 'rota', items: [20 * M], windows: ['08:10-08:25', '08:30-08:50'] },
      ],
    };
    expect(shown(made, '07:59', '08:51')).toEqual([
      '00:00:00-08:00:00 -',
      // At 08:10 a window opens whose item is longer than the window.
      '08:00:00-08:30:00 fill/0',
      '08:30:00-08:50:00 rota/0',
      '08:50:00-09:30:00 fill/0',
    ]);
    expect(shown(made, '23:59', '24:00')).toEqual(['23:30:00-00:00:00 fill/0']);
  });

  it('rule 12: with no filler schedule the built-in shows, one entry until something can begin', () => {
    const made: MadePlan = { schedules: [{ id: 'rota', items: [M], windows: ['08:00-08:01'] }] };
    expect(shown(made, '00:00', '24:00')).toEqual([
      '00:00:00-08:00:00 -',
      '08:00:00-08:01:00 rota/0',
      '08:01:00-00:00:00 -',
    ]);
  });

  it('says why it shows', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'rota', items: [7 * M], windows: ['08:00-08:10'] },
        { id: 'fill', class: 'filler', windows: ['08:05-08:20'] },
      ],
    };
    const resolver = createResolver(makePlan(made));
    const reasonAt = (clock: string) => resolver.at(instant(DAY, clock)).reason;
    expect(['07:00', '08:07', '08:12'].map(reasonAt)).toEqual([
      'nothing-scheduled',
      'nothing-fits',
      'filler-schedule',
    ]);
  });

  it('can be what is on after content, as in the worked example: content to 16:00, filler 16–18', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'rota', items: [20 * M], windows: ['08:00-16:00'] },
        { id: 'fill', class: 'filler', items: [30 * M], windows: ['16:00-18:00'] },
      ],
    };
    const entries = createResolver(makePlan(made)).timeline(instant(DAY, '08:00'), instant(DAY, '18:00'));
    expect(entries.filter((entry) => entry.class === 'rotation').length).toBe(24);
    expect(entries.filter((entry) => entry.class === 'filler').map((entry) => entry.schedule)).toEqual(
      Array.from({ length: 4 }, () => 'fill'),
    );
  });
});

describe('denials', () => {
  const rota: MadePlan = {
    schedules: [{ id: 'rota', items: [4 * M, 2 * M], windows: ['08:00-09:00'], from: DAY }],
  };

  it('rule 13: cuts what it denies, there and then, and denied items are stepped over', () => {
    const asset = denial('asset', assetOf('rota', 0), '08:01', '08:07');
    expect(shown(rota, '08:00', '08:14', [asset])).toEqual([
      '08:00:00-08:01:00 rota/0',
      '08:01:00-08:03:00 rota/1',
      '08:03:00-08:05:00 rota/1',
      '08:05:00-08:07:00 rota/1',
      '08:07:00-08:11:00 rota/0',
      '08:11:00-08:13:00 rota/1',
      '08:13:00-08:17:00 rota/0',
    ]);
  });

  it('rule 8: a cut item is charged the airtime it had', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'a', items: [50 * M, M], windows: ['08:00-09:30'], tier: 'county', from: DAY },
        { id: 'b', items: [M], windows: ['08:00-09:30'], tier: 'village' },
      ],
      weights: { county: 1, village: 1 },
    };
    const cut = denial('asset', assetOf('a', 0), '08:03');
    const airings = shown(made, '08:00', '08:13', [cut]);
    // 3 minutes of `a`, then 3 of `b` to be even, then in turns; not 50 of `b`.
    expect(airings.filter((line) => line.includes('a/')).length).toBe(5);
    expect(airings.slice(1, 5)).toEqual([
      '08:03:00-08:04:00 b/0',
      '08:04:00-08:05:00 b/0',
      '08:05:00-08:06:00 b/0',
      '08:06:00-08:07:00 a/1',
    ]);
  });

  it('rule 14: a lift lets a mandatory start at once, and so does its window start', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'news', class: 'mandatory', tier: 'city', items: [2 * M], windows: ['08:05-08:20'] },
        { id: 'rota', items: [10 * M], windows: ['08:00-09:00'] },
      ],
    };
    const until = (clock: string) =>
      shown(made, '08:00', '08:09', [denial('schedule', 'news', '00:00', clock)]);
    expect(until('08:08')).toEqual(['08:00:00-08:08:00 rota/0', '08:08:00-08:10:00 news/0']);
    expect(until('08:03').slice(0, 2)).toEqual(['08:00:00-08:05:00 rota/0', '08:05:00-08:07:00 news/0']);
  });

  it('rule 14: does not cut what the mandatory does not outrank', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'news', class: 'mandatory', tier: 'county', items: [2 * M], windows: ['08:00-08:20'] },
        { id: 'high', class: 'mandatory', tier: 'city', items: [10 * M], windows: ['08:00-08:10'] },
      ],
    };
    expect(shown(made, '08:00', '08:10', [denial('schedule', 'news', '00:00', '08:04')])).toEqual([
      '08:00:00-08:10:00 high/0',
    ]);
  });

  it('rule 15: stop-all leaves the built-in filler, and its lift brings everything back', () => {
    const made: MadePlan = {
      schedules: [...rota.schedules, { id: 'fill', class: 'filler' }],
    };
    expect(shown(made, '08:00', '08:12', [denial('stop-all', '', '08:01', '08:10')])).toEqual([
      '08:00:00-08:01:00 rota/0',
      '08:01:00-08:10:00 -',
      '08:10:00-08:12:00 rota/1',
    ]);
  });
});
