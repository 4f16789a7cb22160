import { TIER_ZH } from '../../shared/region/tier.ts';
import type { Tier } from '../../shared/region/tier.ts';
import { FRAME_CODE_BLOCK_PX, frameCodeBits } from './frame-code.ts';
import { MEDIA_IDS } from './ids.ts';
import type { Scene } from './scene.ts';

/** Size of a demo frame; stills are the same drawing at one and a half times. */
export const FRAME = { widthPx: 1280, heightPx: 720 } as const;
/** Box of the running clock, drawn empty here and filled by the encoder. */
export const CLOCK_BOX = { x: 1012, y: 640, widthPx: 212, heightPx: 48 } as const;
/** The code's dark and light: not quite black and white, so that the strip sits in its bar. */
export const CODE_DARK = 16;
export const CODE_LIGHT = 232;

const TIER_FILL: Readonly<Record<Tier, { fill: string; ink: string }>> = {
  province: { fill: '#1B2F5E', ink: '#FFFFFF' },
  city: { fill: '#2F56A0', ink: '#FFFFFF' },
  county: { fill: '#4A73C4', ink: '#FFFFFF' },
  township: { fill: '#93B4EA', ink: '#16202E' },
  village: { fill: '#C9DAF5', ink: '#16202E' },
};
const FONT = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif';

/** The still part of a scene as an HTML page: paper, art, bar, words, tier and source. */
export function backgroundHtml(scene: Scene): string {
  return page(
    `<rect width="1280" height="720" fill="${scene.paper}"/>${scene.art}${words(scene)}${bar(scene)}`,
  );
}

/** One moving part, on nothing. */
export function spriteHtml(svg: string): string {
  return page(svg);
}

function page(svg: string): string {
  const { widthPx, heightPx } = FRAME;
  return `<!doctype html><meta charset="utf-8"><style>html,body{margin:0;background:transparent}svg{display:block}text{font-family:${FONT}}</style>
<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}">${svg}</svg>`;
}

function words(scene: Scene): string {
  const title = scene.title
    .map(
      (line, row) =>
        `<text x="72" y="${172 + row * 108}" font-size="88" font-weight="700" fill="${scene.ink}">${line}</text>`,
    )
    .join('');
  const top = 172 + scene.title.length * 108;
  const points = scene.points
    .map(
      (line, row) =>
        `<rect x="74" y="${top + row * 60 - 20}" width="8" height="28" rx="4" fill="${scene.ink}" opacity=".55"/><text x="98" y="${top + row * 60 + 6}" font-size="36" fill="${scene.soft}">${line}</text>`,
    )
    .join('');
  return title + points + foot(scene);
}

function foot(scene: Scene): string {
  const { fill, ink } = TIER_FILL[scene.tier];
  const chip = `<rect x="72" y="640" width="48" height="48" rx="5" fill="${fill}" stroke="#FFFFFF" stroke-opacity=".55" stroke-width="2"/><text x="96" y="675" font-size="30" font-weight="700" text-anchor="middle" fill="${ink}">${TIER_ZH[scene.tier]}</text>`;
  const clock =
    scene.kind === 'image'
      ? ''
      : `<rect x="${CLOCK_BOX.x}" y="${CLOCK_BOX.y}" width="${CLOCK_BOX.widthPx}" height="${CLOCK_BOX.heightPx}" rx="6" fill="#0B121B" opacity=".82"/>`;
  const source = `<text x="138" y="674" font-size="28" fill="${scene.footInk ?? scene.ink}">${scene.source}</text>`;
  return chip + source + clock;
}

/** The bar that the frame code sits in, with the file's id in words; a still carries its code, frame 0, here. */
function bar(scene: Scene): string {
  const media = MEDIA_IDS[scene.tier][scene.kind];
  const blocks =
    scene.kind === 'image'
      ? frameCodeBits({ media, frame: 0 })
          .map((bit, index) => {
            const level = bit === 1 ? CODE_LIGHT : CODE_DARK;
            return `<rect x="${index * FRAME_CODE_BLOCK_PX}" y="0" width="${FRAME_CODE_BLOCK_PX}" height="${FRAME_CODE_BLOCK_PX}" fill="rgb(${level},${level},${level})" shape-rendering="crispEdges"/>`;
          })
          .join('')
      : '';
  return `<rect width="1280" height="32" fill="#101010"/>${blocks}<text x="1046" y="23" font-size="18" fill="#8494A8">帧码 ${media.toString(16).toUpperCase()} · 演示素材</text>`;
}
