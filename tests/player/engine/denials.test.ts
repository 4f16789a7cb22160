import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DENY_LIST_FILES } from '../../../player/engine/denials/deny-keeper.ts';
import { StateStore } from '../../../player/engine/state-store.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { ListedDenial } from '../../../shared/schedule/denial.schema.ts';
import { listedDenialSchema } from '../../../shared/schedule/denial.schema.ts';
import { makeMedia, makeOnAir, makePlayer, planOf, SETTINGS, until } from './fixtures.ts';
import type { SmallCenter } from './small-center.ts';

const COUNTY = '410122' as never;
const SCHEDULE = 'henan-daily';

function makeDenial(patch: Partial<Record<keyof ListedDenial, unknown>> = {}): ListedDenial {
  return listedDenialSchema.parse({
    id: `x-${'a'.repeat(16)}`,
    kind: 'schedule',
    subject: SCHEDULE,
    region: '41',
    from: Math.floor(Date.now() / 1000),
    to: null,
    ...patch,
  });
}

const refusalsOf = (center: SmallCenter) =>
  center.allRecords().flatMap((record) => (record.kind === 'refusal' ? [record] : []));
const isAsset = (status: { showing: { kind: string; asset?: string } }, asset: Sha256) =>
  status.showing.kind === 'item' && status.showing.asset === asset;

