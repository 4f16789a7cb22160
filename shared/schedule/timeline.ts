import type { RegionCode, ScheduleId, Sha256 } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import type { ScheduleClass } from './schedule.schema.ts';

/** Why an entry is on: the rule of DESIGN.md section 4 that decided. */
export type Reason =
  | 'mandatory-start'
  | 'mandatory-repeat'
  | 'mandatory-resumed'
  | 'fair-share'
  | 'filler-schedule'
  | 'nothing-fits'
  | 'nothing-scheduled';

/** One showing of one item, or of the filler built into the player (`schedule: null`). */
export interface TimelineEntry {
  readonly start: Instant;
  /** When it leaves the glass: its planned end, or earlier where it is cut. */
  readonly end: Instant;
  /** Start plus the item's length; equals `end` unless cut. For built-in filler equals `end`. */
  readonly plannedEnd: Instant;
  readonly class: ScheduleClass;
  readonly schedule: ScheduleId | null;
  readonly region: RegionCode | null;
  /** Index in the playlist; -1 for built-in filler. */
  readonly item: number;
  readonly asset: Sha256 | null;
  readonly reason: Reason;
}

/** What is denied from an instant on (SCHEDULING.md rules 13–15); a lift ends it at `to`. */
export interface Denial {
  readonly kind: 'schedule' | 'asset' | 'stop-all';
  /** Schedule id or asset hash; empty for stop-all. */
  readonly subject: string;
  readonly from: Instant;
  readonly to: Instant | null;
}
