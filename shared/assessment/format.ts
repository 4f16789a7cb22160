import type { FigureSums } from './assessment.schema.ts';

/** What is shown where there is nothing to divide by (DESIGN.md section 7: ΣS = 0 shows "—"). */
export const NO_RATE = '—';

/**
 * A rate in percent with two decimals, half up, from exact integer sums: `ratePercent(8, 9)` is
 * `'88.89'`; `'—'` where `denominator` is 0. No floats, so console, server and export agree.
 */
export function ratePercent(numerator: number, denominator: number): string {
  if (denominator === 0) return NO_RATE;
  const hundredths = (BigInt(numerator) * 20_000n + BigInt(denominator)) / (2n * BigInt(denominator));
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}

/** A quotient of sums before any rounding. */
export interface Rate {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * Orders unrounded rates, smaller first, by cross-multiplication; rates without a denominator come
 * before all others. Denominators are never negative.
 */
export function compareRates(a: Rate, b: Rate): number {
  if (a.denominator === 0 || b.denominator === 0)
    return Number(a.denominator !== 0) - Number(b.denominator !== 0);
  const left = BigInt(a.numerator) * BigInt(b.denominator);
  const right = BigInt(b.numerator) * BigInt(a.denominator);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** 开机率(时长): ΣP / ΣS. */
export function onRate(sums: FigureSums): Rate {
  return { numerator: sums.onS, denominator: sums.requiredS };
}

/** 开机率's upper end before settlement: Σ(P + unknown) / ΣS. */
export function onRateUpper(sums: FigureSums): Rate {
  return { numerator: sums.onS + sums.unknownS, denominator: sums.requiredS };
}

/** 使用率: ΣU / ΣS. */
export function usedRate(sums: FigureSums): Rate {
  return { numerator: sums.usedS, denominator: sums.requiredS };
}

/** 使用率's upper end before settlement (ACCOUNTING.md rule 19): Σ(U + unknown) / ΣS. */
export function usedRateUpper(sums: FigureSums): Rate {
  return { numerator: sums.usedS + sums.unknownS, denominator: sums.requiredS };
}

/** 内容占用率: ΣU / ΣP; never called 使用率. */
export function occupancyRate(sums: FigureSums): Rate {
  return { numerator: sums.usedS, denominator: sums.onS };
}

/** The share of required time that is unknown. */
export function unknownShare(sums: FigureSums): Rate {
  return { numerator: sums.unknownS, denominator: sums.requiredS };
}

/** ΣE / ΣW, printed beside every rate (ACCOUNTING.md rule 18). */
export function exemptShare(sums: FigureSums): Rate {
  return { numerator: sums.exemptS, denominator: sums.windowS };
}

/** The share of ΣP that the center saw live (核实); the rest is 自报. */
export function verifiedShare(sums: FigureSums): Rate {
  return { numerator: sums.verifiedS, denominator: sums.onS };
}

/** The share of ΣP that the panel confirmed (grade A). */
export function gradeAShare(sums: FigureSums): Rate {
  return { numerator: sums.gradeAS, denominator: sums.onS };
}

/** {@link ratePercent} of a {@link Rate}. */
export function rateText(rate: Rate): string {
  return ratePercent(rate.numerator, rate.denominator);
}

/** A county is ranked unless nothing was required of it or more than half was exempt (ACCOUNTING.md rule 18). */
export function isRanked(sums: FigureSums): boolean {
  return sums.requiredS > 0 && 2 * sums.exemptS <= sums.windowS;
}

export const NO_SUMS: FigureSums = {
  windowS: 0,
  exemptS: 0,
  requiredS: 0,
  onS: 0,
  offS: 0,
  unknownS: 0,
  usedS: 0,
  verifiedS: 0,
  gradeAS: 0,
};

/** Pools sums: every figure above a screen's day is made by this and nothing else. */
export function addSums(a: FigureSums, b: FigureSums): FigureSums {
  return {
    windowS: a.windowS + b.windowS,
    exemptS: a.exemptS + b.exemptS,
    requiredS: a.requiredS + b.requiredS,
    onS: a.onS + b.onS,
    offS: a.offS + b.offS,
    unknownS: a.unknownS + b.unknownS,
    usedS: a.usedS + b.usedS,
    verifiedS: a.verifiedS + b.verifiedS,
    gradeAS: a.gradeAS + b.gradeAS,
  };
}