describe('a player told of a denial', () => {
  it('answers once it is durable, cuts what is on, purges it, and shows the rest', async () => {
    const { center, engine, stage, device, folder } = await makeOnAir();
    const [bad, good] = [makeMedia(center), makeMedia(center)];
    const plan = center.addPlan(planOf([bad, good], 30));
    center.assign(device, { plan, counter: 2, settings: SETTINGS });
    await until('on air', () => engine.status().plan === plan && engine.status().showing.kind === 'item');
    const { showing } = engine.status();
    const cut = showing.kind === 'item' ? showing.asset : bad.sha256;
    const other = cut === bad.sha256 ? good.sha256 : bad.sha256;
    const denials = [makeDenial({ kind: 'asset', subject: cut })];
    const sent = performance.now();
    const answer = await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 7, denials }),
    );
    expect(answer).toEqual({ version: 7 });
    expect(StateStore.open(folder).get().denyFloors).toEqual({ [COUNTY]: 7 });
    for (const name of DENY_LIST_FILES) expect(existsSync(join(folder, name))).toBe(true);
    expect(isAsset(engine.status(), cut)).toBe(false);
    expect(performance.now() - sent).toBeLessThan(1_000);
    expect(existsSync(join(folder, 'cache', cut))).toBe(false);
    const cues = stage.scene?.mode === 'playing' ? stage.scene.cues : [];
    expect(cues.length).toBeGreaterThan(0);
    expect(JSON.stringify(cues)).not.toContain(cut);
    await until('the other', () => isAsset(engine.status(), other));
    const asked = center.assetRequests.length;
    await until('the run is at the center', () =>
      center.allRecords().some((record) => record.kind === 'run' && record.denyList === 7),
    );
    expect(center.assetRequests).toHaveLength(asked);
    const runs = center.allRecords().flatMap((record) => (record.kind === 'run' ? [record] : []));
    const last = runs.findLastIndex((run) => run.denyList === undefined);
    expect(runs[last + 1]).toMatchObject({ plan, denyList: 7, from: runs[last]?.to });
    expect(center.allRecords().find((one) => one.kind === 'exception' && one.cause === 'cut')).toMatchObject({
      asset: cut,
      detail: 'deny list 7',
    });
    // The lift brings it back: fetched anew.
    const lifted = [makeDenial({ kind: 'asset', subject: cut, to: Math.floor(Date.now() / 1000) })];
    await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 8, denials: lifted }),
    );
    await until('here again', () => existsSync(join(folder, 'cache', cut)));
    expect(refusalsOf(center)).toEqual([]);
  });

  it('shows its own filler during a stop-all and keeps the cache; a denial beside its place changes nothing', async () => {
    const { center, engine, device, folder, media } = await makeOnAir();
    const beside = makeDenial({ kind: 'stop-all', subject: '', region: '410122103' });
    await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 3, denials: [beside] }),
    );
    expect(engine.status()).toMatchObject({ denyList: 3, showing: { kind: 'item' } });
    const here = makeDenial({ kind: 'stop-all', subject: '', region: COUNTY });
    await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 4, denials: [beside, here] }),
    );
    expect(engine.status().showing).toEqual({ kind: 'filler' });
    for (const { sha256 } of media) expect(existsSync(join(folder, 'cache', sha256))).toBe(true);
    const over = { ...here, to: Math.floor(Date.now() / 1000) + 1 } as ListedDenial;
    await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 5, denials: [beside, over] }),
    );
    await until('back', () => engine.status().showing.kind === 'item');
  });

  it('refuses what is forged, foreign, old, or another list of the same version, and says so', async () => {
    const { center, engine, device, folder } = await makeOnAir();
    const denials = [makeDenial()];
    const list = (version: number, patch = {}) =>
      center.denyList(device, { region: COUNTY, version, denials, ...patch });
    const five = list(5);
    expect(await center.pushDenials(device, five)).toEqual({ version: 5 });
    expect(engine.status().showing).toEqual({ kind: 'filler' });
    // Again is nothing.
    expect(await center.pushDenials(device, five)).toEqual({ version: 5 });
    const refused = { version: 0 };
    const forged = { ...list(6), text: list(6, { denials: [] }).text };
    expect(await center.pushDenials(device, forged)).toEqual(refused);
    const assignment = center.assign(device, { counter: 99 }, false);
    expect(await center.pushDenials(device, assignment)).toEqual(refused);
    expect(await center.pushDenials(device, list(9, { region: '410123', denials: [] }))).toEqual(refused);
    expect(await center.pushDenials(device, list(4, { denials: [] }))).toEqual(refused);
    expect(await center.pushDenials(device, list(5, { denials: [] }))).toEqual(refused);
    expect(await center.pushDenials(device, { nonsense: true } as never)).toEqual(refused);
    expect(engine.status()).toMatchObject({ denyList: 5, showing: { kind: 'filler' } });
    expect(StateStore.open(folder).get().denyFloors).toEqual({ [COUNTY]: 5 });
    await until('all refusals', () => refusalsOf(center).length >= 5);
    expect(refusalsOf(center).map(({ what, code }) => [what, code])).toEqual([
      // Two in a row for the same reason are one.
      ['denials', 'SIGNATURE_INVALID'],
      ['denials', 'DENIAL_LIST_INVALID'],
      ['denials', 'DENIAL_LIST_OLD'],
      ['denials', 'DENIAL_LIST_INVALID'],
      ['denials', 'DENIAL_LIST_INVALID'],
    ]);
  });

  it('says at hello which list it holds, and obeys after a power cut without any link', async () => {
    const { center, engine, device, folder } = await makeOnAir();
    await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 2, denials: [makeDenial()] }),
    );
    await engine.stop({ abrupt: true });
    await center.down();
    const { engine: again } = await makePlayer(center.url, folder);
    await until('on air', () => again.status().plan !== null);
    expect(again.status()).toMatchObject({ online: false, denyList: 2, showing: { kind: 'filler' } });
    await center.up();
    await until('connected', () => center.isConnected(device), 60_000);
    expect(center.hellos.at(-1)).toMatchObject({ denyListVersion: 2 });
  });

  it('obeys what was persisted and not acted on when it was killed: it never shows it again', async () => {
    const { center, engine, device, folder, media } = await makeOnAir();
    await engine.stop({ abrupt: true });
    const denials = media.map(({ sha256 }, n) =>
      makeDenial({ id: `x-${String.fromCharCode(97 + n).repeat(16)}`, kind: 'asset', subject: sha256 }),
    );
    // What a process leaves that is killed between the first file and everything after it.
    const envelope = center.denyList(device, { region: COUNTY, version: 11, denials });
    writeFileSync(join(folder, DENY_LIST_FILES[0]), JSON.stringify(envelope));
    await center.down();
    const shown: string[] = [];
    const { engine: again } = await makePlayer(center.url, folder);
    await until('on air', () => {
      shown.push(JSON.stringify(again.status().showing));
      return again.status().plan !== null && again.status().showing.kind === 'filler';
    });
    expect(shown.some((one) => one.includes('"item"'))).toBe(false);
    for (const { sha256 } of media) expect(existsSync(join(folder, 'cache', sha256))).toBe(false);
    expect(again.status().denyList).toBe(11);
  });

  it('shows nothing rather than what it once knew to be denied, when the disk lost both copies', async () => {
    const { center, engine, device, folder } = await makeOnAir();
    const envelope = center.denyList(device, { region: COUNTY, version: 2, denials: [makeDenial()] });
    await center.pushDenials(device, envelope);
    await engine.stop();
    // Rot in one copy is nothing.
    writeFileSync(join(folder, DENY_LIST_FILES[0]), 'rot');
    const { engine: second } = await makePlayer(center.url, folder);
    await until('on air', () => second.status().plan !== null);
    expect(second.status()).toMatchObject({ denyList: 2, showing: { kind: 'filler' } });
    await second.stop();
    await center.down();
    for (const name of DENY_LIST_FILES)
      writeFileSync(join(folder, name), readFileSync(join(folder, 'state.json')));
    const { engine: third } = await makePlayer(center.url, folder);
    const since = performance.now();
    await until('a while', () => {
      expect(third.status().plan).toBeNull();
      return performance.now() - since > 12_000;
    });
    // The center has it still: fetched, taken at the same version, obeyed.
    await center.up();
    await until('fetched', () => third.status().denyList === 2, 60_000);
    await until('on air', () => third.status().plan !== null);
    expect(third.status().showing).toEqual({ kind: 'filler' });
  });
});

