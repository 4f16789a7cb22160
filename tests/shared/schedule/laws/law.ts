import type fc from 'fast-check';
import type { createResolver } from '../../../../shared/schedule/resolve.ts';
import type { tierWeights } from '../../../../shared/schedule/quota.ts';

/** What is put to the laws: the scheduling rules of `shared/`, or a deliberately broken copy of them. */
export interface Subject {
  readonly createResolver: typeof createResolver;
  readonly tierWeights: typeof tierWeights;
}

/** A sentence that holds for every case, as data: the suite, the soak and the mutants share it. */
export interface Law {
  readonly name: string;
  /** The sentence of DESIGN.md section 4 or SCHEDULING.md that it holds. */
  readonly source: string;
  /** Cases in the suite's short run; the full run (`npm run soak -- schedule`) takes 10,000 of each law. */
  readonly shortRuns: number;
  readonly arbitrary: fc.Arbitrary<unknown>;
  /** @throws LawBroken where the case is a counterexample. */
  check(subject: Subject, one: unknown): void;
}

/** A law with the type of its cases, which only its own arbitrary makes. */
export interface TypedLaw<Case> extends Omit<Law, 'arbitrary' | 'check'> {
  readonly arbitrary: fc.Arbitrary<Case>;
  check(subject: Subject, one: Case): void;
}

/** Forgets the type of the cases, so that laws can stand in one list. */
export function defineLaw<Case>(law: TypedLaw<Case>): Law {
  return { ...law, check: (subject, one) => law.check(subject, one as Case) };
}

/** A counterexample was found; the message says what was seen and what had to be. */
export class LawBroken extends Error {}

/** @throws LawBroken when what must hold does not; `why` is asked only then. */
export function hold(condition: boolean, why: () => string): void {
  if (!condition) throw new LawBroken(why());
}

/** @throws LawBroken when two answers differ, naming the first place where they do. */
export function holdSame(actual: readonly unknown[], expected: readonly unknown[], what: string): void {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [JSON.stringify(actual[index]), JSON.stringify(expected[index])];
    hold(a === b, () => `${what}, at ${index}: ${a ?? 'nothing'} instead of ${b ?? 'nothing'}`);
  }
}
