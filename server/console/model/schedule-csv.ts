import { CSV_START, csvLine } from '../../../shared/core/csv.ts';
import type { ScheduleRow } from '../../../shared/schedule/apply.api.ts';
import { TIER_ZH } from '../../../shared/region/tier.ts';
import { momentText } from './format.ts';
import { SCHEDULE_STATE_ZH, daysText, validityText, windowsText } from './schedule-words.ts';
import { CLASS_ZH } from './showing.ts';

const HEAD = [
  '编号',
  '名称',
  '状态',
  '类别',
  '层级',
  '发布区划',
  '区划代码',
  '节目单',
  '日子',
  '时段',
  '有效期',
  '版本',
  '上次改动',
];

/** The list as a spreadsheet opens it. */
export function schedulesCsv(rows: readonly ScheduleRow[]): string {
  const lines = rows.map((row) => [
    row.id,
    row.name,
    SCHEDULE_STATE_ZH[row.state],
    CLASS_ZH[row.class],
    TIER_ZH[row.tier],
    row.regionName,
    row.region,
    row.playlistName,
    daysText(row.days),
    windowsText(row.windows, 48),
    validityText(row.validity),
    String(row.version),
    momentText(row.changedAtMs),
  ]);
  return CSV_START + [HEAD, ...lines].map(csvLine).join('');
}
