import type { DayInterval, ScreenDay } from '../../../shared/assessment/assessment.schema.ts';
import { windowsOfDay } from '../../../shared/assessment/required-hours.ts';
import { DAY_S, dayNumberOfLocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';

/** Half-open stretch of Unix seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A drawn stretch of one lane; `tone` names its look, `text` what it says when there is room. */
export interface Piece extends Span {
  readonly tone: string;
  readonly text: string;
  /** Drawn at 35 %: time that does not count. */
  readonly faint: boolean;
}

export interface Lane {
  readonly key: 'required' | 'exempt' | 'screen' | 'grade' | 'source' | 'picture' | 'on' | 'used';
  readonly pieces: readonly Piece[];
}

/** Whether an interval counts in S: required and not exempt. */
export function isCounted(interval: DayInterval): boolean {
  return interval.required && !interval.exempt;
}

/** What an interval is counted as, in the words of the 计入 column. */
export function countedAs(
  interval: DayInterval,
): '开机 使用' | '开机' | '不计' | '未知' | '免考核' | '非应开机' {
  if (!interval.required) return '非应开机';
  if (interval.exempt) return '免考核';
  if (interval.state === 'unknown') return '未知';
  if (interval.state === 'off') return '不计';
  return interval.content ? '开机 使用' : '开机';
}

const CAUSE_ZH = {
  center: '播控中心停了',
  link: '断网，日志未回传',
  mains: '停电',
  panel: '面板报告关',
  device: '终端故障',
  content: '内容问题',
  'not-known': '原因不明',
} as const satisfies Record<NonNullable<DayInterval['cause']>, string>;

/** The 依据 column: what the state rests on. */
export function evidenceText(interval: DayInterval): string {
  if (interval.state === 'on') return interval.grade === 'A' ? 'A 面板确认' : 'B 仅渲染';
  if (interval.state === 'off' && interval.grade === 'A') return 'A 面板报告关';
  return interval.cause === null ? '原因不明' : CAUSE_ZH[interval.cause];
}

/** The 来源 column. */
export function sourceText(interval: DayInterval): string {
  if (interval.state === 'unknown') return '—';
  return interval.verified ? '核实' : '自报';
}

/** The 画面 column. */
export function pictureText(interval: DayInterval): string {
  if (interval.state !== 'on') return '—';
  return interval.content ? '内容' : '垫片或无画面';
}

const HOUR_S = 3600;
const MARGIN_S = 2 * HOUR_S;

/**
 * What the time axis spans: the required hours with two hours either side, widened to all that was
 * on, whole hours; the day itself when nothing was required.
 */
export function dayExtent(day: ScreenDay): Span {
  const midnight = midnightOfLocalDay(day.day);
  const required = windowsOfDay(dayNumberOfLocalDay(day.day), day.requiredHours);
  const on = day.intervals.filter((interval) => interval.state === 'on' || isCounted(interval));
  if (required.length === 0 && on.length === 0) return { start: midnight, end: midnight + DAY_S };
  const first = Math.min(
    ...required.map((span) => Math.max(midnight, span.start - MARGIN_S)),
    ...on.map((span) => span.start),
  );
  const last = Math.max(
    ...required.map((span) => Math.max(span.end, Math.min(midnight + DAY_S, span.end + MARGIN_S))),
    ...on.map((span) => span.end),
  );
  return {
    start: midnight + Math.floor((first - midnight) / HOUR_S) * HOUR_S,
    end: midnight + Math.ceil((last - midnight) / HOUR_S) * HOUR_S,
  };
}

/** Joins neighbours that look alike. */
function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.end === piece.start &&
      last.tone === piece.tone &&
      last.text === piece.text &&
      last.faint === piece.faint
    )
      joined[joined.length - 1] = { ...last, end: piece.end };
    else joined.push(piece);
  }
  return joined;
}

const STATE_ZH = { on: '开', off: '关', unknown: '未知' } as const;

/** The lanes of one screen's day, top to bottom (look: screen-day). */
export function lanesOf(day: ScreenDay): Lane[] {
  const lane = (
    key: Lane['key'],
    piece: (interval: DayInterval) => Omit<Piece, 'start' | 'end'> | null,
  ): Lane => ({
    key,
    pieces: joinPieces(
      day.intervals.flatMap((interval) => {
        const look = piece(interval);
        return look === null ? [] : [{ start: interval.start, end: interval.end, ...look }];
      }),
    ),
  });
  const required: Lane = {
    key: 'required',
    pieces: windowsOfDay(dayNumberOfLocalDay(day.day), day.requiredHours).map((span) => ({
      ...span,
      tone: 'required',
      text: '',
      faint: false,
    })),
  };
  return [
    required,
    lane('exempt', (one) => (one.exempt && one.required ? { tone: 'exempt', text: '', faint: false } : null)),
    lane('screen', (one) => ({
      tone: one.state,
      text: STATE_ZH[one.state],
      faint: !isCounted(one) && one.state !== 'on',
    })),
    lane('grade', (one) => {
      if (one.grade === null || one.state === 'unknown') return null;
      return one.grade === 'A'
        ? { tone: 'strong', text: 'A 面板确认', faint: false }
        : { tone: 'weak', text: 'B 仅渲染', faint: false };
    }),
    lane('source', (one) => {
      if (one.state === 'unknown' || (one.state === 'off' && !isCounted(one))) return null;
      return one.verified
        ? { tone: 'strong', text: '核实', faint: false }
        : { tone: 'weak', text: '自报', faint: false };
    }),
    lane('picture', (one) => {
      if (one.state !== 'on') return null;
      return one.content
        ? { tone: 'content', text: '内容', faint: false }
        : { tone: 'filler', text: '垫片等，不计使用', faint: false };
    }),
    lane('on', (one) =>
      isCounted(one) && one.state === 'on' ? { tone: 'counted-on', text: '', faint: false } : null,
    ),
    lane('used', (one) =>
      isCounted(one) && one.state === 'on' && one.content
        ? { tone: 'counted-used', text: '', faint: false }
        : null,
    ),
  ];
}

/** What of the lanes lies inside `extent`. */
export function clipLanes(lanes: readonly Lane[], extent: Span): Lane[] {
  return lanes.map(({ key, pieces }) => ({
    key,
    pieces: pieces
      .map((piece) => ({
        ...piece,
        start: Math.max(piece.start, extent.start),
        end: Math.min(piece.end, extent.end),
      }))
      .filter((piece) => piece.start < piece.end),
  }));
}

/** Hour marks of an axis `width` pixels wide, at least `apart` pixels from each other. */
export function hourTicks(extent: Span, width: number, apart: number): number[] {
  const hours = (extent.end - extent.start) / HOUR_S;
  const step = [1, 2, 3, 4, 6, 12].find((n) => (width / hours) * n >= apart) ?? 24;
  const ticks: number[] = [];
  for (let at = 0; at <= hours; at += step) ticks.push(extent.start + at * HOUR_S);
  return ticks;
}
