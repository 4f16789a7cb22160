import type { RegionCode, ScheduleId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import { clockTextAt, localDayAt } from '../core/time.ts';
import type { Words } from '../plan/explain.api.ts';
import type { Plan, PlanSchedule } from '../plan/plan.schema.ts';
import { TIER_ZH, tierOf } from '../region/tier.ts';
import { LOOK_AHEAD_DAYS } from './explain-standing.ts';
import type { NamedDenial, Standing } from './explain-standing.ts';
import type { StandingStretch } from './explain.ts';
import type { ScheduleClass } from './schedule.schema.ts';
import type { Reason, TimelineEntry } from './timeline.ts';

/** Which rule decided, as a sentence. */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
  'mandatory-start': {
    zh: '必播时段开始，准点硬开始',
    en: 'A mandatory window opens; it starts hard, to the second',
  },
  'mandatory-repeat': {
    zh: '还在必播时段内，下一项放得下，接着播',
    en: 'Inside the mandatory window the next item fits and follows',
  },
  'mandatory-resumed': {
    zh: '必播时段被占用过，空出来后接着播下一项',
    en: 'The mandatory was displaced and goes on with its next item',
  },
  'fair-share': {
    zh: '没有必播；各级按配额分时，现在轮到它（它的开始标签最小）',
    en: 'No mandatory; the tiers share by quota and its start tag is the smallest',
  },
  'filler-schedule': {
    zh: '没有必播和轮播，播垫片排期',
    en: 'No mandatory and no rotation is open; a filler schedule shows',
  },
  'nothing-fits': {
    zh: '有排期在时段内，但下一项在边界前都放不下，先播垫片',
    en: 'Something is open, but no next item fits before its boundary; filler shows meanwhile',
  },
  'nothing-scheduled': {
    zh: '这一刻什么都没排，播终端自带垫片',
    en: 'Nothing is scheduled; the filler built into the player shows',
  },
};

export const CLASS_WORDS: Readonly<Record<ScheduleClass, Words>> = {
  mandatory: { zh: '必播', en: 'mandatory' },
  rotation: { zh: '轮播', en: 'rotation' },
  filler: { zh: '垫片', en: 'filler' },
};

/** What sentences need besides the standing: the names of things, and the day they are read on. */
export interface Naming {
  readonly plan: Plan;
  readonly denials: readonly NamedDenial[];
  readonly regionName: (region: RegionCode) => string;
  /** Times on another local day are written with their date. */
  readonly on: Instant;
}

/** Why a schedule stands as it does at an instant. `since`: when what is on came on. */
export function standingWords(
  standing: Standing,
  subject: PlanSchedule,
  naming: Naming & { readonly since?: Instant },
): Words {
  const time = timeOn(naming.on);
  switch (standing.name) {
    case 'on-air':
      return { zh: '正在播出', en: 'On air' };
    case 'empty':
      return { zh: '节目单里没有节目', en: 'Its playlist is empty' };
    case 'no-quota': {
      const tier = tierOf(subject.region);
      return {
        zh: `${TIER_ZH[tier]}级的配额是 0，这里不播${TIER_ZH[tier]}级轮播`,
        en: `The quota of tier ${tier} is 0 here`,
      };
    }
    case 'played-once':
      return { zh: '本时段只播一遍，已经播过', en: 'It plays once per window, and has played' };
    case 'closed':
      return closedWords(standing.opens, time);
    case 'reserved':
      return reservedWords(standing, naming, time);
    case 'denied':
      return deniedWords(standing, naming, time);
    case 'outranked': {
      const by = named(standing.by, naming);
      const since = naming.since === undefined ? null : time(naming.since);
      return {
        zh: `${since === null ? '' : `${since} 起`}由${by.zh}占用，本条排期排在它后面`,
        en: `${by.en} is on${since === null ? '' : ` since ${since}`} and comes before it`,
      };
    }
    case 'waiting': {
      const by = named(standing.by, naming);
      return standing.by === null
        ? {
            zh: '按配额分时，轮到别的轮播排期，随后轮到它',
            en: 'Other rotation has its share; its turn comes',
          }
        : {
            zh: `按配额分时，现在轮到${by.zh}，随后轮到它`,
            en: `${by.en} has its share now; its turn comes`,
          };
    }
    case 'not-cut': {
      const by = named(standing.by, naming);
      return {
        zh: `${by.zh}的这一项在它能播之前就开始了，播完为止，不打断`,
        en: `The item of ${by.en} began before it could, and is not cut`,
      };
    }
    case 'does-not-fit':
      return unfitWords(standing, subject, naming);
    default:
      return standing satisfies never;
  }
}

