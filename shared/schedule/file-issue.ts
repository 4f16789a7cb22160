import type { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import type { Problem } from './problem.ts';
import { insteadOf, problemOf } from './problem.ts';
import { fileAssetSchema, scheduleFileSchema, screenPlaceSchema } from './schedule-file.schema.ts';

export type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

/** A problem and where in the file's tree it is. */
export interface IssueProblem extends Problem {
  readonly path: Path;
}

const PERCENTS = ['province', 'city', 'county', 'township', 'village'];
const AUDIENCE = ['regions', 'tags', 'groups', 'exclude'];
const WHEN = ['days', 'excludeDates', 'windows', 'validity'];

/** Which keys may stand where; `*` is any id or number. */
const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['', Object.keys(scheduleFileSchema.shape)],
  ['assets.*', Object.keys(fileAssetSchema.shape)],
  ['playlists.*', ['name', 'items']],
  ['playlists.*.items.*', ['asset', 'durationS', 'fit']],
  ['schedules.*', ['name', 'class', 'playlist', 'audience', ...WHEN, 'priority', 'weight', 'once']],
  ['schedules.*.audience', AUDIENCE],
  ['schedules.*.audience.exclude', AUDIENCE.slice(0, 3)],
  ['schedules.*.validity', ['from', 'to']],
  ['schedules.*.days', ['weekdays', 'dates']],
  ['reserved.*', WHEN],
  ['reserved.*.validity', ['from', 'to']],
  ['reserved.*.days', ['weekdays', 'dates']],
  ['quota', ['percents', 'minimums']],
  ['quota.percents', PERCENTS],
  ['quota.minimums', PERCENTS],
  ['review', ['stages', 'final']],
  ['review.stages', PERCENTS],
  ['screens.*', Object.keys(screenPlaceSchema.shape)],
];

/** What a value looks like, by its key. */
const EXAMPLES: Readonly<Record<string, string>> = {
  scope: 'scope: "41"（带引号的区划代码）',
  region: 'region: "41"（带引号的区划代码）',
  regions: 'regions: ["4101", "411224"]（带引号的区划代码）',
  assets: '素材名: { file: media/x.mp4, kind: video, title: 标题, durationS: 12 }',
  file: 'file: media/x.mp4',
  kind: 'kind: video、hls、image 或 card',
  title: 'title: 标题（1–120 字）',
  name: 'name: 名称（1–80 字）',
  items: 'items: 下面每行一个 - { asset: 素材名, durationS: 12 }',
  asset: 'asset: 素材名',
  durationS: 'durationS: 12（整秒，1–86400）',
  fit: 'fit: contain 或 cover',
  class: 'class: mandatory、rotation 或 filler',
  playlist: 'playlist: 节目单名',
  days: 'days: every、weekdays、weekends、workdays、holidays、{ weekdays: [1, 5] } 或 { dates: [2026-12-01] }',
  weekdays: 'weekdays: [1, 5]（周一 1 … 周日 7）',
  dates: 'dates: [2026-12-01]',
  excludeDates: 'excludeDates: [2026-12-01]',
  windows: 'windows: ["08:00-20:00"]（24 小时制，结束早于开始即跨零点）',
  validity: 'validity: { from: 2026-01-01 }',
  from: 'from: 2026-01-01',
  to: 'to: 2026-12-31（不早于 from；长期有效就删掉这行）',
  priority: 'priority: 整数 -1000–1000，轮播不用写',
  weight: 'weight: 1–1000 的整数，只有轮播能写',
  once: 'once: true 或 false，只有必播能写',
  tags: 'tags: [广场]',
  groups: 'groups: [分组名]',
  percents: 'percents: { province: 40, city: 20, county: 20, township: 10, village: 10 }，合计 100',
  minimums: 'minimums: { province: 20 }，合计不超过 100',
  schedules: '排期名: { name: …, class: …, playlist: …, windows: […], validity: … }',
  playlists: '节目单名: { name: …, items: […] }',
  reserved: '保留时段名: { windows: ["20:00-20:30"], validity: { from: 2026-01-01 } }',
  quota: 'quota: { percents: {…} }',
  sha256: 'sha256: "64 个小写十六进制字符"（带引号）',
  mime: 'mime: video/mp4',
  sizeBytes: 'sizeBytes: 字节数',
  parts: 'parts: [{ sha256: …, sizeBytes: …, mime: … }]',
  picture: 'picture: media/x.jpg（图文卡里的图）',
  review: 'review: { stages: { county: 1, township: 1 } }',
  stages: 'stages: { county: 1, township: 1, village: 1 }（0–3 审）',
  final: 'final: issuer（发布方末审）或 demander（提要求的一级末审）',
  screens: '大屏名: { name: 名称, region: "411224102203", tags: [], groups: [] }',
};

