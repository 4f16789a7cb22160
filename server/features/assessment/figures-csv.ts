import type { RegionFigure, RegionFigures } from '../../../shared/assessment/assessment.schema.ts';
import { CSV_START, csvLine } from '../../../shared/core/csv.ts';
import {
  exemptShare,
  gradeAShare,
  occupancyRate,
  onRate,
  onRateUpper,
  rateText,
  unknownShare,
  usedRate,
  usedRateUpper,
  verifiedShare,
} from '../../../shared/assessment/format.ts';

const COLUMNS: readonly (readonly [
  string,
  (row: RegionFigure, figures: RegionFigures) => string | number,
])[] = [
  ['日期', (_, figures) => figures.day],
  ['区划代码', (row) => row.region],
  ['名称', (row) => row.name],
  ['上级', (row) => row.parentName],
  ['在册大屏', (row) => row.counts.inService],
  ['其中演示', (row) => row.counts.demo],
  ['未联系', (row) => row.counts.neverContacted],
  ['此刻在线', (row) => row.counts.online],
  ['当日应开', (row) => row.counts.dueToday],
  ['当日已开', (row) => row.counts.onToday],
  ['应开机秒数（扣除免考核）', (row) => row.sums.requiredS],
  ['免考核秒数', (row) => row.sums.exemptS],
  ['开机秒数', (row) => row.sums.onS],
  ['关机秒数', (row) => row.sums.offS],
  ['未知秒数', (row) => row.sums.unknownS],
  ['使用秒数', (row) => row.sums.usedS],
  ['开机率（时长）%', (row) => rateText(onRate(row.sums))],
  ['开机率上限%', (row) => upper(row, rateText(onRateUpper(row.sums)))],
  ['使用率%', (row) => rateText(usedRate(row.sums))],
  ['使用率上限%', (row) => upper(row, rateText(usedRateUpper(row.sums)))],
  ['内容占用率%', (row) => rateText(occupancyRate(row.sums))],
  ['未知占比%', (row) => rateText(unknownShare(row.sums))],
  ['免考核占比%', (row) => rateText(exemptShare(row.sums))],
  ['核实占比%', (row) => rateText(verifiedShare(row.sums))],
  ['A级证据占比%', (row) => rateText(gradeAShare(row.sums))],
  ['结算', (_, figures) => (figures.settled ? '已结算' : '未结算')],
  ['统计口径版本', (_, figures) => figures.metricVersion],
];

/** Where no screen was ever heard from there is no upper end (ACCOUNTING.md rule 20). */
function upper(row: RegionFigure, text: string): string {
  return row.counts.inService > 0 && row.counts.neverContacted === row.counts.inService ? '未联系' : text;
}

/** The table as CSV (RFC 4180) in UTF-8 with a byte order mark, so that Excel reads the Chinese. */
export function figuresCsv(figures: RegionFigures): string {
  const lines = [
    COLUMNS.map(([title]) => title),
    ...[...figures.rows, { ...figures.total, name: `${figures.total.name}（合计）` }].map((row) =>
      COLUMNS.map(([, value]) => value(row, figures)),
    ),
  ];
  return CSV_START + lines.map(csvLine).join('');
}
