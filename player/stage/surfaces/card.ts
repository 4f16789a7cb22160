import type { Card } from '../../../shared/asset/asset.schema.ts';
import { brand, element } from '../dom.ts';
import { qrCode } from '../qr.ts';
import { decodedImage } from './image.ts';
import { StillError } from './still.ts';
import type { DrawStill } from './still.ts';

/** Body sizes in px at 1080 lines, largest first; the glass takes nothing under 28. */
const BODY_SIZES = [104, 92, 82, 72, 64, 58, 52, 46, 42, 38, 34, 30, 28] as const;
/** Title sizes in px: the first at which it takes one line, else the last, on two. */
const TITLE_SIZES = [112, 100, 90, 82, 72] as const;
/** A list stays below its title's size. */
const LIST_MAX_PX = 82;

/** A text card, laid out from data at the largest size at which all of it fits. */
export const drawCard: DrawStill = async (root, cue) => {
  const { card } = cue;
  if (card === null) throw new StillError({ code: 'decode', detail: 'a card cue without its card' });
  const picture = cue.pictureSrc === null ? null : await decodedImage(cue.pictureSrc);
  const made = cardElement(card, picture);
  root.append(made.root);
  await document.fonts.ready;
  fitTitle(made.root);
  fit(made);
};

interface CardParts {
  readonly root: HTMLElement;
  /** The room that body and side share. */
  readonly main: HTMLElement;
  readonly sizes: readonly number[];
}

function cardElement(card: Card, picture: HTMLImageElement | null): CardParts {
  const lines = card.body.map((line) => element('li', '', line));
  const body = element('ul', lines.length > 1 ? 'card-body many' : 'card-body', ...lines);
  const main = element('div', 'card-main', body);
  if (picture !== null || card.qr !== undefined) main.append(sideElement(card, picture));
  const head = element('header', 'card-head', element('h1', '', card.title));
  const foot = element('footer', 'card-foot', element('span', 'card-source', card.source ?? ''), brand());
  const root = element('article', `card theme-${card.theme}`, head, main, foot);
  root.classList.toggle('has-picture', picture !== null);
  return { root, main, sizes: BODY_SIZES.filter((px) => lines.length === 1 || px <= LIST_MAX_PX) };
}

function sideElement(card: Card, picture: HTMLImageElement | null): HTMLElement {
  const side = element('aside', 'card-side');
  if (picture !== null) side.append(element('figure', 'card-picture', picture));
  if (card.qr !== undefined)
    side.append(element('figure', 'card-qr', qrCode(card.qr), element('figcaption', '', '扫码看详情')));
  return side;
}

/** What gives way, in this order, when the text does not fit at the smallest size: the text comes first. */
const RELAXATIONS: readonly ((root: HTMLElement) => void)[] = [
  () => {},
  (root) => {
    root.querySelector('.card-picture')?.remove();
    root.classList.remove('has-picture');
  },
  (root) => root.classList.add('dense'),
  (root) => root.querySelector('.card-qr')?.remove(),
];

/** Words of Chinese are not parted by spaces, so a title that fits on one line is spared a bad break. */
function fitTitle(root: HTMLElement): void {
  const title = root.querySelector('h1');
  if (title === null) return;
  for (const px of TITLE_SIZES) {
    root.style.setProperty('--title', `${px / 10}rem`);
    if (title.offsetHeight < 2 * Number.parseFloat(getComputedStyle(title).fontSize)) return;
  }
}

/** Takes the largest body size that fits, giving way step by step. */
function fit({ root, main, sizes }: CardParts): void {
  for (const relax of RELAXATIONS) {
    relax(root);
    const side = root.querySelector('.card-side');
    if (side?.childElementCount === 0) side.remove();
    for (const px of sizes) {
      root.style.setProperty('--body', `${px / 10}rem`);
      if (holds(main)) return;
    }
  }
}

/** Whether everything in `main` lies within it (a centred child may stick out on both sides). */
function holds(main: HTMLElement): boolean {
  const room = main.getBoundingClientRect();
  return [...main.children].every((child) => {
    const { top, bottom, left, right } = child.getBoundingClientRect();
    return (
      top >= room.top - 1 && bottom <= room.bottom + 1 && left >= room.left - 1 && right <= room.right + 1
    );
  });
}
