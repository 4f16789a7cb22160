import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KioskBrowser } from '../../../player/shells/kiosk/kiosk-browser.ts';
import type { KioskBrowserOptions } from '../../../player/shells/kiosk/kiosk-browser.ts';
import { silentLog, systemTimers } from '../../../player/engine/system-ports.ts';
import { makeFolder, until } from '../engine/fixtures.ts';

/** A browser that writes down what it was told and stays, as long as its lifeline does. */
function makeBrowser(patch: Partial<KioskBrowserOptions> = {}) {
  const folder = makeFolder();
  const said = join(folder, 'said');
  const binary = join(folder, 'browser');
  writeFileSync(binary, `#!/bin/sh\necho "$@" >> ${said}\nexec cat <&3 >/dev/null\n`);
  chmodSync(binary, 0o755);
  const browser = new KioskBrowser({
    binary,
    url: 'http://127.0.0.1:1/?token=t',
    folder: join(folder, 'profiles'),
    hasDisplay: true,
    isRoot: false,
    devtools: false,
    timers: systemTimers,
    log: silentLog,
    ...patch,
  });
  // The shell makes the file before it writes its line.
  const starts = () => (existsSync(said) ? readFileSync(said, 'utf8').split('\n').filter(Boolean) : []);
  return { browser, folder, starts };
}

describe('the kiosk browser', () => {
  it('fills the display with the stage, in a profile of its own, inside the sandbox', async () => {
    const { browser, starts, folder } = makeBrowser();
    browser.start();
    await until('started', () => starts().length === 1);
    const [said = ''] = starts();
    for (const flag of [
      '--kiosk',
      '--disable-background-networking',
      '--autoplay-policy=no-user-gesture-required',
    ])
      expect(said).toContain(flag);
    expect(said).toContain(`--user-data-dir=${folder}/profiles/profile-`);
    expect(said).not.toMatch(/--no-sandbox|--headless|--remote-debugging-port/);
    expect(said.endsWith('http://127.0.0.1:1/?token=t')).toBe(true);
    await browser.stop();
    expect(existsSync(join(folder, 'profiles'))).toBe(false);
  });

  it('leaves the sandbox out for root alone, and paints unseen without a display', async () => {
    const { browser, starts } = makeBrowser({ isRoot: true, hasDisplay: false });
    browser.start();
    await until('started', () => starts().length === 1);
    expect(starts()[0]).toMatch(/--headless=new .*--no-sandbox/);
    await browser.stop();
  });

  it('is started again with a fresh profile when it is killed, and not after it was stopped', async () => {
    const { browser, starts } = makeBrowser();
    browser.start();
    await until('started', () => starts().length === 1);
    const { profile } = browser;
    process.kill(browser.pid ?? 0, 'SIGKILL');
    await until('started again', () => starts().length === 2);
    expect(browser.profile).not.toBe(profile);
    await browser.stop();
    expect(browser.starts).toBe(2);
  });

  it('keeps trying where the binary is missing', async () => {
    const { browser } = makeBrowser({ binary: '/nowhere/chromium' });
    browser.start();
    await until('tried again', () => browser.starts >= 2);
    await browser.stop();
  });
});
