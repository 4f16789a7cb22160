import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findChromium } from '../../player/shells/kiosk/find-chromium.ts';

/** Keeps Chromium from talking to anybody, and lets it play as a kiosk would. */
export const CHROMIUM_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-dev-shm-usage',
  '--autoplay-policy=no-user-gesture-required',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
] as const;

/**
 * Starts the machine's Chromium, headless; the caller closes it.
 * @throws Error when there is none.
 */
export async function launchBrowser(extraFlags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium(process.env['PATH'] ?? '');
  if (executablePath === null) throw new Error('no Chromium on PATH (Debian: apt-get install chromium)');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS, ...sandbox, ...extraFlags],
    // Without a UTF-8 locale Chromium has no Chinese file names, and a download loses its own.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}
