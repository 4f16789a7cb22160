import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readFrameCode } from '../../../scripts/demo-media/frame-code.ts';
import type { Pixels } from '../../../scripts/demo-media/frame-code.ts';
import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import { frameCodeOf, isBlank, toneOf } from '../../helpers/frame-code.ts';
import {
  Film,
  inSequence,
  makeCard,
  makeCue,
  mediaCue,
  mediaIdOf,
  playing,
  startRig,
  until,
} from './stage-rig.ts';
import type { StageRig } from './stage-rig.ts';

const HD = { width: 1280, height: 720 };

let rig: StageRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.engine.forget();
  rig.complaints.length = 0;
});

/** What a picture shows: a demo file's id, else paper (a card) or the dark filler. */
function subjectOf(pixels: Pixels): string {
  const code = readFrameCode(pixels);
  if (code !== null) return String(code.media);
  return toneOf(pixels).mean > 120 ? 'card' : 'dark';
}

test('every change between kinds goes straight from one item to the next, never blank', async () => {
  const { engine } = rig;
  const page = await rig.open(HD);
  const items = inSequence(engine.nowMs() + 1_500, [
    { ms: 3_000, make: (startMs, endMs) => mediaCue('province', 'video', { startMs, endMs }) },
    { ms: 3_000, make: (startMs, endMs) => mediaCue('city', 'video', { startMs, endMs }) },
    { ms: 3_000, make: (startMs, endMs) => mediaCue('county', 'hls', { startMs, endMs }) },
    { ms: 2_500, make: (startMs, endMs) => mediaCue('village', 'image', { startMs, endMs }) },
    {
      ms: 2_500,
      make: (startMs, endMs) =>
        makeCue({ key: `card-${startMs}`, kind: 'card', card: makeCard(), startMs, endMs }),
    },
    { ms: 3_000, make: (startMs, endMs) => mediaCue('township', 'video', { startMs, endMs }) },
  ]);
  engine.show(playing(items));
  const first = items[0] as Cue;
  await until(() => engine.painted.some(({ key }) => key === first.key), 'the first item is painted');
  const film = await Film.roll(page);
  await until(
    () => engine.painted.some(({ key }) => key === items.at(-1)?.key),
    'the last is painted',
    30_000,
  );
  await until(() => engine.nowMs() > (items.at(-1)?.startMs ?? 0) + 1_000, 'the camera has seen it');
  const frames = await film.cut();
  await page.close();

  expect(frames.length).toBeGreaterThan(60);
  expect(frames.filter(({ pixels }) => isBlank(pixels))).toHaveLength(0);
  const seen: string[] = [];
  for (const { pixels } of frames) {
    const subject = subjectOf(pixels);
    if (seen.at(-1) !== subject) seen.push(subject);
  }
  expect(seen).toEqual([
    String(mediaIdOf('province', 'video')),
    String(mediaIdOf('city', 'video')),
    String(mediaIdOf('county', 'hls')),
    String(mediaIdOf('village', 'image')),
    'card',
    String(mediaIdOf('township', 'video')),
  ]);
  expect(engine.painted.map(({ key }) => key)).toEqual(items.map(({ key }) => key));
  for (const [index, { atMs }] of engine.painted.entries())
    expect(atMs).toBeGreaterThan((items[index] as Cue).startMs - 40);
  expect(engine.failed).toEqual([]);
  expect(rig.complaints).toEqual([]);
});

test('a stage that joins in mid-item seeks to where the item is by now', async () => {
  const { engine } = rig;
  const startMs = engine.nowMs() - 4_000;
  const cue = mediaCue('province', 'video', { startMs, endMs: startMs + 12_000 });
  engine.show(playing([cue]));
  const page = await rig.open(HD);
  await until(
    () => engine.progress.some(({ key, frames }) => key === cue.key && frames > 30),
    'frames advance',
  );
  const beforeMs = engine.nowMs();
  const code = frameCodeOf(await page.screenshot());
  const afterMs = engine.nowMs();
  await page.close();

  expect(code?.media).toBe(mediaIdOf('province', 'video'));
  const atMs = startMs + (code?.frame ?? 0) * 40;
  expect(atMs).toBeGreaterThan(beforeMs - 500);
  expect(atMs).toBeLessThan(afterMs + 200);
});

