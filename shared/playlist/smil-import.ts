import type { PlaylistId, ScheduleId } from '../core/ids.ts';
import { playlistIdSchema, scheduleIdSchema } from '../core/ids.ts';
import type { Playlist, Schedule, ScheduleClass } from '../schedule/schedule.schema.ts';
import { playlistSchema, scheduleClassSchema, scheduleSchema } from '../schedule/schedule.schema.ts';
import { CLASS_ORDER } from './smil.ts';
import type { SmilFinding, SmilImportOptions, SmilProgramme } from './smil.ts';
import { attribute, demandOnly, isContainer } from './smil-attributes.ts';
import { itemsOf } from './smil-items.ts';
import { timingOf } from './smil-timing.ts';
import { parseXml, SmilError } from './smil-xml.ts';
import type { XmlElement } from './smil-xml.ts';

/** Elements of a signage document that change nothing of what is on when: told, not kept. */
const UNKEPT = ['meta', 'metadata', 'layout', 'transition', 'textStyling'];

/**
 * Reads SMIL 3.0 (https://www.w3.org/TR/SMIL3/) as signage players use it (https://www.a-smil.org):
 * `seq` is a playlist; a `par` or `seq` with wallclock begin and end a schedule; the `priorityClass`es
 * of one `excl` the classes. What cannot be kept exactly is refused with its line, never dropped.
 * @returns the programme, and what of the text has no meaning here
 * @throws SmilError for the first thing that is refused
 */
export function importSmil(
  text: string,
  options: SmilImportOptions,
): { readonly programme: SmilProgramme; readonly findings: readonly SmilFinding[] } {
  const root = parseXml(text);
  if (root.name !== 'smil')
    throw new SmilError(root.line, `根元素是 ${root.name}，要 smil`, 'the root is not smil');
  const reader = new Reader(options);
  for (const child of root.children) {
    if (child.name === 'head') reader.readHead(child);
    else if (child.name === 'body') reader.readBody(child);
    else throw notTaken(child);
  }
  return reader.finish(root);
}

/** What stands above an element: in which class it is, and whether its end is heard of. */
interface Context {
  readonly class: ScheduleClass;
  readonly priority: number;
}

const PLAIN: Context = { class: 'rotation', priority: 0 };

/** A document while it is read. */
class Reader {
  readonly #options: SmilImportOptions;
  readonly #playlists = new Map<PlaylistId, Playlist>();
  readonly #schedules = new Map<ScheduleId, Schedule>();
  readonly #findings: SmilFinding[] = [];
  #bodies = 0;

  constructor(options: SmilImportOptions) {
    this.#options = options;
  }

  readHead(head: XmlElement): void {
    for (const child of head.children) {
      if (!UNKEPT.includes(child.name)) throw notTaken(child);
      if (child.name === 'layout')
        this.#tell(child, '版面不保留：这里总是全屏', 'layout is not kept: everything is full screen');
    }
  }

