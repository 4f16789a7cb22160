import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Card } from '../../../shared/asset/asset.schema.ts';
import type { Scene } from '../../../shared/screen/stage-protocol.ts';
import { isBlank, pixelsOf } from '../../helpers/frame-code.ts';
import { makeCard, makeCue, mediaCue, playing, startRig, until } from './stage-rig.ts';
import type { StageRig } from './stage-rig.ts';

const GLASS = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 1080, height: 1920 },
] as const;

let rig: StageRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => {
  expect(rig.complaints).toEqual([]);
});

/** What the page in front looks like to somebody who measures it. */
interface Measured {
  readonly text: string;
  /** Texts that stick out of the glass. */
  readonly outside: string[];
  /** Smallest letters, in px at 1080 lines. */
  readonly smallestPx: number;
}

async function measure(page: Page): Promise<Measured> {
  return page.evaluate(() => {
    const root = document.querySelector('.front') as HTMLElement;
    const portrait = innerHeight > innerWidth;
    const scale = portrait
      ? Math.min(innerWidth / 1080, innerHeight / 1920)
      : Math.min(innerWidth / 1920, innerHeight / 1080);
    const leaves = [...root.querySelectorAll<HTMLElement>('*')].filter((node) =>
      [...node.childNodes].some(
        (child) => child.nodeType === Node.TEXT_NODE && child.textContent?.trim() !== '',
      ),
    );
    const outside = leaves.filter((node) => {
      const box = node.getBoundingClientRect();
      return box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5;
    });
    return {
      text: root.innerText,
      outside: outside.map((node) => node.textContent ?? ''),
      smallestPx: Math.min(
        ...leaves.map((node) => Number.parseFloat(getComputedStyle(node).fontSize) / scale),
      ),
    };
  });
}

function makePairing(nowMs: number): Scene {
  return {
    mode: 'pairing',
    code: 'K7M429WP',
    codeExpiresAtMs: nowMs + 540_000,
    codeLifetimeMs: 600_000,
    claimUrl: 'http://192.168.1.20:8080/claim?code=K7M429WP',
    device: '4F2A-91C7',
    version: '1.0.0',
    checks: [
      { label: '网线', text: '已接通', ok: true },
      { label: '播控中心', text: '已连上', ok: true },
      { label: '时间', text: '准确', ok: true },
      { label: '网速', text: '偏慢，首次下载约 40 分', ok: false },
    ],
  };
}

const LONGEST = '插线板不要串接使用，大功率电器单独用墙壁插座，插头发热变色就停用，请电工来修。'
  .repeat(3)
  .slice(0, 120);

const CARDS: Readonly<Record<string, Card>> = {
  blue: makeCard({ theme: 'blue', qr: 'https://kepu.example.cn/fangnishui/2026', source: '河南省科协' }),
  green: makeCard({ theme: 'green', body: ['雨后及时补喷。'] }),
  orange: makeCard({ theme: 'orange', title: '家'.repeat(40) }),
  ink: makeCard({ theme: 'ink', source: '郑州科技馆' }),
  'as full as the schema allows': makeCard({
    theme: 'blue',
    title: '电'.repeat(40),
    body: Array(8).fill(LONGEST),
    qr: 'https://kepu.example.cn/d',
    source: '国'.repeat(60),
  }),
};

