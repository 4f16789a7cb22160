import { readdirSync, truncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { localDayAt } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { regionFiguresSchema } from '../../../shared/assessment/assessment.schema.ts';
import { planSchema } from '../../../shared/plan/plan.schema.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { Air, COUNTY, until } from './air.ts';
import type { Moving } from './programme.ts';
import { publish, sight, SLACK } from './programme.ts';

/**
 * The whole chain on real processes: a center, a player engine, a Chromium. What is read off
 * screenshots (the frame code burned into the demo media) is what the timeline says for that instant.
 */
const MORNING: readonly Moving[] = [
  { tier: 'province', kind: 'video' },
  { tier: 'city', kind: 'hls' },
  { tier: 'county', kind: 'video' },
];
const EVENING: readonly Moving[] = [
  { tier: 'village', kind: 'video' },
  { tier: 'township', kind: 'hls' },
];

const air = new Air();
let plan: Plan;
let ids: ReadonlyMap<Sha256, number>;

/** Waits until the player has a plan of these files on air, and takes it for the truth. */
async function putOnAir(files: readonly Moving[]): Promise<void> {
  ids = await publish(air, files);
  const digest = await until('the new plan on air', async () => {
    const live = await air.live();
    if (live?.plan === null || live?.plan === undefined || live.showing.kind !== 'item') return null;
    const candidate = await air.api.get(`/api/plans/${live.plan}`, planSchema);
    return Object.keys(candidate.assets).every((sha256) => ids.has(sha256 as Sha256)) ? live.plan : null;
  });
  plan = await air.api.get(`/api/plans/${digest}`, planSchema);
}

/** Looks until the glass has settled on the timeline, then demands that it goes on agreeing. */
async function expectAgreement(looks: number, everyMs = 400): Promise<Set<number>> {
  await until(
    'the glass agrees with the timeline',
    async () => (await sight(air, { plan, ids }, SLACK.settledMs)).agrees,
  );
  const seen = new Set<number>();
  for (let look = 0; look < looks; look += 1) {
    const sighting = await sight(air, { plan, ids }, SLACK.alwaysMs);
    expect(sighting, JSON.stringify(sighting)).toMatchObject({ agrees: true });
    if (sighting.media !== null) seen.add(sighting.media);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return seen;
}

beforeAll(async () => {
  await air.startCenter();
  air.startPlayer();
  await air.claim();
  await putOnAir(MORNING);
});
afterAll(() => air.stop());
// A test that fails half-way leaves the next one a center and a player all the same.
beforeEach(async () => {
  await air.startCenter();
  air.startPlayer();
});

describe('what the glass shows is what the timeline says', () => {
  test('across changes of item, MP4 to HLS and back', async () => {
    // 40 s of rotation are all three items of 12, 16 and 12 s.
    const seen = await expectAgreement(55, 600);
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });

  test('the county figure comes from its journal', async () => {
    const day = localDayAt(Math.floor(Date.now() / 1000) as Instant);
    const row = await until(
      'a figure computed from the journal',
      async () => {
        const figures = await air.api.get(
          `/api/assessment/regions?parent=41&tier=county&day=${day}`,
          regionFiguresSchema,
        );
        const county = figures.rows.find(({ region }) => region === COUNTY);
        return county !== undefined && county.sums.onS > 0 ? county : null;
      },
      120_000,
    );
    expect(row.sums.usedS).toBeGreaterThan(0);
    expect(row.sums.onS + row.sums.offS + row.sums.unknownS).toBe(row.sums.requiredS);
    expect(row.sums.onS).toBeLessThan(row.sums.requiredS);
  });

  test('after a publish', async () => {
    await putOnAir(EVENING);
    const seen = await expectAgreement(30);
    for (const media of seen) expect([...ids.values()]).toContain(media);
  });

  test('while the center is killed, and after it is back', async () => {
    await air.killCenter();
    await expectAgreement(10);
    await air.startCenter();
    await until('the player is back', async () => (await air.live())?.online);
    await expectAgreement(5);
  });

  test('after the browser is killed', async () => {
    await air.killBrowser();
    await expectAgreement(10);
  });

  test('after engine and browser are killed and come back to no center, from the cache alone', async () => {
    await air.killCenter();
    await air.killPlayer();
    air.startPlayer();
    await expectAgreement(10);
    await air.startCenter();
    const live = await until('the journal is up', async () => {
      const now = await air.live();
      return now?.online === true && now.pending === 0 ? now : null;
    });
    expect(live.plan).not.toBeNull();
  });

  test('a truncated cached asset is noticed by its hash, fetched again, and never shown', async () => {
    await air.killPlayer();
    const folder = join(air.playerFolder, 'cache');
    const file = readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .find((path) =>
        Object.values(plan.assets).some(({ kind, sha256 }) => kind === 'video' && path.endsWith(sha256)),
      );
    if (file === undefined) throw new Error('no video of the plan is in the cache');
    const wholeBytes = statSync(file).size;
    truncateSync(file, wholeBytes / 2);
    air.startPlayer();
    await until(
      'the file is whole again',
      async () => statSync(file, { throwIfNoEntry: false })?.size === wholeBytes,
    );
    await expectAgreement(20);
  });
});
