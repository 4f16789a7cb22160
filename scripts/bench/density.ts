import { setTimeout as sleep } from 'node:timers/promises';
import { instantOfMs } from '../../shared/core/time.ts';
import type { RunningCenter } from '../demo/center.ts';
import type { FleetState } from '../demo/fleet.ts';
import { startFleetProcess } from '../demo/fleet.ts';
import { choosePlaces } from '../demo/places.ts';
import { ensureScreens } from '../demo/screens.ts';
import { applyFolder } from '../schedules/apply-folder.ts';
import { ROOT } from '../setup/command.ts';
import { makeResult } from './report.ts';
import type { Result } from './report.ts';
import { readyOf, residentBytes } from './rig.ts';
import type { Rig } from './rig.ts';

const PLAYERS = 150;
/** How long all must have been playing before memory is read. */
const SETTLE_MS = 20_000;
const PATIENCE_MS = 120_000;
const GB = 1e9;

/**
 * Headless players per GB of resident memory: one process with 150 real engines that all play, the
 * process itself counted in. The peer is as many bare Socket.IO clients in one process.
 */
export async function measureDensity(rig: Rig, { api }: RunningCenter): Promise<Result> {
  await applyFolder({ center: api.url, cookie: api.cookie, folder: `${ROOT}/schedules/henan` });
  const places = await choosePlaces(api, PLAYERS);
  const screens = await ensureScreens(api, places, { tag: 'bench-fleet', now: instantOfMs(Date.now()) });
  const { promise: allPlaying, resolve } = Promise.withResolvers<void>();
  const onState = ({ playing }: FleetState) => {
    if (playing === PLAYERS) resolve();
  };
  const fleet = startFleetProcess({
    api,
    screens: screens.map(({ id }) => id),
    dataFolder: rig.folder,
    calm: true,
    onState,
  });
  try {
    await Promise.race([
      allPlaying,
      sleep(PATIENCE_MS).then(() => {
        throw new Error(`${PLAYERS} players did not all play within ${PATIENCE_MS / 1000} s`);
      }),
    ]);
    await sleep(SETTLE_MS);
    const bytes = residentBytes(fleet.pid ?? 0);
    return makeResult({
      metric: `headless players per GB (${PLAYERS} in one process)`,
      value: Math.floor((PLAYERS * GB) / bytes),
      unit: 'players/GB',
      peer: {
        name: 'bare Socket.IO clients per GB',
        value: Math.floor((PLAYERS * GB) / (await bareClientBytes(rig))),
      },
    });
  } finally {
    await fleet.stop();
  }
}

async function bareClientBytes(rig: Rig): Promise<number> {
  const server = rig.startScript('bench/bare-socket.ts');
  const clients = rig.startScript('bench/bare-clients.ts', [await readyOf(server), String(PLAYERS)]);
  await readyOf(clients);
  await sleep(2_000);
  const bytes = residentBytes(clients.pid ?? 0);
  await clients.stop();
  await server.stop();
  return bytes;
}
