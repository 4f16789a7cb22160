import { audienceTest } from '../../../shared/plan/audience.ts';
import type { World } from '../../../shared/plan/compile.ts';
import type { ReachOf } from './denial.port.ts';

/** Which places a schedule, or an asset by any schedule, reaches by what is on air now. */
export function reachIn(world: () => Promise<World>): ReachOf {
  return async (subject) => {
    const { schedules, playlists } = await world();
    const showing = new Set<string>(
      [...playlists.values()]
        .filter(({ items }) => items.some((item) => item.asset === subject.id))
        .map(({ id }) => id),
    );
    const tests = schedules
      .filter((one) => (subject.kind === 'schedule' ? one.id === subject.id : showing.has(one.playlist)))
      .map(audienceTest);
    return (place) => tests.some((test) => test(place));
  };
}
