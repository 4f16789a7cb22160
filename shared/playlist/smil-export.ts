import type { Asset } from '../asset/asset.schema.ts';
import type { Sha256 } from '../core/ids.ts';
import { dayNumberOfLocalDay } from '../core/time.ts';
import type { LocalDay } from '../core/time.ts';
import type { DayRule, Playlist, Schedule } from '../schedule/schedule.schema.ts';
import { spanOf } from '../schedule/windows.ts';
import { CLASS_ORDER, KEPU_NAMESPACE, SMIL_NAMESPACE } from './smil.ts';
import type { SmilFinding, SmilProgramme } from './smil.ts';
import { escapeXml } from './smil-xml.ts';
import { firstWeekday, wallclockText } from './wallclock.ts';

/** Most begin values of one schedule: more make no file that a player would read. */
const BEGINS_LIMIT = 1_000;

/**
 * Writes playlists and the schedules that use them as SMIL 3.0 (https://www.w3.org/TR/SMIL3/) in the
 * profile that signage players read (https://www.a-smil.org): an `excl` with one `priorityClass` per
 * class and priority, in it a `par` with wallclock begin and end per schedule, in it the `seq`.
 * @returns the text, and what SMIL cannot say exactly and is therefore not in it
 * @throws SmilError for names that XML cannot hold
 */
