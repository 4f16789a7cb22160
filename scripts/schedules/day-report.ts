import { z } from 'zod';
import { regionCodeSchema, scheduleIdSchema, sha256Schema } from '../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../shared/core/time.ts';
import { DAY_S, instantSchema, localDaySchema, midnightOfLocalDay } from '../../shared/core/time.ts';
import type { Place } from '../../shared/plan/audience.ts';
import { RULES_VERSION } from '../../shared/plan/plan.schema.ts';
import { tierOf, TIERS } from '../../shared/region/tier.ts';
import { createResolver } from '../../shared/schedule/resolve.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import { scheduleClassSchema } from '../../shared/schedule/schedule.schema.ts';
import type { TimelineEntry } from '../../shared/schedule/timeline.ts';
import { instantText, planOf } from './offline.ts';

/** What `timeline --json` prints; schedules/README.md documents it, and fields are only ever added. */
export const dayReportSchema = z.strictObject({
  format: z.literal('kepu-timeline/1'),
  rulesVersion: z.int(),
  day: localDaySchema,
  screen: z.strictObject({
    region: regionCodeSchema,
    tags: z.array(z.string()),
    groups: z.array(z.string()),
  }),
  /** Without gaps or overlaps; the first may begin before midnight, the last end after it. */
  entries: z.array(
    z.strictObject({
      /** Unix seconds; half-open. */
      start: instantSchema,
      end: instantSchema,
      plannedEnd: instantSchema,
      /** The same, local: `2026-11-23 12:00:05`. */
      startText: z.string(),
      endText: z.string(),
      plannedEndText: z.string(),
      class: scheduleClassSchema,
      /** `null` for the filler built into the player, as are tier, region, asset and title. */
      schedule: scheduleIdSchema.nullable(),
      tier: z.enum(TIERS).nullable(),
      region: regionCodeSchema.nullable(),
      /** Index in the playlist from 0; -1 for built-in filler. */
      item: z.int().min(-1),
      asset: sha256Schema.nullable(),
      title: z.string().nullable(),
      reason: z.enum([
        'mandatory-start',
        'mandatory-repeat',
        'mandatory-resumed',
        'fair-share',
        'filler-schedule',
        'nothing-fits',
        'nothing-scheduled',
      ]),
    }),
  ),
});
export type DayReport = z.infer<typeof dayReportSchema>;

/** Resolves a day of a place from a document alone. */
export function dayReport(document: ScheduleDocument, place: Place, day: LocalDay): DayReport {
  const from = midnightOfLocalDay(day);
  const titles = new Map<string, string>(document.assets.map(({ sha256, title }) => [sha256, title]));
  const entries = createResolver(planOf(document, place, day)).timeline(from, (from + DAY_S) as Instant);
  return {
    format: 'kepu-timeline/1',
    rulesVersion: RULES_VERSION,
    day,
    screen: { region: place.region, tags: [...place.tags], groups: [...place.groups] },
    entries: entries.map((entry) => entryOf(entry, titles)),
  };
}

function entryOf(entry: TimelineEntry, titles: ReadonlyMap<string, string>): DayReport['entries'][number] {
  return {
    start: entry.start,
    end: entry.end,
    plannedEnd: entry.plannedEnd,
    startText: instantText(entry.start),
    endText: instantText(entry.end),
    plannedEndText: instantText(entry.plannedEnd),
    class: entry.class,
    schedule: entry.schedule,
    tier: entry.region === null ? null : tierOf(entry.region),
    region: entry.region,
    item: entry.item,
    asset: entry.asset,
    title: entry.asset === null ? null : (titles.get(entry.asset) ?? null),
    reason: entry.reason,
  };
}
