import type { RegionCode, ScheduleId, Sha256 } from '../core/ids.ts';
import type { LocalDay } from '../core/time.ts';
import { dayNumberOfLocalDay } from '../core/time.ts';
import { audienceTest } from './audience.ts';
import type { World } from './compile.ts';
import { airtimeOf } from './feasibility-airtime.ts';
import type { Feasibility, Finding } from './feasibility.api.ts';
import {
  judgeAssets,
  judgeChains,
  judgeReserved,
  judgeSchedules,
  judgeStorage,
} from './feasibility-findings.ts';
import type { Judged } from './feasibility-findings.ts';
import { plannable, reachOf, touchedAssets } from './feasibility-kinds.ts';
import type { CountedPlace, Kind, Reach, Steps, Touched } from './feasibility-kinds.ts';
import { kindReport, lossesOn, neverOn, newLosses } from './feasibility-outlook.ts';

/** Kinds whose days are resolved; everything else is judged for every kind there is. */
export const RESOLVED_KINDS = 12;

export interface FeasibilityInput {
  readonly before: World;
  readonly after: World;
  readonly touched: Touched;
  /** The region in whose name the change is made. */
  readonly region: RegionCode;
  /** The screens in service there. */
  readonly places: readonly CountedPlace[];
  readonly today: LocalDay;
  readonly day: LocalDay;
  readonly regionName: (region: RegionCode) => string;
  /** Of the assets that touched playlists name, those that are not wholly in the center. */
  readonly missing: ReadonlySet<Sha256>;
}

/** A report but for its basis, which names the world and not what is in it. */
export type Report = Omit<Feasibility, 'basis'>;

/**
 * What publishing would do (DESIGN.md section 4, feasibility before publish), nothing being denied.
 * Errors and the screens reached are exact for every kind of plan; days are resolved for the
 * {@link RESOLVED_KINDS} that most screens share. It is done step by step, so that whoever drives it
 * may do other things between: a step is one plan, one resolved day, or a hundred places.
 */
export function* feasibilitySteps(input: FeasibilityInput): Steps<Report> {
  const { judged, reach, missing } = yield* prepared(input);
  const errors = yield* errorsIn(judged, reach, missing);
  const more = [
    ...(yield* judgeReserved(judged, reach.kinds)),
    ...(yield* judgeStorage(judged, reach.kinds)),
  ];
  const resolved = reach.kinds.slice(0, RESOLVED_KINDS);
  const kinds: Feasibility['kinds'] = [];
  const seen: Finding[] = [];
  for (const kind of resolved) {
    const { report, findings } = yield* resolvedKind(kind, judged);
    kinds.push(report);
    seen.push(...findings);
  }
  return {
    day: input.day,
    reached: {
      changed: reach.changed,
      inRegion: reach.inRegion,
      byRegion: reach.byRegion.map((one) => ({ ...one, name: input.regionName(one.region) })),
    },
    kinds,
    kindCount: reach.kinds.length,
    resolvedKinds: resolved.length,
    resolvedScreens: resolved.reduce((sum, kind) => sum + kind.screens, 0),
    findings: inOrder([...errors, ...more, ...gathered(seen)]),
  };
}

/** Only what forbids publishing, of {@link feasibilitySteps}: no day is resolved for it. */
export function* errorSteps(input: FeasibilityInput): Steps<Finding[]> {
  const { judged, reach, missing } = yield* prepared(input);
  const found = yield* errorsIn(judged, reach, missing);
  return found.filter(({ severity }) => severity === 'error');
}

interface Prepared {
  readonly judged: Judged;
  readonly reach: Reach;
  readonly missing: ReadonlyMap<Sha256, readonly ScheduleId[]>;
}

function* prepared(input: FeasibilityInput): Steps<Prepared> {
  const { region, places, today, day, regionName, touched } = input;
  const before = plannable(input.before);
  const after = plannable(input.after);
  yield;
  const reach = yield* reachOf({ before: before.world, after: after.world, today }, { region, places });
  const screens = countReached(reach.kinds, touched.schedules);
  // What cannot be planned is in no kind: whom it would reach is asked of every place.
  for (const schedule of after.left) {
    if (!touched.schedules.has(schedule.id)) continue;
    yield;
    screens.set(schedule.id, places.filter(audienceTest(schedule)).length);
  }
  const named = touchedAssets(input.after, touched);
  const missing = new Map(
    [...named].filter(([sha256]) => input.missing.has(sha256) || !input.after.assets.has(sha256)),
  );
  const judged: Judged = {
    after: input.after,
    touched,
    today,
    day,
    regionName,
    screensOf: (schedule) => screens.get(schedule) ?? 0,
  };
  return { judged, reach, missing };
}

function* errorsIn(judged: Judged, reach: Reach, missing: Prepared['missing']): Steps<Finding[]> {
  yield;
  return [
    ...judgeAssets(judged, missing),
    ...judgeSchedules(judged),
    ...(yield* judgeChains(judged, reach.kinds)),
  ];
}

function countReached(kinds: readonly Kind[], touched: ReadonlySet<ScheduleId>): Map<ScheduleId, number> {
  const counts = new Map<ScheduleId, number>();
  for (const { after, screens } of kinds)
    for (const { id } of after.schedules)
      if (touched.has(id)) counts.set(id, (counts.get(id) ?? 0) + screens);
  return counts;
}

function* resolvedKind(
  kind: Kind,
  { touched, day, regionName }: Judged,
): Steps<{ readonly report: Feasibility['kinds'][number]; readonly findings: Finding[] }> {
  const number = dayNumberOfLocalDay(day);
  const airtime = airtimeOf(kind.after);
  const before = airtimeOf(kind.before)(number);
  yield;
  const after = airtime(number);
  yield;
  const report = kindReport(kind, { before, after }, { touched, regionName });
  const lostBefore = lossesOn(kind.before, number);
  yield;
  const lostAfter = lossesOn(kind.after, number);
  const losses = newLosses({ before: lostBefore, after: lostAfter }, kind, regionName);
  const never = yield* neverOn(kind, { airtime, first: number, touched, regionName });
  return { report, findings: [...losses, ...never] };
}

/** The same finding of several kinds as one: seconds and words of the kind that most screens share. */
function gathered(findings: readonly Finding[]): Finding[] {
  const joint = new Map<string, Finding>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const known = joint.get(key);
    joint.set(key, known === undefined ? finding : { ...known, screens: known.screens + finding.screens });
  }
  return [...joint.values()];
}

function keyOf(finding: Finding): string {
  switch (finding.kind) {
    case 'displaced':
    case 'reserved':
      return `${finding.kind} ${finding.schedule} ${finding.by}`;
    case 'item-never-fits':
    case 'item-never-on':
      return `${finding.kind} ${finding.schedule}`;
    case 'no-airtime':
    case 'chain':
    case 'holidays-unknown':
      return `${finding.kind} ${finding.subject}`;
    case 'asset-missing':
      return `${finding.kind} ${finding.asset}`;
    case 'storage':
      return finding.kind;
    default:
      return finding satisfies never;
  }
}

const SEVERITIES = ['error', 'warning', 'info'];

/** Errors first, then what concerns most screens. */
function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      b.screens - a.screens ||
      (keyOf(a) < keyOf(b) ? -1 : 1),
  );
}
