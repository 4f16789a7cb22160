import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText } from '../../../../shared/core/canonical.ts';
import type { BootId, DeviceId, RegionCode, ScreenId, Sha256 } from '../../../../shared/core/ids.ts';
import { type Envelope, SignedKind } from '../../../../shared/core/signed.ts';
import { chainNext, chainStart } from '../../../../shared/telemetry/record.schema.ts';
import { assessmentStore } from '../../../../server/infra/database/stores/assessment.store.ts';
import { journalStore } from '../../../../server/infra/database/stores/telemetry.store.ts';
import { type Db, openDatabase } from '../../../../server/infra/database/database.ts';
import { readBatch } from '../../../../server/features/telemetry/read-batch.ts';
import { type AssessedCenter, DAY, at, startAssessedCenter } from '../../../helpers/assessed-center.ts';
import { type SimDevice, makeSimDevice } from '../../../helpers/journal.ts';

let center: AssessedCenter;
beforeAll(async () => {
  center = await startAssessedCenter();
});
afterAll(() => center.test.stop());

async function claimed(name: string): Promise<SimDevice> {
  const device = makeSimDevice(name);
  center.clock.setWall(at(-10));
  await center.claim(device);
  return device;
}

/** The screen that a device was claimed for. */
async function screenOf(device: SimDevice): Promise<ScreenId> {
  const [binding] = await center.test.center.services.screen.bindingsOfDevice(device.id);
  if (binding === undefined) throw new Error('not claimed');
  return binding.screen;
}

/** A boot from 08:00 with `count` minutes on air. */
function minutes(device: SimDevice, count: number) {
  const boot = device.boot({ startMs: at(8) });
  for (let i = 0; i < count; i++) boot.onAir(at(8) + i * 60_000, at(8) + (i + 1) * 60_000, center.plan);
  return boot;
}

