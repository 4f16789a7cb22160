import type { Insertable, Transaction } from 'kysely';
import type { BootId, DeviceId, Sha256 } from '../../../../shared/core/ids.ts';
import { firstInstantOf, lastInstantOf } from '../../../../shared/assessment/boot-evidence.ts';
import { midOffset } from '../../../../shared/telemetry/clock.ts';
import type { JournalRecord } from '../../../../shared/telemetry/record.schema.ts';
import type {
  ChainedRecord,
  CommitResult,
  ContactStore,
  JournalAlarm,
  JournalCommit,
  JournalStore,
} from '../../../features/telemetry/telemetry.port.ts';
import type { Db } from '../database.ts';
import type { Tables } from '../tables.ts';
import type { JournalBootTable, JournalRecordTable } from '../tables/telemetry.ts';
import { markPending, nextMark } from './journal-mark.ts';

type Trx = Transaction<Tables>;

/** The journal in the database. */
export function journalStore(db: Db): JournalStore {
  return {
    commit: (commit) => db.transaction().execute((trx) => commitBatch(trx, commit)),

    async mark(device, boot) {
      const row = await db
        .selectFrom('journal_boots')
        .select('mark')
        .where('device', '=', device)
        .where('boot', '=', boot)
        .executeTakeFirst();
      return row === undefined ? 0 : Number(row.mark);
    },
  };
}

async function commitBatch(trx: Trx, commit: JournalCommit): Promise<CommitResult> {
  const { device, boot, records, receiptMs } = commit;
  const first = records[0]?.record.seq ?? 1;
  const last = records.at(-1)?.record.seq ?? first;
  const held = await heldBetween(trx, commit, first - 1, last + 1);
  const { added, alarms } = sift(records, held);
  const known = await bootRow(trx, device, boot);
  const row = added.reduce((at, one) => grow(at, one, receiptMs), known ?? emptyBoot(device, boot));
  // The boot first: its records and lost ranges refer to it.
  await putBoot(trx, row);
  if (added.length > 0) {
    await insertRecords(trx, commit, added);
    await markPending(trx, { device, boot, first, last });
    await declareLost(trx, commit, added);
  }
  await raise(trx, commit, alarms);
  const mark = await nextMark(trx, device, boot, row.mark);
  if (mark !== row.mark) await putMark(trx, device, boot, mark);
  return { mark, added: added.length, alarms };
}

interface HeldHash {
  readonly hash: string;
  readonly previousHash: string;
  readonly sound: boolean;
}
interface AddedRecord extends ChainedRecord {
  readonly quarantine: 'chain-broken' | null;
}

async function heldBetween(
  trx: Trx,
  { device, boot }: JournalCommit,
  from: number,
  to: number,
): Promise<Map<number, HeldHash>> {
  const rows = await trx
    .selectFrom('journal_records')
    .select(['seq', 'hash', 'previous_hash', 'quarantine'])
    .where('device', '=', device)
    .where('boot', '=', boot)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .execute();
  return new Map(
    rows.map((row) => [
      Number(row.seq),
      { hash: row.hash, previousHash: row.previous_hash, sound: row.quarantine === null },
    ]),
  );
}

/**
 * Splits a batch into what is new and what contradicts what is held. A known number keeps its first
 * content; a new record that does not join the chain on either side, or continues one that does not,
 * is kept as evidence and quarantined.
 */
function sift(
  records: readonly ChainedRecord[],
  held: Map<number, HeldHash>,
): { readonly added: AddedRecord[]; readonly alarms: JournalAlarm[] } {
  const added: AddedRecord[] = [];
  const alarms: JournalAlarm[] = [];
  for (const one of records) {
    const { seq } = one.record;
    const known = held.get(seq);
    if (known !== undefined) {
      if (known.hash !== one.hash)
        alarms.push({
          kind: 'content-differs',
          seq,
          knownHash: known.hash as Sha256,
          claimedHash: one.hash,
        });
      continue;
    }
    const before = held.get(seq - 1);
    const after = held.get(seq + 1);
    const joinsBefore = before === undefined || (before.hash === one.previousHash && before.sound);
    const joinsAfter = after === undefined || after.previousHash === one.hash || !after.sound;
    const sound = joinsBefore && joinsAfter;
    if (!sound)
      alarms.push({
        kind: 'chain-broken',
        seq,
        knownHash: (joinsBefore ? after?.previousHash : before?.hash) as Sha256,
        claimedHash: joinsBefore ? one.hash : one.previousHash,
      });
    added.push({ ...one, quarantine: sound ? null : 'chain-broken' });
    held.set(seq, { hash: one.hash, previousHash: one.previousHash, sound });
  }
  return { added, alarms };
}