describe.each(GLASS)('on a glass of $width × $height', (size) => {
  let page: Page;
  beforeAll(async () => {
    page = await rig.open(size);
  });
  afterAll(() => page.close());

  test('pairing shows the code in two groups, its QR code, what to do and every check', async () => {
    rig.engine.show(makePairing(rig.engine.nowMs()));
    await page.locator('.front.pairing').waitFor();
    const { text, outside, smallestPx } = await measure(page);
    for (const words of [
      'K7M4',
      '29WP',
      '这块屏还没登记',
      '9 分钟后换新码',
      '手机扫码登记',
      '偏慢，首次下载约 40 分',
      '本机 4F2A-91C7',
    ])
      expect(text).toContain(words);
    expect(outside).toEqual([]);
    expect(smallestPx).toBeGreaterThanOrEqual(27.9);
    expect(await page.locator('.pairing-qr svg path').count()).toBe(1);
  });

  test('a notice says what is going on and how far', async () => {
    rig.engine.show({
      mode: 'notice',
      title: '正在下载节目',
      text: '12 个素材已到 3 个',
      progress: 0.25,
      device: '4F2A-91C7',
      version: '1.0.0',
    });
    await page.locator('.front.notice').waitFor();
    const { text, outside } = await measure(page);
    expect(text).toContain('正在下载节目');
    expect(text).toContain('25 %');
    expect(outside).toEqual([]);
  });

  test.each(Object.entries(CARDS))('a card fits, letters large enough: %s', async (name, card) => {
    const startMs = rig.engine.nowMs() - 100;
    const cue = makeCue({
      key: `${name}-${size.width}-${size.height}`,
      kind: 'card',
      card,
      startMs,
      endMs: startMs + 60_000,
    });
    rig.engine.show(playing([cue]));
    await until(() => rig.engine.painted.some(({ key }) => key === cue.key), 'the card is painted');
    const { text, outside, smallestPx } = await measure(page);
    expect(text).toContain(card.title);
    for (const line of card.body) expect(text).toContain(line);
    expect(outside).toEqual([]);
    expect(smallestPx).toBeGreaterThanOrEqual(27.9);
    const overlaps = await page.evaluate(() => {
      const bottom = document.querySelector('.front .card-body')?.getBoundingClientRect().bottom ?? 0;
      const top = document.querySelector('.front .card-body')?.getBoundingClientRect().top ?? 0;
      const head = document.querySelector('.front .card-head')?.getBoundingClientRect().bottom ?? 0;
      const foot = document.querySelector('.front .card-foot')?.getBoundingClientRect().top ?? 0;
      return bottom > foot + 1 || top < head - 1;
    });
    expect(overlaps).toBe(false);
  });

  test('filler names the place and the time, and demo screens are marked', async () => {
    const startMs = rig.engine.nowMs() - 100;
    const cue = makeCue({ key: `filler-${startMs}`, kind: 'filler', startMs, endMs: startMs + 60_000 });
    rig.engine.show(playing([cue], { demo: true }));
    await until(() => rig.engine.painted.some(({ key }) => key === cue.key), 'the filler is painted');
    await until(
      () => rig.engine.progress.some(({ key, frames }) => key === cue.key && frames > 0),
      'it counts',
    );
    const { text, outside } = await measure(page);
    expect(text).toContain('科普大屏');
    expect(text).toContain('毛坪村文化广场');
    expect(text).toMatch(/\d\d:\d\d/);
    expect(outside).toEqual([]);
    expect(await page.locator('.demo-mark').isVisible()).toBe(true);
    expect(isBlank(pixelsOf(await page.screenshot()))).toBe(false);
  });

  test('an image keeps its shape inside the glass', async () => {
    const startMs = rig.engine.nowMs() - 100;
    const cue = mediaCue('city', 'image', { key: `image-${startMs}`, startMs, endMs: startMs + 60_000 });
    rig.engine.show(playing([cue]));
    await until(() => rig.engine.painted.some(({ key }) => key === cue.key), 'the image is painted');
    expect(await page.locator('.front img').evaluate((node) => getComputedStyle(node).objectFit)).toBe(
      'contain',
    );
    expect(await page.locator('.demo-mark').isVisible()).toBe(false);
  });
});

test('Chinese is drawn with Chinese glyphs, not with boxes', async () => {
  const page = await rig.open({ width: 1280, height: 720 });
  const distinct = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const drawn = ['科', '普', '屏', '预'].map((glyph) => {
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.font = `64px ${getComputedStyle(document.body).fontFamily}`;
      context.fillText(glyph, 10, 90);
      return context.getImageData(0, 0, 100, 120).data.join();
    });
    return new Set(drawn).size;
  });
  await page.close();
  expect(distinct).toBe(4);
});
