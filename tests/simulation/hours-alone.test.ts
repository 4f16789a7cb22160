import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startEngine } from '../../player/engine/engine.ts';
import { HeadlessStage } from '../../player/shells/headless/headless-stage.ts';
import { screenDaySchema } from '../../shared/assessment/assessment.schema.ts';
import { startCenter } from '../helpers/center.ts';
import type { TestCenter } from '../helpers/center.ts';
import { makeCard, makeDocument, upload } from '../helpers/content.ts';
import { liveUntil, makeTime } from '../player/engine/fake-time.ts';

/**
 * The real center and the real engine on one clock that is told how fast to go: hours without a
 * center pass in seconds, and what the journal brings afterwards is what the figures say.
 */
const folder = mkdtempSync(join(tmpdir(), 'kepu-hours-'));
const undo: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const HOUR_MS = 3_600_000;

test('six hours without a center count as six hours on, reported by the player itself', async () => {
  const time = makeTime('2026-11-20T07:00:00+08:00');
  const config = { demo: true, tickS: 30, closeS: 3_600 };
  const centerOptions = { clock: time.clock, folder: join(folder, 'center'), config };

  let at: TestCenter = await startCenter({ ...centerOptions, listen: true });
  undo.push(() => at.stop());
  const { url, admin } = at;
  const cookie = await at.login();
  const card = makeCard('防溺水');
  await upload(at, cookie, card.asset.sha256, card.bytes);
  expect((await at.as(cookie)('POST', '/api/schedules/apply', makeDocument(card.asset))).status).toBe(200);
  const creation = { name: '村口', region: '411224102203', demo: true, commissionedOn: '2026-11-01' };
  const screen = (await at.as(cookie)('POST', '/api/screens', creation)).body.id as string;

  const stage = new HeadlessStage({ timers: time.timers });
  const engine = await startEngine({
    centerUrl: url,
    dataFolder: join(folder, 'player'),
    renderer: 'headless',
    hardware: 'test',
    stage,
    ports: { clock: time.clock, timers: time.timers },
  });
  undo.push(() => engine.stop());
  undo.push(() => stage.stop());

  await liveUntil(time, 'a code', () => engine.status().pairingCode !== null);
  const code = engine.status().pairingCode;
  expect((await at.as(cookie)('POST', `/api/screens/${screen}/claim`, { code })).status).toBe(200);
  await liveUntil(time, 'on air', () => engine.status().showing.kind === 'item' && engine.status().online);
  await liveUntil(time, 'its offset is in the journal', () => engine.status().pending === 0);

  await at.stop();
  const leftAtMs = time.clock.nowMs();
  for (let minute = 0; minute < 6 * 60; minute += 1) {
    time.run(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.status().showing).toMatchObject({ kind: 'item', asset: card.asset.sha256 });
  }
  expect(engine.status().online).toBe(false);
  const backAtMs = time.clock.nowMs();
  expect(backAtMs - leftAtMs).toBe(6 * HOUR_MS);

  at = await startCenter(centerOptions);
  await at.center.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
  await liveUntil(time, 'back in contact', () => engine.status().online);
  await liveUntil(time, 'all of the journal is up', () => engine.status().pending === 0);
  await at.center.services.assessment.settle();

  const again = await at.login(admin.login, admin.password);
  const answer = await at.as(again)('GET', `/api/assessment/screens/${screen}/days/2026-11-20`);
  expect(answer.status).toBe(200);
  const day = screenDaySchema.parse(answer.body);
  const on = day.intervals.filter(({ state }) => state === 'on');
  // What is still open has no record yet: at most one closing period.
  const lastKnownS = Math.max(...on.map(({ end }) => end));
  expect(lastKnownS * 1000).toBeGreaterThan(backAtMs - HOUR_MS);
  const alone = day.intervals.filter(
    ({ start, end }) => end * 1000 > leftAtMs && start < lastKnownS && end <= lastKnownS,
  );
  expect(alone.map(({ state }) => state)).not.toContain('unknown');
  expect(alone.every(({ content }) => content)).toBe(true);
  // Five hours at least were seen by nobody but the player.
  expect(day.sums.onS - day.sums.verifiedS).toBeGreaterThan(5 * 3_600);
  // Only the very first item, which was joined in its middle, may lack content at its start.
  expect(day.sums.usedS).toBeLessThanOrEqual(day.sums.onS);
  expect(day.sums.onS - day.sums.usedS).toBeLessThan(60);
  expect(day.sums.onS + day.sums.offS + day.sums.unknownS).toBe(day.sums.requiredS);
});
