import { describe, expect, it } from 'vitest';
import { explain } from '../../../shared/schedule/explain.ts';
import { entryWords } from '../../../shared/schedule/explain-words.ts';
import { instant, makePlan } from './make-plan.ts';

const DAY = '2026-11-23';

describe('explain', () => {
  it('says of every schedule why it is on or why it is not', () => {
    const plan = makePlan({
      schedules: [
        { id: 'a-on', class: 'mandatory', tier: 'city', items: [600], windows: ['08:00-08:10'] },
        { id: 'b-lower', class: 'mandatory', tier: 'county', windows: ['08:00-08:10'] },
        { id: 'c-closed', class: 'mandatory', windows: ['09:00-09:10'] },
        { id: 'd-rota', tier: 'city', windows: ['08:00-09:00'] },
        { id: 'e-kept', tier: 'village', windows: ['08:00-09:00'] },
        { id: 'f-none', items: [] },
        { id: 'g-denied', tier: 'province' },
        { id: 'h-zero', tier: 'township' },
        { id: 'i-fill', class: 'filler' },
      ],
      reserved: [{ tier: 'county', windows: ['08:00-08:30'] }],
      weights: { township: 0 },
    });
    const denial = { kind: 'schedule', subject: 'g-denied', from: instant(DAY, '07:00'), to: null } as const;
    const standingsAt = (clock: string) =>
      Object.fromEntries(
        explain(plan, [denial], instant(DAY, clock)).standings.map((one) => [
          one.schedule.id,
          one.standing.name,
        ]),
      );
    expect(standingsAt('08:05')).toEqual({
      'a-on': 'on-air',
      'b-lower': 'outranked',
      'c-closed': 'closed',
      'd-rota': 'outranked',
      'e-kept': 'reserved',
      'f-none': 'empty',
      'g-denied': 'denied',
      'h-zero': 'reserved',
      'i-fill': 'outranked',
    });
    expect(standingsAt('08:40')).toMatchObject({ 'h-zero': 'no-quota' });
  });

  it('says of the built-in filler whether nothing is scheduled or everything is stopped', () => {
    const plan = makePlan({ schedules: [{ id: 'rota', windows: ['08:00-09:00'] }] });
    const stop = {
      kind: 'stop-all',
      subject: '',
      from: instant(DAY, '08:10'),
      to: instant(DAY, '08:20'),
    } as const;
    const wordsAt = (clock: string) => {
      const at = instant(DAY, clock);
      const { entry } = explain(plan, [stop], at);
      const naming = { plan, denials: [stop], regionName: String, on: at };
      return entryWords(entry, naming).map(({ zh }) => zh);
    };
    expect(wordsAt('08:15')[1]).toBe('08:10 起一键停播，全部节目都停');
    expect(wordsAt('08:30')[0]).toContain('rota');
    expect(wordsAt('09:30')[1]).toBe('这一刻什么都没排，播终端自带垫片');
  });

  it('says waiting, yielded and what does not fit', () => {
    const plan = makePlan({
      schedules: [
        { id: 'once', class: 'mandatory', once: true, windows: ['08:00-08:30'] },
        { id: 'one', windows: ['08:00-08:10'] },
        { id: 'two', windows: ['08:00-08:10'] },
        { id: 'long', tier: 'city', items: [400], windows: ['08:10-08:20'] },
      ],
    });
    const at = (clock: string) => explain(plan, [], instant(DAY, clock));
    const rotation = Object.fromEntries(
      at('08:01').standings.map((one) => [one.schedule.id, one.standing.name]),
    );
    expect(rotation['once']).toBe('played-once');
    expect([rotation['one'], rotation['two']].toSorted()).toEqual(['on-air', 'waiting']);
    expect(at('08:18').standings.find((one) => one.schedule.id === 'long')?.standing.name).toBe(
      'does-not-fit',
    );
  });
});