describe('a batch', () => {
  it('sent twice changes nothing and is answered alike', async () => {
    const device = await claimed('twice');
    const boot = minutes(device, 3);
    const first = await center.send(device, boot.envelope(), at(9));
    expect(first).toMatchObject({ ok: true, mark: 7 });
    expect(await center.send(device, boot.envelope(), at(10))).toEqual(first);
    const again = await center.test.center.services.assessment.records(await screenOf(device), {
      boot: boot.boot,
      first: 1,
      last: 7,
    });
    // Receipt is the earliest one (ACCOUNTING.md rule 2).
    expect(again.records.map(({ receiptMs }) => receiptMs)).toEqual(Array(7).fill(at(9)));
  });

  it('out of order and re-cut moves the mark only over what is held from the start', async () => {
    const device = await claimed('order');
    const boot = minutes(device, 4);
    expect(await center.send(device, boot.envelope(6, 9), at(9))).toMatchObject({ ok: true, mark: 0 });
    expect(await center.send(device, boot.envelope(1, 3))).toMatchObject({ mark: 3 });
    expect(await center.send(device, boot.envelope(3, 7))).toMatchObject({ mark: 9 });
  });

  it('with changed content keeps the first and raises one alarm, sent again or not', async () => {
    const device = await claimed('changed');
    const boot = minutes(device, 2);
    await center.send(device, boot.envelope(), at(9));
    const forged = boot.batch();
    const last = forged.records.at(-1);
    if (last?.kind !== 'run') throw new Error('a run ends the batch');
    last.frames += 1;
    const envelope = device.signEnvelope(SignedKind.batch, canonicalText(forged));
    last.frames -= 1;
    expect(await center.send(device, envelope)).toMatchObject({ ok: true, mark: 5 });
    expect(await center.send(device, envelope)).toMatchObject({ ok: true, mark: 5 });
    const db = await openDatabase(center.test.folder);
    const alarms = await db
      .selectFrom('journal_alarms')
      .selectAll()
      .where('device', '=', device.id)
      .execute();
    const kept = await db
      .selectFrom('journal_records')
      .select('text')
      .where('device', '=', device.id)
      .where('seq', '=', 5)
      .executeTakeFirstOrThrow();
    await db.destroy();
    expect(alarms).toMatchObject([{ kind: 'content-differs', seq: 5 }]);
    expect(JSON.parse(kept.text)).toEqual(boot.records[4]);
  });

  it('whose chain does not join is kept as evidence, quarantined, and never blocks the mark', async () => {
    const device = await claimed('fork');
    const boot = minutes(device, 2);
    await center.send(device, boot.envelope(1, 3), at(9));
    const fork = { ...boot.batch(4, 5), previous: chainStart(device.id, boot.boot) };
    const envelope = device.signEnvelope(SignedKind.batch, canonicalText(fork));
    expect(await center.send(device, envelope)).toMatchObject({ ok: true, mark: 5 });
    const screen = await screenOf(device);
    const { records } = await center.test.center.services.assessment.records(screen, {
      boot: boot.boot,
      first: 1,
      last: 9,
    });
    expect(records.map(({ quarantine }) => quarantine)).toEqual([
      null,
      null,
      null,
      'chain-broken',
      'chain-broken',
    ]);
  });

  it('that declares records lost moves the mark over them', async () => {
    const device = await claimed('lost');
    const boot = minutes(device, 3);
    await center.send(device, boot.envelope(1, 3), at(9));
    boot.lost(boot.boot, 4, 5, at(9));
    expect(await center.send(device, boot.envelope(6, 8))).toMatchObject({ mark: 8 });
  });

  it('that declares records of an earlier boot lost moves that boot on', async () => {
    const device = await claimed('lost before');
    const first = minutes(device, 1);
    const second = device.boot({ startMs: at(9) });
    second.lost(first.boot, 1, 3, at(9));
    await center.send(device, second.envelope(), at(9));
    const db = await openDatabase(center.test.folder);
    expect(await journalStore(db).mark(device.id, first.boot)).toBe(3);
    await db.destroy();
  });

  it('with a wrong signature, of another device, or out of shape is refused and changes nothing', async () => {
    const device = await claimed('refused');
    const foreign = await claimed('foreign');
    const boot = minutes(device, 1);
    const envelope = boot.envelope();
    const refusals: [Envelope, string][] = [
      [{ ...envelope, text: `${envelope.text} ` }, 'SIGNATURE_INVALID'],
      [foreign.signEnvelope(SignedKind.batch, envelope.text), 'SIGNATURE_INVALID'],
      [device.signEnvelope(SignedKind.hello, envelope.text), 'SIGNATURE_INVALID'],
      [device.signEnvelope(SignedKind.batch, '{"format":"kepu-batch/1"}'), 'BATCH_INVALID'],
      [device.signEnvelope(SignedKind.batch, 'no JSON'), 'BATCH_INVALID'],
      [
        device.signEnvelope(SignedKind.batch, canonicalText(minutes(makeSimDevice('x'), 1).batch())),
        'BATCH_INVALID',
      ],
      [
        device.signEnvelope(
          SignedKind.batch,
          canonicalText({ ...boot.batch(), previous: chainStart('0'.repeat(32) as DeviceId, boot.boot) }),
        ),
        'BATCH_CHAIN_BROKEN',
      ],
    ];
    for (const [bad, code] of refusals)
      expect(await center.send(device, bad, at(9))).toMatchObject({ ok: false, code, mark: null });
    expect(await center.send(device, envelope)).toMatchObject({ ok: true, mark: 3 });
  });

  it('needs a claimed device: no token, no journal', async () => {
    const answer = await center.test.as(null)(
      'POST',
      '/api/journal',
      minutes(makeSimDevice('none'), 1).envelope(),
    );
    expect(answer.body.error.code).toBe('DEVICE_UNCLAIMED');
  });
});

