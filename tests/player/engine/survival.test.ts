import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlanLibrary } from '../../../player/engine/plan/plan-library.ts';
import { systemClock } from '../../../player/engine/system-ports.ts';
import { StateStore } from '../../../player/engine/state-store.ts';
import { canonicalText } from '../../../shared/core/canonical.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { chainNext, chainStart } from '../../../shared/telemetry/record.schema.ts';
import { makeMedia, makeOnAir, makePlayer, planOf, SETTINGS, until } from './fixtures.ts';

describe('a player whose center is gone', () => {
  it('plays on after a restart, the same item at the same instant', async () => {
    const { center, folder, engine, plan } = await makeOnAir();
    await center.down();
    await engine.stop();
    const { engine: again } = await makePlayer(center.url, folder);
    await until('on air again', () => again.status().showing.kind === 'item');
    expect(again.status()).toMatchObject({ online: false, plan });
    const { showing } = again.status();
    const kept = new PlanLibrary().load(plan, readFileSync(join(folder, 'plans', plan)));
    const now = Math.floor(Date.now() / 1000);
    const expected = kept.resolver.timeline((now - 1) as never, (now + 1) as never).map(({ asset }) => asset);
    expect(expected).toContain(showing.kind === 'item' ? showing.asset : null);
  });

  it('resolves sanely when its wall clock is years off', async () => {
    const { center, folder, engine } = await makeOnAir();
    await until('a tick', () => center.beats.length > 2);
    await center.down();
    await engine.stop({ abrupt: true });
    const wrong = { ...systemClock, nowMs: () => Date.parse('2001-01-01T00:00:00Z') };
    const { engine: again, stage } = await makePlayer(center.url, folder, {
      ports: { clock: wrong },
      osBoot: 'after a power cut',
    });
    await until('on air again', () => again.status().showing.kind === 'item');
    const { scene } = stage;
    const startMs = scene?.mode === 'playing' ? (scene.cues[0]?.endMs ?? 0) : 0;
    expect(Math.abs(startMs - Date.now())).toBeLessThan(60_000);
  });
});

describe('a player whose disk or link lies', () => {
  it('notices a corrupt asset before it shows it, and fetches it again', async () => {
    const { center, folder, engine, media } = await makeOnAir();
    await engine.stop();
    for (const { sha256, sizeBytes } of media)
      writeFileSync(join(folder, 'cache', sha256), Buffer.alloc(sizeBytes, 7));
    const { engine: again } = await makePlayer(center.url, folder);
    await until('on air again', () => again.status().showing.kind === 'item');
    for (const { sha256 } of media) {
      await until('whole again', () =>
        readFileSync(join(folder, 'cache', sha256)).equals(center.assets.get(sha256) ?? Buffer.alloc(0)),
      );
    }
    const refusals = () => center.allRecords().filter((record) => record.kind === 'refusal');
    await until('both refusals reported', () => refusals().length === 2);
    expect(refusals()).toMatchObject([
      { what: 'asset', code: 'ASSET_BYTES_DIFFER' },
      { what: 'asset', code: 'ASSET_BYTES_DIFFER' },
    ]);
  });

  it('goes on with a broken-off download instead of starting anew', async () => {
    const { center, folder, device, engine, media } = await makeOnAir();
    const big = makeMedia(center, 300_000);
    const bytes = center.assets.get(big.sha256) ?? new Uint8Array();
    writeFileSync(join(folder, 'cache', `${big.sha256}.part`), bytes.subarray(0, 200_000));
    const plan = center.addPlan(planOf([...media, big]));
    center.assign(device, { plan, counter: 2, settings: SETTINGS });
    await until('the new plan on air', () => engine.status().plan === plan);
    expect(center.assetRequests.filter(({ sha256 }) => sha256 === big.sha256)).toEqual([
      { sha256: big.sha256, range: 'bytes=200000-' },
    ]);
  });

  it('throws away bytes that came wrong and keeps asking', async () => {
    const { center, device, engine, media } = await makeOnAir();
    const fresh = makeMedia(center);
    center.garbled.set(fresh.sha256, Buffer.alloc(fresh.sizeBytes, 1));
    const plan = center.addPlan(planOf([...media, fresh]));
    center.assign(device, { plan, counter: 2, settings: SETTINGS });
    await until('the refusal reported', () =>
      center.allRecords().some((record) => record.kind === 'refusal' && record.what === 'asset'),
    );
    expect(engine.status().plan).not.toBe(plan);
    center.garbled.clear();
    await until('the new plan on air', () => engine.status().plan === plan, 30_000);
  });
});

