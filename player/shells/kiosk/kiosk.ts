import { join } from 'node:path';
import { AppError } from '../../../shared/core/errors.ts';
import type { Log } from '../../engine/ports.ts';
import { systemTimers } from '../../engine/system-ports.ts';
import { startServingEngine } from '../page/page.ts';
import type { PlayerSettings } from '../player-settings.ts';
import type { RunningShell } from '../running-shell.ts';
import { KioskBrowser } from './kiosk-browser.ts';

/** One player that fills this machine's display with Chromium. */
export async function startKiosk(settings: PlayerSettings, log: Log): Promise<RunningShell> {
  const { chromium: binary } = settings;
  if (binary === undefined)
    throw new AppError('CONFIG_INVALID', {
      detail: '没有找到 Chromium。Debian、Ubuntu：apt-get install chromium；或用 --shell page',
    });
  const engine = await startServingEngine(settings, log, 'chromium');
  const browser = new KioskBrowser({
    binary,
    url: engine.stageUrl ?? '',
    folder: join(settings.data, 'browser'),
    hasDisplay: settings.hasDisplay,
    isRoot: process.getuid?.() === 0,
    devtools: settings.devtools,
    timers: systemTimers,
    log,
  });
  browser.start();
  return {
    engine,
    note: settings.hasDisplay ? '画面在这台机器的显示器上' : '没有显示器：画面在无头 Chromium 里',
    stop: async () => {
      await browser.stop();
      await engine.stop();
    },
  };
}
