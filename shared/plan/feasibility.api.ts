import { z } from 'zod';
import { regionCodeSchema, scheduleIdSchema, sha256Schema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import { TIERS } from '../region/tier.ts';
import { scheduleClassSchema } from '../schedule/schedule.schema.ts';

/**
 * What publishing a draft would do (DESIGN.md section 4, SCHEDULING.md rules 9, 21), told before it
 * is done. Seconds are of the chosen day; where several kinds of plan are affected they are of the
 * kind that most screens share, unless said otherwise.
 */
export const feasibilityQuerySchema = z.strictObject({
  /** Left out: tomorrow. */
  day: localDaySchema.optional(),
});

const screens = z.int().min(0);
const seconds = z.int().min(0);

export const tierAirtimeSchema = z.strictObject({
  tier: z.enum(TIERS),
  /** Rotation airtime it gets. */
  airtimeS: seconds,
  /** Its converted target (折算目标, rule 21): what its weight asks of the rotation time there is. */
  targetS: z.number().min(0),
  /** Percent by policy after locked minimums, of 100. */
  percent: z.number().min(0).max(100),
  /** Nothing of this tier is there to be shown that day. */
  empty: z.boolean(),
});

const scheduleAirtimeSchema = z.strictObject({
  schedule: scheduleIdSchema,
  name: z.string(),
  class: scheduleClassSchema,
  region: regionCodeSchema,
  regionName: z.string(),
  tier: z.enum(TIERS),
  /** Airtime that day now, and after publishing. */
  beforeS: seconds,
  afterS: seconds,
  /** Showings after publishing. */
  plays: z.int().min(0),
  /** Whether this draft puts or changes it. */
  drafted: z.boolean(),
});

/** One kind of plan: screens that resolve alike. */
const kindSchema = z.strictObject({
  screens,
  /** One of the regions where it is. */
  region: regionCodeSchema,
  regionName: z.string(),
  /** Airtime by class that day; built-in filler counts as `empty`. */
  classes: z.strictObject({ mandatory: seconds, rotation: seconds, filler: seconds, empty: seconds }),
  tiers: z.array(tierAirtimeSchema),
  schedules: z.array(scheduleAirtimeSchema),
});

const findingBase = {
  /** Errors forbid publishing. */
  severity: z.enum(['error', 'warning', 'info']),
  zh: z.string(),
  en: z.string(),
  /** How many screens it concerns. */
  screens,
};

export const findingSchema = z.discriminatedUnion('kind', [
  /** A mandatory loses time to one that outranks it. */
  z.strictObject({
    ...findingBase,
    kind: z.literal('displaced'),
    schedule: scheduleIdSchema,
    by: scheduleIdSchema,
    lostS: seconds,
  }),
  /** A window lies in time that a higher tier reserves. */
  z.strictObject({
    ...findingBase,
    kind: z.literal('reserved'),
    schedule: scheduleIdSchema,
    by: z.string(),
    lostS: seconds,
  }),
  /** An item longer than every window, or one that fits and is never on within 14 days. */
  z.strictObject({
    ...findingBase,
    kind: z.enum(['item-never-fits', 'item-never-on']),
    schedule: scheduleIdSchema,
    item: z.int().min(0),
  }),
  /** A schedule or a tier that gets no airtime within 14 days. */
  z.strictObject({ ...findingBase, kind: z.literal('no-airtime'), subject: z.string() }),
  /** An asset whose bytes, or a part's, are not in the center. */
  z.strictObject({ ...findingBase, kind: z.literal('asset-missing'), asset: sha256Schema }),
  /** Screens whose cache cannot hold what the next 14 days need. */
  z.strictObject({ ...findingBase, kind: z.literal('storage'), needBytes: z.int().min(0) }),
  /** Mandatories that tie more than seven days together (rule 4). */
  z.strictObject({ ...findingBase, kind: z.literal('chain'), subject: z.string() }),
  /** Asks for statutory days of a year whose arrangement is not known. */
  z.strictObject({ ...findingBase, kind: z.literal('holidays-unknown'), subject: z.string() }),
]);
export type Finding = z.infer<typeof findingSchema>;

export const feasibilitySchema = z.strictObject({
  day: localDaySchema,
  /** Names the draft's content and the world it was judged in; publishing gives it back. */
  basis: sha256Schema,
  /** Screens whose plan changes, out of those in the draft's region; by region one tier below it. */
  reached: z.strictObject({
    changed: screens,
    inRegion: screens,
    byRegion: z.array(
      z.strictObject({ region: regionCodeSchema, name: z.string(), changed: screens, screens }),
    ),
  }),
  /** Kinds of plan that change, those that most screens share first. */
  kinds: z.array(kindSchema),
  /** How many kinds there are, how many were resolved, and the screens that those cover. */
  kindCount: z.int().min(0),
  resolvedKinds: z.int().min(0),
  resolvedScreens: screens,
  /** Errors first. */
  findings: z.array(findingSchema),
});
export type Feasibility = z.infer<typeof feasibilitySchema>;
