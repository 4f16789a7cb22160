import { brand, element } from '../dom.ts';
import { localTimeText } from '../local-time.ts';
import { StillFrames } from './surface.ts';

const ORBITS = 4;

/**
 * The filler built into the player: what is on when nothing is. It says whose screen it is and the
 * time, moves slowly so that nothing burns in, needs no file, and cannot be taken for a programme.
 */
export class FillerScene {
  readonly element: HTMLElement;
  readonly #clock = element('div', 'filler-clock');
  readonly #day = element('div', 'filler-day');
  readonly #name = element('span', 'filler-name');
  readonly #still = new StillFrames();

  constructor() {
    const orbits = Array.from({ length: ORBITS }, (_, index) =>
      element('div', `orbit orbit-${index + 1}`, element('i', 'planet')),
    );
    this.element = element(
      'div',
      'layer filler',
      element('div', 'orbits', element('div', 'sun'), ...orbits),
      element(
        'div',
        'filler-drift',
        element('div', 'filler-head', brand()),
        element('div', 'filler-now', this.#clock, this.#day),
        element('div', 'filler-foot', this.#name, element('span', '', '节目稍后播出')),
      ),
    );
  }

  get frames(): number {
    return this.#still.frames;
  }

  /** @param screenName the installed place's name; empty before the first assignment. */
  name(screenName: string): void {
    if (this.#name.textContent !== screenName) this.#name.textContent = screenName;
  }

  enter(): void {
    this.#still.enter();
  }

  leave(): void {
    this.#still.leave();
  }

  /** Answers whether this frame is the first one painted. */
  tick(): boolean {
    return this.#still.tick();
  }

  /** @param nowMs center time; `null` while unknown, which shows no time rather than a wrong one. */
  showTime(nowMs: number | null): void {
    const text = nowMs === null ? null : localTimeText(nowMs);
    const clock = text?.clock ?? '';
    if (this.#clock.textContent === clock) return;
    this.#clock.textContent = clock;
    this.#day.textContent = text === null ? '' : `${text.day}  ${text.weekday}`;
  }
}
