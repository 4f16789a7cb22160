/** Builds elements from data: text only ever through `textContent`. */

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/** @param attributes SVG attributes by name; presentation attributes are allowed, style is not. */
export function svgElement(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Node[]
): SVGElement {
  const made = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** The product's mark: a screen that plays. */
export function logoMark(): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 30 30', class: 'mark' },
    svgElement('rect', {
      x: 1.5,
      y: 4,
      width: 27,
      height: 18,
      rx: 2.5,
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2.4,
    }),
    svgElement('path', {
      d: 'M8 27h14',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2.4,
      'stroke-linecap': 'round',
    }),
    svgElement('path', { d: 'M12 9v8l7-4z', fill: 'currentColor' }),
  );
}

export function brand(): HTMLElement {
  return element('span', 'brand', logoMark(), '科普大屏');
}
