import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/core/errors.ts';
import { startEngine } from '../../engine/engine.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/ports.ts';
import { STAGE_FOLDER } from '../player-settings.ts';
import type { PlayerSettings } from '../player-settings.ts';
import type { RunningShell } from '../running-shell.ts';

/** One player whose stage any browser on this machine may show. */
export async function startPage(settings: PlayerSettings, log: Log): Promise<RunningShell> {
  const engine = await startServingEngine(settings, log, 'browser');
  return {
    engine,
    note: `在这台机器的浏览器里打开：${engine.stageUrl}`,
    stop: () => engine.stop(),
  };
}

/**
 * An engine that serves the built stage itself.
 * @throws AppError CONFIG_INVALID where the page was not built.
 */
export async function startServingEngine(
  settings: PlayerSettings,
  log: Log,
  renderer: 'browser' | 'chromium' | 'electron',
): Promise<Engine> {
  if (!existsSync(join(STAGE_FOLDER, 'index.html')))
    throw new AppError('CONFIG_INVALID', { detail: '播放页面还没有构建：先运行 npm run build' });
  return startEngine({
    centerUrl: settings.center,
    dataFolder: settings.data,
    ...(settings.centerKey !== undefined && { centerKey: settings.centerKey }),
    renderer,
    hardware: hostname(),
    stage: {
      pageFolder: STAGE_FOLDER,
      ...(settings.stagePort !== undefined && { port: settings.stagePort }),
    },
    ports: { log },
  });
}
