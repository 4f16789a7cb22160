import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import type { ScreenId } from '../../shared/core/ids.ts';
import { instantOfMs } from '../../shared/core/time.ts';
import { scheduleDocumentSchema } from '../../shared/schedule/schedule-document.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import type { Cue, Scene } from '../../shared/screen/stage-protocol.ts';
import { BlobCache } from '../../player/engine/cache/blob-cache.ts';
import { startEngine } from '../../player/engine/engine.ts';
import { PlanLibrary } from '../../player/engine/plan/plan-library.ts';
import { socketLink } from '../../player/engine/link/socket-link.ts';
import type { CenterLink, StageEvents, StagePort } from '../../player/engine/ports.ts';
import { StageServer } from '../../player/engine/stage/stage-server.ts';
import { silentLog, systemRandom, systemTimers } from '../../player/engine/system-ports.ts';
import { findChromium } from '../../player/shells/kiosk/find-chromium.ts';
import { KioskBrowser } from '../../player/shells/kiosk/kiosk-browser.ts';
import type { RunningCenter } from '../demo/center.ts';
import { REAL_PLACE } from '../demo/places.ts';
import { claimScreen, ensureScreens } from '../demo/screens.ts';
import { contentApi } from '../center/content-api.ts';
import { loadAsset } from '../schedules/load-asset.ts';
import { ROOT } from '../setup/command.ts';
import { mediaPath } from '../demo-media/ids.ts';
import { makeResult, percentile } from './report.ts';
import type { Result } from './report.ts';
import { readyOf } from './rig.ts';
import type { Rig } from './rig.ts';

/** Items are this short so that what is taken off air is off soon. */
const ITEM_S = 2;
const PATIENCE_MS = 30_000;

/** The stage's own socket server, listened in on: what it is told to show and what it painted, when. */
class WatchedStage implements StagePort {
  readonly #server: StageServer;
  readonly #kinds = new Map<string, Cue['kind']>();
  #last: { readonly kind: Cue['kind']; readonly atMs: number } | null = null;
  #onPainted: ((kind: Cue['kind'], atMs: number) => void) | null = null;
  #toldMs: number | null = null;

  constructor(server: StageServer) {
    this.#server = server;
  }

  listen(events: StageEvents): void {
    this.#server.listen({
      ...events,
      painted: (painted) => {
        const kind = this.#kinds.get(painted.key);
        if (kind !== undefined) {
          this.#last = { kind, atMs: performance.now() };
          this.#onPainted?.(kind, this.#last.atMs);
        }
        events.painted(painted);
      },
    });
  }

  show(scene: Scene): void {
    if (scene.mode === 'playing') {
      for (const { key, kind } of scene.cues) this.#kinds.set(key, kind);
      const isItem = scene.cues[0] !== undefined && scene.cues[0].kind !== 'filler';
      this.#toldMs = isItem ? (this.#toldMs ?? performance.now()) : null;
    }
    this.#server.show(scene);
  }

  /** When it was first told to show an item instead of filler: `performance.now()`. */
  get toldMs(): number {
    if (this.#toldMs === null) throw new Error('the stage was not told to show an item');
    return this.#toldMs;
  }

  /** When the stage's word arrives that a frame of such a cue is on the glass: `performance.now()`. */
  async painted(wanted: 'item' | 'filler', { orBefore }: { readonly orBefore: boolean }): Promise<number> {
    const fits = (kind: Cue['kind']) => (kind === 'filler') === (wanted === 'filler');
    if (orBefore && this.#last !== null && fits(this.#last.kind)) return this.#last.atMs;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#onPainted = (kind, atMs) => {
      if (fits(kind)) resolve(atMs);
    };
    const late = sleep(PATIENCE_MS).then(() => {
      throw new Error(`no ${wanted} was painted within ${PATIENCE_MS / 1000} s`);
    });
    return Promise.race([promise, late]);
  }
}

/**
 * Publish → first painted frame of the new item: from the moment before the API call to the moment the
 * stage's word arrives that its frame is on the glass, in a real Chromium, with the asset in the
 * player's cache. Between two runs the item is taken off air, so that each finds the built-in filler,
 * which may be cut.
 */
export async function measurePublish(rig: Rig, center: RunningCenter, runs: number): Promise<Result[]> {
  const { api } = center;
  const now = instantOfMs(Date.now());
  const [screen] = await ensureScreens(api, [REAL_PLACE], { tag: 'bench', now });
  if (screen === undefined) throw new Error('no screen');
  const player = await startWatchedPlayer(rig, api.url);
  try {
    await claim(center, screen.id, player.code);
    const client = contentApi(api);
    const { asset, blobs } = await loadAsset(path.join(ROOT, 'schedules', 'henan', 'media'), {
      file: mediaPath('village', 'video'),
      kind: 'video',
      title: '测量',
      durationS: 12,
    });
    for (const [sha256, blob] of blobs)
      if (!(await client.hasFile(sha256))) await client.putFile(sha256, blob);
    const samples: Publish[] = [];
    // The first one fetches the asset, and is not counted.
    for (let run = -1; run < runs; run += 1) {
      const shown = player.stage.painted('item', { orBefore: false });
      const startedMs = performance.now();
      await client.apply(documentOf(asset));
      const paintedMs = await shown;
      const { toldMs } = player.stage;
      const sentMs = player.assignedMs();
      if (run >= 0)
        samples.push({
          wholeMs: paintedMs - startedMs,
          centerMs: sentMs - startedMs,
          playerMs: toldMs - sentMs,
          stageMs: paintedMs - toldMs,
        });
      await client.apply(documentOf(null));
      await player.stage.painted('filler', { orBefore: true });
      // Publishing keeps no step with the timeline's whole seconds.
      await sleep(Math.random() * 1_000);
    }
    return [...(await withPeer(rig, samples))];
  } finally {
    await player.stop();
  }
}

