import type { LiveScreen } from '../../../shared/telemetry/live-screen.schema.ts';

const WAITING_ZH = {
  unclaimed: '还没登记',
  'no-plan': '还没有播出单',
  fetching: '正在下载节目',
  starting: '正在启动',
} as const;

/** The classes of schedules in words. */
export const CLASS_ZH = { mandatory: '必播', rotation: '轮播', filler: '垫片' } as const;

const PANEL_ZH = { on: '面板开', off: '面板关', unreadable: '面板读不到' } as const;

/** What a screen shows, in one line. */
export function showingText({ showing }: Pick<LiveScreen, 'showing'>): string {
  switch (showing.kind) {
    case 'item':
      return showing.title;
    case 'filler':
      return '垫片';
    case 'waiting':
      return WAITING_ZH[showing.reason];
    default:
      return showing satisfies never;
  }
}

/** What the panel says of itself. */
export function panelText({ panel }: Pick<LiveScreen, 'panel'>): string {
  return PANEL_ZH[panel];
}

/** A list row with what was heard of it since; older news never win. */
export function withNews<Row extends LiveScreen>(row: Row, news: LiveScreen | undefined): Row {
  return news === undefined || Math.max(news.lastBeatMs, news.sinceMs) < Math.max(row.lastBeatMs, row.sinceMs)
    ? row
    : { ...row, ...news };
}
