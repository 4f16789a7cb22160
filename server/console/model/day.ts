import type { DayInterval, ScreenDay } from '../../../shared/assessment/assessment.schema.ts';
import { windowsOfDay } from '../../../shared/assessment/required-hours.ts';
import { DAY_S, dayNumberOfLocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';
import { shortSpanText, spanWords } from './format.ts';

/** Half-open stretch of Unix seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A drawn stretch of one lane; `tone` names its look, `text` what it says when there is room. */
export interface Piece extends Span {
  readonly tone: string;
  readonly text: string;
  /** What it says instead where the text does not fit. */
  readonly short: string;
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

/** A stretch that says how long it is. */
function inWords(piece: Piece): Piece {
  const seconds = piece.end - piece.start;
  return { ...piece, text: spanWords(seconds), short: shortSpanText(seconds) };
}

/** A stretch that says what it adds to which sum: `P 6:00`. */
function inSum(symbol: 'P' | 'U'): (piece: Piece) => Piece {
  return (piece) => ({
    ...piece,
    text: `${symbol} ${shortSpanText(piece.end - piece.start)}`,
    short: symbol,
  });
}

/** The lanes of one screen's day, top to bottom (look: screen-day). */
export function lanesOf(day: ScreenDay): Lane[] {
  const lane = (
    key: Lane['key'],
    piece: (interval: DayInterval) => Omit<Piece, 'start' | 'end' | 'short'> | null,
    label: (piece: Piece) => Piece = (piece) => piece,
  ): Lane => ({
    key,
    pieces: joinPieces(
      day.intervals.flatMap((interval) => {
        const look = piece(interval);
        if (look === null) return [];
        const short = look.text.split(/[ ，]/)[0] ?? '';
        return [{ start: interval.start, end: interval.end, short, ...look }];
      }),
    ).map(label),
  });
  const required: Lane = {
    key: 'required',
    pieces: windowsOfDay(dayNumberOfLocalDay(day.day), day.requiredHours).map((span) =>
      inWords({ ...span, tone: 'required', text: '', short: '', faint: false }),
    ),
  };
  return [
    required,
    lane(
      'exempt',
      (one) => (one.exempt && one.required ? { tone: 'exempt', text: '', faint: false } : null),
      inWords,
    ),
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
    lane(
      'on',
      (one) => (isCounted(one) && one.state === 'on' ? { tone: 'counted-on', text: '', faint: false } : null),
      inSum('P'),
    ),
    lane(
      'used',
      (one) =>
        isCounted(one) && one.state === 'on' && one.content
          ? { tone: 'counted-used', text: '', faint: false }
          : null,
      inSum('U'),
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

/** Shortest axis that zooming leads to. */
const ZOOM_MIN_S = 600;

/** An axis three times as long as `focus`, around it, inside `extent`; at least ten minutes. */
export function zoomExtent(extent: Span, focus: Span): Span {
  const full = extent.end - extent.start;
  const length = Math.min(full, Math.max(ZOOM_MIN_S, (focus.end - focus.start) * 3));
  const middle = (focus.start + focus.end) / 2;
  const start = Math.min(extent.end - length, Math.max(extent.start, middle - length / 2));
  return { start: Math.floor(start / 60) * 60, end: Math.floor(start / 60) * 60 + length };
}

const TICK_STEPS_S = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200] as const;

/** Marks of an axis `width` pixels wide, at round times, at least `apart` pixels from each other. */
export function timeTicks(extent: Span, width: number, apart: number): number[] {
  const length = extent.end - extent.start;
  const step = TICK_STEPS_S.find((seconds) => (width / length) * seconds >= apart) ?? DAY_S;
  // Marks of hours count from the axis's own beginning, which is a whole hour; shorter ones from the clock.
  const base = step < HOUR_S ? 0 : Math.floor(extent.start / HOUR_S) * HOUR_S;
  const ticks: number[] = [];
  for (let at = base + Math.ceil((extent.start - base) / step) * step; at <= extent.end; at += step)
    ticks.push(at);
  return ticks;
}
