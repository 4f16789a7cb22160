import type { Asset } from '../asset/asset.schema.ts';
import type { PlaylistId, RegionCode, Sha256 } from '../core/ids.ts';
import type { DayNumber, LocalDay } from '../core/time.ts';
import { DAY_S, dayNumberOfLocalDay } from '../core/time.ts';
import { isWithin, lineageOf, TIER_ZH, tierOf, TIERS } from '../region/tier.ts';
import { makeDaySet } from './day-set.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Path } from './file-issue.ts';
import type { Problem } from './problem.ts';
import { insteadOf, problemOf } from './problem.ts';
import { tierWeights } from './quota.ts';
import type { ScheduleDocument } from './schedule-document.ts';
import type { Playlist, QuotaPolicy, ReservedWindow, Schedule } from './schedule.schema.ts';
import { LONGEST_CHAIN_DAYS } from './segment.ts';
import { STATUTORY_DAYS, STATUTORY_YEARS, unknownStatutoryYear } from './statutory-days.ts';
import { spanOf, windowLengths } from './windows.ts';
import type { Stretch } from './windows.ts';

/** What a problem is about: a thing of the document by its id, and where inside it. */
export interface Subject {
  readonly kind: 'schedule' | 'playlist' | 'reserved' | 'quota' | 'review';
  /** The id; for a quota or review policy its region. */
  readonly id: string;
  readonly path: Path;
}
export interface LintProblem extends Problem {
  readonly subject: Subject;
}

export interface LintOptions {
  /** Whether a region code is in use; without it codes are not looked up. */
  readonly hasRegion?: (code: RegionCode) => boolean;
  /** Playlists on air outside the document's subtree, which its schedules may name too. */
  readonly playlists?: ReadonlyMap<PlaylistId, Playlist>;
  /** Assets that were described before, which its playlists may name too. */
  readonly assets?: ReadonlyMap<Sha256, Asset>;
  /** Quota policies on air outside the document's subtree, whose percents and minimums reach into it. */
  readonly quotas?: readonly QuotaPolicy[];
  /** What lies before is not judged; left out: every schedule from its first day on. */
  readonly today?: LocalDay;
}

/** A document and its surroundings, made ready to be looked things up in. */
interface Context {
  readonly document: ScheduleDocument;
  readonly playlists: ReadonlyMap<PlaylistId, Playlist>;
  readonly assets: ReadonlyMap<Sha256, Asset>;
  /** Those of the document and those around it. */
  readonly quotas: readonly QuotaPolicy[];
  readonly today: LocalDay | null;
}

/**
 * Finds what is wrong with schedules beyond their form: authority, references, items that never
 * fit, overlaps, chains over midnight (DESIGN.md section 4, SCHEDULING.md rules 4 and 10). The same
 * judge for files and for what the center is asked to apply.
 */
export function lintDocument(document: ScheduleDocument, options: LintOptions = {}): LintProblem[] {
  const context: Context = {
    document,
    playlists: new Map([
      ...(options.playlists ?? []),
      ...document.playlists.map((one) => [one.id, one] as const),
    ]),
    assets: new Map([...(options.assets ?? []), ...document.assets.map((one) => [one.sha256, one] as const)]),
    quotas: [...(options.quotas ?? []), ...document.quotas],
    today: options.today ?? null,
  };
  return [
    ...document.playlists.flatMap((playlist) => lintPlaylist(context, playlist)),
    ...document.schedules.flatMap((schedule) => lintSchedule(context, schedule)),
    ...lintReserved(context),
    ...lintQuotas(document),
    ...lintMinimums(context),
    ...lintRegions(document, options),
  ];
}