describe('an assignment that names a later list', () => {
  it('waits for it: the list is fetched before the plan takes the glass', async () => {
    const { center, engine, device, plan } = await makeOnAir();
    const next = center.addPlan(planOf([makeMedia(center)], 5));
    center.assign(device, { plan: next, counter: 2, settings: SETTINGS, denyListVersion: 6 });
    await until('asked for', () => center.listRequests >= 2);
    expect(engine.status().plan).toBe(plan);
    const denials = [makeDenial()];
    center.denyList(device, { region: COUNTY, version: 6, denials });
    await until('obeyed', () => engine.status().denyList === 6, 30_000);
    await until('the new plan', () => engine.status().plan === next, 30_000);
    expect(engine.status().showing).toEqual({ kind: 'filler' });
  });

  it('of another county brings that county’s list, however its number compares', async () => {
    const { center, engine, device, folder, plan } = await makeOnAir();
    await center.pushDenials(
      device,
      center.denyList(device, { region: COUNTY, version: 40, denials: [makeDenial({ region: COUNTY })] }),
    );
    expect(engine.status().showing).toEqual({ kind: 'filler' });
    const there = '411224' as never;
    center.denyList(device, { region: there, version: 12, denials: [] });
    center.assign(device, {
      plan,
      counter: 2,
      settings: SETTINGS,
      region: '411224102203',
      denyListVersion: 12,
    });
    await until('that list', () => engine.status().denyList === 12);
    await until('shown there', () => engine.status().showing.kind === 'item');
    expect(StateStore.open(folder).get().denyFloors).toEqual({ [COUNTY]: 40, [there]: 12 });
    // Back again, an older list of the first county is still a rollback.
    center.denyList(device, { region: COUNTY, version: 39, denials: [] });
    center.assign(device, { plan, counter: 3, settings: SETTINGS, denyListVersion: 40 });
    await until('refused', () => refusalsOf(center).some(({ code }) => code === 'DENIAL_LIST_OLD'));
    expect(engine.status().denyList).toBe(12);
  });
});
