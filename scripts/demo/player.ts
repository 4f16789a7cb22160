import path from 'node:path';
import { z } from 'zod';
import type { ScreenId } from '../../shared/core/ids.ts';
import { findElectron } from '../../player/shells/electron/find-electron.ts';
import { ROOT, findProgram } from '../setup/command.ts';
import type { CenterApi } from '../center/center-api.ts';
import { Child } from './child.ts';
import { claimScreen } from './screens.ts';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), stageUrl: z.string().nullable(), note: z.string() }),
  z.object({ kind: z.literal('pairing'), code: z.string() }),
  z.object({ kind: z.literal('claimed'), screen: z.string() }),
]);

/** What is on the glass of the machine that runs the demo. */
type Host = 'electron' | 'kiosk' | 'page';

export interface PlayerOptions {
  readonly api: CenterApi;
  readonly screen: ScreenId;
  readonly dataFolder: string;
  /** No window, even where there is a display. */
  readonly headless: boolean;
  readonly say: (line: string) => void;
}

export interface RunningPlayer {
  readonly child: Child;
  /** Resolves when the player says that it runs. */
  readonly started: Promise<void>;
  /** Shows the same stage in any browser of this machine; `null` until the player has started. */
  stageUrl(): string | null;
  /** Whether somebody has to open {@link stageUrl} for there to be a picture. */
  readonly needsBrowser: boolean;
}

/**
 * Starts the real player: the Electron shell where its binary and a display are, else Chromium, with a
 * window where there is a display, else the engine alone, whose stage any browser shows. Claims it with
 * the code that it shows.
 */
export function startPlayerProcess({ api, screen, dataFolder, headless, say }: PlayerOptions): RunningPlayer {
  const host = chooseHost(headless);
  let stageUrl: string | null = null;
  const child = Child.start({
    name: '真实播放器',
    entry: path.join(ROOT, 'player', 'shells', host, 'main.ts'),
    args: ['--center', api.url, '--data', path.join(dataFolder, 'player')],
    ...(host === 'electron' && { program: findElectron() ?? undefined }),
    ...(headless && { without: ['DISPLAY', 'WAYLAND_DISPLAY'] }),
    logFile: path.join(dataFolder, 'logs', 'player.log'),
  });
  const { promise: started, resolve: hasStarted } = Promise.withResolvers<void>();
  child.onMessage((raw) => {
    const message = messageSchema.safeParse(raw);
    if (!message.success) return;
    if (message.data.kind === 'started') {
      ({ stageUrl } = message.data);
      hasStarted();
      say(message.data.note);
    }
    if (message.data.kind === 'pairing') {
      const { code } = message.data;
      say(`屏上的登记码 ${code.slice(0, 4)} ${code.slice(4)}，登记`);
      claimScreen(api, screen, code).catch((error: unknown) => say(`没登记成：${String(error)}`));
    }
  });
  return { child, started, stageUrl: () => stageUrl, needsBrowser: host === 'page' };
}

function chooseHost(headless: boolean): Host {
  const hasDisplay = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  if (hasDisplay && !headless && findElectron() !== null) return 'electron';
  const chromium = findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
  return chromium === null ? 'page' : 'kiosk';
}
