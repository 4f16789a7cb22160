/** What the glass shows before the first cue. */
export interface WaitingScene {
  readonly element: HTMLElement;
  /** Called about every second. @param nowMs center time, `null` while unknown. */
  update(nowMs: number | null): void;
}
