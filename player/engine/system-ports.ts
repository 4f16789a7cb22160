import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock, Random } from '../../shared/core/ports.ts';
import type { Http, Log, Panel, Timers } from './ports.ts';

/** The machine's own clocks. `hrtime` counts from the operating system's boot, whichever process asks. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
};

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

export const systemTimers: Timers = {
  after(delayMs, task) {
    // setTimeout fires at once beyond 2^31 - 1 ms; whoever waits that long asks again on waking.
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

/** A panel that tells nothing: evidence grade B. */
export const unreadablePanel: Panel = { readable: false, read: () => Promise.resolve('unreadable') };

export const systemHttp: Http = (url, init) => fetch(url, { ...init, redirect: 'error' });

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** One JSON line per event on standard error. */
export function jsonLog(base: Readonly<Record<string, unknown>> = {}): Log {
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    process.stderr.write(
      `${JSON.stringify({ level, time: Date.now(), ...base, ...fields, msg: message })}\n`,
    );
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/**
 * Names this run of the operating system: Linux's boot id, elsewhere the boot instant to the minute
 * (the wall clock minus the uptime, which is all there is).
 */
export function readOsBoot(clock: Clock): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Not Linux.
    return `since-${Math.round((clock.nowMs() - clock.monotonicMs()) / 60_000)}`;
  }
}
