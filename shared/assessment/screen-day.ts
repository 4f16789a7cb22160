import type { BootId, DeviceId } from '../core/ids.ts';
import { DAY_S, type LocalDay, midnightOfLocalDay } from '../core/time.ts';
import type { DayInterval, FigureSums } from './assessment.schema.ts';
import { type BootEvidence, type BootProof, type PlacedRun, proveBoot } from './boot-evidence.ts';
import { type BootGap, gapsBetween, lifeOf } from './boot-order.ts';
import { type DaySets, cutIntervals } from './day-intervals.ts';
import {
  type Span,
  type Spans,
  clip,
  intersect,
  measure,
  normalize,
  span,
  subtract,
  union,
} from './intervals.ts';

/**
 * The figures of one screen on one local day (DESIGN.md section 7; ACCOUNTING.md), from what is
 * known at `now`. A pure function of its input: the same journal gives the same seconds.
 */
export interface ScreenDayInput {
  readonly day: LocalDay;
  /** Unix seconds; an unfinished day is clipped to it. */
  readonly now: number;
  /** W of the day, see required-hours.ts; empty where the screen is not in service. */
  readonly required: Spans;
  /** Approved exemptions E. */
  readonly exempt: Spans;
  /** Boots that touch the day and their neighbours, each read by boot-evidence.ts. */
  readonly boots: readonly BootEvidence[];
  /** Which device was bound to the screen when; `to: null` still is. Unix seconds. */
  readonly bindings: readonly {
    readonly device: DeviceId;
    readonly from: number;
    readonly to: number | null;
  }[];
  /** Live contact: stretches between ticks received at most 90 s apart (rule 11). */
  readonly contact: readonly (Span & { readonly device: DeviceId; readonly boot: BootId })[];
  /** Seconds in which the center itself was down. */
  readonly centerDown: Spans;
  /** The screen gave grade A evidence in the 35 days before this day (rule 6). */
  readonly panelSeenBefore: boolean;
  /** Seconds of approved non-filler content that a run showed; what was denied then is none. */
  readonly contentOf: (run: PlacedRun) => Spans;
}

export interface ScreenDayResult {
  readonly sums: FigureSums;
  readonly intervals: readonly DayInterval[];
  /** Grade A evidence anywhere on the day, for rule 6 on the days after. */
  readonly panelSeen: boolean;
}

/** Days for which a screen that gave grade A evidence is held to it (rule 6). */
export const PANEL_MEMORY_DAYS = 35;

/** Sums and intervals of one screen on one day. */
export function assessScreenDay(input: ScreenDayInput): ScreenDayResult {
  const from = midnightOfLocalDay(input.day);
  const until = Math.min(input.now, Math.max(from + DAY_S, input.required.at(-1)?.end ?? 0));
  const sets = gatherSets(input, from, until);
  const owed = subtract(sets.required, sets.exempt);
  const within = (set: Spans) => measure(intersect(set, owed));
  const requiredS = measure(owed);
  const onS = within(sets.on);
  const offS = within(sets.off);
  return {
    sums: {
      windowS: measure(sets.required),
      exemptS: measure(intersect(sets.required, sets.exempt)),
      requiredS,
      onS,
      offS,
      unknownS: requiredS - onS - offS,
      usedS: within(sets.content),
      verifiedS: within(sets.verified),
      gradeAS: within(sets.gradeA),
    },
    intervals: cutIntervals(sets, input.boots, { start: from, end: until }),
    panelSeen: sets.gradeA.length > 0,
  };
}

