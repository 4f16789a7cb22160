import type { Selectable } from 'kysely';
import type { BootId, DeviceId, ScreenId, Sha256 } from '../../../../shared/core/ids.ts';
import { type JournalRecord, recordSchema } from '../../../../shared/telemetry/record.schema.ts';
import type { BootKey, EvidenceStore, StoredBoot } from '../../../features/assessment/assessment.port.ts';
import type { Db } from '../database.ts';
import { inSlices } from '../slices.ts';
import type { JournalBootTable } from '../tables/telemetry.ts';

/** Reading the journal for its figures. */
export function evidenceStore(db: Db): EvidenceStore {
  const recordsOf = ({ device, boot }: BootKey) =>
    db.selectFrom('journal_records').where('device', '=', device).where('boot', '=', boot).orderBy('seq');
  const sound = (of: BootKey) => recordsOf(of).where('quarantine', 'is', null);

  return {
    async boots(device) {
      const rows = await db
        .selectFrom('journal_boots')
        .selectAll()
        .where('device', '=', device)
        .orderBy('approx_start_ms')
        .orderBy('boot')
        .execute();
      return rows.map(bootOf);
    },

    async offsets(device, boot) {
      const rows = await db
        .selectFrom('journal_offsets')
        .selectAll()
        .where('device', '=', device)
        .where('boot', '=', boot)
        .execute();
      return rows.map((row) => ({ lo: row.lo_ms, hi: row.hi_ms, at: row.at_mono_ms, seq: row.seq }));
    },

    async recordsBetween(of, fromMono, toMono) {
      const rows = await sound(of)
        .select(['text', 'receipt_ms'])
        .where('to_mono_ms', '>=', fromMono)
        .where('from_mono_ms', '<=', toMono)
        .execute();
      return rows.map(heldOf);
    },

    async recordsAt(of, seqs) {
      const rows = await inSlices(seqs, (slice) =>
        sound(of).select(['text', 'receipt_ms']).where('seq', 'in', slice).execute(),
      );
      return rows.map(heldOf);
    },

    async soundSeqs(of) {
      const rows = await sound(of).select('seq').execute();
      return rows.map(({ seq }) => seq);
    },

    async recordRange(of, first, last) {
      const rows = await recordsOf(of)
        .select(['text', 'receipt_ms', 'hash', 'quarantine'])
        .where('seq', '>=', first)
        .where('seq', '<=', last)
        .execute();
      return rows.map((row) => ({
        ...heldOf(row),
        hash: row.hash as Sha256,
        quarantine: row.quarantine,
      }));
    },

    async extent({ device, boot }, first, last) {
      const row = await db
        .selectFrom('journal_records')
        .select((eb) => [eb.fn.min('from_mono_ms').as('from'), eb.fn.max('to_mono_ms').as('to')])
        .where('device', '=', device)
        .where('boot', '=', boot)
        .where('seq', '>=', first)
        .where('seq', '<=', last)
        .executeTakeFirst();
      // Without any record both are null, whatever the types say.
      const [from, to] = [row?.from as number | null | undefined, row?.to as number | null | undefined];
      return from === null || from === undefined || to === null || to === undefined
        ? null
        : { fromMono: from, toMono: to };
    },

    async contacts(devices, fromMs, toMs) {
      const rows = await inSlices(devices, (slice) =>
        db
          .selectFrom('contacts')
          .selectAll()
          .where('device', 'in', slice)
          .where('to_ms', '>', fromMs)
          .where('from_ms', '<', toMs)
          .execute(),
      );
      return rows.map((row) => ({
        device: row.device as DeviceId,
        boot: row.boot as BootId,
        fromMs: row.from_ms,
        toMs: row.to_ms,
      }));
    },

    async formerDevices() {
      const rows = await db
        .selectFrom('bindings')
        .select(['screen', 'device'])
        .where('to_ms', 'is not', null)
        .execute();
      const former = new Map<ScreenId, DeviceId[]>();
      for (const { screen, device } of rows) {
        const id = screen as ScreenId;
        former.set(id, [...(former.get(id) ?? []), device as DeviceId]);
      }
      return former;
    },

    async uptime(fromMs, toMs) {
      const rows = await db
        .selectFrom('center_uptime')
        .selectAll()
        .where('to_ms', '>=', fromMs)
        .where('from_ms', '<=', toMs)
        .orderBy('from_ms')
        .execute();
      return rows.map((row) => ({ fromMs: row.from_ms, toMs: row.to_ms }));
    },
  };
}

function bootOf(row: Selectable<JournalBootTable>): StoredBoot {
  const { previous_boot: boot, previous_last_seq: lastSeq } = row;
  return {
    device: row.device as DeviceId,
    boot: row.boot as BootId,
    begun: row.begun === 1,
    osBoot: row.os_boot,
    panelReadable: row.panel_readable === 1,
    previous: boot === null || lastSeq === null ? null : { boot: boot as BootId, lastSeq },
    approxStartMs: row.approx_start_ms,
    met: row.met === 1,
    lastMono: row.last_mono_ms,
    maxSeq: row.max_seq,
    soundCount: row.sound_count,
    first: { mono: row.first_mono_ms, wall: row.first_wall_ms },
    last: { mono: row.last_record_mono_ms, wall: row.last_record_wall_ms },
    aheadMs: row.ahead_ms,
  };
}

function heldOf(row: { readonly text: string; readonly receipt_ms: number }): {
  record: JournalRecord;
  receiptMs: number;
} {
  return { record: recordSchema.parse(JSON.parse(row.text)), receiptMs: row.receipt_ms };
}
