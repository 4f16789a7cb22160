import { ClockKeeper } from '../../../player/engine/clock/clock-keeper.ts';
import { PowerInterval, RunInterval } from '../../../player/engine/journal/intervals.ts';
import { Journal } from '../../../player/engine/journal/journal.ts';
import { systemClock, systemRandom } from '../../../player/engine/system-ports.ts';
import type { DeviceId, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';

export const DEVICE = 'd'.repeat(32) as DeviceId;
export const PLAN = 'a'.repeat(64) as Sha256;

/** A journal that has begun, with a power and a run interval open. */
export function journalForTest(folder: string, clockPort: Clock = systemClock) {
  const journal = Journal.open(folder, DEVICE, systemRandom);
  const clock = new ClockKeeper({ clock: clockPort, osBoot: 'test', memory: journal.clockMemory() });
  journal.begin(clock, { osBoot: 'test', panelReadable: false, renderer: 'headless', version: 'test' });
  const power = new PowerInterval(0);
  const run = new RunInterval(0, PLAN);
  run.beginItem();
  journal.open(power);
  journal.open(run);
  return { journal, clock, power, run };
}
