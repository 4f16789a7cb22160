import type { AuditEntry } from '../../../shared/audit/audit.schema.ts';
import { canonicalText } from '../../../shared/core/canonical.ts';
import { CSV_START, csvLine } from '../../../shared/core/csv.ts';
import { SHANGHAI_OFFSET_S } from '../../../shared/core/time.ts';

const COLUMNS: readonly (readonly [string, (entry: AuditEntry) => string | number])[] = [
  ['序号', ({ seq }) => seq],
  ['时间', ({ atMs }) => localText(atMs)],
  ['毫秒时间戳', ({ atMs }) => atMs],
  ['操作者编号', ({ actor }) => actor],
  ['操作者', ({ actorName }) => actorName],
  ['动作', ({ action }) => action],
  ['对象', ({ subject }) => subject],
  ['详情', ({ detail }) => canonicalText(detail)],
  ['前一条哈希', ({ previous }) => previous],
  ['哈希', ({ hash }) => hash],
];

/** How the exported log begins. */
export const AUDIT_CSV_HEAD = CSV_START + csvLine(COLUMNS.map(([title]) => title));

/** One entry as a line, with both hashes, so that the chain can be checked from the file alone. */
export function auditCsvLine(entry: AuditEntry): string {
  return csvLine(COLUMNS.map(([, value]) => value(entry)));
}

/** `2026-11-20 08:00:00` in Henan. */
function localText(ms: number): string {
  return new Date(ms + SHANGHAI_OFFSET_S * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
