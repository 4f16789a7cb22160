import { join } from 'node:path';
import { BlobCache } from '../../engine/cache/blob-cache.ts';
import type { EngineCommons } from '../../engine/engine.ts';
import type { EngineStatus } from '../../engine/engine-status.ts';
import { PlanLibrary } from '../../engine/plan/plan-library.ts';
import type { CenterKey } from '../../../shared/screen/protocol.ts';
import type { Cancel, Log, Timers } from '../../engine/ports.ts';
import { silentLog, systemTimers } from '../../engine/system-ports.ts';
import { FleetScreen } from './fleet-screen.ts';
import { scriptOf } from './fleet-behaviour.ts';

export interface FleetOptions {
  readonly center: string;
  /** How many screens. */
  readonly count: number;
  readonly dataDir: string;
  /** The same seed: the same screens have the same troubles at the same times. */
  readonly seed: number;
  /** Binds the device that shows `code` to the screen numbered `index`; asked once per new device. */
  readonly claim: (code: string, index: number) => Promise<void>;
  readonly centerKey?: CenterKey;
  /** Nothing happens to any screen. */
  readonly calm?: boolean;
  readonly log?: Log;
  readonly timers?: Timers;
}

export interface FleetStatus {
  readonly count: number;
  readonly running: number;
  readonly online: number;
  readonly playing: number;
}

export interface Fleet {
  status(): FleetStatus;
  /** Of the screen numbered `index`; `null` while it is switched off. */
  screen(index: number): EngineStatus | null;
  stop(): Promise<void>;
}

/** One process carries so many (under half a megabyte each on top of Node); more screens are more processes. */
export const FLEET_MAX = 500;
/** The troubles of a day; they do not begin again. */
const SCRIPT_MS = 24 * 3_600_000;
/** Claims go one after the other with this many under way, so that the center stays free for people. */
const CLAIMS_AT_ONCE = 4;

/**
 * Many headless players in one process, each with its own key, journal and socket, sharing one asset
 * cache: some are switched off, lose their power, their link or their picture, and come back.
 * @throws RangeError above {@link FLEET_MAX}.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { count, dataDir, seed, calm = false } = options;
  if (!Number.isInteger(count) || count < 1 || count > FLEET_MAX)
    throw new RangeError(`a fleet has 1 to ${FLEET_MAX} screens`);
  const timers = options.timers ?? systemTimers;
  const commons: EngineCommons = {
    cache: new BlobCache(join(dataDir, 'cache')),
    library: new PlanLibrary(),
  };
  const claims = limited(CLAIMS_AT_ONCE);
  const screens = Array.from(
    { length: count },
    (_, index) =>
      new FleetScreen({
        index,
        center: options.center,
        folder: join(dataDir, `screen-${String(index).padStart(4, '0')}`),
        commons,
        claim: (code) => claims(() => options.claim(code, index)),
        log: options.log ?? silentLog,
        timers,
        ...(options.centerKey !== undefined && { centerKey: options.centerKey }),
      }),
  );
  const pending: Cancel[] = [];
  screens.forEach((screen, index) => {
    const script = scriptOf(seed, index, calm ? 0 : SCRIPT_MS);
    pending.push(timers.after(script.startMs, () => void screen.switchOn()));
    for (const event of script.events) {
      pending.push(timers.after(event.atMs, () => void screen.begin(event.kind)));
      pending.push(timers.after(event.atMs + event.forMs, () => void screen.end(event.kind)));
    }
  });
  return {
    status: () => summarise(screens),
    screen: (index) => screens[index]?.status() ?? null,
    async stop() {
      for (const cancel of pending) cancel();
      for (const screen of screens) await screen.retire();
    },
  };
}

function summarise(screens: readonly FleetScreen[]): FleetStatus {
  const running = screens.map((screen) => screen.status()).filter((status) => status !== null);
  return {
    count: screens.length,
    running: running.length,
    online: running.filter(({ online }) => online).length,
    playing: running.filter(({ showing }) => showing.kind === 'item').length,
  };
}

/** Runs at most `most` tasks at a time, in the order in which they came. */
function limited(most: number): (task: () => Promise<void>) => Promise<void> {
  let free = most;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (free === 0) await new Promise<void>((resolve) => queue.push(resolve));
    else free -= 1;
    try {
      await task();
    } finally {
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
