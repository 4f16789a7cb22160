import './no-eval.ts';
import { StageClock } from './clock.ts';
import { StageLink } from './link.ts';
import { Player } from './player.ts';
import './style.css';

const root = document.querySelector<HTMLElement>('#stage');
if (root === null) throw new Error('the page has no #stage');

const clock = new StageClock(() => performance.now());
const player = new Player(root, clock, {
  painted: (key, atMs) => link.report('painted', { key, atMs }),
  progress: (key, frames, atMs) => link.report('progress', { key, frames, atMs }),
  failed: (key, code, detail) => link.report('failed', { key, code, detail }),
});
const link = new StageLink({
  origin: location.origin,
  token: new URLSearchParams(location.search).get('token'),
  clock,
  ready: () => ({
    userAgent: navigator.userAgent.slice(0, 400),
    width: Math.round(innerWidth * devicePixelRatio),
    height: Math.round(innerHeight * devicePixelRatio),
  }),
  onReady: () => player.remind(),
  onScene: (scene) => player.show(scene),
});

player.start();
link.start();
addEventListener('pagehide', () => {
  link.stop();
  player.stop();
});
