import type { Instant } from '../core/time.ts';
import type { Program } from './compile.ts';
import type { Choice } from './decide.ts';
import { decide, decideMandatory, durationOf } from './decide.ts';
import { Progress } from './progress.ts';
import type { Epoch, Opening, Scene } from './segment.ts';
import type { Reason, TimelineEntry } from './timeline.ts';

/** Resolves a segment from its first midnight to its last: entries without gaps or overlaps. */
export function resolveSegment(program: Program, scene: Scene): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  walkSegment(program, scene, ({ entry }) => {
    entries.push(entry);
    return true;
  });
  return entries;
}

/** One decision and what it put on air. */
export interface Step {
  readonly entry: TimelineEntry;
  readonly choice: Choice;
  /** Number of the epoch it was made in. */
  readonly index: number;
  /** As it stood when the decision was made; valid while the step is visited. */
  readonly progress: Progress;
}

/** Goes through a segment decision by decision, until `visit` answers `false`. */
export function walkSegment(program: Program, scene: Scene, visit: (step: Step) => boolean): void {
  const progress = new Progress(program, scene);
  const { segment, epochs } = scene;
  let index = 0;
  let previous: Opening | null = null;
  for (let at: number = segment.start; at < segment.end; ) {
    while ((epochs[index] as Epoch).end <= at) index += 1;
    const epoch = epochs[index] as Epoch;
    progress.enter(epoch);
    const choice = decide(scene, progress, epoch, at);
    const end = endOf(scene, progress, { choice, at, index });
    const entry = entryOf(choice, { at, end, reason: reasonOf(choice, at, previous) });
    if (!visit({ entry, choice, index, progress })) return;
    if (choice.kind !== 'built-in') progress.begun(choice, end - at);
    previous = choice.kind === 'mandatory' ? choice.opening : null;
    at = end;
  }
}

interface OnAir {
  readonly choice: Choice;
  readonly at: number;
  /** The epoch it began in. */
  readonly index: number;
}

/** When what was chosen leaves the glass: its planned end, or the first instant that cuts it. */
function endOf(scene: Scene, progress: Progress, onAir: OnAir): number {
  const { choice, at, index } = onAir;
  const planned =
    choice.kind === 'built-in' ? scene.segment.end : at + durationOf(choice.opening, choice.item);
  const began = scene.epochs[index] as Epoch;
  for (let later = index + 1; later < scene.epochs.length; later += 1) {
    const epoch = scene.epochs[later] as Epoch;
    if (epoch.start >= planned) break;
    if (isCut(scene, progress, { choice, began, epoch })) return epoch.start;
  }
  // Only filler reaches past the segment's last midnight, and is cut there.
  return Math.min(planned, scene.segment.end);
}

interface Cut {
  readonly choice: Choice;
  readonly began: Epoch;
  /** The epoch that begins while the choice is on. */
  readonly epoch: Epoch;
}

/** Only a takedown, a filler's end, or a mandatory that a denial had held back cuts what is on. */
function isCut(scene: Scene, progress: Progress, { choice, began, epoch }: Cut): boolean {
  const at = epoch.start;
  const isFiller = choice.kind === 'built-in' || choice.kind === 'filler';
  if (isFiller && epoch.day !== began.day) return true;
  if (choice.kind !== 'built-in') {
    const { rule } = choice.opening;
    const asset = rule.items[choice.item]?.asset;
    if (choice.kind === 'filler' && at >= choice.pieceEnd) return true;
    if (epoch.denials.deniesSchedule(rule.id)) return true;
    if (asset !== undefined && epoch.denials.deniesAsset(asset)) return true;
  }
  if (!epoch.opens) return false;
  if (isFiller) return outranksFiller(decide(scene, progress, epoch, at), choice);
  // Where nothing was ever denied, an item ended by every start that outranks it, so this finds none.
  const outranking = choice.kind === 'mandatory' ? choice.opening.order : Infinity;
  return decideMandatory(scene, progress, epoch, { at, outranking }) !== null;
}

/** Whether something else can begin where filler is on: another class, or filler ordered before it. */
function outranksFiller(other: Choice, filler: Choice): boolean {
  if (other.kind === 'built-in') return false;
  if (other.kind !== 'filler') return true;
  return filler.kind !== 'filler' || other.opening.order < filler.opening.order;
}

function reasonOf(choice: Choice, at: number, previous: Opening | null): Reason {
  switch (choice.kind) {
    case 'mandatory':
      if (choice.opening === previous) return 'mandatory-repeat';
      return choice.opening.start === at ? 'mandatory-start' : 'mandatory-resumed';
    case 'rotation':
      return 'fair-share';
    case 'filler':
      return choice.passedOver ? 'nothing-fits' : 'filler-schedule';
    case 'built-in':
      return choice.passedOver ? 'nothing-fits' : 'nothing-scheduled';
    default:
      return choice satisfies never;
  }
}

function entryOf(
  choice: Choice,
  { at, end, reason }: { readonly at: number; readonly end: number; readonly reason: Reason },
): TimelineEntry {
  const times = { start: at as Instant, end: end as Instant };
  if (choice.kind === 'built-in')
    return {
      ...times,
      plannedEnd: times.end,
      class: 'filler',
      schedule: null,
      region: null,
      item: -1,
      asset: null,
      reason,
    };
  const { rule } = choice.opening;
  return {
    ...times,
    plannedEnd: (at + durationOf(choice.opening, choice.item)) as Instant,
    class: choice.kind,
    schedule: rule.id,
    region: rule.region,
    item: choice.item,
    asset: rule.items[choice.item]?.asset ?? null,
    reason,
  };
}
