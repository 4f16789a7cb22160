import { describe, expect, test } from 'vitest';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import { draftEditSchema } from '../../../shared/schedule/draft.api.ts';
import { scheduleDocumentSchema } from '../../../shared/schedule/schedule-document.ts';
import { diffEdits } from '../../../server/console/model/edit-diff.ts';
import type { WorkedEdit } from '../../../server/console/model/edits.ts';
import {
  editOf,
  editsOf,
  isSaved,
  moved,
  newQuotaForm,
  problemsOf,
  roundLength,
  workOn,
} from '../../../server/console/model/edits.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const edit = (one: object): DraftEdit => draftEditSchema.parse(one);
const playlist = (items: readonly string[]) =>
  edit({
    kind: 'playlist',
    id: 'list',
    base: 2,
    body: { id: 'list', name: '节目', region: '41', items: items.map((asset) => ({ asset, durationS: 10 })) },
  });
const EDITS: readonly DraftEdit[] = [
  playlist([A, B]),
  edit({
    kind: 'schedule',
    id: 'one',
    base: null,
    body: {
      id: 'one',
      name: '一',
      class: 'rotation',
      region: '41',
      playlist: 'list',
      windows: [{ start: '08:00', end: '09:00' }],
      validity: { from: '2026-11-24', to: null },
    },
  }),
  edit({
    kind: 'quota',
    id: '41',
    base: 1,
    body: {
      region: '41',
      percents: { province: 40, city: 20, county: 20, township: 10, village: 10 },
      minimums: { province: 20 },
    },
  }),
  edit({
    kind: 'quota',
    id: '4101',
    base: null,
    body: { region: '4101', percents: null, minimums: { city: 5 } },
  }),
  edit({
    kind: 'reserved',
    id: 'evening',
    base: null,
    body: {
      id: 'evening',
      region: '41',
      windows: [{ start: '19:00', end: '19:30' }],
      validity: { from: '2026-11-24', to: null },
    },
  }),
  edit({
    kind: 'review',
    id: '41',
    base: null,
    body: { region: '41', stages: { county: 1 }, final: 'demander' },
  }),
  edit({ kind: 'schedule', id: 'gone', base: 3, body: null }),
];

describe('edits that are worked on', () => {
  test('untouched, they say what was saved, of every kind', () => {
    const works = EDITS.map(workOn);
    expect(editsOf(works)).toEqual(EDITS);
    expect(isSaved('标题', works, { title: '标题', edits: EDITS })).toBe(true);
    expect(isSaved('别的', works, { title: '标题', edits: EDITS })).toBe(false);
  });

  test('a touched one is not saved; a wrong one keeps all from being saved', () => {
    const works = EDITS.map(workOn);
    const list = works[0] as Extract<WorkedEdit, { kind: 'playlist' }>;
    if (list.form === null) throw new Error('no form');
    list.form.items = moved(list.form.items, 0, 1);
    expect(isSaved('标题', works, { title: '标题', edits: EDITS })).toBe(false);
    expect(editsOf(works)).toEqual([playlist([B, A]), ...EDITS.slice(1)]);
    list.form.items = [];
    expect(problemsOf(list)['items']).toBe('至少放一个素材');
  });

  test('shares that do not make a hundred are told with their sum', () => {
    const form = newQuotaForm('41' as never);
    const work: WorkedEdit = { key: 1, base: null, kind: 'quota', id: '41' as never, form };
    expect(problemsOf(work)).toEqual({});
    form.percents.village = 15;
    expect(problemsOf(work)['percents']).toContain('105');
    expect(editOf(work)).toBeNull();
    form.percents.village = 10;
    form.minimums.province = 90;
    form.minimums.city = 20;
    expect(problemsOf(work)['minimums']).toContain('110');
  });

  test('an item moves by one and stays at the ends', () => {
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3]);
    expect(moved([1, 2, 3], 2, 1)).toEqual([1, 2, 3]);
    expect(moved([1, 2, 3], 0, -1)).toEqual([1, 2, 3]);
    expect(moved([1, 2, 3], 2, -2)).toEqual([3, 1, 2]);
    expect(roundLength([{ durationS: 10 }, { durationS: 5 }])).toBe(15);
  });
});

describe('a draft beside what is on air', () => {
  const document = scheduleDocumentSchema.parse({
    format: 'kepu-schedules/1',
    region: '41',
    assets: [],
    playlists: [playlist([A]).body],
    schedules: [],
    quotas: [EDITS[2]?.body],
    reserved: [],
  });
  const names = {
    region: (code: string) => `区${code}`,
    asset: (hash: string) => hash.slice(0, 2),
    playlist: String,
  };
  const diffs = diffEdits(EDITS, document, names);

  test('names what is new, changed, the same and gone', () => {
    expect(diffs.map(({ kind, change }) => `${kind} ${change}`)).toEqual([
      'playlist updated',
      'schedule created',
      'quota same',
      'quota created',
      'reserved created',
      'review created',
      'schedule removed',
    ]);
  });

  test('shows only the fields that differ, before and after', () => {
    expect(diffs[0]?.fields).toEqual([
      { label: '总长', before: '1 项，10 秒', after: '2 项，20 秒' },
      { label: '第 2 项', before: null, after: 'bb 10 秒' },
    ]);
    expect(diffs[2]?.fields).toEqual([]);
    expect(diffs[5]?.fields[0]?.after).toContain('县级一审');
  });
});
