import type { Progress } from './progress.ts';
import type { Epoch, HardStart, Opening, OpenPiece, Scene } from './segment.ts';

/** What a decision puts on at an instant. */
export type Choice =
  | {
      readonly kind: 'mandatory' | 'rotation' | 'filler';
      readonly opening: Opening;
      /** End of the piece of the window that it is on in. */
      readonly pieceEnd: number;
      readonly item: number;
      /** Filler: whether something else was open and did not fit. */
      readonly passedOver: boolean;
    }
  | { readonly kind: 'built-in'; readonly passedOver: boolean };
export type Scheduled = Extract<Choice, { item: number }>;

/**
 * What is on at an instant, strictly by class: the first mandatory that can be placed, else the
 * rotation whose turn it is, else filler (DESIGN.md section 4). Reads progress and moves nothing.
 */
export function decide(scene: Scene, progress: Progress, epoch: Epoch, at: number): Choice {
  const mandatory = decideMandatory(scene, progress, epoch, { at, outranking: Infinity });
  if (mandatory !== null) return mandatory;
  const rotation = decideRotation(scene, progress, epoch, at);
  if (rotation !== null) return rotation;
  const passedOver = hasCandidate(progress, epoch);
  for (const { opening, end } of epoch.filler) {
    const item = progress.nextItem(opening, epoch.denials);
    if (item >= 0) return { kind: 'filler', opening, pieceEnd: end, item, passedOver };
  }
  return { kind: 'built-in', passedOver };
}

/** The first mandatory in order, before order `outranking`, whose next item fits. */
export function decideMandatory(
  scene: Scene,
  progress: Progress,
  epoch: Epoch,
  { at, outranking }: { readonly at: number; readonly outranking: number },
): Scheduled | null {
  for (const { opening, end } of epoch.mandatory) {
    if (opening.order >= outranking) return null;
    const item = progress.nextItem(opening, epoch.denials);
    if (item < 0) continue;
    const itemEnd = at + durationOf(opening, item);
    if (itemEnd > end) continue;
    if (nextHardStart(scene, progress, epoch, { after: at, outranking: opening.order }) < itemEnd) continue;
    return { kind: 'mandatory', opening, pieceEnd: end, item, passedOver: false };
  }
  return null;
}

/** The smallest start tag among what fits: first between the tiers, then inside the tier. */
function decideRotation(scene: Scene, progress: Progress, epoch: Epoch, at: number): Scheduled | null {
  const { queue } = progress;
  const limit = nextHardStart(scene, progress, epoch, { after: at, outranking: Infinity });
  let best: Scheduled | null = null;
  epoch.rotation.forEach((pieces, rank) => {
    if (pieces.length === 0 || !queue.admits(rank)) return;
    if (best !== null && queue.compareTiers(best.opening.rule.rank, rank) < 0) return;
    best = firstInTier(progress, epoch, pieces, { at, limit }) ?? best;
  });
  return best;
}

function firstInTier(
  progress: Progress,
  epoch: Epoch,
  pieces: readonly OpenPiece[],
  { at, limit }: { readonly at: number; readonly limit: number },
): Scheduled | null {
  let first: OpenPiece | null = null;
  let firstItem = -1;
  for (const piece of pieces) {
    const { opening } = piece;
    if (first !== null && progress.queue.compareRules(first.opening.rule, opening.rule) < 0) continue;
    const item = progress.nextItem(opening, epoch.denials);
    if (item < 0 || at + durationOf(opening, item) > Math.min(piece.end, limit)) continue;
    first = piece;
    firstItem = item;
  }
  if (first === null) return null;
  const { opening, end } = first;
  return { kind: 'rotation', opening, pieceEnd: end, item: firstItem, passedOver: false };
}

/** Whether a mandatory or rotation is open that has something to show, fit or not. */
function hasCandidate(progress: Progress, epoch: Epoch): boolean {
  const canShow = ({ opening }: OpenPiece) => progress.nextItem(opening, epoch.denials) >= 0;
  return (
    epoch.mandatory.some(canShow) ||
    epoch.rotation.some((pieces, rank) => progress.queue.admits(rank) && pieces.some(canShow))
  );
}

/**
 * The next instant by which an item has to end because a mandatory starts that outranks it. Such a
 * start is hard even where its first item cannot be placed, but not where it has nothing to show as
 * things stand at the decision (SCHEDULING.md rules 1, 2 and 13).
 */
export function hardStartAfter(
  scene: Scene,
  progress: Progress,
  epoch: Epoch,
  { after, outranking }: { readonly after: number; readonly outranking: number },
): HardStart | null {
  const starts = scene.hardStarts;
  for (let index = firstAfter(starts, after); index < starts.length; index += 1) {
    const start = starts[index] as HardStart;
    const { opening } = start;
    if (opening.order < outranking && progress.nextItem(opening, epoch.denials) >= 0) return start;
  }
  return null;
}

function nextHardStart(...question: Parameters<typeof hardStartAfter>): number {
  return hardStartAfter(...question)?.at ?? Infinity;
}

function firstAfter(starts: readonly HardStart[], instant: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as HardStart).at > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Length of an item of what is open. */
export function durationOf(opening: Opening, item: number): number {
  return opening.rule.items[item]?.durationS ?? 0;
}