describe('a player told something wrong', () => {
  it('refuses a foreign signature and an old counter, keeps the old plan, and says so', async () => {
    const { center, folder, engine, device, plan } = await makeOnAir();
    const other = center.addPlan(planOf([makeMedia(center)]));
    const good = center.assign(device, { plan: other, counter: 9 }, false);
    center.push(device, { ...good, text: good.text.replace('"counter":9', '"counter":10') });
    center.assign(device, { plan: other, counter: 1, demo: true });
    await until('both refusals', () =>
      ['SIGNATURE_INVALID', 'ASSIGNMENT_OLD'].every((code) =>
        center.allRecords().some((record) => record.kind === 'refusal' && record.code === code),
      ),
    );
    expect(engine.status().plan).toBe(plan);
    expect(StateStore.open(folder).get()).toMatchObject({ counter: 1, onAir: plan });
    expect(center.planStates).toContainEqual({ plan, state: 'refused', code: 'SIGNATURE_INVALID' });
  });

  it('refuses a plan with changed bytes, keeps the old one, and takes the right bytes later', async () => {
    const { center, engine, device, plan, media } = await makeOnAir();
    const other = center.addPlan(planOf(media, 3));
    const right = center.plans.get(other) ?? new Uint8Array();
    center.plans.set(
      other,
      Buffer.from(Buffer.from(right).toString('utf8').replace('"weight":1', '"weight":2')),
    );
    center.assign(device, { plan: other, counter: 2, settings: SETTINGS });
    await until('the refusal', () =>
      center.planStates.some(({ state, code }) => state === 'refused' && code === 'PLAN_BYTES_DIFFER'),
    );
    expect(engine.status().plan).toBe(plan);
    center.plans.set(other, right);
    await until('the right bytes on air', () => engine.status().plan === other, 30_000);
    expect(center.allRecords().filter((record) => record.kind === 'refusal')).toHaveLength(1);
  });

  it('is not talked to by another center at the same address', async () => {
    const { center, folder, engine } = await makeOnAir();
    await engine.stop();
    const state = StateStore.open(folder);
    state.update({ center: { keyId: 'f'.repeat(16), publicKey: 'A'.repeat(43) } });
    const hellos = center.hellos.length;
    const { engine: again } = await makePlayer(center.url, folder);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(again.status()).toMatchObject({ online: false, plan: null });
    expect(center.hellos).toHaveLength(hellos);
  });
});

describe('a plan that takes over', () => {
  it('lets the item on air finish, joins its own current item by seeking, and is journalled', async () => {
    const { center, engine, stage, device, plan } = await makeOnAir({ durationS: 4 });
    const before = engine.status().showing;
    const next = center.addPlan(planOf([makeMedia(center)], 7));
    center.assign(device, { plan: next, counter: 2, settings: SETTINGS });
    await until('on air', () => engine.status().plan === next);
    const end = before.kind === 'item' ? before.end : 0;
    expect((Date.now() / 1000 - end) % 4).toBeLessThan(1);
    const cue = stage.scene?.mode === 'playing' ? stage.scene.cues[0] : undefined;
    expect(cue?.originMs).toBeLessThanOrEqual(cue?.startMs ?? 0);
    await until('journalled', () =>
      center.allRecords().some((record) => record.kind === 'switch' && record.plan === next),
    );
    expect(center.allRecords().filter((record) => record.kind === 'switch')).toMatchObject([
      { plan, previous: null },
      { plan: next, previous: plan },
    ]);
    const runs = center.allRecords().filter((record) => record.kind === 'run');
    expect(runs.at(-1)?.plan).toBe(plan);
  });
});

describe('the journal at the center', () => {
  it('is there exactly once, in one chain per boot, though answers are lost and the player is cut off', async () => {
    const { center, folder, engine, device } = await makeOnAir();
    center.dropAcks = 3;
    await until('batches sent again', () => center.batches >= 5 && center.dropAcks === 0, 30_000);
    await engine.stop({ abrupt: true });
    const { engine: again } = await makePlayer(center.url, folder);
    await until('all acknowledged', () => again.status().online && again.status().pending === 0, 30_000);
    expect(center.conflicts).toBe(0);
    for (const [boot, { records, head }] of center.boots) {
      expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
      const hash = records.reduce<Sha256>(chainNext, chainStart(device, boot));
      expect(hash).toBe(head);
    }
    const [first, second] = [...center.boots.entries()];
    expect(second?.[1].records[0]).toMatchObject({
      kind: 'boot',
      previous: { boot: first?.[0], lastSeq: first?.[1].records.length },
    });
    expect(canonicalText(readdirSync(folder).includes('journal.db'))).toBe('true');
  });
});
