import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Sequence numbers read at a time while the mark moves over what came before its turn. */
const CHUNK = 2_000;

/**
 * The mark of a boot, from where it stood: the largest n whose 1..n are each held (quarantined ones
 * too) or declared lost (DESIGN.md section 6).
 */
export async function nextMark(
  trx: Transaction<Tables>,
  device: string,
  boot: string,
  from: number,
): Promise<number> {
  const lost = await trx
    .selectFrom('journal_lost')
    .select(['from_seq', 'to_seq'])
    .where('device', '=', device)
    .where('boot', '=', boot)
    .where('to_seq', '>', from)
    .execute();
  let mark = from;
  for (;;) {
    const jump = overLost(lost, mark);
    const rows = await trx
      .selectFrom('journal_records')
      .select('seq')
      .where('device', '=', device)
      .where('boot', '=', boot)
      .where('seq', '>', jump)
      .orderBy('seq')
      .limit(CHUNK)
      .execute();
    let reached = jump;
    for (const { seq } of rows) {
      if (seq > reached + 1) reached = overLost(lost, reached);
      if (seq > reached + 1) break;
      reached = Math.max(reached, seq);
    }
    reached = overLost(lost, reached);
    if (reached === mark) return mark;
    mark = reached;
  }
}

/** The end of the lost ranges that join on after `mark`. */
function overLost(lost: readonly { from_seq: number; to_seq: number }[], mark: number): number {
  let reached = mark;
  for (;;) {
    const next = lost.find((range) => range.from_seq <= reached + 1 && range.to_seq > reached);
    if (next === undefined) return reached;
    reached = next.to_seq;
  }
}

/** Notes, in the transaction of the records, that what they concern has to be assessed anew. */
export async function markPending(
  trx: Transaction<Tables>,
  range: { readonly device: string; readonly boot: string; readonly first: number; readonly last: number },
): Promise<void> {
  const { device, boot, first, last } = range;
  const known = await trx
    .selectFrom('pending_evidence')
    .selectAll()
    .where('device', '=', device)
    .where('boot', '=', boot)
    .executeTakeFirst();
  const wider = {
    first_seq: Math.min(first, known?.first_seq ?? first),
    last_seq: Math.max(last, known?.last_seq ?? last),
  };
  await trx
    .insertInto('pending_evidence')
    .values({ device, boot, ...wider })
    .onConflict((conflict) => conflict.columns(['device', 'boot']).doUpdateSet(wider))
    .execute();
}
