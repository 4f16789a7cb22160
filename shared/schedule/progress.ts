import { startItem } from './compile.ts';
import type { Program } from './compile.ts';
import type { DayQueue } from './day-queue.ts';
import { makeDayQueue } from './day-queue.ts';
import type { Scheduled } from './decide.ts';
import type { DenialState } from './denials.ts';
import type { Epoch, Opening, Scene } from './segment.ts';

/**
 * What resolving remembers inside a segment: where each mandatory window is in its playlist, and for
 * the local day at hand the places of rotation and filler playlists and the fair queue's tags.
 */
export class Progress {
  readonly #program: Program;
  /** Next item of each mandatory window, by order. */
  readonly #mandatory: number[];
  #rotation: number[] = [];
  #filler: number[] = [];
  #queue: DayQueue | null = null;
  #day: number | null = null;

  constructor(program: Program, scene: Scene) {
    this.#program = program;
    this.#mandatory = Array.from({ length: scene.mandatoryCount }, () => 0);
  }

  /** Starts tags and places anew where a new local day begins. */
  enter(epoch: Epoch): void {
    if (this.#day === epoch.day) return;
    this.#day = epoch.day;
    this.#queue = null;
    this.#rotation = this.#program.rotation.map((rule) => startItem(rule, epoch.day));
    this.#filler = this.#program.filler.map((rule) => startItem(rule, epoch.day));
    this.#queue = makeDayQueue(this.#program, epoch.day);
  }

  get queue(): DayQueue {
    if (this.#queue === null) throw new Error('no day entered');
    return this.#queue;
  }

  /** The next item that is not denied, or -1; one that plays once does not turn back to its first. */
  nextItem(opening: Opening, denials: DenialState): number {
    const { rule } = opening;
    const place = this.#placeOf(opening);
    const length = rule.items.length;
    if (!denials.any) return place < length ? place : -1;
    if (denials.deniesSchedule(rule.id)) return -1;
    const tries = rule.once ? length - place : length;
    for (let step = 0; step < tries; step += 1) {
      const item = (place + step) % length;
      const asset = rule.items[item]?.asset;
      if (asset !== undefined && !denials.deniesAsset(asset)) return item;
    }
    return -1;
  }

  /** Moves the playlist on past an item that was begun, and charges rotation its airtime. */
  begun(choice: Scheduled, airtimeS: number): void {
    const { rule } = choice.opening;
    const next = rule.once ? choice.item + 1 : (choice.item + 1) % rule.items.length;
    if (choice.kind === 'mandatory') this.#mandatory[choice.opening.order] = next;
    else if (choice.kind === 'filler') this.#filler[rule.index] = next;
    else {
      this.#rotation[rule.index] = next;
      this.queue.charge(rule, airtimeS);
    }
  }

  #placeOf(opening: Opening): number {
    const { rule, order } = opening;
    if (rule.class === 'mandatory') return this.#mandatory[order] as number;
    return (rule.class === 'rotation' ? this.#rotation : this.#filler)[rule.index] as number;
  }
}
