import { canonicalText, sha256Hex } from '../../../shared/core/canonical.ts';
import type { ScheduleId, Sha256 } from '../../../shared/core/ids.ts';
import type { Body, OpenInterval } from './journal.ts';

type Of<Kind extends Body['kind']> = Extract<Body, { kind: Kind }>;

/** The engine runs, and so many frames were painted meanwhile. */
export class PowerInterval implements OpenInterval {
  readonly key = 'power';
  #from: number;
  #painted = 0;

  constructor(from: number) {
    this.#from = from;
  }

  paint(frames: number): void {
    this.#painted += frames;
  }

  body(to: number): Of<'power'> {
    return { kind: 'power', from: this.#from, to: Math.max(to, this.#from), painted: this.#painted };
  }

  restart(from: number): void {
    this.#from = from;
    this.#painted = 0;
  }
}

/** What the panel says of itself. */
export class PanelInterval implements OpenInterval {
  readonly key = 'panel';
  readonly state: 'on' | 'off';
  #from: number;

  constructor(from: number, state: 'on' | 'off') {
    this.#from = from;
    this.state = state;
  }

  body(to: number): Of<'panel'> {
    return { kind: 'panel', from: this.#from, to: Math.max(to, this.#from), state: this.state };
  }

  restart(from: number): void {
    this.#from = from;
  }
}

/** A plan's timeline is followed; what differs is an exception of its own. */
export class RunInterval implements OpenInterval {
  readonly key = 'run';
  readonly plan: Sha256;
  readonly denyList: number;
  #from: number;
  /** `[itemIndex, framesPainted, firstFrameMono]`; the index counts the entries begun since `from`. */
  #items: [number, number, number][] = [];
  #begun = 0;

  /** `denyList`: the version of the deny list under which the timeline is followed, 0 for none. */
  constructor(from: number, plan: Sha256, denyList = 0) {
    this.#from = from;
    this.plan = plan;
    this.denyList = denyList;
  }

  /** The timeline's next entry is on. */
  beginItem(): void {
    this.#begun += 1;
  }

  /** Frames of the entry that is on were painted. */
  paint(frames: number, firstMono: number): void {
    const index = Math.max(0, this.#begun - 1);
    const last = this.#items.at(-1);
    if (last?.[0] === index) last[1] += frames;
    else this.#items.push([index, frames, Math.max(firstMono, this.#from)]);
  }

  body(to: number): Of<'run'> {
    return {
      kind: 'run',
      from: this.#from,
      to: Math.max(to, this.#from),
      plan: this.plan,
      ...denyListOf(this.denyList),
      items: this.#items.length,
      frames: this.#items.reduce((sum, item) => sum + item[1], 0),
      proof: sha256Hex(canonicalText(this.#items)),
    };
  }

  restart(from: number): void {
    this.#from = from;
    this.#items = [];
    this.#begun = Math.min(this.#begun, 1);
  }
}

/** A record names no list where none was held. */
function denyListOf(version: number): { denyList?: number } {
  return version === 0 ? {} : { denyList: version };
}

export interface ExceptionFacts {
  readonly cause: Of<'exception'>['cause'];
  readonly plan: Sha256;
  readonly denyList: number;
  readonly schedule: ScheduleId | null;
  readonly asset: Sha256 | null;
  readonly detail: string;
}

/** Something differs from the timeline. */
export class ExceptionInterval implements OpenInterval {
  readonly key: string;
  #from: number;
  #facts: ExceptionFacts;

  /** `number` tells the exceptions of one boot apart. */
  constructor(number: number, from: number, facts: ExceptionFacts) {
    this.key = `exception:${number}`;
    this.#from = from;
    this.#facts = facts;
  }

  get cause(): ExceptionFacts['cause'] {
    return this.#facts.cause;
  }

  get detail(): string {
    return this.#facts.detail;
  }

  /** It turned out to be something else, or worse. */
  become(cause: ExceptionFacts['cause'], detail: string): void {
    this.#facts = { ...this.#facts, cause, detail: detail.slice(0, 200) };
  }

  body(to: number): Of<'exception'> {
    const { denyList, ...facts } = this.#facts;
    const span = { from: this.#from, to: Math.max(to, this.#from) };
    return { kind: 'exception', ...span, ...facts, ...denyListOf(denyList) };
  }

  restart(from: number): void {
    this.#from = from;
  }
}
