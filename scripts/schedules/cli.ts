import type { parseArgs } from 'node:util';
import type { PlaylistId, RegionCode } from '../../shared/core/ids.ts';
import { regionCodeSchema } from '../../shared/core/ids.ts';
import { instantOfMs, isLocalDay, localDayAt } from '../../shared/core/time.ts';
import type { LocalDay } from '../../shared/core/time.ts';
import type { Place } from '../../shared/plan/audience.ts';
import type { FileProblem } from '../../shared/schedule/problem.ts';
import { printed } from '../../shared/schedule/problem.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import type { ScreenPlace } from '../../shared/schedule/schedule-file.schema.ts';
import type { LintOptions } from '../../shared/schedule/schedule-lint.ts';
import type { Playlist } from '../../shared/schedule/schedule.schema.ts';
import { CenterApi } from '../center/center-api.ts';
import { contentApi } from '../center/content-api.ts';
import { FolderRefused } from './apply-folder.ts';
import { loadSchedules } from './load-folder.ts';
import type { LoadedFolder } from './load-folder.ts';

/** What every subcommand of `npm run schedules` may be told. */
export const OPTIONS = {
  center: { type: 'string' },
  login: { type: 'string' },
  cookie: { type: 'string' },
  region: { type: 'string' },
  screen: { type: 'string' },
  schedule: { type: 'string' },
  playlist: { type: 'string' },
  day: { type: 'string' },
  at: { type: 'string' },
  tag: { type: 'string', multiple: true },
  group: { type: 'string', multiple: true },
  out: { type: 'string' },
  media: { type: 'boolean' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
export type Values = ReturnType<
  typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>
>['values'];

/** A subcommand as it was called. */
export interface Call {
  /** Files and folders; empty where none was named. */
  readonly paths: readonly string[];
  readonly values: Values;
}
/** A subcommand: answers the exit code. */
export type Command = (call: Call) => Promise<number>;

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is read where no folder is named. */
export const DEFAULT_FOLDER = 'schedules/henan';

/** Reads the files that a command was given. @throws UsageError where one is not there. */
export async function load(paths: readonly string[], options: LintOptions = {}): Promise<LoadedFolder> {
  const wanted = paths.length > 0 ? paths : [DEFAULT_FOLDER];
  return loadSchedules(wanted, options).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError(`没有这个文件或目录：${wanted.join(' ')}`);
    throw error;
  });
}

/** As {@link load}, for what needs all of it right. @throws FolderRefused */
export async function loadRight(
  paths: readonly string[],
  options: LintOptions = {},
): Promise<LoadedFolder & { readonly document: ScheduleDocument }> {
  const loaded = await load(paths, options);
  const { document } = loaded;
  if (document === null) throw new FolderRefused(loaded.problems);
  return { ...loaded, document };
}

/** The one folder that a command works on. @throws UsageError for more. */
export function oneFolder(paths: readonly string[]): string {
  const [folder = DEFAULT_FOLDER, ...rest] = paths;
  if (rest.length > 0) throw new UsageError('只能写一个目录');
  return folder;
}

/** A center that somebody is logged in to. @throws UsageError, CenterError */
export async function session({ center, login, cookie }: Values): Promise<CenterApi> {
  if (center === undefined || !URL.canParse(center))
    throw new UsageError('要写中心地址，如 --center http://127.0.0.1:8080');
  if (cookie !== undefined) return new CenterApi(center, cookie);
  const password = process.env['KEPU_PASSWORD'];
  if (login === undefined || password === undefined)
    throw new UsageError('要写 --login 账号，并把密码放进环境变量 KEPU_PASSWORD（或写 --cookie）');
  const api = new CenterApi(center);
  await api.login({ login, password });
  return api;
}

/** Playlists on air, which a folder of a lower region may name. */
export async function playlistsOf(api: CenterApi): Promise<ReadonlyMap<PlaylistId, Playlist>> {
  const playlists = await contentApi(api).playlists();
  return new Map(playlists.map((one) => [one.id, one]));
}

/**
 * Where the screen of `--screen` stands: a region code with `--tag` and `--group`, or a sample place
 * of the files. @throws UsageError
 */
export function placeOf({ screen, tag, group }: Values, screens: ReadonlyMap<string, ScreenPlace>): Place {
  const region = regionCodeSchema.safeParse(screen);
  if (region.success) return { region: region.data, tags: tag ?? [], groups: group ?? [] };
  const sample = screens.get(screen ?? '');
  if (sample !== undefined)
    return {
      region: sample.region,
      tags: tag ?? sample.tags ?? [],
      groups: group ?? sample.groups ?? [],
    };
  const keys = [...screens.keys()].slice(0, 20).join('、');
  throw new UsageError(
    `要写 --screen 区划代码（如 411224102203）${keys === '' ? '' : `，或示例点位：${keys}`}`,
  );
}

/** The day of `--day`, else today. @throws UsageError */
export function dayOf({ day }: Values): LocalDay {
  if (day === undefined) return today();
  if (!isLocalDay(day)) throw new UsageError(`--day 写成 2026-11-23，不是 ${day}`);
  return day as LocalDay;
}

/** The region of `--region`. @throws UsageError */
export function regionOf({ region }: Values): RegionCode {
  const parsed = regionCodeSchema.safeParse(region);
  if (!parsed.success) throw new UsageError('要写 --region 区划代码，如 --region 41');
  return parsed.data;
}

/** The local day it is. */
export function today(): LocalDay {
  return localDayAt(instantOfMs(Date.now()));
}

/** Prints problems; 1 where one is an error. */
export function report(problems: readonly FileProblem[]): number {
  for (const problem of problems) console.error(printed(problem));
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (errors > 0) console.error(`${errors} 处错误`);
  return errors > 0 ? 1 : 0;
}

/** Prints a value for a program to read. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}