function lintPlaylist({ assets }: Context, playlist: Playlist): LintProblem[] {
  const at = (path: Path): Subject => ({ kind: 'playlist', id: playlist.id, path });
  if (playlist.items.length === 0)
    return [{ ...problemOf('PLAYLIST_EMPTY', { id: playlist.id }), subject: at(['items']) }];
  return playlist.items.flatMap((item, index): LintProblem[] => {
    const asset = assets.get(item.asset);
    const subject = at(['items', index, 'asset']);
    if (asset === undefined) return [{ ...problemOf('ASSET_UNKNOWN', { sha256: item.asset }), subject }];
    if (asset.durationS === null || item.durationS <= asset.durationS) return [];
    const params = { number: index + 1, length: item.durationS, natural: asset.durationS };
    return [{ ...problemOf('ITEM_PAST_ITS_END', params), subject: at(['items', index, 'durationS']) }];
  });
}

/** Ids among which the one that was meant is looked for; more would take longer than they help. */
const GUESSED_AMONG = 500;

function lintSchedule(context: Context, schedule: Schedule): LintProblem[] {
  const { document, playlists, today } = context;
  const at = (...path: Path): Subject => ({ kind: 'schedule', id: schedule.id, path });
  const problems: LintProblem[] = [];
  const { region } = schedule;
  for (const target of schedule.audience.regions)
    if (!isWithin(target, region))
      problems.push({
        ...problemOf('OUTSIDE_AUTHORITY', { region, target }),
        subject: at('audience', 'regions'),
      });
  const playlist = playlists.get(schedule.playlist);
  if (playlist === undefined) {
    const ids = document.playlists.slice(0, GUESSED_AMONG).map((one) => one.id);
    const instead = insteadOf(schedule.playlist, ids, didYouMean(schedule.playlist, ids));
    problems.push({
      ...problemOf('PLAYLIST_UNKNOWN', { id: schedule.playlist, ...instead }),
      subject: at('playlist'),
    });
  } else {
    const params = { id: playlist.id, owner: playlist.region, region };
    // A region below that owned the playlist could change what the region above shows.
    if (!isWithin(region, playlist.region))
      problems.push({ ...problemOf('PLAYLIST_FOREIGN', params), subject: at('playlist') });
    if (schedule.class !== 'filler') problems.push(...lintLengths(schedule, playlist));
  }
  problems.push(...lintWindows(schedule).map((problem) => ({ ...problem, subject: at('windows') })));
  if (schedule.class === 'rotation' && tierWeights(context.quotas, region)[tierOf(region)] === 0)
    problems.push({ ...problemOf('NO_QUOTA', { tier: TIER_ZH[tierOf(region)] }), subject: at('class') });
  if (schedule.class === 'mandatory' && hasLongChain(schedule, today))
    problems.push({ ...problemOf('CHAIN_TOO_LONG', { days: LONGEST_CHAIN_DAYS }), subject: at('windows') });
  const shutOut = emptyAudience(schedule);
  if (shutOut !== null)
    problems.push({ ...problemOf('AUDIENCE_EMPTY', { word: shutOut }), subject: at('audience') });
  problems.push(...lintDays(schedule, today).map((problem) => ({ ...problem, subject: at('validity') })));
  problems.push(...lintHolidays(schedule, today).map((problem) => ({ ...problem, subject: at('days') })));
  return problems;
}

/** The kind of an audience of which everything that is wanted is excluded; `null` where something is left. */
function emptyAudience({ region, audience: { regions, tags, groups, exclude } }: Schedule): string | null {
  const wanted = regions.length > 0 ? regions : [region];
  const isShut = (code: RegionCode) => exclude.regions.some((shut) => isWithin(code, shut));
  if (wanted.every(isShut)) return wanted.join('、');
  for (const [words, shut] of [
    [tags, exclude.tags],
    [groups, exclude.groups],
  ] as const)
    if (words.length > 0 && words.every((word) => shut.includes(word))) return words.join('、');
  return null;
}

/** Days that are over, or that dates and exclusions leave none of. */
function lintDays(schedule: Schedule, today: LocalDay | null): Problem[] {
  const { to } = schedule.validity;
  if (today !== null && to !== null && to < today) return [problemOf('ALREADY_ENDED', { to })];
  const listed = typeof schedule.days === 'object' && 'dates' in schedule.days ? schedule.days.dates : null;
  const last = to ?? listed?.toSorted().at(-1) ?? null;
  if (last === null) return [];
  const after = (dayNumberOfLocalDay(last) + 1) as DayNumber;
  return makeDaySet(schedule, STATUTORY_DAYS).countBefore(after) === 0 ? [problemOf('DAYS_NONE')] : [];
}

