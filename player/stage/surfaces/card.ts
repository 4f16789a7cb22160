import type { Card } from '../../../shared/asset/asset.schema.ts';
import { brand, element } from '../dom.ts';
import { qrCode } from '../qr.ts';
import { decodedImage } from './image.ts';
import { StillError } from './still.ts';
import type { DrawStill } from './still.ts';

/** Body sizes in px at 1080 lines, largest first; the glass takes nothing under 28. */
const BODY_SIZES = [72, 64, 58, 52, 46, 42, 38, 34, 30, 28] as const;

/** A text card, laid out from data at the largest size at which all of it fits. */
export const drawCard: DrawStill = async (root, cue) => {
  const { card } = cue;
  if (card === null) throw new StillError({ code: 'decode', detail: 'a card cue without its card' });
  const picture = cue.pictureSrc === null ? null : await decodedImage(cue.pictureSrc);
  const made = cardElement(card, picture);
  root.append(made.root);
  await document.fonts.ready;
  fit(made);
};

interface CardParts {
  readonly root: HTMLElement;
  readonly main: HTMLElement;
  readonly body: HTMLElement;
}

function cardElement(card: Card, picture: HTMLImageElement | null): CardParts {
  const lines = card.body.map((line) => element('li', '', line));
  const body = element('ul', lines.length > 1 ? 'card-body many' : 'card-body', ...lines);
  const main = element('div', 'card-main', body);
  if (picture !== null || card.qr !== undefined) main.append(sideElement(card, picture));
  const head = element('header', 'card-head', element('h1', titleClass(card.title), card.title));
  const foot = element('footer', 'card-foot', element('span', 'card-source', card.source ?? ''), brand());
  const root = element('article', `card theme-${card.theme}`, head, main, foot);
  return { root, main, body };
}

/** A title keeps to two lines: the longer, the smaller. */
function titleClass(title: string): string {
  if (title.length <= 12) return 'title-short';
  return title.length <= 24 ? 'title-middle' : 'title-long';
}

function sideElement(card: Card, picture: HTMLImageElement | null): HTMLElement {
  const side = element('aside', 'card-side');
  if (picture !== null) side.append(element('figure', 'card-picture', picture));
  if (card.qr !== undefined)
    side.append(element('figure', 'card-qr', qrCode(card.qr), element('figcaption', '', '扫码看详情')));
  return side;
}

/** Takes the largest body size that fits; text that fits at none drops the picture and tries again. */
function fit({ root, main, body }: CardParts): void {
  if (fits(root, main, body)) return;
  root.querySelector('.card-picture')?.remove();
  if (root.querySelector('.card-side')?.childElementCount === 0) root.querySelector('.card-side')?.remove();
  fits(root, main, body);
}

function fits(root: HTMLElement, main: HTMLElement, body: HTMLElement): boolean {
  return BODY_SIZES.some((px) => {
    root.style.setProperty('--body', `${px / 10}rem`);
    return body.scrollHeight <= main.clientHeight && body.scrollWidth <= body.clientWidth;
  });
}
