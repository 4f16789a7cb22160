import { clockTextAt, localDayAt } from '../../shared/core/time.ts';
import type { Instant } from '../../shared/core/time.ts';
import { CLASS_WORDS } from '../../shared/schedule/explain-words.ts';
import type { ScheduleClass } from '../../shared/schedule/schedule.schema.ts';

/** What a line needs of an entry: one of a timeline here, or of one that the center named. */
interface LineEntry {
  readonly start: number;
  readonly end: number;
  readonly plannedEnd: number;
  readonly class: ScheduleClass;
  readonly schedule: string | null;
  readonly item?: number;
  readonly title: string | null;
}

/** An entry of a timeline as one line. */
export function entryLine(entry: LineEntry): string {
  const [start, end] = [entry.start as Instant, entry.end as Instant];
  const until = localDayAt(end) === localDayAt(start) ? clockTextAt(end) : '24:00:00';
  const times = `${clockTextAt(start)}–${until}`;
  if (entry.schedule === null) return `${times} 垫片 终端自带`;
  const cut = entry.end < entry.plannedEnd ? ' 截断' : '';
  const item = entry.item === undefined ? '' : ` 第 ${entry.item + 1} 项`;
  return `${times} ${CLASS_WORDS[entry.class].zh} ${entry.schedule}${item} ${entry.title ?? ''}${cut}`;
}