/**
 * A stretch of a schedule's day as a sentence with its times, and when it comes back.
 * @param next the stretch after it, where there is one
 */
export function stretchWords(
  { from, to, standing }: StandingStretch,
  next: StandingStretch | undefined,
  subject: PlanSchedule,
  naming: Naming,
): Words {
  const time = timeOn(naming.on);
  const span = `${time(from)}–${to - naming.on === 86_400 ? '24:00' : time(to)}`;
  const words = standingWords(standing, subject, naming);
  const resumes = standing.name !== 'on-air' && next?.standing.name === 'on-air';
  return {
    zh: `${span} ${words.zh}${resumes ? `；${time(to)} 起${standing.name === 'closed' ? '开播' : '恢复'}` : ''}`,
    en: `${span} ${words.en}${resumes ? `; on air from ${time(to)}` : ''}`,
  };
}

/** What is on, from whom, by which rule. */
export function entryWords(entry: TimelineEntry, naming: Naming): Words[] {
  const time = timeOn(naming.on);
  const span = `${time(entry.start)}–${time(entry.end)}`;
  const reason = REASON_WORDS[entry.reason];
  const subject = scheduleOf(entry.schedule, naming);
  if (subject === null)
    return [
      { zh: `${span} 播终端自带垫片`, en: `${span} the filler built into the player shows` },
      stopAllWords(entry.start, naming) ?? reason,
    ];
  const by = named(entry.schedule, naming);
  const title = entry.asset === null ? null : naming.plan.assets[entry.asset]?.title;
  const playlist = naming.plan.playlists[subject.playlist]?.name ?? subject.playlist;
  const what = title ?? playlist;
  const cut = entry.end < entry.plannedEnd;
  return [
    {
      zh: `${span} 播《${what}》：${by.zh}，节目单《${playlist}》第 ${entry.item + 1} 项${cut ? '（会被打断）' : ''}`,
      en: `${span} shows “${what}”: ${by.en}, playlist “${playlist}”, item ${entry.item + 1}${cut ? ' (will be cut)' : ''}`,
    },
    reason,
  ];
}

/** Why nothing is on while everything is stopped; `null` where no stop-all holds at `at`. */
function stopAllWords(at: Instant, { denials, on }: Naming): Words | null {
  const stop = denials.find(
    ({ kind, from, to }) => kind === 'stop-all' && from <= at && (to === null || at < to),
  );
  if (stop === undefined) return null;
  const since = timeOn(on)(stop.from);
  return { zh: `${since} 起一键停播，全部节目都停`, en: `Everything is stopped since ${since}` };
}

/** `省级必播《…》（河南省）`; the built-in filler where there is no schedule. */
export function named(id: string | null, naming: Pick<Naming, 'plan' | 'regionName'>): Words {
  const schedule = scheduleOf(id, naming);
  if (schedule === null)
    return id === null ? { zh: '自带垫片', en: 'built-in filler' } : { zh: `《${id}》`, en: `“${id}”` };
  const tier = tierOf(schedule.region);
  const kind = CLASS_WORDS[schedule.class];
  const region = naming.regionName(schedule.region);
  return {
    zh: `${TIER_ZH[tier]}级${kind.zh}《${schedule.name}》（${region}）`,
    en: `the ${tier} ${kind.en} “${schedule.name}” (${region})`,
  };
}

function scheduleOf(id: string | null, { plan }: Pick<Naming, 'plan'>): PlanSchedule | null {
  return id === null ? null : (plan.schedules.find((one) => one.id === (id as ScheduleId)) ?? null);
}

/** Clock time of instants, with the date where it is another local day than `on`'s. */
function timeOn(on: Instant): (at: Instant) => string {
  return (at) => {
    const clock = clockTextAt(at).replace(/:00$/, '');
    const day = localDayAt(at);
    return day === localDayAt(on) ? clock : `${day.slice(5)} ${clock}`;
  };
}

