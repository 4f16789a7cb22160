import { describe, expect, test } from 'vitest';
import { screenFigureSchema } from '../../../shared/assessment/assessment.schema.ts';
import { liveScreenSchema } from '../../../shared/telemetry/live-screen.schema.ts';
import { recordSchema } from '../../../shared/telemetry/record.schema.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { zoomExtent } from '../../../server/console/model/day.ts';
import { recordLine } from '../../../server/console/model/records.ts';
import { parseScreenSort, screenRows, sortScreens } from '../../../server/console/model/screen-rows.ts';
import { showingText, withNews } from '../../../server/console/model/showing.ts';
import { makeSums } from './make.ts';

const HASH = `9f3c${'a'.repeat(56)}71e1` as Sha256;

describe('screens of a county', () => {
  const makeScreen = (name: string, onS: number, patch: object = {}) =>
    screenFigureSchema.parse({
      screen: 's-aaaaaaaaaaaaaaaa',
      name,
      region: '411224',
      regionName: '',
      demo: false,
      online: false,
      neverContacted: false,
      lastContactMs: null,
      sums: makeSums({ windowS: 100, onS }),
      ...patch,
    });
  test('stand worst first unless the address says otherwise, those without a rate last', () => {
    const rows = screenRows([
      makeScreen('b', 50),
      makeScreen('none', 0, { sums: makeSums() }),
      makeScreen('a', 10),
    ]);
    const order = (text: string) => sortScreens(rows, parseScreenSort(text)).map((row) => row.screen.name);
    expect(order('')).toEqual(['a', 'b', 'none']);
    expect(order('-on')).toEqual(['b', 'a', 'none']);
  });
  test('never heard from has no upper end', () => {
    const [row] = screenRows([makeScreen('a', 0, { neverContacted: true })]);
    expect(row?.on?.upper).toBeNull();
  });
});

describe('a journal record', () => {
  const base = { seq: 3, mono: 60_000, wall: 0, off: null };
  const line = (record: object, patch: object = {}) =>
    recordLine({
      record: recordSchema.parse({ ...base, ...record }),
      hash: HASH,
      receiptMs: 0,
      fromMs: Date.parse('2026-11-21T13:00:00+08:00'),
      toMs: Date.parse('2026-11-21T14:00:00+08:00'),
      quarantine: null,
      ...patch,
    });
  test('is one line with where it lies and the hash up to it', () => {
    const run = line({
      kind: 'run',
      from: 0,
      to: 3_600_000,
      plan: HASH,
      items: 12,
      frames: 90_000,
      proof: HASH,
    });
    expect(run).toMatchObject({ seq: 3, kind: 'run', when: '13:00:00–14:00:00', digest: '9f3c…71e1' });
    expect(run.text).toContain('播 1 小时，12 条，90,000 帧');
  });
  test('says when it cannot be placed, and why it does not count', () => {
    const panel = { kind: 'panel', from: 0, to: 1_000, state: 'off' };
    expect(line(panel, { fromMs: null, toMs: null }).when).toBe('时间未定');
    expect(line(panel, { quarantine: '签名不对' }).text).toMatch(/^不计：签名不对，/);
  });
});

describe('what is showing', () => {
  const makeLive = (patch: object) =>
    liveScreenSchema.parse({
      screen: 's-aaaaaaaaaaaaaaaa',
      device: 'a'.repeat(32),
      online: true,
      sinceMs: 0,
      lastBeatMs: 1_000,
      showing: { kind: 'filler' },
      painted: 0,
      plan: null,
      pending: 0,
      panel: 'on',
      ...patch,
    });
  test('is said in words', () => {
    expect(showingText(makeLive({}))).toBe('垫片');
    expect(showingText(makeLive({ showing: { kind: 'waiting', reason: 'fetching' } }))).toBe('正在下载节目');
  });
  test('is renewed by news, but not by old ones', () => {
    const row = { ...makeLive({ lastBeatMs: 5_000 }), name: '屏' };
    expect(withNews(row, makeLive({ lastBeatMs: 6_000, online: false }))).toMatchObject({
      online: false,
      name: '屏',
    });
    expect(withNews(row, makeLive({ lastBeatMs: 4_000, online: false })).online).toBe(true);
    expect(withNews(row, undefined)).toBe(row);
  });
});

test('zooming keeps what is looked at in the middle and stays inside the day', () => {
  const day = { start: 0, end: 86_400 };
  expect(zoomExtent(day, { start: 36_000, end: 39_600 })).toEqual({ start: 32_400, end: 43_200 });
  expect(zoomExtent(day, { start: 0, end: 60 })).toEqual({ start: 0, end: 600 });
  expect(zoomExtent(day, { start: 0, end: 86_400 })).toEqual(day);
});
