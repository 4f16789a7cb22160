import {
  type ScreenDayInput,
  type ScreenDayResult,
  assessScreenDay,
} from '../../shared/assessment/screen-day.ts';
import {
  type BootEvidence,
  type BootFacts,
  type SeqRange,
  lastInstantOf,
  readBoot,
} from '../../shared/assessment/boot-evidence.ts';
import { placeBoots } from '../../shared/assessment/boot-order.ts';
import { requiredSpans } from '../../shared/assessment/required-hours.ts';
import { type LocalDay, midnightOfLocalDay } from '../../shared/core/time.ts';
import { makeBootClock } from '../../shared/telemetry/clock.ts';
import type { SimBoot, SimDevice } from './journal.ts';

/** Records of one boot as the center would hold them. */
export interface HeldBoot {
  readonly device: SimDevice;
  readonly boot: SimBoot;
  /** Sequences that never came, or were declared lost. */
  readonly without?: readonly number[];
  /** Receipt of every record; long after everything unless given. */
  readonly receiptMs?: number;
}

/** Reads boots as the center does once it holds the given records, closing period one hour. */
export function readAll(held: readonly HeldBoot[], closeS = 3_600): BootEvidence[] {
  const chained = held.map(({ device, boot, without = [] }) => {
    const records = boot.records.filter((record) => !without.includes(record.seq));
    const first = records.find((record) => record.kind === 'boot');
    const facts: BootFacts = {
      device: device.id,
      boot: boot.boot,
      osBoot: first?.kind === 'boot' ? first.osBoot : '',
      panelReadable: first?.kind === 'boot' && first.panelReadable,
      previous: first?.kind === 'boot' ? first.previous : null,
      lastMono: Math.max(...records.map(lastInstantOf)),
      maxSeq: Math.max(...records.map((record) => record.seq)),
      soundCount: records.length,
      begun: first !== undefined,
    };
    const clock = makeBootClock(records.flatMap((record) => record.off ?? []));
    return { facts, clock, readings: records.map(({ mono, wall }) => ({ mono, wall })), records };
  });
  return placeBoots(chained).map(({ boot, clock }, i) => {
    const { without = [], receiptMs = Number.MAX_SAFE_INTEGER } = held[i] as HeldBoot;
    const { records } = chained[i] as (typeof chained)[number];
    return readBoot(
      {
        facts: boot.facts,
        clock,
        records: records.map((record) => ({ record, receiptMs })),
        holes: rangesOf(without),
      },
      closeS,
    );
  });
}

function rangesOf(seqs: readonly number[]): SeqRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === seq - 1) last.to = seq;
    else ranges.push({ from: seq, to: seq });
  }
  return ranges;
}

/** A day of a screen bound to every device in `held`, required 08–20, all of every plan non-filler. */
export function assess(
  day: LocalDay,
  held: readonly HeldBoot[],
  patch: Partial<ScreenDayInput> & { readonly closeS?: number } = {},
): ScreenDayResult {
  const { closeS, ...rest } = patch;
  const windows = [{ start: '08:00', end: '20:00' }];
  return assessScreenDay({
    day,
    now: midnightOfLocalDay(day) + 10 * 86_400,
    required: requiredSpans(day, windows, windows),
    exempt: [],
    boots: readAll(held, closeS),
    bindings: [...new Set(held.map(({ device }) => device.id))].map((device) => ({
      device,
      from: 0,
      to: null,
    })),
    contact: [],
    centerDown: [],
    panelSeenBefore: false,
    contentOf: ({ start, end }) => [{ start, end }],
    ...rest,
  });
}
