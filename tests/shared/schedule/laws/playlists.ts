import { readAlong, told } from './ledger.ts';
import { defineLaw, hold, holdSame } from './law.ts';
import { planOf, stretchOf, worldArb } from './world.ts';
import type { World } from './world.ts';
import fc from 'fast-check';
import type { Plan, PlanAsset } from '../../../../shared/plan/plan.schema.ts';
import type { Sha256 } from '../../../../shared/core/ids.ts';

/** Every showing is the next playable item of its playlist, from where that began. */
export const playlistOrder = defineLaw({
  name: 'playlist order',
  source: 'DESIGN 4: first item, repeats or plays once, resumes with the next (rules 3, 6, 8, 11, 13)',
  shortRuns: 150,
  arbitrary: worldArb({ denials: 4 }),
  check: (subject, world) =>
    readAlong(subject, world, (entry, ledger) => {
      const open = ledger.openOf(entry);
      if (open === null) return;
      const { window } = open;
      const due = ledger.next(window, entry.start);
      hold(entry.item === due, () => `${told(entry)}: item ${due} was due`);
      const item = ledger.itemsOf(window.schedule)[entry.item];
      hold(entry.asset === item?.asset, () => `${told(entry)} shows ${entry.asset}`);
      hold(entry.plannedEnd - entry.start === item?.durationS, () => `${told(entry)} has another length`);
    }),
});

/** A playlist without items is as if its schedule were not there. */
export const emptyPlaylists = defineLaw({
  name: 'empty playlists',
  source: 'SCHEDULING rule 2: not if its playlist is empty',
  shortRuns: 100,
  arbitrary: fc.tuple(worldArb({ denials: 2 }), worldArb({ schedules: 4 })),
  check: (subject, [world, other]) => {
    const { from, to } = stretchOf(world);
    // An empty rotation still counts among its tier's (rule 9), so it is put where it is alone.
    const taken = world.made.schedules.map(({ class: kind, tier }) => `${kind} ${tier}`);
    const added = other.made.schedules
      .filter(({ class: kind, tier }) => kind !== 'rotation' || !taken.includes(`rotation ${tier}`))
      .map((one, index) => ({ ...one, id: `${index % 2 === 0 ? 'a' : 't'}${index}`, items: [] }));
    const more: World = { ...world, made: { ...world.made, schedules: [...world.made.schedules, ...added] } };
    const timeline = (one: World) =>
      subject.createResolver(planOf(subject, one), world.denials).timeline(from, to);
    holdSame(timeline(more), timeline(world), 'an empty playlist changes what is on');
  },
});

const KINDS = ['video', 'hls', 'image', 'card'] as const;

/** The plan says how long an item is on, whatever it is made of: images and live streams have no length. */
export const noNaturalLength = defineLaw({
  name: 'items without a natural length',
  source: 'DESIGN 5: the plan is everything from which a screen resolves; an item is on for its durationS',
  shortRuns: 60,
  arbitrary: fc.tuple(
    worldArb({ denials: 2 }),
    fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.option(fc.integer({ min: 1, max: 9_000 }))), {
      minLength: 1,
      maxLength: 8,
    }),
  ),
  check: (subject, [world, drawn]) => {
    const { from, to } = stretchOf(world);
    const plain = planOf(subject, world);
    const made: Plan = { ...plain, assets: assetsOf(plain, drawn) };
    const timeline = (plan: Plan) => subject.createResolver(plan, world.denials).timeline(from, to);
    holdSame(timeline(made), timeline(plain), 'what an item is made of changes what is on');
  },
});

function assetsOf(
  plan: Plan,
  drawn: readonly (readonly [PlanAsset['kind'], number | null])[],
): Record<string, PlanAsset> {
  const hashes = Object.values(plan.playlists).flatMap(({ items }) => items.map(({ asset }) => asset));
  const assets = hashes.map((sha256: Sha256, index): PlanAsset => {
    const [kind, durationS] = drawn[index % drawn.length] ?? ['image', null];
    return { sha256, kind, mime: 'x/y', sizeBytes: 1, title: 'x', durationS, parts: [], approvals: [] };
  });
  return Object.fromEntries(assets.map((asset) => [asset.sha256, asset]));
}
