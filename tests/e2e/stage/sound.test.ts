import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import { inSequence, mediaCue, playing, startRig, until } from './stage-rig.ts';

interface Sound {
  readonly front: boolean;
  readonly muted: boolean;
  readonly volume: number;
}

async function sounds(page: Page): Promise<Sound[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('video')].map((video) => ({
      front: video.parentElement?.classList.contains('front') === true,
      muted: video.muted,
      volume: video.volume,
    })),
  );
}

test('only what is in front is heard, as loud as the engine says', async () => {
  const rig = await startRig();
  try {
    const page = await rig.open({ width: 1280, height: 720 });
    const cues = inSequence(rig.engine.nowMs() + 200, [
      { ms: 6_000, make: (startMs, endMs) => mediaCue('city', 'video', { startMs, endMs, volume: 0.5 }) },
      { ms: 6_000, make: (startMs, endMs) => mediaCue('county', 'video', { startMs, endMs, volume: 0.8 }) },
    ]) as [Cue, Cue];
    rig.engine.show(playing(cues));
    await until(() => rig.engine.painted.length === 1, 'the first is painted');
    await page.waitForFunction(() => document.querySelectorAll('video').length === 2);
    const during = await sounds(page);
    rig.engine.show(playing([{ ...cues[0], volume: 0.2 }, cues[1]]));
    await page.waitForFunction(
      () => document.querySelector<HTMLVideoElement>('.front video')?.volume === 0.2,
    );
    await until(() => rig.engine.painted.length === 2, 'the second is painted');
    const after = await sounds(page);

    expect(during.find(({ front }) => front)?.volume).toBe(0.5);
    expect(during.find(({ front }) => !front)?.volume).toBe(0);
    expect(after.find(({ front }) => front)?.volume).toBe(0.8);
  } finally {
    await rig.stop();
  }
});

test('where the browser wants a gesture before sound, the picture plays without it', async () => {
  const rig = await startRig(['--autoplay-policy=document-user-activation-required']);
  try {
    const page = await rig.open({ width: 1280, height: 720 });
    const startMs = rig.engine.nowMs() + 1_500;
    const cue = mediaCue('city', 'video', { startMs, endMs: startMs + 12_000, volume: 1 });
    rig.engine.show(playing([cue]));
    await until(() => (rig.engine.progress.at(-1)?.frames ?? 0) > 20, 'frames advance');
    expect((await sounds(page)).map(({ muted }) => muted)).toEqual([true]);
    expect(rig.engine.failed).toEqual([]);
  } finally {
    await rig.stop();
  }
});
