import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { readAuditAnchor } from '../../server/infra/audit-anchor.ts';
import { DATABASE_FILE } from '../../server/infra/database/database.ts';
import { storedEntryOf } from '../../server/infra/database/stores/audit.store.ts';
import type { AuditTable } from '../../server/infra/database/tables/core.ts';
import type { AuditHead, AuditVerdict } from '../../shared/audit/audit.schema.ts';
import { beginChainCheck } from '../../shared/audit/check-chain.ts';

/**
 * Checks the log in a data folder without changing anything there, whether a center holds it or not.
 * @param noted a head that was noted down before, or `null`.
 * @throws Error, in Chinese, where there is no log to look at.
 */
export function verifyFolder(folder: string, noted: AuditHead | null): AuditVerdict {
  const path = join(folder, DATABASE_FILE);
  if (!existsSync(path)) throw new Error(`${folder} 里没有 ${DATABASE_FILE}：用 --data 指明数据目录`);
  // Before the log, which only grows: it holds all that the anchor said.
  const check = beginChainCheck({ anchor: readAuditAnchor(folder), noted });
  const db = new SQLite(path, { readonly: true, timeout: 5_000 });
  try {
    // One statement sees one state, however much is appended meanwhile.
    for (const row of db.prepare('SELECT * FROM audit ORDER BY seq').iterate())
      check.take([storedEntryOf(row as AuditTable)]);
  } catch (error) {
    throw new Error(`${path} 读不了：${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    db.close();
  }
  return check.verdict();
}
