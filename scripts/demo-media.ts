import { access, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { cardSchema } from '../shared/asset/asset.schema.ts';
import { TIERS } from '../shared/region/tier.ts';
import { CARDS } from './demo-media/cards.ts';
import { encodeClip, encodeStill } from './demo-media/encode.ts';
import { HLS_S, MEDIA_IDS, VIDEO_S, mediaPath } from './demo-media/ids.ts';
import { FRAME, backgroundHtml, spriteHtml } from './demo-media/page.ts';
import type { Scene } from './demo-media/scene.ts';
import { CITY_SCENES } from './demo-media/scenes-city.ts';
import { COUNTY_SCENES } from './demo-media/scenes-county.ts';
import { PROVINCE_SCENES } from './demo-media/scenes-province.ts';
import { TOWNSHIP_SCENES } from './demo-media/scenes-township.ts';
import { VILLAGE_SCENES } from './demo-media/scenes-village.ts';

/**
 * `npm run demo-media [-- name …]`: draws the demo's science cards again, with moving parts, a clock
 * and a frame code, into schedules/henan/media. Needs ffmpeg, Chromium and Noto Sans CJK; the
 * results are committed, so nobody has to run it who does not change a drawing.
 */
const OUT = path.join(import.meta.dirname, '..', 'schedules', 'henan', 'media');
const FONTS = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc',
];
const SCENES = [...PROVINCE_SCENES, ...CITY_SCENES, ...COUNTY_SCENES, ...TOWNSHIP_SCENES, ...VILLAGE_SCENES];

const wanted = process.argv.slice(2);
const font = await firstThatExists(FONTS);
const scratch = await mkdtemp(path.join(os.tmpdir(), 'kepu-media-'));
await mkdir(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['KEPU_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--force-color-profile=srgb'],
});
try {
  for (const scene of SCENES.filter(isWanted)) {
    console.log(`${scene.tier} ${scene.kind}: ${scene.title.join('')}`);
    await make(scene, browser);
  }
} finally {
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
}
for (const tier of TIERS) {
  const card = cardSchema.parse(CARDS[tier]);
  await writeFile(path.join(OUT, mediaPath(tier, 'card')), `${JSON.stringify(card, null, 2)}\n`);
}
console.log(`${((await sizeOf(OUT)) / 1e6).toFixed(2)} MB in ${path.relative(process.cwd(), OUT)}`);

async function make(scene: Scene, browser: Browser): Promise<void> {
  const name = `${scene.tier}-${scene.kind}`;
  const background = path.join(scratch, `${name}.png`);
  const output = path.join(OUT, mediaPath(scene.tier, scene.kind));
  await render(browser, {
    html: backgroundHtml(scene),
    file: background,
    scale: scene.kind === 'image' ? 1.5 : 1,
  });
  if (scene.kind === 'image') return encodeStill(background, output);
  const sprites: string[] = [];
  for (const [index, sprite] of scene.sprites.entries()) {
    const file = path.join(scratch, `${name}-${index}.png`);
    await render(browser, { html: spriteHtml(sprite.svg), file, scale: 1 });
    sprites.push(file);
  }
  const media = MEDIA_IDS[scene.tier][scene.kind];
  const seconds = scene.kind === 'hls' ? HLS_S : VIDEO_S;
  return encodeClip({ scene, media, seconds, background, sprites, font, scratch, output });
}

async function render(
  browser: Browser,
  { html, file, scale }: { html: string; file: string; scale: number },
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: FRAME.widthPx, height: FRAME.heightPx },
    deviceScaleFactor: scale,
  });
  await page.setContent(html);
  await page.screenshot({ path: file, omitBackground: true });
  await page.close();
}

function isWanted({ tier, kind }: Scene): boolean {
  return (
    wanted.length === 0 ||
    wanted.includes(`${tier}-${kind}`) ||
    wanted.includes(tier) ||
    wanted.includes(kind)
  );
}

async function firstThatExists(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  throw new Error('Noto Sans CJK was not found; on Debian: apt-get install fonts-noto-cjk');
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => stat(path.join(folder, name))));
  return sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}
