import { z } from 'zod';
import type { Clock } from '../../../shared/core/ports.ts';
import { instantOfMs } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { midOffset, narrowOffset, widenOffset } from '../../../shared/telemetry/clock.ts';
import type { ClockOffset } from '../../../shared/telemetry/record.schema.ts';

/** What the clock must remember over a restart; persisted with every journal tick. */
export const clockMemorySchema = z.strictObject({
  /** The operating system's boot in which this was taken. */
  osBoot: z.string(),
  /** Its monotonic clock, milliseconds. */
  osMonoMs: z.number(),
  /** Center time then: also the high-water mark below which nothing is resolved any more. */
  centerMs: z.number(),
  /** Center time minus the machine's wall clock, as last known from the center; `null` before any contact. */
  wallOffsetMs: z.number().nullable(),
});
export type ClockMemory = z.infer<typeof clockMemorySchema>;

export interface ClockKeeperOptions {
  readonly clock: Clock;
  readonly osBoot: string;
  /** What the last engine start left. */
  readonly memory: ClockMemory | null;
}

/** How far the machine's clock may step before the player follows it while it has no contact. */
const WALL_STEP_MS = 2_000;

/**
 * Center time on the device (DESIGN.md section 6 "Time"). Met in this boot: the monotonic clock plus
 * the measured offset. Otherwise, after an engine restart within one run of the operating system, the
 * monotonic clock since the last time known; after a power cut the machine's clock plus the last
 * offset; and never before the highest time persisted or the assignment's `issuedAt`.
 */
export class ClockKeeper {
  readonly #clock: Clock;
  readonly #osBoot: string;
  readonly #zeroMs: number;
  #offset: ClockOffset | null = null;
  #wallOffsetMs: number | null;
  /** Center time minus the OS's monotonic clock, as assumed while the boot has not met the center. */
  #assumedMs: number;
  /** Whether {@link #assumedMs} rests on the wall clock and so follows its steps. */
  #followsWall: boolean;
  #floorMs: number;

  constructor(options: ClockKeeperOptions) {
    const { clock, osBoot, memory } = options;
    this.#clock = clock;
    this.#osBoot = osBoot;
    this.#zeroMs = clock.monotonicMs();
    this.#wallOffsetMs = memory?.wallOffsetMs ?? null;
    this.#floorMs = memory?.centerMs ?? 0;
    this.#followsWall = memory === null || memory.osBoot !== osBoot || memory.osMonoMs > this.#zeroMs;
    this.#assumedMs = this.#followsWall
      ? this.#wallGuessMs() - this.#zeroMs
      : (memory?.centerMs ?? 0) - (memory?.osMonoMs ?? 0);
    this.#raiseToFloor();
  }

  /** Whole milliseconds of the monotonic clock since this engine started: what records carry. */
  monoMs(): number {
    return Math.floor(this.#clock.monotonicMs() - this.#zeroMs);
  }

  /** The machine's wall clock, as records carry it; may be wrong. */
  wallMs(): number {
    return Math.floor(this.#clock.nowMs());
  }

  /** Center time, milliseconds since 1970, as well as this device knows it. */
  nowMs(): number {
    const osMono = this.#clock.monotonicMs();
    if (this.#offset !== null) return Math.floor(osMono - this.#zeroMs) + midOffset(this.#offset);
    this.#followWall();
    return Math.floor(osMono + this.#assumedMs);
  }

  /** The whole second of {@link nowMs}. */
  now(): Instant {
    return instantOfMs(this.nowMs());
  }

  /** Where a center instant lies on this boot's monotonic clock; never below 0. */
  monoOf(centerMs: number): number {
    return Math.max(0, Math.round(this.monoMs() + (centerMs - this.nowMs())));
  }

  /** Whether this boot has met the center. */
  get met(): boolean {
    return this.#offset !== null;
  }

  /** The offset for a record made now, widened by drift; `null` while the boot has not met the center. */
  offset(): ClockOffset | null {
    return this.#offset === null ? null : widenOffset(this.#offset, this.monoMs());
  }

  /**
   * Takes a measurement. Returns `false` where it contradicts what was known in this boot: then the
   * newer one counts from here on, and the records show the center both.
   */
  learn(measured: ClockOffset): boolean {
    const narrowed = narrowOffset(this.#offset, measured);
    this.#offset = narrowed ?? measured;
    this.#wallOffsetMs = this.monoMs() + midOffset(this.#offset) - this.wallMs();
    return narrowed !== null;
  }

  /** The assignment in force says that the center's clock has reached `instant`. */
  notBefore(instant: Instant): void {
    this.#floorMs = Math.max(this.#floorMs, instant * 1000);
    this.#raiseToFloor();
  }

  /** What to persist now. */
  memory(): ClockMemory {
    return {
      osBoot: this.#osBoot,
      osMonoMs: this.#clock.monotonicMs(),
      centerMs: this.nowMs(),
      wallOffsetMs: this.#wallOffsetMs,
    };
  }

  #wallGuessMs(): number {
    return this.#clock.nowMs() + (this.#wallOffsetMs ?? 0);
  }

  /** A wall clock that steps forward while we wait (NTP, a technician) is followed; backwards never. */
  #followWall(): void {
    if (!this.#followsWall) return;
    const guess = this.#wallGuessMs() - this.#clock.monotonicMs();
    if (guess > this.#assumedMs + WALL_STEP_MS) this.#assumedMs = guess;
  }

  #raiseToFloor(): void {
    if (this.#offset !== null) return;
    const osMono = this.#clock.monotonicMs();
    if (osMono + this.#assumedMs < this.#floorMs) this.#assumedMs = this.#floorMs - osMono;
  }
}
