import type { ContentChange } from '../../shared/schedule/apply.api.ts';
import type { StandingName } from '../../shared/plan/explain.api.ts';
import type { ScheduleClass } from '../../shared/schedule/schedule.schema.ts';
import type { Reason } from '../../shared/schedule/timeline.ts';

export const CLASS_ZH: Readonly<Record<ScheduleClass, string>> = {
  mandatory: '必播',
  rotation: '轮播',
  filler: '垫片',
};

export const REASON_ZH: Readonly<Record<Reason, string>> = {
  'mandatory-start': '必播时段开始，准点硬开始',
  'mandatory-repeat': '必播时段内，下一项放得下，接着播',
  'mandatory-resumed': '必播被更高的必播或保留时段占过，回来接着播下一项',
  'fair-share': '没有必播；各级按配额分时，轮到它（开始标签最小）',
  'filler-schedule': '没有必播和轮播，播垫片排期',
  'nothing-fits': '有排期，但在下一个边界前放不下，先播垫片',
  'nothing-scheduled': '什么都没排，播终端自带垫片',
};

export const STANDING_ZH: Readonly<Record<StandingName, string>> = {
  'on-air': '正在播',
  closed: '不在时段内',
  reserved: '时段被上级保留',
  denied: '已撤播',
  empty: '节目单是空的',
  'no-quota': '本级配额是 0',
  outranked: '让给排在前面的',
  'played-once': '本时段已播过一遍',
  waiting: '按配额等轮到',
  'does-not-fit': '下一项在边界前放不下',
  'not-cut': '正在播的这一项先播完',
};

export const KIND_ZH: Readonly<Record<ContentChange['kind'], string>> = {
  asset: '素材',
  playlist: '节目单',
  schedule: '排期',
  quota: '配额',
  reserved: '保留时段',
  review: '审核要求',
};

export const CHANGE_ZH: Readonly<Record<ContentChange['change'], string>> = {
  created: '新增',
  updated: '修改',
  removed: '下播',
};