function emptyBoot(device: DeviceId, boot: BootId): JournalBootTable {
  return {
    device,
    boot,
    mark: 0,
    begun: 0,
    os_boot: '',
    panel_readable: 0,
    previous_boot: null,
    previous_last_seq: null,
    approx_start_ms: 0,
    met: 0,
    last_mono_ms: 0,
    max_seq: 0,
    sound_count: 0,
    first_mono_ms: 0,
    first_wall_ms: 0,
    last_record_mono_ms: 0,
    last_record_wall_ms: 0,
    ahead_ms: Number.MIN_SAFE_INTEGER,
    last_receipt_ms: 0,
  };
}

/** What a boot's records add up to, once `one` is among them; in whatever order they come. */
function grow(boot: JournalBootTable, one: AddedRecord, receiptMs: number): JournalBootTable {
  const { record } = one;
  const to = lastInstantOf(record);
  const next: JournalBootTable = {
    ...boot,
    last_receipt_ms: Math.max(boot.last_receipt_ms, receiptMs),
    max_seq: Math.max(boot.max_seq, record.seq),
  };
  if (one.quarantine !== null) return next;
  next.sound_count += 1;
  next.last_mono_ms = Math.max(boot.last_mono_ms, to);
  next.ahead_ms = Math.max(boot.ahead_ms, to - receiptMs);
  if (record.seq > boot.max_seq) {
    next.last_record_mono_ms = record.mono;
    next.last_record_wall_ms = record.wall;
  }
  if (boot.sound_count === 0 || record.kind === 'boot') {
    next.first_mono_ms = record.mono;
    next.first_wall_ms = record.wall;
  }
  if (record.off !== null && boot.met === 0) {
    next.met = 1;
    next.approx_start_ms = midOffset(record.off);
  } else if (boot.met === 0) next.approx_start_ms = next.first_wall_ms - next.first_mono_ms;
  return record.kind === 'boot' ? { ...next, ...beginning(record) } : next;
}

function beginning(record: Extract<JournalRecord, { kind: 'boot' }>) {
  return {
    begun: 1,
    os_boot: record.osBoot,
    panel_readable: Number(record.panelReadable),
    previous_boot: record.previous?.boot ?? null,
    previous_last_seq: record.previous?.lastSeq ?? null,
  };
}

async function bootRow(trx: Trx, device: string, boot: string): Promise<JournalBootTable | undefined> {
  return trx
    .selectFrom('journal_boots')
    .selectAll()
    .where('device', '=', device)
    .where('boot', '=', boot)
    .executeTakeFirst();
}

async function putBoot(trx: Trx, row: JournalBootTable): Promise<void> {
  const { device: _device, boot: _boot, ...rest } = row;
  await trx
    .insertInto('journal_boots')
    .values(row)
    .onConflict((conflict) => conflict.columns(['device', 'boot']).doUpdateSet(rest))
    .execute();
}

async function putMark(trx: Trx, device: string, boot: string, mark: number): Promise<void> {
  await trx
    .updateTable('journal_boots')
    .set({ mark })
    .where('device', '=', device)
    .where('boot', '=', boot)
    .execute();
}

