import { type BootClock, type WallOffset, type WallReading, placeUnmetBoot } from '../telemetry/clock.ts';
import type { BootEvidence, BootFacts } from './boot-evidence.ts';
import { type Span, type Spans, span } from './intervals.ts';

/** A boot as far as its place among its device's boots is concerned. */
export interface ChainedBoot {
  readonly facts: BootFacts;
  /** `null`: the boot never met the center. */
  readonly clock: BootClock | null;
  /** Wall clock readings of its first and last record; for an unmet boot one per record. */
  readonly readings: readonly WallReading[];
}

/** A boot with the clock that places it, if any. */
export interface PlacedBoot {
  readonly boot: ChainedBoot;
  readonly clock: BootClock | null;
  /** Placed by the machine's clock alone: 时钟未证 (ACCOUNTING.md rule 3). */
  readonly unproven: boolean;
}

/**
 * Gives every boot of one device its clock: its own offsets, or, for one that never met the center,
 * the machine's clock between the nearest boots before and after that did (rule 3). Neighbours are
 * found by the name each boot gives its predecessor.
 */
export function placeBoots(boots: readonly ChainedBoot[]): PlacedBoot[] {
  const byId = new Map(boots.map((boot) => [boot.facts.boot, boot]));
  const next = new Map(
    boots.flatMap((boot) =>
      boot.facts.previous === null ? [] : [[boot.facts.previous.boot, boot] as const],
    ),
  );
  const previousOf = (boot: ChainedBoot) =>
    boot.facts.previous === null ? undefined : byId.get(boot.facts.previous.boot);
  const nextOf = (boot: ChainedBoot) => next.get(boot.facts.boot);
  const clocks = new Map<ChainedBoot, BootClock | null>();

  const nearestMet = (from: ChainedBoot, step: (boot: ChainedBoot) => ChainedBoot | undefined) => {
    // A device that names its boots in a circle must not hang the center.
    const seen = new Set<ChainedBoot>([from]);
    for (let at = step(from); at !== undefined && !seen.has(at); at = step(at)) {
      if (at.clock !== null) return at;
      seen.add(at);
    }
    return undefined;
  };
  const depth = (boot: ChainedBoot): number => {
    const seen = new Set<ChainedBoot>();
    for (let at: ChainedBoot | undefined = boot; at !== undefined && !seen.has(at); at = previousOf(at))
      seen.add(at);
    return seen.size;
  };
  // Earlier boots first, so that an unmet one's predecessor is already placed where it can be.
  for (const boot of boots.toSorted((a, b) => depth(a) - depth(b))) {
    if (boot.clock !== null) {
      clocks.set(boot, boot.clock);
      continue;
    }
    const before = nearestMet(boot, previousOf);
    const after = nearestMet(boot, nextOf);
    const neighbour = previousOf(boot);
    const placement = placeUnmetBoot({
      readings: boot.readings,
      lastMono: boot.facts.lastMono,
      before: wallOffset(before, 'last'),
      after: wallOffset(after, 'first'),
      notBeforeMs:
        neighbour === undefined ? null : (clocks.get(neighbour)?.placeMs(neighbour.facts.lastMono) ?? null),
      notAfterMs: after?.clock?.placeMs(0) ?? null,
    });
    clocks.set(boot, placement.kind === 'placed' ? placement.clock : null);
  }
  return boots.map((boot) => ({
    boot,
    clock: clocks.get(boot) ?? null,
    unproven: boot.clock === null && (clocks.get(boot) ?? null) !== null,
  }));
}

function wallOffset(boot: ChainedBoot | undefined, which: 'first' | 'last'): WallOffset | null {
  const reading = which === 'first' ? boot?.readings[0] : boot?.readings.at(-1);
  if (boot === undefined || reading === undefined) return null;
  const atMs = boot.clock?.placeMs(reading.mono) ?? null;
  return atMs === null ? null : { offsetMs: atMs - reading.wall, atMs };
}

/** A stretch between a boot and the one that names it as its predecessor. */
export interface BootGap extends Span {
  readonly before: BootEvidence;
  readonly after: BootEvidence;
  /** The operating system was started anew: the machine lost its power, or was rebooted. */
  readonly machineRestarted: boolean;
  /** Whether the gap is proven off (rule 7); else it is unknown. */
  readonly provenOff: boolean;
}

/**
 * Rule 7: the gap between boots is off only if the next boot's first record names the previous boot
 * and its last sequence, all of that boot is held, none of it lost or quarantined, and both are placed.
 * Between two devices, or with no next boot yet, there is no gap here and the time stays unknown.
 */
export function gapsBetween(boots: readonly BootEvidence[]): BootGap[] {
  const byId = new Map(boots.map((boot) => [boot.facts.boot, boot]));
  return boots.flatMap((after) => {
    const { previous } = after.facts;
    const before = previous === null ? undefined : byId.get(previous.boot);
    if (previous === null || before === undefined || before.facts.device !== after.facts.device) return [];
    if (before.end === null || after.start === null || after.start <= before.end) return [];
    return [
      {
        start: before.end,
        end: after.start,
        before,
        after,
        machineRestarted: before.facts.osBoot !== after.facts.osBoot,
        provenOff:
          before.facts.maxSeq === previous.lastSeq &&
          before.facts.soundCount === previous.lastSeq &&
          !before.quarantined,
      },
    ];
  });
}

/** Seconds in which a boot is known to have been running, from engine start to its last record. */
export function lifeOf(boot: BootEvidence): Spans {
  return boot.start === null || boot.end === null ? [] : span(boot.start, boot.end);
}