  readBody(body: XmlElement): void {
    this.#bodies += 1;
    if (this.#bodies > 1) throw new SmilError(body.line, 'body 写了两次', 'body stands twice');
    demandUntimed(body);
    // A body is itself a seq (SMIL 3.0, structure module).
    if (body.children.some(isContainer) && body.children.length === 1)
      this.#readContent(body.children[0], PLAIN);
    else this.#readContent({ ...body, name: 'seq', attributes: { repeatCount: 'indefinite' } }, PLAIN);
  }

  finish(root: XmlElement): { programme: SmilProgramme; findings: readonly SmilFinding[] } {
    if (this.#playlists.size === 0)
      throw new SmilError(root.line, '里面没有节目', 'it holds nothing to show');
    return {
      programme: { playlists: [...this.#playlists.values()], schedules: [...this.#schedules.values()] },
      findings: this.#findings,
    };
  }

  #readContent(element: XmlElement | undefined, context: Context): void {
    if (element === undefined) return;
    switch (element.name) {
      case 'excl':
        return this.#readExcl(element);
      case 'par':
        return this.#readPar(element, context);
      case 'seq':
        return this.#readSeq(element, context);
      default:
        throw notTaken(element);
    }
  }

  /** The classes from the first, which interrupts all others, to the last, which yields to all. */
  #readExcl(excl: XmlElement): void {
    demandOnly(excl, ['dur', 'repeatCount', 'title', 'id']);
    const classes = excl.children.some(({ name }) => name === 'priorityClass')
      ? excl.children
      : [{ ...excl, name: 'priorityClass', attributes: {} }];
    for (const [index, one] of classes.entries()) {
      if (one.name !== 'priorityClass') throw notTaken(one);
      const context = this.#classOf(one, index, classes.length);
      for (const child of one.children) this.#readContent(child, context);
    }
  }

  #classOf(element: XmlElement, index: number, count: number): Context {
    demandOnly(element, ['peers', 'higher', 'lower', 'pauseDisplay', 'class', 'priority', 'id', 'title']);
    const { higher = 'pause', lower = 'defer', peers = 'stop' } = element.attributes;
    if (lower !== 'defer' || peers === 'never')
      throw new SmilError(
        element.line,
        `lower="${lower}" peers="${peers}"：这里低一级的总是等着，不会取消，不收 never`,
        'what is lower always waits here; never is not taken',
      );
    if (higher === 'pause')
      this.#tell(
        element,
        '被打断的一项不续播，回来从下一项接着',
        'what is interrupted goes on with its next item',
      );
    const own = attribute(element, 'class');
    if (own !== undefined) {
      const kind = scheduleClassSchema.safeParse(own);
      if (!kind.success)
        throw new SmilError(element.line, `class="${own}" 不认识`, `class="${own}" is not known`);
      return { class: kind.data, priority: wholeNumber(element, 'priority', 0) };
    }
    return classByPlace(index, count);
  }