async function insertRecords(
  trx: Trx,
  { device, boot, receiptMs }: JournalCommit,
  added: readonly AddedRecord[],
): Promise<void> {
  const rows = added.map(
    ({ record, text, previousHash, hash, quarantine }): Insertable<JournalRecordTable> => ({
      device,
      boot,
      seq: record.seq,
      kind: record.kind,
      from_mono_ms: firstInstantOf(record),
      to_mono_ms: lastInstantOf(record),
      text,
      previous_hash: previousHash,
      hash,
      receipt_ms: receiptMs,
      quarantine,
    }),
  );
  await trx.insertInto('journal_records').values(rows).execute();
  const offsets = added.flatMap(({ record, quarantine }) =>
    record.off === null || quarantine !== null
      ? []
      : [
          {
            device,
            boot,
            at_mono_ms: record.off.at,
            lo_ms: record.off.lo,
            hi_ms: record.off.hi,
            seq: record.seq,
          },
        ],
  );
  if (offsets.length > 0)
    await trx
      .insertInto('journal_offsets')
      .values(offsets)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Ranges that these records declare gone count towards the mark of the boot they name. */
async function declareLost(trx: Trx, commit: JournalCommit, added: readonly AddedRecord[]): Promise<void> {
  const { device } = commit;
  for (const { record, quarantine } of added) {
    if (record.kind !== 'lost' || quarantine !== null || record.toSeq < record.fromSeq) continue;
    await trx
      .insertInto('journal_lost')
      .values({
        device,
        boot: record.boot,
        from_seq: record.fromSeq,
        to_seq: record.toSeq,
        said_in_boot: commit.boot,
        said_in_seq: record.seq,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (record.boot === commit.boot) continue;
    const other = (await bootRow(trx, device, record.boot)) ?? emptyBoot(device, record.boot);
    const mark = await nextMark(trx, device, record.boot, other.mark);
    await putBoot(trx, { ...other, mark });
    await markPending(trx, { device, boot: record.boot, first: record.fromSeq, last: record.toSeq });
  }
}

async function raise(trx: Trx, commit: JournalCommit, alarms: readonly JournalAlarm[]): Promise<void> {
  for (const alarm of alarms) {
    const same = await trx
      .selectFrom('journal_alarms')
      .select('id')
      .where('device', '=', commit.device)
      .where('boot', '=', commit.boot)
      .where('seq', '=', alarm.seq)
      .where('claimed_hash', '=', alarm.claimedHash)
      .executeTakeFirst();
    // A contradiction that is sent again is one alarm.
    if (same !== undefined) continue;
    await trx
      .insertInto('journal_alarms')
      .values({
        id: commit.alarmId(),
        device: commit.device,
        boot: commit.boot,
        seq: alarm.seq,
        kind: alarm.kind,
        known_hash: alarm.knownHash,
        claimed_hash: alarm.claimedHash,
        at_ms: commit.receiptMs,
      })
      .execute();
  }
}

/** Live contact in the database. */
export function contactStore(db: Db): ContactStore {
  return {
    async recentContacts(sinceMs) {
      const rows = await db.selectFrom('contacts').selectAll().where('to_ms', '>=', sinceMs).execute();
      return rows.map((row) => ({
        device: row.device as DeviceId,
        boot: row.boot as BootId,
        fromMs: row.from_ms,
        toMs: row.to_ms,
      }));
    },

    async putContacts(contacts, uptime) {
      await db.transaction().execute(async (trx) => {
        for (let at = 0; at < contacts.length; at += 500)
          await trx
            .insertInto('contacts')
            .values(
              contacts
                .slice(at, at + 500)
                .map(({ device, boot, fromMs, toMs }) => ({ device, boot, from_ms: fromMs, to_ms: toMs })),
            )
            .onConflict((conflict) =>
              conflict
                .columns(['device', 'boot', 'from_ms'])
                .doUpdateSet((eb) => ({ to_ms: eb.ref('excluded.to_ms') })),
            )
            .execute();
        await trx
          .insertInto('center_uptime')
          .values({ from_ms: uptime.fromMs, to_ms: uptime.toMs })
          .onConflict((conflict) =>
            conflict.column('from_ms').doUpdateSet((eb) => ({ to_ms: eb.ref('excluded.to_ms') })),
          )
          .execute();
      });
    },

    async lastHeard() {
      const live = await db
        .selectFrom('contacts')
        .select((eb) => ['device' as const, eb.fn.max('to_ms').as('at')])
        .groupBy('device')
        .execute();
      const journals = await db
        .selectFrom('journal_boots')
        .select((eb) => ['device' as const, eb.fn.max('last_receipt_ms').as('at')])
        .groupBy('device')
        .execute();
      const heard = new Map<DeviceId, number>();
      for (const { device, at } of [...live, ...journals]) {
        const id = device as DeviceId;
        heard.set(id, Math.max(heard.get(id) ?? 0, Number(at)));
      }
      return heard;
    },
  };
}
