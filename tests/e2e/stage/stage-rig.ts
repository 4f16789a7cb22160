import path from 'node:path';
import type { Browser, CDPSession, ConsoleMessage, Page } from 'playwright-core';
import { MEDIA_IDS, mediaPath } from '../../../scripts/demo-media/ids.ts';
import type { MediaKind } from '../../../scripts/demo-media/ids.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import type { Card } from '../../../shared/asset/asset.schema.ts';
import type { Cue, Scene } from '../../../shared/screen/stage-protocol.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { pixelsOf } from '../../helpers/frame-code.ts';
import type { Pixels } from '../../../scripts/demo-media/frame-code.ts';
import { TestEngine, buildStage } from './stage-server.ts';

export const MEDIA_FOLDER = path.resolve(import.meta.dirname, '../../../schedules/henan/media');

/** One built stage, one engine's stand-in and one browser for a test file. */
export interface StageRig {
  readonly engine: TestEngine;
  /** What the page complained about. */
  readonly complaints: string[];
  open(size: { width: number; height: number }): Promise<Page>;
  stop(): Promise<void>;
}

/** @param flags for Chromium, beside the usual. */
export async function startRig(flags: readonly string[] = []): Promise<StageRig> {
  const built = await buildStage();
  const engine = new TestEngine({ '': built.folder, media: MEDIA_FOLDER });
  await engine.start();
  const browser: Browser = await launchBrowser(flags);
  const complaints: string[] = [];
  return {
    engine,
    complaints,
    async open(size) {
      const page = await browser.newPage({ viewport: size });
      page.on('pageerror', (problem) => complaints.push(problem.message));
      page.on('console', (message: ConsoleMessage) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      const known = engine.ready.length;
      await page.goto(engine.url);
      await until(() => engine.ready.length > known, 'the stage is ready');
      return page;
    },
    async stop() {
      await browser.close();
      await engine.stop();
      await built.remove();
    },
  };
}

/** Waits for what cannot be awaited; fails with `what` after `limitMs`. */
export async function until(holds: () => boolean, what: string, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function makeCue(patch: Partial<Cue> & Pick<Cue, 'key' | 'kind' | 'startMs' | 'endMs'>): Cue {
  return {
    originMs: patch.startMs,
    src: null,
    card: null,
    pictureSrc: null,
    title: patch.key,
    tier: null,
    fit: 'contain',
    volume: 0,
    ...patch,
  };
}

/** A cue that shows a demo file. */
export function mediaCue(
  tier: Tier,
  kind: MediaKind,
  patch: Partial<Cue> & Pick<Cue, 'startMs' | 'endMs'>,
): Cue {
  return makeCue({
    key: `${tier}-${kind}-${patch.startMs}`,
    kind,
    src: `/media/${mediaPath(tier, kind)}`,
    ...patch,
  });
}

export const mediaIdOf = (tier: Tier, kind: MediaKind): number => MEDIA_IDS[tier][kind];

export function makeCard(patch: Partial<Card> = {}): Card {
  return {
    title: '一氧化碳中毒怎么救',
    body: ['先屏住气，打开门窗', '把人移到通风的地方，松开衣领', '叫不醒、没有呼吸：打 120'],
    theme: 'orange',
    ...patch,
  };
}

export function playing(cues: readonly Cue[], patch: { demo?: boolean; screenName?: string } = {}): Scene {
  return { mode: 'playing', screenName: '毛坪村文化广场', demo: false, ...patch, cues: [...cues] };
}

/** Cues one after the other from `startMs`, each of its own length. */
export function inSequence(
  startMs: number,
  makers: readonly { readonly ms: number; readonly make: (startMs: number, endMs: number) => Cue }[],
): Cue[] {
  let atMs = startMs;
  return makers.map(({ ms, make }) => {
    const cue = make(atMs, atMs + ms);
    atMs += ms;
    return cue;
  });
}

export interface FilmFrame {
  /** The machine's wall clock, milliseconds. */
  readonly wallMs: number;
  readonly pixels: Pixels;
}

/** Every frame that the compositor hands out, as the page changes: what a camera would see. */
export class Film {
  readonly #frames: { readonly wallMs: number; readonly png: string }[] = [];
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async roll(page: Page): Promise<Film> {
    const session = await page.context().newCDPSession(page);
    const film = new Film(session);
    session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
      film.#frames.push({ wallMs: (metadata.timestamp ?? 0) * 1000, png: data });
      session.send('Page.screencastFrameAck', { sessionId }).catch(() => {
        // The page was closed while a frame was under way.
      });
    });
    await session.send('Page.startScreencast', {
      format: 'png',
      maxWidth: 320,
      maxHeight: 180,
      everyNthFrame: 1,
    });
    return film;
  }

  /** The frames in the order in which they were on the glass: the browser encodes several at a time. */
  async cut(): Promise<FilmFrame[]> {
    await this.#session.send('Page.stopScreencast');
    await this.#session.detach();
    return this.#frames
      .toSorted((a, b) => a.wallMs - b.wallMs)
      .map(({ wallMs, png }) => ({ wallMs, pixels: pixelsOf(Buffer.from(png, 'base64')) }));
  }
}
