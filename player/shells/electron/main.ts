import { app, BrowserWindow, session } from 'electron';
import type { Engine } from '../../engine/engine.ts';
import { jsonLog } from '../../engine/system-ports.ts';
import { announce } from '../announce.ts';
import { startServingEngine } from '../page/page.ts';
import { parsePlayerSettings } from '../player-settings.ts';

/** The product's shell: the engine in Electron's main process, the stage in one sandboxed window. */
const log = jsonLog();
const settings = parsePlayerSettings(
  process.argv
    .slice(2)
    .filter((argument, index, all) => argument !== '--shell' && all[index - 1] !== '--shell'),
  process.env,
);

app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
app.commandLine.appendSwitch('disable-background-timer-throttling');
app.on('window-all-closed', () => app.quit());

await app.whenReady();
const engine = await startServingEngine(settings, log, 'electron');
openStage(engine);
if (process.send !== undefined) announce(engine, '画面在 Electron 窗口里', process.send.bind(process));
process.once('SIGTERM', () => app.quit());
process.once('SIGINT', () => app.quit());

let isStopped = false;
app.on('before-quit', (event) => {
  if (isStopped) return;
  event.preventDefault();
  void engine.stop().finally(() => {
    isStopped = true;
    app.quit();
  });
});

function openStage({ stageUrl }: Engine): void {
  if (stageUrl === null) return;
  const { origin } = new URL(stageUrl);
  // A profile in memory: nothing of the page outlives the process.
  const stageSession = session.fromPartition('stage');
  stageSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  const window = new BrowserWindow({
    kiosk: true,
    autoHideMenuBar: true,
    backgroundColor: '#0B1B2E',
    webPreferences: {
      session: stageSession,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      backgroundThrottling: false,
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => {
    if (new URL(event.url).origin !== origin) event.preventDefault();
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    log.warn('the stage process ended; it is loaded again', { reason });
    setTimeout(() => void window.loadURL(stageUrl), 500);
  });
  webContents.on('did-fail-load', (_event, code) => {
    log.warn('the stage did not load; once more', { code });
    setTimeout(() => void window.loadURL(stageUrl), 2_000);
  });
  void window.loadURL(stageUrl);
}