  /** A par that shows one thing at a time: a schedule where it has a wallclock, else a mere bracket. */
  #readPar(par: XmlElement, context: Context): void {
    const audio = par.children.find(({ name }) => name === 'audio');
    if (audio !== undefined)
      throw new SmilError(
        audio.line,
        '同时放声音做不到：声音要合进视频',
        'audio beside a picture is not taken',
      );
    const [only, second] = par.children;
    if (second !== undefined)
      throw new SmilError(
        second.line,
        'par 里同时放两样，这里一屏只放一样',
        'a par of two shows is not taken',
      );
    if (only === undefined) throw new SmilError(par.line, 'par 是空的', 'the par is empty');
    if (par.attributes['begin'] === undefined && par.attributes['end'] === undefined) {
      demandOnly(par, ['dur', 'repeatCount', 'title', 'id']);
      return this.#readContent(isContainer(only) ? only : { ...par, name: 'seq' }, context);
    }
    const seq =
      only.name === 'seq' ? only : isContainer(only) ? null : { ...par, name: 'seq', attributes: {} };
    if (seq === null)
      throw new SmilError(only.line, `${only.name} 不能放在有时刻的 par 里`, 'no container fits here');
    this.#addSchedule(par, seq, context);
  }

  #readSeq(seq: XmlElement, context: Context): void {
    const { begin, end } = seq.attributes;
    // What is scheduled by nothing is on always; a document with nothing else is a playlist alone.
    if (begin !== undefined || end !== undefined || context !== PLAIN) this.#addSchedule(seq, seq, context);
    else this.#addPlaylist(seq);
  }

  #addPlaylist(seq: XmlElement): Playlist {
    demandOnly(seq, ['begin', 'end', 'repeatCount', 'title', 'id', 'dur', 'from', 'to', 'weight']);
    const { region, id: base = 'smil' as PlaylistId } = this.#options;
    const written = attribute(seq, 'id');
    const id = written ?? freshId(base, this.#playlists);
    if (!playlistIdSchema.safeParse(id).success) throw badId(seq, id);
    const value = {
      id: id as PlaylistId,
      name: seq.attributes['title'] ?? id,
      region,
      items: itemsOf(seq, this.#options),
    };
    const playlist = this.#parse(seq, () => playlistSchema.parse(value), value.items.length > 1_000);
    const other = this.#playlists.get(playlist.id);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(playlist))
      throw new SmilError(seq.line, `节目单 ${id} 前后写得不一样`, `playlist ${id} stands twice, unlike`);
    this.#playlists.set(playlist.id, playlist);
    return playlist;
  }

  #addSchedule(timed: XmlElement, seq: XmlElement, context: Context): void {
    demandOnly(timed, ['begin', 'end', 'repeatCount', 'title', 'id', 'dur', 'from', 'to', 'weight']);
    const own = timed === seq ? { ...seq, attributes: withoutId(seq.attributes) } : seq;
    const playlist = this.#addPlaylist(own);
    const written = attribute(timed, 'id');
    const id = written ?? freshId(playlist.id as unknown as ScheduleId, this.#schedules);
    if (!scheduleIdSchema.safeParse(id).success) throw badId(timed, id);
    if (this.#schedules.has(id as ScheduleId))
      throw new SmilError(timed.line, `排期 ${id} 写了两次`, `schedule ${id} stands twice`);
    const repeats = seq.attributes['repeatCount'] ?? timed.attributes['repeatCount'] ?? '1';
    if (repeats !== '1' && repeats !== 'indefinite')
      throw new SmilError(
        seq.line,
        `repeatCount="${repeats}"：收 1 或 indefinite`,
        'repeatCount is 1 or indefinite',
      );
    const once = repeats === '1' && context.class === 'mandatory';
    if (repeats === '1' && !once)
      this.#tell(seq, '轮播和垫片总是循环播', 'rotation and filler always repeat');
    const value = {
      id: id as ScheduleId,
      name: timed.attributes['title'] ?? playlist.name,
      class: context.class,
      region: this.#options.region,
      playlist: playlist.id,
      ...timingOf(timed, this.#options.today),
      priority: context.priority,
      weight: wholeNumber(timed, 'weight', 1),
      once,
    };
    this.#schedules.set(
      value.id,
      this.#parse(timed, () => scheduleSchema.parse(value), false),
    );
  }

  #parse<T>(element: XmlElement, parse: () => T, isLong: boolean): T {
    try {
      return parse();
    } catch (cause) {
      if (isLong) throw new SmilError(element.line, '超过 1000 项，拆成几个节目单', 'over 1000 items');
      const error = new SmilError(
        element.line,
        '名称（1–80 字）、日期或时段不对',
        'a name, date or window is wrong',
      );
      error.cause = cause;
      throw error;
    }
  }

  #tell(element: XmlElement, zh: string, en: string): void {
    this.#findings.push({ severity: 'info', line: element.line, zh, en });
  }
}

/** Where a document does not say: one is rotation; of several the last two are rotation and filler. */
function classByPlace(index: number, count: number): Context {
  if (count === 1) return { class: 'rotation', priority: 0 };
  if (count === 2) return { class: index === 0 ? 'mandatory' : 'rotation', priority: 0 };
  const fromEnd = count - 1 - index;
  const kind = CLASS_ORDER[Math.max(0, 2 - fromEnd)] ?? 'mandatory';
  return { class: kind, priority: kind === 'mandatory' ? fromEnd - 2 : 0 };
}

function wholeNumber(element: XmlElement, name: string, otherwise: number): number {
  const text = attribute(element, name);
  if (text === undefined) return otherwise;
  if (!/^-?\d{1,4}$/.test(text))
    throw new SmilError(element.line, `kepu:${name}="${text}" 要是整数`, `kepu:${name} is no integer`);
  return Number(text);
}

function withoutId(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'kepu:id'));
}

function freshId(base: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}

function demandUntimed(element: XmlElement): void {
  demandOnly(element, ['id', 'title']);
}

function notTaken({ name, line }: XmlElement): SmilError {
  return new SmilError(line, `不收 ${name} 元素`, `${name} is not taken`);
}

function badId({ line }: XmlElement, id: string): SmilError {
  return new SmilError(line, `kepu:id="${id}" 不能作名字`, `kepu:id="${id}" is no id`);
}
