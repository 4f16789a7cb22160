import type { Scene } from '../../../shared/screen/stage-protocol.ts';
import { brand, element, svgElement } from '../dom.ts';
import { codeLifeText, localTimeText } from '../local-time.ts';
import { qrCode } from '../qr.ts';
import type { WaitingScene } from './scene.ts';

export type PairingSceneData = Extract<Scene, { mode: 'pairing' }>;

const STEPS = [
  '打开手机，扫屏上的码。没有手机，就打电话给县科协报登记码',
  '选这块屏装在哪个村',
  '点「登记」。屏上出现村名，就完成了',
] as const;

/** The glass before a screen is claimed: the code to read out, the same as a QR code, and what to do. */
export function pairingScene(data: PairingSceneData): WaitingScene {
  const now = element('span');
  const left = element('i');
  const life = element('p', 'label');
  const root = element(
    'div',
    'layer waiting pairing',
    element('header', 'waiting-top', brand(), now),
    element(
      'div',
      'pairing-middle',
      element(
        'div',
        'pairing-code',
        element('h1', '', '这块屏还没登记'),
        element('p', 'label', '登记码'),
        element('div', 'code', ...groups(data.code).map((group) => element('span', '', group))),
        element('div', 'bar', left),
        life,
      ),
      element('figure', 'pairing-qr', qrCode(data.claimUrl), element('figcaption', '', '手机扫码登记')),
    ),
    element(
      'ol',
      'steps',
      ...STEPS.map((step, index) =>
        element('li', '', element('b', '', String(index + 1)), element('span', '', step)),
      ),
    ),
    element('div', 'checks', ...data.checks.map(checkElement)),
    element(
      'footer',
      'waiting-foot',
      element('span', '', `本机 ${data.device}`),
      element('span', '', `播放器 ${data.version}`),
      element('span', 'end', '10 分钟没变化：拔掉电源，等 10 秒再插上'),
    ),
  );
  return {
    element: root,
    update(nowMs) {
      const text = nowMs === null ? null : localTimeText(nowMs);
      now.textContent = text === null ? '' : `${text.day} ${text.clock}`;
      const leftMs = nowMs === null ? data.codeLifetimeMs : data.codeExpiresAtMs - nowMs;
      const share = Math.max(0, Math.min(1, leftMs / data.codeLifetimeMs));
      left.style.width = `${(share * 100).toFixed(2)}%`;
      life.textContent = codeLifeText(leftMs);
    },
  };
}

/** A code is read out and typed in groups of four. */
function groups(code: string): readonly string[] {
  return code.match(/.{1,4}/g) ?? [];
}

function checkElement(check: PairingSceneData['checks'][number]): HTMLElement {
  return element(
    'div',
    'check',
    check.ok ? okShape() : warnShape(),
    element('span', '', check.label, element('b', '', check.text)),
  );
}

function okShape(): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 44 44' },
    svgElement('circle', { cx: 22, cy: 22, r: 20, fill: '#2C9DAA' }),
    svgElement('path', { d: 'M12 23l7 7 13-15', fill: 'none', stroke: '#fff', 'stroke-width': 5 }),
  );
}

function warnShape(): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 44 44' },
    svgElement('path', { d: 'M22 3 42 40H2z', fill: '#F5B83D' }),
    svgElement('path', { d: 'M19.5 15h5v13h-5zM19.5 31h5v5h-5z', fill: '#0B1B2E' }),
  );
}