/** Puts what the schema found into an operator's words, with what to write instead. */
export function wordIssues(issues: readonly Issue[], value: unknown): IssueProblem[] {
  const worded = issues.flatMap((issue) => wordIssue(issue, value));
  // `clas` is one mistake, not an unknown key and a missing one.
  const meant = new Set(worded.flatMap((one) => (one.meant === undefined ? [] : [one.meant])));
  return worded
    .filter((one) => one.code !== 'VALUE_MISSING' || !meant.has(one.path.join('/')))
    .map(({ meant: _meant, ...problem }) => problem);
}

/** With the path of the key that was probably meant by an unknown one. */
type Worded = IssueProblem & { readonly meant?: string };

function wordIssue(issue: Issue, value: unknown): Worded[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map((key) => {
      const guess = didYouMean(key, known);
      const problem = problemOf('KEY_UNKNOWN', { key, ...insteadOf(key, known, guess) });
      return {
        ...problem,
        path: [...path, key],
        ...(guess !== null && { meant: [...path, guess].join('/') }),
      };
    });
  }
  if (issue.code === 'invalid_key')
    return [{ ...problemOf('ID_WRONG', { key: String(path.at(-1) ?? '') }), path }];
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  const written = valueAt(value, path);
  const special = specialProblem(issue, key, { written, value, path });
  if (special !== null) return [{ ...special, path }];
  const example = EXAMPLES[key] ?? (PERCENTS.includes(key) ? `${key}: 20（0–100 的整数）` : issue.message);
  if (written === undefined) return [{ ...problemOf('VALUE_MISSING', { key, instead: example }), path }];
  const guess = guessOf(issue, written);
  const instead = guess === null ? example : `\`${guess}\``;
  return [{ ...problemOf('VALUE_WRONG', { key, value: shortText(written), instead }), path }];
}

/** Mistakes that have words of their own: sums, orders and lengths. */
function specialProblem(
  issue: Issue,
  key: string,
  { written, value, path }: { readonly written: unknown; readonly value: unknown; readonly path: Path },
): Problem | null {
  if (issue.code === 'too_big' && Array.isArray(written))
    return problemOf('LIST_TOO_LONG', { key, count: written.length, limit: Number(issue.maximum) });
  if (issue.code !== 'custom') return null;
  if (key === 'percents') return problemOf('PERCENTS_SUM', { sum: sumOf(written) });
  if (key === 'minimums') return problemOf('MINIMUMS_SUM', { sum: sumOf(written) });
  if (key === 'to' && path.at(-2) === 'validity') {
    const from = valueAt(value, [...path.slice(0, -1), 'from']);
    if (typeof from === 'string' && typeof written === 'string' && written < from)
      return problemOf('VALIDITY_REVERSED', { from, to: written });
  }
  return null;
}

function sumOf(written: unknown): number {
  const values = typeof written === 'object' && written !== null ? Object.values(written) : [];
  return values.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
}

/** Of a closed set of words, the one that was probably meant. */
function guessOf(issue: Issue, written: unknown): string | null {
  if (typeof written !== 'string') return null;
  if (issue.code === 'invalid_value') return didYouMean(written, issue.values.map(String));
  if (issue.code !== 'invalid_union') return null;
  const words = issue.errors.flat().flatMap((one) => (one.code === 'invalid_value' ? one.values : []));
  return didYouMean(written, words.map(String));
}

function keysAt(path: Path): readonly string[] {
  const match = KEYS.find(([pattern]) => {
    const parts = pattern === '' ? [] : pattern.split('.');
    return parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]);
  });
  return match?.[1] ?? [];
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[String(part)];
  }
  return at;
}

function shortText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
