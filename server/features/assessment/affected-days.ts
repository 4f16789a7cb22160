import { DAY_S, type Instant, type LocalDay, dayNumberOf, localDayOf } from '../../../shared/core/time.ts';
import type { DayNumber } from '../../../shared/core/time.ts';
import { type BootClock, agreeAt, makeBootClock } from '../../../shared/telemetry/clock.ts';
import type { EvidenceStore, PendingEvidence, StoredBoot } from './assessment.port.ts';
import { BootChain, type Stretch, clockOf } from './evidence.ts';

const DAY_MS = DAY_S * 1_000;

/**
 * The stretch of center time in which newly committed records can have changed what is proven, a
 * little generously; `null` while nothing of it can be placed. `closeS`: the closing period.
 */
export async function affectedStretch(
  store: EvidenceStore,
  pending: PendingEvidence,
  closeS: number,
): Promise<Stretch | null> {
  const chain = new BootChain(await store.boots(pending.device));
  const boot = chain.get(pending.boot);
  if (boot === undefined) return null;
  // Neighbours by sequence too: a hole that was filled had made K doubtful around it.
  const extent = await store.extent(pending, pending.first - 1, pending.last + 1);
  const { fromMono, toMono } = extent ?? { fromMono: 0, toMono: boot.lastMono };
  const offsets = boot.met ? await store.offsets(boot.device, boot.boot) : [];
  const clock = makeBootClock(offsets);
  const before = makeBootClock(offsets.filter(({ seq }) => seq < pending.first || seq > pending.last));
  const reach = { fromMono, toMono: await reachOf(store, pending, boot, toMono) };
  const moved = clock === null ? null : movedReach(reach, boot, { clock, before });
  const fromMs = moved === null ? null : (clock?.placeMs(moved.fromMono) ?? null);
  const toMs = moved === null ? null : (clock?.placeMs(moved.toMono) ?? null);
  const joins = pending.first === 1 || before === null;
  return widen(store, chain, boot, {
    own: fromMs === null || toMs === null ? null : { fromMs: fromMs - closeS * 1_000, toMs: toMs + 1_000 },
    joins,
  });
}

/** Rule 9 without a next record reaches to the end of the boot. */
async function reachOf(
  store: EvidenceStore,
  pending: PendingEvidence,
  boot: StoredBoot,
  toMono: number,
): Promise<number> {
  const after = await store.extent(pending, pending.last + 1, pending.last + 1);
  return after === null ? Math.max(toMono, boot.lastMono) : toMono;
}

/** New offsets move instants besides the new records': as far as the bounds differ, day by day. */
function movedReach(
  reach: { readonly fromMono: number; readonly toMono: number },
  boot: StoredBoot,
  clocks: { readonly clock: BootClock; readonly before: BootClock | null },
): { readonly fromMono: number; readonly toMono: number } {
  const { clock, before } = clocks;
  if (before === null) return { fromMono: 0, toMono: boot.lastMono };
  let { fromMono, toMono } = reach;
  while (fromMono > 0 && !agreeAt(clock, before, fromMono)) fromMono = Math.max(0, fromMono - DAY_MS);
  while (toMono < boot.lastMono && !agreeAt(clock, before, toMono))
    toMono = Math.min(boot.lastMono, toMono + DAY_MS);
  return { fromMono, toMono };
}

/**
 * Takes in the gap to the boot before, where this boot newly joins on, and the gap to the one after;
 * with every boot in between that could not be placed until now.
 */
async function widen(
  store: EvidenceStore,
  chain: BootChain,
  boot: StoredBoot,
  { own, joins }: { readonly own: Stretch | null; readonly joins: boolean },
): Promise<Stretch | null> {
  const before = joins || own === null ? chain.walk(boot, 'previous').find((one) => one.met) : undefined;
  const after = chain.walk(boot, 'next').find((one) => one.met);
  const beforeMs =
    before === undefined ? null : ((await clockOf(store, before))?.placeMs(before.lastMono) ?? null);
  const afterMs = after === undefined ? null : ((await clockOf(store, after))?.placeMs(0) ?? null);
  const from = own?.fromMs ?? beforeMs;
  const to = own?.toMs ?? afterMs;
  if (from === null || to === null) return null;
  return { fromMs: Math.min(from, beforeMs ?? from), toMs: Math.max(to, afterMs ?? to) };
}

/** The local days of a stretch, and the day before, whose windows may run past midnight into it. */
export function daysOfStretch({ fromMs, toMs }: Stretch): LocalDay[] {
  const first = dayNumberOf(Math.floor(fromMs / 1_000) as Instant) - 1;
  const last = dayNumberOf(Math.floor(toMs / 1_000) as Instant);
  return Array.from({ length: last - first + 1 }, (_, i) => localDayOf((first + i) as DayNumber));
}
