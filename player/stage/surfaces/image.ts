import { element } from '../dom.ts';
import { askWhy } from '../failure.ts';
import { StillError } from './still.ts';
import type { DrawStill } from './still.ts';

/** An image, decoded before it is revealed. */
export const drawImage: DrawStill = async (root, cue) => {
  const image = await decodedImage(cue.src ?? '');
  image.className = `fit-${cue.fit}`;
  root.append(image);
};

/**
 * Loads and decodes an image.
 * @throws StillError `load` when the bytes are not to be had, `decode` when they are no image.
 */
export async function decodedImage(src: string): Promise<HTMLImageElement> {
  const image = element('img');
  image.alt = '';
  // Drawn with its layer or not at all: an image decoded later would be a hole meanwhile.
  image.decoding = 'sync';
  image.src = src;
  try {
    await image.decode();
  } catch (cause) {
    throw new StillError(await askWhy(src, String(cause)));
  }
  return image;
}
