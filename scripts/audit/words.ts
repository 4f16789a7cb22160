import type { AuditVerdict } from '../../shared/audit/audit.schema.ts';

/** A verdict in lines for whoever asked. */
export function wordsOf({ ok, entries, head, anchor, unanchored, findings }: AuditVerdict): string[] {
  return [
    ok ? `审计日志完好：${entries} 条` : `审计日志有问题：${entries} 条里找到 ${findings.length} 处`,
    ...findings.map(({ zh }) => `  ✗ ${zh}`),
    ...(head === null ? [] : [`日志头 ${head.seq}:${head.hash}（抄在别处，下次用 --head 核对）`]),
    ...(anchor === null ? [] : [`锚点在第 ${anchor.seq} 条`]),
    ...(unanchored > 0
      ? [`锚点之后还有 ${unanchored} 条：中心在写锚点之前被中断时会有几条，多了就要查`]
      : []),
  ];
}
