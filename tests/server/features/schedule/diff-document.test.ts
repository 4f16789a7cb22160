import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffAssets, diffItems } from '../../../../server/features/schedule/diff-document.ts';
import type { ContentItem, ContentVersion } from '../../../../server/features/schedule/schedule.port.ts';
import { regionCodeSchema } from '../../../../shared/core/ids.ts';
import { makeAsset } from '../../../shared/plan/make-plan.ts';

const region = regionCodeSchema.parse('41');
const items = fc
  .uniqueArray(
    fc.record({
      kind: fc.constantFrom('schedule' as const, 'playlist' as const, 'quota' as const, 'reserved' as const),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      body: fc.constantFrom('{"name":"一"}', '{"name":"二"}', '{}'),
    }),
    { selector: ({ kind, id }) => `${kind} ${id}` },
  )
  .map((list): ContentItem[] => list.map((item) => ({ ...item, region })));

const onAir = (list: readonly ContentItem[]): ContentVersion[] =>
  list.map((item) => ({ ...item, version: 1, fromMs: 0 }));
const keys = (list: readonly ContentItem[]) =>
  list.map(({ kind, id, body }) => `${kind} ${id} ${body}`).sort();

describe('the difference between a document and what is on air', () => {
  it('leads from the one to the other, touching nothing that is the same', () => {
    fc.assert(
      fc.property(items, items, (before, wanted) => {
        const { put, remove, changes, unchanged } = diffItems(wanted, onAir(before));
        const gone = new Set(
          [...remove, ...put.map(({ item }) => item)].map(({ kind, id }) => `${kind} ${id}`),
        );
        const after = [
          ...before.filter(({ kind, id }) => !gone.has(`${kind} ${id}`)),
          ...put.map(({ item }) => item),
        ];
        expect(keys(after)).toEqual(keys(wanted));
        expect(changes).toHaveLength(put.length + remove.length);
        expect(unchanged + put.length).toBe(wanted.length);
        expect(diffItems(wanted, onAir(after)).changes).toEqual([]);
      }),
    );
  });

  it('never lets regions disagree on what the bytes decide', () => {
    const asset = makeAsset();
    const known = new Map([[asset.sha256, { region: regionCodeSchema.parse('4101'), asset }]]);
    const longer = makeAsset({ durationS: 60 });
    expect(() => diffAssets(regionCodeSchema.parse('4102'), [longer], known)).toThrow(/Conflicts/);
    expect(diffAssets(region, [longer], known).changes).toMatchObject([{ change: 'updated' }]);
    const retitled = makeAsset({ title: '别的' });
    expect(diffAssets(regionCodeSchema.parse('4102'), [retitled], known).changes).toEqual([]);
  });
});
