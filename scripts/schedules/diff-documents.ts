import { canonicalText } from '../../shared/core/canonical.ts';
import type { ContentChange } from '../../shared/schedule/apply.api.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';

type Item = Pick<ContentChange, 'kind' | 'id' | 'name' | 'region'> & { readonly text: string };

/** What applying `wanted` would change where `onAir` is on air, in the order of kind and id. */
export function diffDocuments(onAir: ScheduleDocument, wanted: ScheduleDocument): ContentChange[] {
  const before = itemsOf(onAir);
  const after = itemsOf(wanted);
  const changes: ContentChange[] = [];
  for (const [key, { text, ...item }] of after) {
    const old = before.get(key);
    if (old === undefined) changes.push({ ...item, change: 'created' });
    else if (old.text !== text) changes.push({ ...item, change: 'updated' });
  }
  for (const [key, { text: _text, ...item }] of before)
    if (!after.has(key)) changes.push({ ...item, change: 'removed' });
  return changes.sort((a, b) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1));
}

function itemsOf(document: ScheduleDocument): Map<string, Item> {
  const { region } = document;
  const items: Item[] = [
    ...document.assets.map((one) => item('asset', one.sha256, { name: one.title, region }, one)),
    ...document.playlists.map((one) => item('playlist', one.id, one, one)),
    ...document.schedules.map((one) => item('schedule', one.id, one, one)),
    ...document.quotas.map((one) => item('quota', one.region, { name: '配额', region: one.region }, one)),
    ...document.reserved.map((one) => item('reserved', one.id, { name: one.id, region: one.region }, one)),
    ...document.reviews.map((one) =>
      item('review', one.region, { name: one.region, region: one.region }, one),
    ),
  ];
  return new Map(items.map((one) => [`${one.kind} ${one.id}`, one]));
}

function item(
  kind: Item['kind'],
  id: string,
  { name, region }: Pick<Item, 'name' | 'region'>,
  whole: object,
): Item {
  return { kind, id, name, region, text: canonicalText(whole) };
}