describe('a crash between commit and answer', () => {
  it('loses nothing: the reopened database holds the records, the mark and what is to be assessed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kepu-journal-'));
    const device = makeSimDevice('crash');
    const boot = device.boot({ startMs: at(8) });
    boot.onAir(at(8), at(9), 'a'.repeat(64) as Sha256);
    const commit = (db: Db) =>
      journalStore(db).commit({
        device: device.id,
        boot: boot.boot,
        records: readBatch(canonicalText(boot.batch()), device.id).records,
        receiptMs: at(9),
        alarmId: () => 'al',
      });
    const db = await openDatabase(folder);
    await db
      .insertInto('devices')
      .values({
        id: device.id,
        public_key: device.publicKey,
        renderer: 'headless',
        version: 't',
        hardware: 't',
        enrolled_at_ms: 0,
        pairing_code: null,
        pairing_expires_at_ms: null,
      })
      .execute();
    await commit(db);
    // The answer never leaves: the connection is dropped and the database opened anew.
    await db.destroy();
    const reopened = await openDatabase(folder);
    expect(await journalStore(reopened).mark(device.id, boot.boot)).toBe(3);
    expect(await assessmentStore(reopened).pending(9)).toEqual([
      { device: device.id, boot: boot.boot, first: 1, last: 3 },
    ]);
    expect(await commit(reopened)).toEqual({ mark: 3, added: 0, alarms: [] });
    await reopened.destroy();
    rmSync(folder, { recursive: true });
  });
});

describe('any permutation and duplication of batches', () => {
  it('gives the same figures to the second', async () => {
    let run = 0;
    const reference: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(1_000)), async (stream) => {
        const device = await claimed(`permuted ${run++}`);
        const first = device.boot({ startMs: at(8), osBoot: 'one' });
        for (let hour = 8; hour < 11; hour++) first.onAir(at(hour), at(hour + 1), center.plan);
        const alone = device.boot({ startMs: at(12), boundMs: null, osBoot: 'two' });
        alone.onAir(at(12), at(13), center.plan);
        const last = device.boot({ startMs: at(14), osBoot: 'three' });
        last.exception(at(14.2), at(14.4), center.plan, 'frozen');
        last.onAir(at(14), at(15), center.plan);
        const batches = [
          first.envelope(1, 3),
          first.envelope(4, 7),
          alone.envelope(1, 1),
          alone.envelope(2, 3),
          last.envelope(1, 2),
          last.envelope(3, 4),
        ];
        const order = [...batches, ...batches.slice(0, 3)]
          .map((envelope) => ({ envelope, key: stream.next().value as number }))
          .sort((a, b) => a.key - b.key);
        for (const [i, { envelope }] of order.entries()) {
          await center.send(device, envelope, at(20));
          // Sometimes the figures are computed in between.
          if (i % 3 === 0) await center.test.center.services.assessment.settle();
        }
        await center.test.center.services.assessment.settle();
        const screen = await screenOf(device);
        const { rows } = await center.test.center.services.assessment.screenFigures(
          '410122' as RegionCode,
          DAY,
        );
        const sums = JSON.stringify(rows.find((row) => row.screen === screen)?.sums);
        reference.push(sums);
        expect(sums).toBe(reference[0]);
        const fresh = await center.test.center.services.assessment.screenDay(screen, DAY);
        expect(JSON.stringify(fresh.sums)).toBe(sums);
      }),
      { numRuns: 12, seed: 7 },
    );
    expect(JSON.parse(reference[0] ?? '')).toMatchObject({ onS: 5 * 3_600, offS: 2 * 3_600 });
  });
});

describe('readBatch', () => {
  it('chains records as the device does', () => {
    const device = makeSimDevice('chain');
    const boot = device.boot({ startMs: 0 });
    boot.power(0, 1_000);
    const { records } = readBatch(canonicalText(boot.batch()), device.id);
    const [one, two] = boot.records;
    if (one === undefined || two === undefined) throw new Error('two records');
    const hash = chainNext(chainStart(device.id, boot.boot as BootId), one);
    expect(records.map((record) => record.hash)).toEqual([hash, chainNext(hash, two)]);
  });
});