function gatherSets(input: ScreenDayInput, from: number, until: number): DaySets {
  const inDay = (set: Spans) => clip(set, from, until);
  const boots = input.boots.map((boot) => ({ boot, bound: boundSpans(input, boot.facts.device) }));
  const proofs = proveAll(input, boots, from);
  const on = inDay(union(...proofs.map(({ proof }) => proof.on)));
  const gaps = gapsBetween(input.boots);
  const boundGap = (gap: BootGap) =>
    intersect(span(gap.start, gap.end), boundSpans(input, gap.before.facts.device));
  // Where two devices or two records disagree, on beats off (rule 12).
  const off = subtract(
    inDay(
      union(...proofs.map(({ proof }) => proof.off), ...gaps.filter((gap) => gap.provenOff).map(boundGap)),
    ),
    on,
  );
  const unknown = subtract(span(from, until), union(on, off));
  const gapSpans = (machine: boolean) =>
    union(...gaps.filter((gap) => gap.machineRestarted === machine).map(boundGap));
  const bound = (pick: (boot: BootEvidence) => Spans) =>
    union(...boots.map(({ boot, bound: seconds }) => intersect(pick(boot), seconds)));
  const black = bound((boot) => (boot.facts.panelReadable ? [] : subtract(boot.power, boot.painting)));
  const failures = bound((boot) => boot.failures);
  return {
    required: inDay(input.required),
    exempt: inDay(input.exempt),
    on,
    off,
    content: inDay(union(...proofs.map(({ proof }) => proof.content))),
    gradeA: inDay(union(...proofs.map(({ proof }) => proof.gradeA))),
    verified: inDay(
      union(
        ...proofs.map(({ boot, proof }) =>
          intersect(proof.on, contactSpans(input, boot.facts.device, boot.facts.boot)),
        ),
      ),
    ),
    // Rule 8: one per second, the first that applies. The center and the link hide a state, they
    // do not make one, so they explain unknown seconds only.
    causes: [
      ['center', intersect(input.centerDown, unknown)],
      ['link', intersect(subtract(bound(unreported), normalize(input.contact)), unknown)],
      ['mains', gapSpans(true)],
      ['panel', panelSpans(boots, on)],
      ['device', union(gapSpans(false), subtract(black, failures))],
      ['content', intersect(black, failures)],
    ],
    gaps: gaps.filter((gap) => gap.provenOff),
  };
}

interface BoundBoot {
  readonly boot: BootEvidence;
  readonly bound: Spans;
}

/** Proves every boot; from the first grade A second on, grade B proves nothing (rule 6). */
function proveAll(
  input: ScreenDayInput,
  boots: readonly BoundBoot[],
  dayStart: number,
): { boot: BootEvidence; proof: BootProof }[] {
  const { contentOf } = input;
  const seen = union(
    ...boots.map(({ boot, bound }) => (boot.facts.panelReadable ? intersect(boot.panelOn, bound) : [])),
  ).find(({ end }) => end > dayStart);
  const since = input.panelSeenBefore ? Number.MIN_SAFE_INTEGER : seen?.start;
  const panelDemanded = since === undefined ? [] : span(since, Number.MAX_SAFE_INTEGER);
  return boots.map(({ boot, bound }) => ({
    boot,
    proof: proveBoot(boot, { bound, panelDemanded, contentOf }),
  }));
}

/** Off by the panel's own word, or powered without the panel's word where it is demanded. */
function panelSpans(boots: readonly BoundBoot[], on: Spans): Spans {
  return union(
    ...boots.map(({ boot, bound }) => {
      const silent = boot.facts.panelReadable ? boot.power : boot.painting;
      return intersect(union(boot.panelOff, subtract(silent, on)), bound);
    }),
  );
}

function boundSpans(input: ScreenDayInput, device: DeviceId): Spans {
  return normalize(
    input.bindings
      .filter((binding) => binding.device === device)
      .map(({ from, to }) => ({ start: from, end: to ?? Number.MAX_SAFE_INTEGER })),
  );
}

function contactSpans(input: ScreenDayInput, device: DeviceId, boot: BootId): Spans {
  return normalize(input.contact.filter((one) => one.device === device && one.boot === boot));
}

/** Seconds in which the boot ran and none of its records at hand says how. */
function unreported(boot: BootEvidence): Spans {
  return subtract(lifeOf(boot), union(boot.power, boot.panelOn, boot.panelOff));
}