test.each([
  { what: 'a missing file', kind: 'video', src: '/media/none.mp4', code: 'load' },
  { what: 'a file that is no video', kind: 'video', src: '/media/city-card.json', code: 'decode' },
  { what: 'a missing image', kind: 'image', src: '/media/none.jpg', code: 'load' },
  { what: 'a file that is no image', kind: 'image', src: '/media/city-card.json', code: 'decode' },
  { what: 'a broken HLS playlist', kind: 'hls', src: '/media/city-card.json', code: 'hls' },
] as const)(
  '$what is reported as $code, filler stands in, and the next item is fine',
  async ({ kind, src, code }) => {
    const { engine } = rig;
    const page = await rig.open(HD);
    const cues = inSequence(engine.nowMs() + 200, [
      { ms: 2_500, make: (startMs, endMs) => mediaCue('city', 'image', { startMs, endMs }) },
      {
        ms: 5_000,
        make: (startMs, endMs) => makeCue({ key: `broken-${startMs}`, kind, src, startMs, endMs }),
      },
      { ms: 6_000, make: (startMs, endMs) => mediaCue('county', 'video', { startMs, endMs }) },
    ]);
    const [, broken, last] = cues as [Cue, Cue, Cue];
    engine.show(playing(cues));
    await until(() => engine.nowMs() > broken.endMs - 1_200, 'the broken item is nearly over');
    const standIn = await page.locator('.filler').getAttribute('class');
    await until(() => engine.painted.some(({ key }) => key === last.key), 'the next item is painted');
    await page.close();

    expect(engine.failed.map((failure) => ({ key: failure.key, code: failure.code }))).toEqual([
      { key: broken.key, code },
    ]);
    expect(standIn).toContain('front');
    expect(engine.painted.map(({ key }) => key)).not.toContain(broken.key);
    expect((engine.painted.at(-1)?.atMs ?? 0) - last.startMs).toBeLessThan(1_000);
  },
);

test('a lost link changes nothing on the glass; after the last known item comes filler', async () => {
  const { engine } = rig;
  const page = await rig.open(HD);
  const [video, image] = inSequence(engine.nowMs() + 300, [
    { ms: 2_500, make: (startMs, endMs) => mediaCue('city', 'video', { startMs, endMs }) },
    { ms: 2_500, make: (startMs, endMs) => mediaCue('city', 'image', { startMs, endMs }) },
  ]) as [Cue, Cue];
  engine.show(playing([video, image]));
  await until(
    () => engine.painted.length === 1 && engine.nowMs() > image.startMs - 1_000,
    'the image is preloaded',
  );
  await engine.stop();
  await until(() => engine.nowMs() > image.startMs + 800, 'the image is on');
  expect(frameCodeOf(await page.screenshot())?.media).toBe(mediaIdOf('city', 'image'));
  await until(() => engine.nowMs() > image.endMs + 500, 'the image is over');
  expect(await page.locator('.filler').getAttribute('class')).toContain('front');
  const lost = engine.painted.length;

  const startMs = engine.nowMs() + 200;
  const back = mediaCue('village', 'image', { startMs, endMs: startMs + 60_000 });
  engine.show(playing([back]));
  await engine.start();
  await until(() => engine.painted.some(({ key }) => key === back.key), 'the new item is painted');
  await page.close();
  expect(lost).toBe(1);
});

test('a restarted engine is told again what is on, and counts go on from where they were', async () => {
  const { engine } = rig;
  const page = await rig.open(HD);
  const startMs = engine.nowMs() + 200;
  const cue = mediaCue('city', 'video', { startMs, endMs: startMs + 12_000 });
  engine.show(playing([cue]));
  await until(() => (engine.progress.at(-1)?.frames ?? 0) > 40, 'frames advance');
  const before = engine.progress.at(-1)?.frames ?? 0;
  await engine.stop();
  engine.forget();
  await engine.start();
  await until(() => engine.progress.length > 0, 'progress comes again');
  await page.close();

  expect(engine.painted.map(({ key }) => key)).toEqual([cue.key]);
  expect(engine.progress[0]?.frames).toBeGreaterThan(before);
});