export function exportSmil(
  { playlists, schedules }: SmilProgramme,
  assets: ReadonlyMap<Sha256, Asset>,
): { readonly text: string; readonly findings: readonly SmilFinding[] } {
  const findings: SmilFinding[] = [];
  const kept = schedules.filter((schedule) => {
    const unsaid = unsayable(schedule);
    if (unsaid !== null) findings.push({ severity: 'warning', line: 0, ...unsaid });
    return unsaid === null;
  });
  const byId = new Map(playlists.map((one) => [one.id, one]));
  const used = new Set(kept.map(({ playlist }) => playlist));
  const lines = kept.length > 0 ? exclLines(kept, byId, assets) : [];
  const alone = playlists.filter(({ id }) => !used.has(id));
  const bare = alone.flatMap((playlist) => seqLines(playlist, assets, 'indefinite'));
  // A playlist that nothing schedules is its own document's body; beside scheduled ones it would never play.
  const body = lines.length > 0 ? ['<par>', ...indent(lines), '</par>'] : bare;
  if (lines.length > 0)
    for (const { name } of alone)
      findings.push({
        severity: 'warning',
        line: 0,
        zh: `节目单《${name}》没有能写出的排期，没有写出`,
        en: `playlist “${name}” has no schedule that can be written`,
      });
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<smil xmlns="${SMIL_NAMESPACE}" xmlns:kepu="${KEPU_NAMESPACE}" version="3.0" baseProfile="Language">`,
    ...findings.map(({ zh }) => `  <!-- ${zh.replace(/-{2,}|-$/g, '—')} -->`),
    '  <body>',
    ...indent(indent(body)),
    '  </body>',
    '</smil>',
    '',
  ].join('\n');
  return { text, findings };
}

/** Why a schedule cannot be written so that another player would show it when it is on. */
function unsayable({ name, days, excludeDates, audience, windows, validity }: Schedule) {
  const left = (zh: string, en: string) => ({
    zh: `排期《${name}》没有写出：${zh}`,
    en: `“${name}” is left out: ${en}`,
  });
  if (days === 'workdays' || days === 'holidays')
    return left('SMIL 不认识调休的工作日和节假日', 'SMIL knows no statutory workdays or holidays');
  if (excludeDates.length > 0) return left('SMIL 不能排除日期', 'SMIL excludes no dates');
  const { exclude, ...wanted } = audience;
  if ([...Object.values(wanted), ...Object.values(exclude)].some((list) => list.length > 0))
    return left('SMIL 没有受众', 'SMIL has no audience');
  const perWindow = typeof days === 'object' && 'dates' in days ? days.dates.length : 7;
  if (windows.length * perWindow > BEGINS_LIMIT) return left('时段和日期太多', 'too many windows and dates');
  if (occurrences(days, validity).length === 0) return left('有效期里没有一天会播', 'no day of it is left');
  return null;
}

function exclLines(
  schedules: readonly Schedule[],
  playlists: ReadonlyMap<Playlist['id'], Playlist>,
  assets: ReadonlyMap<Sha256, Asset>,
): string[] {
  const groups = Map.groupBy(schedules, (one) => `${CLASS_ORDER.indexOf(one.class)} ${one.priority}`);
  const ordered = [...groups.values()].sort(
    ([a], [b]) => orderOf(a) - orderOf(b) || priorityOf(b) - priorityOf(a),
  );
  const classes = ordered.flatMap((group) => {
    const [{ class: kind, priority } = { class: 'rotation' as const, priority: 0 }] = group;
    const peers = kind === 'rotation' ? 'defer' : 'stop';
    const own = `kepu:class="${kind}"${priority === 0 ? '' : ` kepu:priority="${priority}"`}`;
    return [
      `<priorityClass peers="${peers}" higher="stop" lower="defer" ${own}>`,
      ...indent(group.flatMap((schedule) => parLines(schedule, playlists, assets))),
      '</priorityClass>',
    ];
  });
  return ['<excl dur="indefinite">', ...indent(classes), '</excl>'];
}

const orderOf = (one: Schedule | undefined) => CLASS_ORDER.indexOf(one?.class ?? 'filler');
const priorityOf = (one: Schedule | undefined) => one?.priority ?? 0;

function parLines(
  schedule: Schedule,
  playlists: ReadonlyMap<Playlist['id'], Playlist>,
  assets: ReadonlyMap<Sha256, Asset>,
): string[] {
  const playlist = playlists.get(schedule.playlist);
  if (playlist === undefined) throw new TypeError(`the playlist ${schedule.playlist} is not given`);
  const { id, name, windows, days, validity, weight, once } = schedule;
  const each = windows
    .map(spanOf)
    .flatMap(({ start, end }) =>
      occurrences(days, validity).map((at) => ({ begin: at(start), end: at(end) })),
    );
  const { from, to } = validity;
  const own = [
    `kepu:from="${from}"`,
    ...(to === null ? [] : [`kepu:to="${to}"`]),
    ...(weight === 1 ? [] : [`kepu:weight="${weight}"`]),
  ];
  return [
    `<par kepu:id="${id}" title="${escapeXml(name)}" ${own.join(' ')}`,
    `     begin="${each.map(({ begin }) => begin).join('; ')}"`,
    `     end="${each.map(({ end }) => end).join('; ')}">`,
    ...indent(seqLines(playlist, assets, once ? '1' : 'indefinite')),
    '</par>',
  ];
}

type At = (second: number) => string;

/** For each day pattern of the rule, what writes one of its instants. */
function occurrences(days: DayRule, { from, to }: Schedule['validity']): At[] {
  const first = dayNumberOfLocalDay(from);
  const last = to === null ? null : dayNumberOfLocalDay(to);
  if (typeof days === 'object' && 'dates' in days)
    return days.dates
      .filter((date) => date >= from && (to === null || date <= to))
      .map((date: LocalDay) => (second) => wallclockText(date, second, null));
  if (days === 'every') {
    const count = last === null ? null : last - first + 1;
    return [(second) => wallclockText(from, second, { period: 'P1D', count })];
  }
  const weekdays =
    days === 'weekdays'
      ? [1, 2, 3, 4, 5]
      : days === 'weekends'
        ? [6, 7]
        : typeof days === 'object'
          ? days.weekdays
          : [];
  return weekdays.flatMap((weekday): At[] => {
    const begins = firstWeekday(from, weekday);
    if (last !== null && begins > last) return [];
    const count = last === null ? null : Math.floor((last - begins) / 7) + 1;
    return [(second) => wallclockText(from, second, { period: 'P1W', count, weekday })];
  });
}

const ELEMENTS = { video: 'video', hls: 'video', image: 'img', card: 'text' } as const;

function seqLines(playlist: Playlist, assets: ReadonlyMap<Sha256, Asset>, repeatCount: string): string[] {
  const media = playlist.items.map(({ asset: sha256, durationS, fit }) => {
    const asset = assets.get(sha256);
    const title = asset === undefined ? '' : ` title="${escapeXml(asset.title)}"`;
    const element = asset === undefined ? 'ref' : ELEMENTS[asset.kind];
    const how = fit === 'cover' ? 'slice' : 'meet';
    return `<${element} src="urn:sha256:${sha256}" dur="${durationS}s" fit="${how}"${title}/>`;
  });
  return [
    `<seq kepu:id="${playlist.id}" title="${escapeXml(playlist.name)}" repeatCount="${repeatCount}">`,
    ...indent(media),
    '</seq>',
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