/** One publish: the whole way, and its three parts, which add up to it. */
interface Publish {
  readonly wholeMs: number;
  readonly centerMs: number;
  readonly playerMs: number;
  readonly stageMs: number;
}

const PARTS = {
  centerMs: 'center, until the assignment is with the player',
  playerMs: 'player, until the stage is told',
  stageMs: 'stage, until the frame is on the glass',
} as const satisfies Partial<Record<keyof Publish, string>>;

async function withPeer(rig: Rig, samples: readonly Publish[]): Promise<Result[]> {
  const trips = await bareRoundTrips(rig, Math.max(100, samples.length));
  return (
    [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const
  ).flatMap(([name, share]) => [
    makeResult({
      metric: `publish → first painted frame, ${name} of ${samples.length}`,
      value: percentile(
        samples.map(({ wholeMs }) => wholeMs),
        share,
      ),
      unit: 'ms',
      peer: { name: `bare Socket.IO round trip ${name}`, value: percentile(trips, share) },
    }),
    ...(Object.keys(PARTS) as (keyof typeof PARTS)[]).map((part) =>
      makeResult({
        metric: `  ${name} of its part: ${PARTS[part]}`,
        value: percentile(
          samples.map((sample) => sample[part]),
          share,
        ),
        unit: 'ms',
      }),
    ),
  ]);
}

async function bareRoundTrips(rig: Rig, count: number): Promise<number[]> {
  const server = rig.startScript('bench/bare-socket.ts');
  const socket = io(await readyOf(server), { transports: ['websocket'], forceNew: true });
  const trips: number[] = [];
  for (let trip = -10; trip < count; trip += 1) {
    const startedMs = performance.now();
    await socket.emitWithAck('ping-pong');
    if (trip >= 0) trips.push(performance.now() - startedMs);
  }
  socket.disconnect();
  await server.stop();
  return trips;
}

interface WatchedPlayer {
  readonly stage: WatchedStage;
  /** The pairing code on its glass. */
  readonly code: () => string | null;
  /** When the last assignment came: `performance.now()`. */
  readonly assignedMs: () => number;
  readonly stop: () => Promise<void>;
}

async function startWatchedPlayer(rig: Rig, centerUrl: string): Promise<WatchedPlayer> {
  const binary = findChromium(process.env['PATH'] ?? '');
  if (binary === null) throw new Error('no Chromium on this machine: npm run system-parts');
  const dataFolder = path.join(rig.folder, 'player');
  const cache = new BlobCache(path.join(dataFolder, 'cache'));
  const server = new StageServer({
    cache,
    pageFolder: path.join(ROOT, 'dist', 'stage'),
    random: systemRandom,
    log: silentLog,
  });
  const stage = new WatchedStage(server);
  const url = await server.start();
  let assignedMs = 0;
  const engine = await startEngine({
    centerUrl,
    dataFolder,
    renderer: 'chromium',
    hardware: 'bench',
    stage,
    commons: { cache, library: new PlanLibrary() },
    ports: {
      link: listenIn(socketLink(centerUrl), () => {
        assignedMs = performance.now();
      }),
    },
  });
  const browser = new KioskBrowser({
    binary,
    url,
    folder: path.join(rig.folder, 'browser'),
    hasDisplay: false,
    isRoot: process.getuid?.() === 0,
    devtools: false,
    timers: systemTimers,
    log: silentLog,
  });
  browser.start();
  const stop = async () => {
    await browser.stop();
    await engine.stop();
    await server.stop();
  };
  return { stage, code: () => engine.status().pairingCode, assignedMs: () => assignedMs, stop };
}

/** The same link, with a word whenever an assignment comes. */
function listenIn(link: CenterLink, onAssignment: () => void): CenterLink {
  return {
    open: (events) =>
      link.open({
        ...events,
        message: (event, payload) => {
          if (event === 'assignment') onAssignment();
          events.message(event, payload);
        },
      }),
  };
}

async function claim({ api }: RunningCenter, screen: ScreenId, code: () => string | null): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const shown = code();
    if (shown !== null) return claimScreen(api, screen, shown);
    await sleep(200);
  }
  throw new Error('no pairing code within 20 s');
}

/** The village's document with one item all day, or with nothing. */
function documentOf(asset: Asset | null): ScheduleDocument {
  const { region } = REAL_PLACE;
  const windows = [{ start: '00:00', end: '24:00' }];
  const validity = { from: '2026-01-01', to: null };
  return scheduleDocumentSchema.parse({
    format: 'kepu-schedules/1',
    region,
    assets: asset === null ? [] : [asset],
    playlists:
      asset === null
        ? []
        : [{ id: 'bench', name: '测量', region, items: [{ asset: asset.sha256, durationS: ITEM_S }] }],
    schedules:
      asset === null
        ? []
        : [{ id: 'bench', name: '测量', class: 'rotation', region, playlist: 'bench', windows, validity }],
    quotas: [],
    reserved: [],
  });
}
