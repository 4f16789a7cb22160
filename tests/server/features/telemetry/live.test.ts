import { describe, expect, it } from 'vitest';
import { LiveBook } from '../../../../server/features/telemetry/live-book.ts';
import { livePage } from '../../../../server/features/telemetry/live-page.ts';
import type { DeviceId, RegionCode, ScreenId } from '../../../../shared/core/ids.ts';
import type { Beat } from '../../../../shared/telemetry/live.schema.ts';
import { type LiveScreenRow, liveQuerySchema } from '../../../../shared/telemetry/live-screen.schema.ts';

const session = { screen: 's-aaaaaaaaaaaaaaaa' as ScreenId, device: 'd'.repeat(32) as DeviceId };
const beat = (boot = 'b'): Beat => ({
  boot: boot.repeat(32) as Beat['boot'],
  mono: 0,
  wall: 0,
  plan: null,
  showing: { kind: 'filler' },
  painted: 1,
  panel: 'unreadable',
  pending: 0,
});
const tick = () => 30_000;

describe('LiveBook', () => {
  it('a screen is offline once more than three ticks were missed, and back with the next beat', () => {
    const book = new LiveBook();
    book.beat(session, beat(), 0);
    expect(book.sweep(90_000, tick)).toEqual([]);
    expect(book.sweep(90_001, tick)).toMatchObject([{ online: false, sinceMs: 90_001, lastBeatMs: 0 }]);
    expect(book.sweep(200_000, tick)).toEqual([]);
    expect(book.beat(session, beat(), 300_000)).toMatchObject({ online: true, sinceMs: 300_000 });
  });

  it('rule 11: ticks at most 90 s apart are one contact, per boot', () => {
    const book = new LiveBook();
    for (const ms of [0, 90_000, 180_001]) book.beat(session, beat(), ms);
    book.beat(session, beat('c'), 190_000);
    const contacts = book.takeChangedContacts().map(({ fromMs, toMs }) => [fromMs, toMs]);
    expect(contacts).toEqual([
      [0, 90_000],
      [180_001, 180_001],
      [190_000, 190_000],
    ]);
    expect(book.takeChangedContacts()).toEqual([]);
  });

  it('goes on with a contact that a restart of the center interrupted', () => {
    const book = new LiveBook();
    const { boot } = beat();
    book.resume([{ device: session.device, boot, fromMs: 0, toMs: 60_000 }]);
    book.beat(session, beat(), 120_000);
    expect(book.takeChangedContacts()).toMatchObject([{ fromMs: 0, toMs: 120_000 }]);
  });

  it('a clock set back begins a new contact and shortens none', () => {
    const book = new LiveBook();
    book.beat(session, beat(), 60_000);
    book.beat(session, beat(), 10_000);
    expect(book.takeChangedContacts()).toMatchObject([
      { fromMs: 60_000, toMs: 60_000 },
      { fromMs: 10_000, toMs: 10_000 },
    ]);
  });
});

describe('livePage', () => {
  const row = (id: string, region: string, patch: Partial<LiveScreenRow> = {}): LiveScreenRow => ({
    ...session,
    screen: `s-${id.repeat(16)}` as ScreenId,
    online: true,
    sinceMs: 0,
    lastBeatMs: 0,
    showing: { kind: 'filler' },
    painted: 0,
    plan: null,
    pending: 0,
    panel: 'on',
    name: id,
    region: region as RegionCode,
    regionNames: ['河南省', region],
    demo: false,
    ...patch,
  });
  const rows = [
    row('a', '410122', { online: false, name: '中牟文化广场' }),
    row('b', '410122100'),
    row('c', '411302'),
  ];
  const ask = (query: object, scope = ['41']) =>
    livePage(rows, liveQuerySchema.parse(query), { scope: scope as RegionCode[], nowMs: 1 });

  it('shows only what lies in the caller scope, and counts it', () => {
    expect(ask({}, ['4101'])).toMatchObject({ total: 2, online: 1, offline: 1 });
    expect(ask({}, [])).toMatchObject({ total: 0, rows: [] });
  });

  it('filters by region, state and words, sorts and pages', () => {
    expect(ask({ region: '410122', state: 'offline' }).rows.map(({ name }) => name)).toEqual([
      '中牟文化广场',
    ]);
    expect(ask({ q: '文化' }).total).toBe(1);
    expect(ask({ order: 'desc', limit: '1', offset: '1' }).rows.map(({ name }) => name)).toEqual(['b']);
    expect(ask({ state: 'waiting' }).total).toBe(2);
  });
});
