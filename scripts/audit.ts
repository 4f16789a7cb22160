import process from 'node:process';
import { parseArgs } from 'node:util';
import { sha256Schema } from '../shared/core/ids.ts';
import type { AuditHead } from '../shared/audit/audit.schema.ts';
import { verifyFolder } from './audit/verify-folder.ts';
import { wordsOf } from './audit/words.ts';

/** Exit codes: 0 the log is as it was written, 1 it is not, 2 it could not be looked at. */
const EXIT = { ok: 0, broken: 1, unusable: 2 } as const;

const HELP = `审计日志校验：改过、删过、插过、调过顺序、截过尾，都指得出来。只读，中心开着关着都能用。
Checks the audit log of a data folder, read-only, whether the center runs or not.

用法：npm run audit -- verify [--data 数据目录] [--head 序号:哈希]

  --data  数据目录；不填用 KEPU_DATA，再不填用 ./data
  --head  以前记在别处的日志头（每次校验都会打印）：锚点连同日志一起被退回旧状态，也能发现

退出码：0 完好；1 有问题；2 看不了`;

process.exitCode = run(process.argv.slice(2));

function run(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { data: { type: 'string' }, head: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) {
      process.stdout.write(`${HELP}\n`);
      return EXIT.ok;
    }
    if (positionals.join(' ') !== 'verify') throw new TypeError(HELP);
    const folder = values.data ?? process.env['KEPU_DATA'] ?? './data';
    const verdict = verifyFolder(folder, values.head === undefined ? null : parseHead(values.head));
    process.stdout.write(`${wordsOf(verdict).join('\n')}\n`);
    return verdict.ok ? EXIT.ok : EXIT.broken;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.unusable;
  }
}

function parseHead(text: string): AuditHead {
  const [seq = '', hash = ''] = text.split(':');
  const parsed = sha256Schema.safeParse(hash);
  if (!/^[1-9]\d{0,14}$/.test(seq) || !parsed.success)
    throw new TypeError('--head 要写成 序号:哈希，例如 1024:9f86d0…（64 位十六进制）');
  return { seq: Number(seq), hash: parsed.data };
}
