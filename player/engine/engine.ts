import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/core/errors.ts';
import type { DeviceId } from '../../shared/core/ids.ts';
import type { Clock } from '../../shared/core/ports.ts';
import type { Enrolment, CenterKey } from '../../shared/screen/protocol.ts';
import { BlobCache } from './cache/blob-cache.ts';
import { ClockKeeper } from './clock/clock-keeper.ts';
import type { EngineStatus } from './engine-status.ts';
import { openDeviceKey } from './identity/device-key.ts';
import { guardEdges } from './guard.ts';
import { Journal } from './journal/journal.ts';
import { socketLink } from './link/socket-link.ts';
import { PlanLibrary } from './plan/plan-library.ts';
import { Player } from './player.ts';
import type { EnginePorts, StagePort } from './ports.ts';
import { StageServer } from './stage/stage-server.ts';
import { StateStore } from './state-store.ts';
import {
  readOsBoot,
  silentLog,
  systemClock,
  systemHttp,
  systemRandom,
  systemTimers,
  unreadablePanel,
} from './system-ports.ts';
import { PLAYER_VERSION } from './version.ts';

/** What many engines of one process may share; nothing in it belongs to one device. */
export interface EngineCommons {
  readonly cache: BlobCache;
  readonly library: PlanLibrary;
}

export interface EngineOptions {
  /** Origin of the center, e.g. `https://center.example`. */
  readonly centerUrl: string;
  readonly dataFolder: string;
  readonly renderer: Enrolment['renderer'];
  /** What the technician reads in the console, e.g. the host name. */
  readonly hardware: string;
  /** The center to trust; without it the first one that answers is pinned. */
  readonly centerKey?: CenterKey;
  /** Where it shows: a stage of the shell's own, or the built page that the engine serves itself. */
  readonly stage: StagePort | { readonly pageFolder: string; readonly port?: number };
  readonly commons?: EngineCommons;
  readonly ports?: Partial<EnginePorts>;
  /** Names this run of the operating system; asked of the machine where not given. */
  readonly osBoot?: string;
}

export interface Engine {
  readonly device: DeviceId;
  /** The address that shows the stage; `null` where the shell brought its own. */
  readonly stageUrl: string | null;
  status(): EngineStatus;
  /** Ends it on the record. `abrupt` leaves everything as a power cut would. */
  stop(how?: { readonly abrupt: boolean }): Promise<void>;
}

/**
 * Starts one player on a data folder. It runs until stopped, with or without a center.
 * @throws AppError INSTANCE_RUNNING where another engine runs on the folder, CONFIG_INVALID where the
 *   configured center is not the one this device has pinned.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const ports = completePorts(options);
  const { dataFolder } = options;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const key = openDeviceKey(dataFolder);
  const journal = Journal.open(dataFolder, key.device, ports.random);
  const state = StateStore.open(dataFolder);
  trustConfigured(state, options.centerKey);
  const osBoot = options.osBoot ?? readOsBoot(ports.clock);
  const clock = new ClockKeeper({ clock: ports.clock, osBoot, memory: journal.clockMemory() });
  const commons = options.commons ?? {
    cache: new BlobCache(join(dataFolder, 'cache')),
    library: new PlanLibrary(),
  };
  const served = await serveStage(options, ports, commons.cache);
  const stage = served?.server ?? (options.stage as StagePort);
  const guarded = guardEdges({ timers: ports.timers, link: ports.link, stage }, ports.log);
  const player = new Player({
    ...commons,
    ports: { ...ports, timers: guarded.timers, link: guarded.link },
    key,
    state,
    clock,
    journal,
    osBoot,
    dataFolder,
    stage: guarded.stage,
    centerUrl: options.centerUrl.replace(/\/+$/, ''),
    renderer: options.renderer,
    hardware: options.hardware,
    version: PLAYER_VERSION,
  });
  player.start();
  return {
    device: key.device,
    stageUrl: served?.url ?? null,
    status: () => player.status(),
    stop: async (how) => {
      player.stop(how?.abrupt ?? false);
      await served?.server.stop();
    },
  };
}

function completePorts(options: EngineOptions): EnginePorts {
  const clock: Clock = options.ports?.clock ?? systemClock;
  return {
    random: systemRandom,
    timers: systemTimers,
    panel: unreadablePanel,
    link: options.ports?.link ?? socketLink(options.centerUrl.replace(/\/+$/, '')),
    http: systemHttp,
    log: silentLog,
    ...options.ports,
    clock,
  };
}

async function serveStage(
  { stage }: EngineOptions,
  { random, log }: EnginePorts,
  cache: BlobCache,
): Promise<{ server: StageServer; url: string } | null> {
  if (!('pageFolder' in stage)) return null;
  const { pageFolder } = stage;
  const server = new StageServer({ cache, pageFolder, random, log });
  return { server, url: await server.start(stage.port) };
}

function trustConfigured(state: StateStore, configured: CenterKey | undefined): void {
  if (configured === undefined) return;
  const pinned = state.get().center;
  if (pinned === null) state.update({ center: configured });
  else if (pinned.publicKey !== configured.publicKey)
    throw new AppError('CONFIG_INVALID', {
      detail: `这台终端已认定另一个播控中心（密钥 ${pinned.keyId}），换中心要先清空数据目录`,
    });
}
