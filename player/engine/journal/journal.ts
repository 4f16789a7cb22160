import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { randomHex } from '../../../shared/core/ports.ts';
import type { Random } from '../../../shared/core/ports.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { BootId, DeviceId } from '../../../shared/core/ids.ts';
import { bootIdSchema } from '../../../shared/core/ids.ts';
import type { ClockOffset, JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { clockMemorySchema } from '../clock/clock-keeper.ts';
import type { ClockKeeper, ClockMemory } from '../clock/clock-keeper.ts';
import { JournalDb } from './journal-db.ts';
import type { BootRow, Stretch, Unplaced } from './journal-db.ts';

/** What a record says besides where it stands and when it was made. */
export type Body = Unplaced extends infer R
  ? R extends Unplaced
    ? Omit<R, 'mono' | 'wall' | 'off'>
    : never
  : never;
type IntervalBody = Extract<Body, { from: number; to: number }>;

/** Something that lasts: ticked durably while open, a record once closed. */
export interface OpenInterval {
  /** One open interval per key. Closed in the order of keys' kinds, exceptions within their run. */
  readonly key: string;
  /** What the record would say if the interval ended at `toMono`. */
  body(toMono: number): IntervalBody;
  /** The interval was closed at `fromMono` and goes on from there. */
  restart(fromMono: number): void;
}

export interface BootFacts {
  readonly osBoot: string;
  readonly panelReadable: boolean;
  readonly renderer: Extract<JournalRecord, { kind: 'boot' }>['renderer'];
  readonly version: string;
}

const leftoverSchema = z.object({ boot: bootIdSchema, record: z.record(z.string(), z.unknown()) });
const CLOCK_KEY = 'clock';
/** Records that the center holds are kept this long, in case it comes back from a backup. */
const KEEP_MS = 35 * 86_400_000;

/** The device's own append-only record of power, panel and what was really shown. */
export class Journal {
  readonly #db: JournalDb;
  readonly #random: Random;
  readonly #intervals = new Map<string, OpenInterval>();
  #clock: ClockKeeper | null = null;
  #boot: BootId | null = null;
  #onAppend: () => void = () => {};

  private constructor(db: JournalDb, random: Random) {
    this.#db = db;
    this.#random = random;
  }

  /**
   * Opens the journal in `folder`. A file that is no database any more is kept aside and a new one begun.
   * @throws AppError INSTANCE_RUNNING where another engine has it open.
   */
  static open(folder: string, device: DeviceId, random: Random): Journal {
    const path = join(folder, 'journal.db');
    try {
      return new Journal(new JournalDb(path, device), random);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'SQLITE_BUSY') throw new AppError('INSTANCE_RUNNING', { folder }, error);
      if (code !== 'SQLITE_NOTADB' && !code?.startsWith('SQLITE_CORRUPT')) throw error;
      const aside = `${path}.bad-${randomHex(random, 4)}`;
      for (const suffix of ['', '-wal', '-shm']) moveIfThere(path + suffix, aside + suffix);
      return new Journal(new JournalDb(path, device), random);
    }
  }

  /** What the clock left at its last tick; read before the clock is made. */
  clockMemory(): ClockMemory | null {
    const text = this.#db.getValue('meta', CLOCK_KEY);
    return text === null ? null : clockMemorySchema.parse(JSON.parse(text));
  }

  /**
   * Begins this engine start: closes what the previous boot left open at its last tick, under that
   * boot, and makes the boot record, which names the previous boot and its last sequence; all of it
   * in one transaction.
   */
  begin(clock: ClockKeeper, facts: BootFacts): BootId {
    const boot = randomHex(this.#random, 16) as BootId;
    this.#clock = clock;
    this.#db.transaction(() => {
      for (const { key, value } of this.#db.openValues()) {
        const leftover = leftoverSchema.parse(JSON.parse(value));
        this.#db.append(leftover.boot, leftover.record as Unplaced);
        this.#db.deleteOpen(key);
      }
      const last = this.#db.lastBoot();
      this.#db.addBoot(boot);
      const previous = last === null ? null : { boot: last.boot, lastSeq: last.lastSeq };
      this.#db.append(boot, this.#placed({ kind: 'boot', ...facts, previous }));
    });
    this.#boot = boot;
    return boot;
  }

  get boot(): BootId {
    if (this.#boot === null) throw new Error('the journal has not begun');
    return this.#boot;
  }

  /** The boot's monotonic clock now. */
  monoMs(): number {
    return this.#requireClock().monoMs();
  }

  /** Called after every append. */
  onAppend(listener: () => void): void {
    this.#onAppend = listener;
  }

  /** Commits one record. */
  record(body: Body): void {
    this.#db.transaction(() => this.#db.append(this.boot, this.#placed(body)));
    this.#onAppend();
  }

  /** From now on `interval` is extended by every tick. */
  open(interval: OpenInterval): void {
    this.#intervals.set(interval.key, interval);
  }

  /** Ends an interval at `toMono` (now, where not given): its record is committed. */
  close(interval: OpenInterval, toMono = this.monoMs()): void {
    if (this.#intervals.get(interval.key) !== interval) return;
    this.#db.transaction(() => this.#appendClosed(interval, toMono));
    this.#intervals.delete(interval.key);
    this.#onAppend();
  }

  /** Makes all open intervals durable up to now, and what the clock knows. */
  tick(): void {
    const mono = this.monoMs();
    this.#db.transaction(() => {
      for (const interval of this.#intervals.values()) {
        const record = this.#placed(interval.body(mono));
        this.#db.putValue('open', interval.key, JSON.stringify({ boot: this.boot, record }));
      }
      this.#putClock();
    });
  }

  /** Closes all open intervals into records at one instant; `reopen` lets them go on from there. */
  closeAll(reopen: boolean): void {
    const mono = this.monoMs();
    const ordered = [...this.#intervals.values()].toSorted((a, b) => rankOf(a.key) - rankOf(b.key));
    if (ordered.length === 0) return;
    this.#db.transaction(() => {
      for (const interval of ordered) this.#appendClosed(interval, mono);
      this.#putClock();
    });
    for (const interval of ordered) {
      if (reopen) interval.restart(mono);
      else this.#intervals.delete(interval.key);
    }
    this.#onAppend();
  }

  pendingBoots(): BootRow[] {
    return this.#db.pendingBoots();
  }

  pendingCount(): number {
    return this.#db.pendingCount();
  }

  /** Up to `limit` records of a boot after `afterSeq`; `null` where they were pruned. */
  recordsAfter(boot: BootId, afterSeq: number, limit: number): Stretch | null {
    return this.#db.recordsAfter(boot, afterSeq, limit);
  }

  /** The center's mark for a boot, as it answered. */
  setAcked(boot: BootId, mark: number): void {
    this.#db.setAcked(boot, mark, this.#requireClock().nowMs());
  }

  /** Declares that a stretch of a boot's records, which the center asks for, is gone for good. */
  declareLost(boot: BootId, fromSeq: number, toSeq: number): void {
    this.#db.transaction(() => {
      this.#db.append(this.boot, this.#placed({ kind: 'lost', boot, fromSeq, toSeq }));
      this.#db.setAcked(boot, toSeq, this.#requireClock().nowMs());
    });
    this.#onAppend();
  }

  /** Deletes what the center has held for 35 days. Returns how many records went. */
  prune(): number {
    return this.#db.prune(this.#requireClock().nowMs() - KEEP_MS);
  }

  /** Closes the file; open intervals stay for the next start to close at their last tick. */
  end(): void {
    this.#db.close();
  }

  #appendClosed(interval: OpenInterval, toMono: number): void {
    this.#db.append(this.boot, this.#placed(interval.body(toMono)));
    this.#db.deleteOpen(interval.key);
  }

  #placed(body: Body): Unplaced {
    const clock = this.#requireClock();
    const off: ClockOffset | null = clock.offset();
    return { ...body, mono: clock.monoMs(), wall: clock.wallMs(), off } as Unplaced;
  }

  #putClock(): void {
    this.#db.putValue('meta', CLOCK_KEY, JSON.stringify(this.#requireClock().memory()));
  }

  #requireClock(): ClockKeeper {
    if (this.#clock === null) throw new Error('the journal has not begun');
    return this.#clock;
  }
}

/** Exceptions lie within their run, so they are recorded before it. */
function rankOf(key: string): number {
  return ['exception', 'run', 'panel', 'power'].indexOf(key.split(':')[0] ?? '');
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
