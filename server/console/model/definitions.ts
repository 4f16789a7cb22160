import type { FigureSums, ScreenCounts } from '../../../shared/assessment/assessment.schema.ts';
import { countText, hoursText } from './format.ts';
import { NOTHING } from './format.ts';
import { percentText } from './percent.ts';
import { isNeverContacted, rateOf, shareOf } from './rates.ts';

export type FigureName = 'on' | 'used' | 'states' | 'today' | 'evidence' | 'counts';

/** What stands behind a figure, for its ⓘ (DESIGN.md section 7). */
export interface Definition {
  readonly title: string;
  readonly text: string;
  /** Left side, numerator, denominator, value. */
  readonly formula: {
    readonly name: string;
    readonly top: string;
    readonly bottom: string;
    readonly value: string;
  } | null;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** Writes the definition of a figure with the sums that made it. */
export function definitionOf(name: FigureName, sums: FigureSums, counts: ScreenCounts): Definition {
  const silent = isNeverContacted(counts);
  switch (name) {
    case 'on':
      return {
        title: '开机率（时长）',
        text: '应开机时段里，有证据证明屏幕开着的时间占多少。所有屏的秒数相加后再相除，不是各屏比率的平均。',
        formula: {
          name: '开机率',
          top: `ΣP 实开机 ${hoursText(sums.onS, sums.requiredS)}`,
          bottom: `ΣS 应开机 ${hoursText(sums.requiredS)}`,
          value: percentText(shareOf(sums.onS, sums.requiredS)),
        },
        facts: [
          { label: '应开机已扣免考核', value: hoursText(sums.exemptS, sums.requiredS) },
          { label: '为什么是区间', value: `${percentText(shareOf(sums.unknownS, sums.requiredS))} 时长未知` },
          { label: '上限 Σ(P + 未知) / ΣS', value: upperText('on', sums, silent) },
          { label: '从没联系过的大屏', value: `${countText(counts.neverContacted)} 台，按未开机或未知计` },
          { label: '结算后', value: '未知按未开机计' },
        ],
      };
    case 'used':
      return {
        title: '使用率',
        text: '应开机时段里，屏幕开着并且真在放已审核内容的时间占多少。垫片、定格、演练不算。',
        formula: {
          name: '使用率',
          top: `ΣU 使用 ${hoursText(sums.usedS, sums.requiredS)}`,
          bottom: `ΣS 应开机 ${hoursText(sums.requiredS)}`,
          value: percentText(shareOf(sums.usedS, sums.requiredS)),
        },
        facts: [
          { label: '上限 Σ(U + 未知) / ΣS', value: upperText('used', sums, silent) },
          { label: '内容占用率 ΣU / ΣP', value: percentText(shareOf(sums.usedS, sums.onS)) },
          { label: '结算后', value: '未知按未使用计' },
        ],
      };
    case 'states':
      return {
        title: '应开机时段里的三种状态',
        text: '开要有证据；关是面板报告关，或两次启动之间日志不缺号；其余都是未知，单列，不并进开或关。',
        formula: null,
        facts: [
          { label: '开', value: hoursText(sums.onS, sums.requiredS) },
          { label: '关', value: hoursText(sums.offS, sums.requiredS) },
          { label: '未知', value: hoursText(sums.unknownS, sums.requiredS) },
          { label: '合计 ΣS', value: hoursText(sums.requiredS) },
        ],
      };
    case 'today':
      return {
        title: '今日开机',
        text: '今天到现在该开的大屏里，今天开过的占多少台。随时在变，不作考核。在线只说明现在连着，不等于开机。',
        formula: {
          name: '今日开机',
          top: `今天开过 ${countText(counts.onToday)} 台`,
          bottom: `今天该开 ${countText(counts.dueToday)} 台`,
          value: percentText(shareOf(counts.onToday, counts.dueToday)),
        },
        facts: [],
      };
    case 'evidence':
      return {
        title: '数据依据',
        text: '核实：播控中心当时连着、亲眼看到。自报：只有终端日志。A 级：面板自己确认开着（CEC、DDC、传感器）。B 级：只有渲染在走。',
        formula: {
          name: '核实占比',
          top: `核实 ${hoursText(sums.verifiedS)}`,
          bottom: `ΣP 实开机 ${hoursText(sums.onS, sums.requiredS)}`,
          value: percentText(shareOf(sums.verifiedS, sums.onS)),
        },
        facts: [
          { label: 'A 级时长', value: hoursText(sums.gradeAS) },
          { label: 'B 级时长', value: hoursText(sums.onS - sums.gradeAS) },
        ],
      };
    case 'counts':
      return {
        title: '大屏台数',
        text: '在役：装好并在考核期内。在线：现在连着播控中心，只供运维。应开：此刻在应开机时段里。未联系：装好后一次也没连上过，开机率没有上限。',
        formula: null,
        facts: [
          { label: '在役', value: `${countText(counts.inService)} 台` },
          { label: '在线', value: `${countText(counts.online)} 台` },
          { label: '应开', value: `${countText(counts.dueNow)} 台` },
          { label: '未联系', value: `${countText(counts.neverContacted)} 台` },
        ],
      };
    default:
      return name satisfies never;
  }
}

function upperText(kind: 'on' | 'used', sums: FigureSums, silent: boolean): string {
  if (silent) return '没有，全部未联系';
  return percentText(rateOf(kind, sums, false)?.upper ?? null) || NOTHING;
}
