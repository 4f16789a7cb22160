/** One exact change of one source file that breaks the rules, and the law that has to notice. */
export interface Mutant {
  /** What the broken rules do. */
  readonly breaks: string;
  /** Name of the law that finds a counterexample. */
  readonly law: string;
  /** Below `shared/`. */
  readonly file: string;
  /** Text that stands in the file exactly once, and what it is replaced by. */
  readonly find: string;
  readonly replace: string;
}