/** Days of the statutory calendar beyond the last year that was published: a warning, never a guess. */
function lintHolidays(timed: Schedule | ReservedWindow, today: LocalDay | null): Problem[] {
  const year = unknownStatutoryYear(timed, today);
  return year === null ? [] : [problemOf('HOLIDAYS_UNKNOWN', { year, last: STATUTORY_YEARS.last })];
}

/** Items that fit none of the windows, or not all of them; rotation windows are cut at midnight. */
function lintLengths(schedule: Schedule, playlist: Playlist): LintProblem[] {
  const lengths = windowLengths(schedule);
  const longest = Math.max(...lengths);
  const shortest = Math.min(...lengths);
  const subject: Subject = { kind: 'schedule', id: schedule.id, path: ['windows'] };
  return playlist.items.flatMap((item, index): LintProblem[] => {
    const params = { playlist: playlist.id, number: index + 1, length: item.durationS, longest, shortest };
    if (item.durationS > longest) return [{ ...problemOf('ITEM_NEVER_FITS', params), subject }];
    if (item.durationS > shortest) return [{ ...problemOf('ITEM_OFTEN_TOO_LONG', params), subject }];
    return [];
  });
}

function lintWindows(timed: Schedule | ReservedWindow): Problem[] {
  const written = timed.windows.map((window) => ({
    span: spanOf(window),
    text: `${window.start}-${window.end}`,
  }));
  return written.flatMap((a, index) =>
    written.slice(index + 1).flatMap((b): Problem[] => {
      if (!overlapOnAnyDay(a.span, b.span, mayNeighbour(timed))) return [];
      return [problemOf('WINDOWS_OVERLAP', { a: a.text, b: b.text })];
    }),
  );
}

/** Whether the days may hold two in a row, so that a window may run into the next day's. */
function mayNeighbour(timed: Schedule | ReservedWindow): boolean {
  return typeof timed.days === 'string';
}

function overlapOnAnyDay(a: Stretch, b: Stretch, neighbours: boolean): boolean {
  const shifts = neighbours ? [-DAY_S, 0, DAY_S] : [0];
  return shifts.some((shift) => a.start < b.end + shift && b.start + shift < a.end);
}

/**
 * Whether one of its windows crosses as many midnights in a row as tie more days together than a chain
 * may hold. Judged for each schedule alone: which of several meet on a screen is known only there.
 */
function hasLongChain(schedule: Schedule, today: LocalDay | null): boolean {
  if (!schedule.windows.some((window) => spanOf(window).end > DAY_S)) return false;
  const days = makeDaySet(schedule, STATUTORY_DAYS);
  const { from } = schedule.validity;
  const first = dayNumberOfLocalDay(today !== null && today > from ? today : from);
  let row = 0;
  // A year shows every pattern of weekdays; listed dates are at most a thousand and seldom so far.
  for (let day = first as number; day < first + 366; day += 1) {
    row = days.holds(day as DayNumber) ? row + 1 : 0;
    if (row >= LONGEST_CHAIN_DAYS) return true;
  }
  return false;
}

function lintReserved({ document, today }: Context): LintProblem[] {
  return document.reserved.flatMap((reserve, index): LintProblem[] => {
    const subject: Subject = { kind: 'reserved', id: reserve.id, path: ['windows'] };
    const own = [
      ...lintWindows(reserve).map((problem) => ({ ...problem, subject })),
      ...lintHolidays(reserve, today).map((problem) => ({
        ...problem,
        subject: { ...subject, path: ['days'] },
      })),
    ];
    const others = document.reserved
      .slice(index + 1)
      .filter((other) => other.region === reserve.region && reservesOverlap(reserve, other))
      .map((other) => ({ ...problemOf('RESERVED_OVERLAP', { other: other.id }), subject }));
    return [...own, ...others];
  });
}

