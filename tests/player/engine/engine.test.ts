import { describe, expect, it } from 'vitest';
import { makeOnAir, until } from './fixtures.ts';

describe('a player from its first start to the air', () => {
  it('pairs, takes its plan, shows it, and brings its journal to the center', async () => {
    const { center, engine, stage, device, plan } = await makeOnAir();
    expect(engine.status()).toMatchObject({ device, online: true, plan, pairingCode: null });
    expect(stage.scene).toMatchObject({ mode: 'playing', screenName: '县科技馆门口' });
    await until('its states reported', () =>
      ['fetched', 'verified', 'on-air'].every((state) =>
        center.planStates.some((report) => report.plan === plan && report.state === state),
      ),
    );
    await until('painted', () => engine.status().painted > 25);
    await engine.stop();
    const again = center.allRecords().map(({ kind }) => kind);
    expect(again.slice(0, 2)).toContain('boot');
    expect(again).toContain('switch');
  });
});
