import type { DayLane } from '../../../shared/plan/day-view.api.ts';
import type { NamedEntry } from '../../../shared/plan/plan.api.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import { TIERS } from '../../../shared/region/tier.ts';

/** A stretch of the merged row in one look. */
export interface Stripe {
  readonly from: number;
  readonly to: number;
  readonly look: Tier | 'filler' | 'empty';
  readonly mandatory: boolean;
}

/** What an entry looks like in the merged row. */
export function lookOf(entry: Pick<NamedEntry, 'class' | 'schedule' | 'tier'>): Stripe['look'] {
  if (entry.schedule === null) return 'empty';
  return entry.class === 'filler' ? 'filler' : (entry.tier ?? 'empty');
}

/**
 * Entries as at most one stripe per pixel: what is narrower than a pixel is told by the one at the
 * pixel's middle, so that five thousand items draw as fast as fifty.
 * @param span Unix seconds, half-open.
 */
export function stripesOf(
  entries: readonly NamedEntry[],
  span: { readonly from: number; readonly to: number },
  pixels: number,
): Stripe[] {
  const stripes: Stripe[] = [];
  const step = (span.to - span.from) / Math.max(1, pixels);
  let index = 0;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const from = span.from + pixel * step;
    const middle = from + step / 2;
    while (index < entries.length && (entries[index] as NamedEntry).end <= middle) index += 1;
    const entry = entries[index];
    if (entry === undefined || entry.start > middle) continue;
    const look = lookOf(entry);
    const mandatory = entry.class === 'mandatory';
    const last = stripes.at(-1);
    if (last !== undefined && last.look === look && last.mandatory === mandatory && last.to === from)
      stripes[stripes.length - 1] = { ...last, to: from + step };
    else stripes.push({ from, to: from + step, look, mandatory });
  }
  return stripes;
}

/** A row of the lanes: a tier with its schedules; fillers stand in a row of their own. */
export interface LaneRow {
  readonly key: Tier | 'filler';
  readonly name: string;
  readonly lanes: readonly DayLane[];
}

/** Lanes by tier, highest first, then filler; tiers without any schedule that day are left out. */
export function laneRows(lanes: readonly DayLane[]): LaneRow[] {
  const rows: LaneRow[] = TIERS.map((tier) => {
    const own = lanes.filter((lane) => lane.tier === tier && lane.class !== 'filler');
    return { key: tier, name: own[0]?.regionName ?? '', lanes: own };
  });
  const filler = lanes.filter((lane) => lane.class === 'filler');
  return [...rows, { key: 'filler' as const, name: '垫片', lanes: filler }].filter(
    (row) => row.lanes.length > 0,
  );
}

/** Stretches as one where they touch or overlap; what a row's outline is drawn from. */
export function unionOf(
  pieces: readonly { readonly from: number; readonly to: number }[],
): { from: number; to: number }[] {
  const union: { from: number; to: number }[] = [];
  for (const { from, to } of pieces.toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else union.push({ from, to });
  }
  return union;
}

/** Mandatory stretches of a lane that are on, and those that a higher one takes away. */
export function mandatoryPieces(lane: DayLane) {
  const on = unionOf(lane.pieces.filter(({ standing }) => standing === 'on-air'));
  const lost = unionOf(
    lane.pieces.filter(
      ({ standing }) => standing === 'outranked' || standing === 'reserved' || standing === 'denied',
    ),
  );
  return { on, lost };
}

/** `47.21 %` of a share in percent. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? '—' : `${((part / whole) * 100).toFixed(2)} %`;
}