function closedWords(opens: Instant | null, time: (at: Instant) => string): Words {
  if (opens === null)
    return {
      zh: `不在播出时段内，之后 ${LOOK_AHEAD_DAYS} 天都没有时段`,
      en: `No window is open, nor will be within ${LOOK_AHEAD_DAYS} days`,
    };
  return {
    zh: `不在播出时段内，下一个时段 ${time(opens)} 开始`,
    en: `No window is open; the next opens at ${time(opens)}`,
  };
}

function reservedWords(
  { by, until }: Standing & { readonly name: 'reserved' | 'denied' },
  { plan, regionName }: Naming,
  time: (at: Instant) => string,
): Words {
  const region = plan.reserved.find((one) => one.id === (by as ScheduleId))?.region;
  const end = until === null ? '' : time(until);
  const holder = region === undefined ? `保留时段 ${by} ` : `${regionName(region)}的保留时段 ${by} `;
  const holderEn =
    region === undefined ? `reserved window ${by}` : `reserved window ${by} of ${regionName(region)}`;
  return {
    zh: `时段开着，但在${holder}之内，到 ${end} 为止只播上级节目`,
    en: `Its window is open, but inside ${holderEn}, which keeps the time until ${end}`,
  };
}

function deniedWords(
  { by, until }: Standing & { readonly name: 'reserved' | 'denied' },
  { denials, plan }: Naming,
  time: (at: Instant) => string,
): Words {
  const denial = denials.find((one) => (one.id ?? (one.subject || 'stop-all')) === by);
  const since = denial === undefined ? '' : `${time(denial.from)} 起`;
  const sinceEn = denial === undefined ? '' : ` since ${time(denial.from)}`;
  const end = until === null ? '' : `，${time(until)} 解除`;
  const endEn = until === null ? '' : `, lifted at ${time(until)}`;
  if (denial?.kind === 'stop-all') return { zh: `${since}一键停播${end}`, en: `Stop-all${sinceEn}${endEn}` };
  if (denial?.kind === 'asset') {
    const title = plan.assets[denial.subject]?.title ?? denial.subject.slice(0, 12);
    return {
      zh: `${since}素材《${title}》撤播，节目单里没有别的可播${end}`,
      en: `Asset “${title}” is taken down${sinceEn} and nothing else is left of the playlist${endEn}`,
    };
  }
  return { zh: `${since}已撤播${end}`, en: `Taken down${sinceEn}${endEn}` };
}

function unfitWords(
  { item, durationS, boundary, by }: Standing & { readonly name: 'does-not-fit' },
  subject: PlanSchedule,
  naming: Naming,
): Words {
  const at = timeOn(naming.on)(boundary.at);
  const asset = naming.plan.playlists[subject.playlist]?.items[item]?.asset;
  const title = asset === undefined ? undefined : naming.plan.assets[asset]?.title;
  const zh = `下一项（第 ${item + 1} 项${title === undefined ? '' : `《${title}》`}，${lengthZh(durationS)}）放不下`;
  const en = `Its next item (${item + 1}${title === undefined ? '' : `, “${title}”`}, ${durationS} s) does not fit`;
  switch (boundary.kind) {
    case 'hard-start': {
      const start = named(by, naming);
      return { zh: `${zh}：${at} ${start.zh}准点开始`, en: `${en}: ${start.en} starts hard at ${at}` };
    }
    case 'reserved': {
      const region = naming.plan.reserved.find((one) => one.id === (by as ScheduleId))?.region;
      const holder = region === undefined ? '' : naming.regionName(region);
      return {
        zh: `${zh}：${at} 起是${holder}的保留时段`,
        en: `${en}: reserved time of ${holder} begins at ${at}`,
      };
    }
    case 'midnight':
      return { zh: `${zh}：零点是轮播的硬边界`, en: `${en}: midnight is a hard boundary for rotation` };
    case 'window-end':
      return { zh: `${zh}：时段 ${at} 结束`, en: `${en}: its window ends at ${at}` };
    default:
      return boundary.kind satisfies never;
  }
}

/** `5 分 30 秒`. */
function lengthZh(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (minutes === 0) return `${rest} 秒`;
  return rest === 0 ? `${minutes} 分钟` : `${minutes} 分 ${rest} 秒`;
}
