/**
 * Start-time fair queueing on airtime (Goyal, Vin and Cheng, 1996) with constant integer weights:
 * one level of it. Flows are numbered; a flow's tag is exact, an integer multiple of 1 / lcm(weights).
 */
export interface FairQueue {
  /** Where flow `a` stands to flow `b`: negative when `a` has the smaller start tag. */
  compare(a: number, b: number): number;
  /**
   * Flow begins an item at its start tag `max(V, last finish tag)`, which becomes V, and is charged
   * the airtime that the item had: finish tag = start tag + airtime / weight.
   */
  charge(flow: number, airtimeS: number): void;
}

/** Tags below this bound stay exact in a double with room for the sum of two. */
const SAFE = BigInt(Number.MAX_SAFE_INTEGER) / 4n;
const DAY_S = 86_400n;

interface Arithmetic<Tag> {
  readonly zero: Tag;
  readonly units: readonly Tag[];
  advance(tag: Tag, airtimeS: number, unit: Tag): Tag;
}

/**
 * Makes a level with all tags and V at zero.
 * @param weights positive integers, one per flow
 */
export type FairQueueMaker = () => FairQueue;

/** Prepares the exact arithmetic for these weights once; each call of the result is a fresh day. */
export function fairQueues(weights: readonly number[]): FairQueueMaker {
  const scale = weights.reduce((common, weight) => lcm(common, BigInt(weight)), 1n);
  const units = weights.map((weight) => scale / BigInt(weight));
  // A tag never exceeds one day's airtime at the smallest weight, which is one `scale` per second.
  if (scale * DAY_S < SAFE) {
    const arithmetic: Arithmetic<number> = {
      zero: 0,
      units: units.map(Number),
      advance: (tag, airtimeS, unit) => tag + airtimeS * unit,
    };
    return () => makeQueue(arithmetic);
  }
  const arithmetic: Arithmetic<bigint> = {
    zero: 0n,
    units,
    advance: (tag, airtimeS, unit) => tag + BigInt(airtimeS) * unit,
  };
  return () => makeQueue(arithmetic);
}

function makeQueue<Tag extends number | bigint>(arithmetic: Arithmetic<Tag>): FairQueue {
  let virtual: Tag = arithmetic.zero;
  const finish: Tag[] = arithmetic.units.map(() => arithmetic.zero);
  const startTag = (flow: number): Tag => {
    const last = finish[flow] as Tag;
    return last > virtual ? last : virtual;
  };
  return {
    compare(a, b) {
      const left = startTag(a);
      const right = startTag(b);
      return left < right ? -1 : left > right ? 1 : 0;
    },
    charge(flow, airtimeS) {
      const start = startTag(flow);
      virtual = start;
      finish[flow] = arithmetic.advance(start, airtimeS, arithmetic.units[flow] as Tag);
    },
  };
}

function lcm(a: bigint, b: bigint): bigint {
  return (a / gcd(a, b)) * b;
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
