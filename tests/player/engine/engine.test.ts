import { describe, expect, it } from 'vitest';
import {
  makeCenter,
  makeFolder,
  makeMedia,
  makeOnAir,
  makePlayer,
  planOf,
  SETTINGS,
  until,
} from './fixtures.ts';

describe('a player from its first start to the air', () => {
  it('pairs, takes its plan, shows it, and brings its journal to the center', async () => {
    const center = await makeCenter();
    const { engine, stage } = await makePlayer(center.url, makeFolder());
    const { device } = engine;
    await until('a code on the glass', () => stage.scene?.mode === 'pairing');
    expect(stage.scene).toMatchObject({ code: 'K7M429WP', claimUrl: expect.stringContaining('/claim') });
    expect(engine.status()).toMatchObject({ pairingCode: 'K7M429WP', screen: null, online: false });
    center.claim(device);
    await until('connected', () => center.isConnected(device));
    const plan = center.addPlan(planOf([makeMedia(center), makeMedia(center)]));
    center.assign(device, { plan, counter: 1, settings: SETTINGS });
    await until('on air', () => engine.status().showing.kind === 'item');
    expect(engine.status()).toMatchObject({ device, online: true, plan, pairingCode: null });
    expect(stage.scene).toMatchObject({ mode: 'playing', screenName: '县科技馆门口' });
    await until('its states reported', () =>
      ['fetched', 'verified', 'on-air'].every((state) =>
        center.planStates.some((report) => report.plan === plan && report.state === state),
      ),
    );
    await until('a run at the center', () => center.allRecords().some(({ kind }) => kind === 'run'), 20_000);
    expect(center.allRecords().map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['boot', 'switch', 'power', 'run']),
    );
    expect(center.beats.at(-1)).toMatchObject({ plan, panel: 'unreadable' });
  });

  it('keeps out a second engine on its folder', async () => {
    const { center, folder } = await makeOnAir();
    await expect(makePlayer(center.url, folder)).rejects.toMatchObject({ code: 'INSTANCE_RUNNING' });
  });

  it('knows the center time through whatever the machine thinks', async () => {
    const center = await makeCenter();
    center.claimsAll = true;
    center.skewMs = 86_400_000;
    const { engine, stage } = await makePlayer(center.url, makeFolder());
    await until('connected', () => center.isConnected(engine.device));
    const plan = center.addPlan(planOf([makeMedia(center)]));
    center.assign(engine.device, { plan, counter: 1, settings: SETTINGS });
    await until('on air', () => engine.status().showing.kind === 'item');
    const cue = stage.scene?.mode === 'playing' ? stage.scene.cues[0] : undefined;
    expect(Math.abs((cue?.endMs ?? 0) - center.nowMs())).toBeLessThan(5_000);
  });
});
