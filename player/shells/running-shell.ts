import type { Engine } from '../engine/engine.ts';

/** A running player and its host. */
export interface RunningShell {
  readonly engine: Engine;
  /** One line for who started it. */
  readonly note: string;
  stop(): Promise<void>;
}
