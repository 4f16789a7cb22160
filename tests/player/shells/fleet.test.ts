import { describe, expect, it } from 'vitest';
import { FLEET_MAX, startFleet } from '../../../player/shells/headless/fleet.ts';
import { scriptOf } from '../../../player/shells/headless/fleet-behaviour.ts';
import type { DeviceId } from '../../../shared/core/ids.ts';
import { makeCenter, makeFolder, makeMedia, planOf, SETTINGS, until } from '../engine/fixtures.ts';

const DAY_MS = 86_400_000;

describe('a fleet’s script', () => {
  it('is the same for the same seed, and never has two troubles at once', () => {
    for (let index = 0; index < 50; index += 1) {
      const script = scriptOf(7, index, DAY_MS);
      expect(script).toEqual(scriptOf(7, index, DAY_MS));
      script.events.slice(1).forEach((event, nth) => {
        const before = script.events[nth];
        expect(event.atMs).toBeGreaterThan((before?.atMs ?? 0) + (before?.forMs ?? 0));
      });
    }
    const troubled = Array.from({ length: 200 }, (_, index) => scriptOf(7, index, DAY_MS)).filter(
      ({ events }) => events.length > 0,
    );
    expect(troubled.length).toBeGreaterThan(40);
    expect(troubled.length).toBeLessThan(100);
  });
});

describe('a fleet', () => {
  it('is claimed once per screen, shares its cache, plays, and comes back with the same devices', async () => {
    const center = await makeCenter();
    const dataDir = makeFolder();
    const media = [makeMedia(center), makeMedia(center)];
    const plan = center.addPlan(planOf(media));
    const claimed: number[] = [];
    const devices: (DeviceId | undefined)[] = [];
    const claim = (_code: string, index: number) => {
      claimed.push(index);
      const device = fleet?.screen(index)?.device;
      devices[index] = device;
      if (device === undefined) return Promise.reject(new Error('gone'));
      center.claim(device);
      center.assign(device, { plan, counter: 1, settings: SETTINGS }, false);
      return Promise.resolve();
    };
    const options = { center: center.url, count: 3, dataDir, seed: 1, calm: true, claim };
    let fleet: Awaited<ReturnType<typeof startFleet>> | null = null;
    fleet = await startFleet(options);
    await until('all playing', () => fleet?.status().playing === 3, 45_000);
    expect(claimed.toSorted()).toEqual([0, 1, 2]);
    expect(center.assetRequests).toHaveLength(2);
    await fleet.stop();
    expect(fleet.status()).toMatchObject({ running: 0, count: 3 });

    fleet = await startFleet(options);
    await until('all playing again', () => fleet?.status().playing === 3, 45_000);
    expect(claimed).toHaveLength(3);
    expect([0, 1, 2].map((index) => fleet?.screen(index)?.device)).toEqual(devices);
    await fleet.stop();
  });

  it('is bounded', async () => {
    const claim = () => Promise.resolve();
    const options = { center: 'http://127.0.0.1:1', dataDir: makeFolder(), seed: 1, claim };
    await expect(startFleet({ ...options, count: FLEET_MAX + 1 })).rejects.toThrow(RangeError);
  });
});
