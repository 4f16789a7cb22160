import type { RecordPage } from '../../../shared/assessment/assessment.schema.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { clockText, countText, spanWords } from './format.ts';

export type PlacedRecord = RecordPage['records'][number];

/** A journal record as one line that a person can read. */
export interface RecordLine {
  readonly key: string;
  readonly seq: number;
  readonly kind: string;
  /** Where it lies in center time, or that it cannot be placed. */
  readonly when: string;
  readonly text: string;
  /** The chain's hash up to it, shortened. */
  readonly digest: string;
  readonly quarantined: boolean;
}

const EXCEPTION_ZH = {
  late: '晚了',
  failed: '没放成',
  'stood-in': '用替补顶上',
  cut: '被截断',
  frozen: '画面定住',
} as const;

const QUARANTINE_PREFIX = '不计：';

/** Shortens a hash: `9f3c…71e1`. */
export function shortHash(hash: string): string {
  return hash.length <= 9 ? hash : `${hash.slice(0, 4)}…${hash.slice(-4)}`;
}

/** Writes one record with where it lies. */
export function recordLine(placed: PlacedRecord): RecordLine {
  const { record, hash, fromMs, toMs, quarantine } = placed;
  return {
    key: hash,
    seq: record.seq,
    kind: record.kind,
    when: whenText(fromMs, toMs),
    text: quarantine === null ? textOf(record) : `${QUARANTINE_PREFIX}${quarantine}，${textOf(record)}`,
    digest: shortHash(hash),
    quarantined: quarantine !== null,
  };
}

function whenText(fromMs: number | null, toMs: number | null): string {
  if (fromMs === null) return '时间未定';
  if (toMs === null || toMs === fromMs) return clockText(fromMs);
  return `${clockText(fromMs)}–${clockText(toMs)}`;
}

function textOf(record: JournalRecord): string {
  const span = (one: { readonly from: number; readonly to: number }) =>
    spanWords(Math.floor((one.to - one.from) / 1000));
  switch (record.kind) {
    case 'boot':
      return `终端启动，${record.panelReadable ? '面板可读' : '面板读不到'}，${record.renderer} ${record.version}${
        record.previous === null ? '，第一次启动' : `，上次到 #${record.previous.lastSeq}`
      }`;
    case 'power':
      return `通电 ${span(record)}，画出 ${countText(record.painted)} 帧`;
    case 'panel':
      return `面板报告${record.state === 'on' ? '开' : '关'} ${span(record)}`;
    case 'run':
      return `按播出单 ${shortHash(record.plan)} 播 ${span(record)}，${record.items} 条，${countText(record.frames)} 帧，证明 ${shortHash(record.proof)}`;
    case 'exception':
      return `${EXCEPTION_ZH[record.cause]}${record.to - record.from < 1000 ? '' : ` ${span(record)}`}${record.schedule === null ? '' : `，排期 ${record.schedule}`}${
        record.detail === '' ? '' : `，${record.detail}`
      }`;
    case 'switch':
      return `换到播出单 ${shortHash(record.plan)}`;
    case 'refusal':
      return `拒收${{ assignment: '派单', plan: '播出单', asset: '素材', denials: '撤播清单' }[record.what]}：${record.code}`;
    case 'lost':
      return `声明丢失 #${record.fromSeq}–#${record.toSeq}`;
    default:
      return record satisfies never;
  }
}
