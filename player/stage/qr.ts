import { encode } from 'uqr';
import { svgElement } from './dom.ts';

/** Quiet zone in modules (ISO/IEC 18004 asks for 4). */
const QUIET = 4;

/** A QR code of `text` as an SVG of one path, dark on white, with its quiet zone. */
export function qrCode(text: string): SVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const side = size + 2 * QUIET;
  return svgElement(
    'svg',
    {
      viewBox: `${-QUIET} ${-QUIET} ${side} ${side}`,
      'shape-rendering': 'crispEdges',
      class: 'qr',
      role: 'img',
    },
    svgElement('rect', { x: -QUIET, y: -QUIET, width: side, height: side, fill: '#fff' }),
    svgElement('path', { d: qrPath(data), fill: '#0B1B2E' }),
  );
}

/** Runs of dark modules as one path: far fewer nodes than a square each. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      let end = x;
      while (row[end + 1] === true) end += 1;
      const length = end - x + 1;
      runs.push(`M${x} ${y}h${length}v1h-${length}z`);
      x = end;
    }
  });
  return runs.join('');
}