/** Whether two reservations overlap on some day, as far as their first common year shows. */
function reservesOverlap(a: ReservedWindow, b: ReservedWindow): boolean {
  const pairs = a.windows.flatMap((x) => b.windows.map((y) => [spanOf(x), spanOf(y)] as const));
  // Most differ by the time of day alone: no need to walk the calendar for them.
  if (!pairs.some(([x, y]) => overlapOnAnyDay(x, y, true))) return false;
  const [aDays, bDays] = [a, b].map((one) => makeDaySet(one, STATUTORY_DAYS));
  if (aDays === undefined || bDays === undefined) return false;
  const first = Math.max(dayNumberOfLocalDay(a.validity.from), dayNumberOfLocalDay(b.validity.from));
  for (let day = first; day < first + 366; day += 1) {
    if (!aDays.holds(day as DayNumber)) continue;
    for (const shift of [-1, 0, 1]) {
      if (!bDays.holds((day + shift) as DayNumber)) continue;
      const at = shift * DAY_S;
      if (pairs.some(([x, y]) => x.start < y.end + at && y.start + at < x.end)) return true;
    }
  }
  return false;
}

function lintQuotas(document: ScheduleDocument): LintProblem[] {
  return document.quotas
    .filter((policy, index) => document.quotas.findIndex((one) => one.region === policy.region) !== index)
    .map(({ region }) => ({
      ...problemOf('QUOTA_TWICE', { region }),
      subject: { kind: 'quota', id: region, path: [] },
    }));
}

/** Minimums of which a region and those above it together lock more than there is (SCHEDULING.md rule 10). */
function lintMinimums({ document, quotas }: Context): LintProblem[] {
  const byRegion = Map.groupBy(quotas, (policy) => policy.region);
  return document.quotas
    .filter((policy) => Object.keys(policy.minimums).length > 0)
    .flatMap((policy): LintProblem[] => {
      const line = lineageOf(policy.region).flatMap((code) => byRegion.get(code) ?? []);
      const locked = TIERS.map((tier) => Math.max(0, ...line.map((one) => one.minimums[tier] ?? 0)));
      const sum = locked.reduce((total, percent) => total + percent, 0);
      if (sum <= 100) return [];
      const subject: Subject = { kind: 'quota', id: policy.region, path: ['minimums'] };
      return [{ ...problemOf('MINIMUMS_OVER', { sum }), subject }];
    });
}

function lintRegions(document: ScheduleDocument, { hasRegion }: LintOptions): LintProblem[] {
  const named: (readonly [RegionCode, Subject])[] = [
    ...document.playlists.map(
      (one) => [one.region, { kind: 'playlist', id: one.id, path: [] }] as [RegionCode, Subject],
    ),
    ...document.schedules.map(
      (one) => [one.region, { kind: 'schedule', id: one.id, path: [] }] as [RegionCode, Subject],
    ),
    ...document.reserved.map(
      (one) => [one.region, { kind: 'reserved', id: one.id, path: [] }] as [RegionCode, Subject],
    ),
    ...document.quotas.map(
      (one) => [one.region, { kind: 'quota', id: one.region, path: [] }] as [RegionCode, Subject],
    ),
    ...document.reviews.map(
      (one) => [one.region, { kind: 'review', id: one.region, path: [] }] as [RegionCode, Subject],
    ),
  ];
  const outside = named
    .filter(([region]) => !isWithin(region, document.region))
    .map(([region, subject]) => ({
      ...problemOf('OUTSIDE_SCOPE', { region, scope: document.region }),
      subject,
    }));
  if (hasRegion === undefined) return outside;
  const targets = document.schedules.flatMap((one) =>
    [...one.audience.regions, ...one.audience.exclude.regions].map(
      (region) => [region, { kind: 'schedule', id: one.id, path: ['audience'] }] as [RegionCode, Subject],
    ),
  );
  const unknown = [...named, ...targets]
    .filter(([region]) => !hasRegion(region))
    .map(([region, subject]) => ({ ...problemOf('REGION_UNKNOWN', { region }), subject }));
  return [...outside, ...unknown];
}
