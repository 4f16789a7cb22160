import { element } from '../dom.ts';
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
  image.src = src;
  try {
    await image.decode();
  } catch (cause) {
    throw new StillError(await reasonOf(src, cause));
  }
  return image;
}

/** An image's error does not say whether the file was missing: asks once more. */
async function reasonOf(src: string, cause: unknown): Promise<StillError['failure']> {
  try {
    const answer = await fetch(src, { method: 'HEAD' });
    if (!answer.ok) return { code: 'load', detail: `HTTP ${answer.status}` };
  } catch (problem) {
    return { code: 'load', detail: String(problem).slice(0, 200) };
  }
  return { code: 'decode', detail: String(cause).slice(0, 200) };
}
