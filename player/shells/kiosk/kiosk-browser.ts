import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cancel, Log, Timers } from '../../engine/ports.ts';

export interface KioskBrowserOptions {
  readonly binary: string;
  readonly url: string;
  /** Profiles live here, one per start, and are thrown away: a profile that a power cut tore is never used again. */
  readonly folder: string;
  /** Whether there is a display to fill; without one it paints where nobody sees it. */
  readonly hasDisplay: boolean;
  /** The sandbox does not work for root, and for nobody else is it left out. */
  readonly isRoot: boolean;
  /** Serves the DevTools protocol on a free loopback port, for tests and repair. */
  readonly devtools: boolean;
  readonly timers: Timers;
  readonly log: Log;
}

const FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-breakpad',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-session-crashed-bubble',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--noerrdialogs',
  '--hide-scrollbars',
  '--autoplay-policy=no-user-gesture-required',
  '--password-store=basic',
  '--window-position=0,0',
  '--window-size=1920,1080',
] as const;

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A browser that lived this long was all right: the next restart waits no longer than the first. */
const HEALTHY_MS = 60_000;
const KILL_AFTER_MS = 3_000;

/** Chromium filling the display with one page, started again whenever it dies. */
export class KioskBrowser {
  readonly #options: KioskBrowserOptions;
  #child: ChildProcess | null = null;
  #profile: string | null = null;
  #cancel: Cancel | null = null;
  #delayMs = FIRST_DELAY_MS;
  #stopped = false;
  #starts = 0;

  constructor(options: KioskBrowserOptions) {
    this.#options = options;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** The profile in use; with `devtools`, its file `DevToolsActivePort` names the port. */
  get profile(): string | null {
    return this.#profile;
  }

  start(): void {
    const { binary, folder, log, timers } = this.#options;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#profile = mkdtempSync(join(folder, 'profile-'));
    this.#starts += 1;
    const startedAt = performance.now();
    // The pipe (descriptors 3 and 4) is a lifeline: when this process dies, however it dies, the
    // other end closes and Chromium with it, instead of staying on the glass unattended.
    const child = spawn(binary, this.#arguments(this.#profile), {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of child.stdio.slice(3)) stream?.on('error', () => child.kill());
    const ended = (reason: string) => {
      if (this.#child !== child) return;
      this.#child = null;
      if (this.#stopped) return;
      if (performance.now() - startedAt > HEALTHY_MS) this.#delayMs = FIRST_DELAY_MS;
      log.warn('the browser ended; it is started again', { reason, delayMs: this.#delayMs });
      this.#cancel = timers.after(this.#delayMs, () => this.start());
      this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal ?? `code ${code}`));
  }

  /** Ends it and throws its profile away. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    const child = this.#child;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const cancel = this.#options.timers.after(KILL_AFTER_MS, () => child.kill('SIGKILL'));
      await exited;
      cancel();
    }
    rmSync(this.#options.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #arguments(profile: string): string[] {
    const { url, hasDisplay, isRoot, devtools } = this.#options;
    return [
      ...FLAGS,
      `--user-data-dir=${profile}`,
      '--kiosk',
      ...(hasDisplay ? [] : ['--headless=new', '--screen-info={1920x1080}']),
      '--remote-debugging-pipe',
      ...(isRoot ? ['--no-sandbox'] : []),
      ...(devtools ? ['--remote-debugging-port=0'] : []),
      url,
    ];
  }
}
