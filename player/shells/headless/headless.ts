import { hostname } from 'node:os';
import { startEngine } from '../../engine/engine.ts';
import type { Log } from '../../engine/ports.ts';
import type { PlayerSettings } from '../player-settings.ts';
import type { RunningShell } from '../running-shell.ts';
import { HeadlessStage } from './headless-stage.ts';

/** One player without a picture. */
export async function startHeadless(settings: PlayerSettings, log: Log): Promise<RunningShell> {
  const stage = new HeadlessStage();
  const engine = await startEngine({
    centerUrl: settings.center,
    dataFolder: settings.data,
    ...(settings.centerKey !== undefined && { centerKey: settings.centerKey }),
    renderer: 'headless',
    hardware: hostname(),
    stage,
    ports: { log },
  });
  return {
    engine,
    note: '没有画面的播放终端已启动',
    stop: async () => {
      stage.stop();
      await engine.stop();
    },
  };
}
