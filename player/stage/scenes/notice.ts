import type { Scene } from '../../../shared/screen/stage-protocol.ts';
import { brand, element } from '../dom.ts';
import { localTimeText } from '../local-time.ts';
import type { WaitingScene } from './scene.ts';

export type NoticeSceneData = Extract<Scene, { mode: 'notice' }>;

/** What the page itself says until the engine has said something. */
export const STARTING: NoticeSceneData = {
  mode: 'notice',
  title: '正在启动',
  text: '正在连接本机的播放程序',
  progress: null,
  device: '',
  version: '',
};

/** Not on air yet, and why, with how far it is. */
export function noticeScene(data: NoticeSceneData): WaitingScene {
  const now = element('span');
  const root = element(
    'div',
    'layer waiting notice',
    element('header', 'waiting-top', brand(), now),
    element(
      'div',
      'notice-middle',
      element('h1', '', data.title),
      element('p', 'notice-text', data.text),
      progressElement(data.progress),
    ),
    element(
      'footer',
      'waiting-foot',
      element('span', '', data.device === '' ? '' : `本机 ${data.device}`),
      element('span', '', data.version === '' ? '' : `播放器 ${data.version}`),
    ),
  );
  return {
    element: root,
    update(nowMs) {
      const text = nowMs === null ? null : localTimeText(nowMs);
      now.textContent = text === null ? '' : `${text.day} ${text.clock}`;
    },
  };
}

function progressElement(progress: number | null): HTMLElement {
  const done = element('i');
  if (progress === null) return element('div', 'bar busy', done);
  done.style.width = `${(progress * 100).toFixed(1)}%`;
  return element(
    'div',
    'notice-progress',
    element('div', 'bar', done),
    element('b', '', `${Math.floor(progress * 100)} %`),
  );
}
