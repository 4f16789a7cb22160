import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../player/engine/system-ports.ts';
import { startCenter } from '../../helpers/center.ts';
import type { TestCenter } from '../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../helpers/content.ts';
import { makeFolder, makePlayer, until } from './fixtures.ts';

let at: TestCenter;
beforeAll(async () => {
  at = await startCenter({ clock: systemClock, listen: true, config: { tickS: 1, closeS: 10 } });
});
afterAll(() => at.stop());

describe('a player and the real center', () => {
  it('go from a published schedule to the air, and from what was shown to the center’s books', async () => {
    const call = at.as(await at.login());
    const cookie = await at.login();
    const first = makeCard('防溺水');
    await upload(at, cookie, first.asset.sha256, first.bytes);
    const schedules = [makeDaily({ validity: { from: '2026-01-01', to: null } })];
    expect(
      (await call('POST', '/api/schedules/apply', makeDocument(first.asset, { schedules }))).status,
    ).toBe(200);
    const screen = await call('POST', '/api/screens', { name: '科技馆门口', region: '410122', tags: [] });

    const { engine, stage } = await makePlayer(at.url, makeFolder());
    await until('a code', () => engine.status().pairingCode !== null);
    const code = engine.status().pairingCode;
    expect((await call('POST', `/api/screens/${screen.body.id}/claim`, { code })).status).toBe(200);
    await until('on air', () => engine.status().showing.kind === 'item', 30_000);
    expect(stage.scene).toMatchObject({ mode: 'playing', screenName: '科技馆门口' });
    expect(engine.status()).toMatchObject({ screen: screen.body.id, showing: { title: '防溺水' } });

    const live = async () => (await call('GET', '/api/live')).body;
    await until('painted', () => engine.status().painted > 25);
    await expect.poll(async () => JSON.stringify(await live()), { timeout: 15_000 }).toContain('防溺水');
    await expect.poll(() => engine.status().pending, { timeout: 30_000, interval: 50 }).toBe(0);

    const second = makeCard('防火');
    await upload(at, cookie, second.asset.sha256, second.bytes);
    const before = engine.status().plan;
    expect(
      (await call('POST', '/api/schedules/apply', makeDocument(second.asset, { schedules }))).status,
    ).toBe(200);
    await until('the new plan on air', () => engine.status().plan !== before, 40_000);
    await until('shown', () => {
      const { showing } = engine.status();
      return showing.kind === 'item' && showing.title === '防火';
    });
  });
});
