import type { DayInterval } from '../../../shared/assessment/assessment.schema.ts';
import type { BootId, Sha256 } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { localDayAt } from '../../../shared/core/time.ts';
import type { Explanation, Words } from '../../../shared/plan/explain.api.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import type { AssessmentService } from '../assessment/assessment.service.ts';

type Shown = NonNullable<Explanation['shown']>;

const CAUSE_WORDS: Readonly<Record<NonNullable<DayInterval['cause']>, Words>> = {
  center: { zh: '中心停过', en: 'the center was down' },
  link: { zh: '断网，日志还没有传上来', en: 'the link is down and the journal has not come' },
  mains: { zh: '停电', en: 'mains power was lost' },
  panel: { zh: '屏幕关着', en: 'the panel was off' },
  device: { zh: '终端没有运行', en: 'the device did not run' },
  content: { zh: '节目播不出', en: 'the content failed' },
  'not-known': { zh: '原因不明', en: 'the cause is not known' },
};

const EXCEPTION_WORDS: Readonly<Record<(JournalRecord & { kind: 'exception' })['cause'], Words>> = {
  late: { zh: '开始晚了', en: 'It began late' },
  failed: { zh: '这一项播出失败', en: 'The item failed' },
  'stood-in': { zh: '这一项播不出，用别的顶替', en: 'Something stood in for the item' },
  cut: { zh: '这一项被打断', en: 'The item was cut' },
  frozen: { zh: '画面卡住了', en: 'The picture froze' },
};

/**
 * What the journal says was really shown at an instant gone by: an exception says what differed, a run
 * that the plan was followed, the day's intervals that the screen was off or that nothing is known.
 * @param planned the plan in force then
 */
export async function shownAt(
  assessment: Pick<AssessmentService, 'screenDay' | 'records'>,
  screen: Screen,
  { at, planned }: { readonly at: Instant; readonly planned: Sha256 },
): Promise<Shown> {
  const { intervals } = await assessment.screenDay(screen.id, localDayAt(at));
  const held = intervals.find((one) => one.start <= at && at < one.end);
  if (held === undefined) return nothingKnown({ zh: '日志里没有这一刻', en: 'The journal does not say' });
  const found = await recordsAt(assessment, screen, held, at);
  const exception = found.find(({ record }) => record.kind === 'exception');
  if (exception?.record.kind === 'exception') {
    const { cause, detail, seq } = exception.record;
    const words = EXCEPTION_WORDS[cause];
    const more = detail === '' ? '' : `（${detail}）`;
    return {
      state: cause,
      words: { zh: `${words.zh}${more}`, en: `${words.en}${detail === '' ? '' : ` (${detail})`}` },
      boot: exception.boot,
      seq,
    };
  }
  const run = found.find(({ record }) => record.kind === 'run');
  if (held.state === 'on' && run?.record.kind === 'run') return followed(run.boot, run.record, planned);
  const cause = held.cause === null ? null : CAUSE_WORDS[held.cause];
  if (held.state === 'off')
    return {
      state: 'off',
      words: {
        zh: `屏是关的${cause === null ? '' : `：${cause.zh}`}`,
        en: `The screen was off${cause === null ? '' : `: ${cause.en}`}`,
      },
      boot: found[0]?.boot ?? null,
      seq: found[0]?.record.seq ?? null,
    };
  if (held.state === 'on')
    return nothingKnown({
      zh: '屏开着，但日志没有说播了什么',
      en: 'The screen was on, and the journal does not say what it showed',
    });
  return nothingKnown({
    zh: `还不知道播了什么${cause === null ? '' : `：${cause.zh}`}`,
    en: `What was shown is not known${cause === null ? '' : `: ${cause.en}`}`,
  });
}

/** A run covers the instant: the plan it names was followed, whether it is the one assigned then or not. */
function followed(boot: BootId, record: JournalRecord & { kind: 'run' }, planned: Sha256): Shown {
  const same = record.plan === planned;
  return {
    state: 'as-planned',
    words: same
      ? { zh: '日志证实：按时间线播出，没有例外', en: 'The journal confirms it: as planned, no exception' }
      : {
          zh: `日志说当时播的是另一份播出单（${record.plan.slice(0, 12)}）：新的还没有换上`,
          en: `The journal says another plan was followed (${record.plan.slice(0, 12)}): the new one was not on yet`,
        },
    boot,
    seq: record.seq,
  };
}

function nothingKnown(words: Words): Shown {
  return { state: 'unknown', words, boot: null, seq: null };
}

/** Records of a stretch that hold the instant, none of them quarantined. */
async function recordsAt(
  assessment: Pick<AssessmentService, 'records'>,
  screen: Screen,
  interval: DayInterval,
  at: Instant,
): Promise<{ readonly boot: BootId; readonly record: JournalRecord }[]> {
  const found: { boot: BootId; record: JournalRecord }[] = [];
  for (const { boot, first, last } of interval.records)
    for (let from = first; from <= last; ) {
      const page = await assessment.records(screen.id, { boot: boot as BootId, first: from, last });
      for (const { record, fromMs, toMs, quarantine } of page.records)
        if (quarantine === null && fromMs !== null && toMs !== null)
          if (Math.floor(fromMs / 1000) <= at && at < Math.max(Math.floor(toMs / 1000), fromMs / 1000 + 1))
            found.push({ boot: page.boot, record });
      const seen = page.records.at(-1)?.record.seq ?? last;
      from = Math.max(from, seen) + 1;
    }
  return found;
}
