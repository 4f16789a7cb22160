import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { startEngine } from '../../../player/engine/engine.ts';
import type { Engine, EngineOptions } from '../../../player/engine/engine.ts';
import { HeadlessStage } from '../../../player/shells/headless/headless-stage.ts';
import type { StageBehaviour } from '../../../player/shells/headless/headless-stage.ts';
import { sha256Hex } from '../../../shared/core/canonical.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { makeAsset, makePlan } from '../../shared/plan/make-plan.ts';
import { SmallCenter } from './small-center.ts';

const undo: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A temporary folder, removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kepu-player-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A center for players, stopped after the test. */
export async function makeCenter(): Promise<SmallCenter> {
  const center = await SmallCenter.start();
  undo.push(() => center.stop());
  return center;
}

export interface TestPlayer {
  readonly engine: Engine;
  readonly stage: HeadlessStage;
}

/** A player without a picture; stopped after the test. */
export async function makePlayer(
  centerUrl: string,
  dataFolder: string,
  options: Partial<EngineOptions> & { readonly behaviour?: StageBehaviour } = {},
): Promise<TestPlayer> {
  const { behaviour, ...rest } = options;
  const stage = new HeadlessStage(behaviour === undefined ? {} : { behaviour });
  const engine = await startEngine({
    centerUrl,
    dataFolder,
    stage,
    renderer: 'headless',
    hardware: 'test',
    ...rest,
  });
  let stopped = false;
  const stop = async (how?: { readonly abrupt: boolean }) => {
    if (stopped) return;
    stopped = true;
    stage.stop();
    await engine.stop(how);
  };
  undo.push(() => stop());
  return { engine: { ...engine, stop }, stage };
}

/** Random bytes and the asset that they are. */
export function makeMedia(center: SmallCenter, sizeBytes = 4_096): { sha256: Sha256; sizeBytes: number } {
  const bytes = randomBytes(sizeBytes);
  const sha256 = sha256Hex(bytes);
  center.assets.set(sha256, bytes);
  return { sha256, sizeBytes };
}

/** A plan that shows these assets in turn, round the clock. */
export function planOf(
  media: readonly { readonly sha256: Sha256; readonly sizeBytes: number }[],
  durationS = 2,
  patch: Partial<Record<keyof Plan, unknown>> = {},
): Plan {
  const base = makePlan();
  const [schedule] = base.schedules;
  return makePlan({
    schedules: [
      {
        ...schedule,
        windows: [{ start: '00:00', end: '24:00' }],
        validity: { from: '2020-01-01', to: null },
      },
    ],
    playlists: {
      'henan-daily': {
        name: '全省',
        items: media.map(({ sha256 }) => ({ asset: sha256, durationS, fit: 'contain' })),
      },
    },
    assets: Object.fromEntries(
      media.map((one) => [one.sha256, { ...makeAsset({ ...one, durationS }), approvals: [] }]),
    ),
    ...patch,
  });
}

/** Waits until something holds. @throws after `limitMs`, naming `what`. */
export async function until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A claimed player on air with a plan of two assets. */
export async function makeOnAir(
  options: Partial<EngineOptions> & { readonly behaviour?: StageBehaviour; readonly durationS?: number } = {},
) {
  const { durationS = 2, ...rest } = options;
  const center = await makeCenter();
  center.claimsAll = true;
  const folder = makeFolder();
  const player = await makePlayer(center.url, folder, rest);
  const { device } = player.engine;
  await until('connected', () => center.isConnected(device));
  const media = [makeMedia(center), makeMedia(center)];
  const plan = center.addPlan(planOf(media, durationS));
  center.assign(device, { plan, counter: 1, settings: SETTINGS });
  await until('on air', () => player.engine.status().showing.kind === 'item');
  return { center, folder, ...player, device, media, plan };
}

/** Ticks every second, closes every ten. */
export const SETTINGS = {
  requiredHours: [{ start: '00:00', end: '24:00' }],
  volume: 60,
  tickS: 1,
  closeS: 10,
  cacheBytes: 10_000_000,
};
