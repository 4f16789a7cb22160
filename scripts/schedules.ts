import { parseArgs } from 'node:util';
import { applyFolder, FolderRefused } from './schedules/apply-folder.ts';
import type { ApplyProgress } from './schedules/apply-folder.ts';
import { CenterApi, CenterError } from './center/center-api.ts';
import { contentApi } from './center/content-api.ts';
import { diffDocuments } from './schedules/diff-documents.ts';
import { loadScheduleFolder } from './schedules/load-folder.ts';
import { instantText, parseInstant, planOf, regionNames } from './schedules/offline.ts';
import { CHANGE_ZH, CLASS_ZH, KIND_ZH, REASON_ZH, STANDING_ZH } from './schedules/words.ts';
import { regionCodeSchema } from '../shared/core/ids.ts';
import {
  clockTextAt,
  DAY_S,
  instantOfMs,
  isLocalDay,
  localDayAt,
  midnightOfLocalDay,
} from '../shared/core/time.ts';
import type { Instant, LocalDay } from '../shared/core/time.ts';
import type { Place } from '../shared/plan/audience.ts';
import type { ContentChange } from '../shared/schedule/apply.api.ts';
import { explain } from '../shared/schedule/explain.ts';
import type { FileProblem } from '../shared/schedule/problem.ts';
import { printed } from '../shared/schedule/problem.ts';
import { createResolver } from '../shared/schedule/resolve.ts';
import type { ScheduleDocument } from '../shared/schedule/schedule-document.ts';
import type { TimelineEntry } from '../shared/schedule/timeline.ts';

const HELP = `排期文件

  npm run schedules -- lint     [目录]                          检查文件：行号和该写成什么
  npm run schedules -- plan     [目录] --center 地址            和正在播出的比较，不改动
  npm run schedules -- apply    [目录] --center 地址            上传素材并整套应用
  npm run schedules -- timeline [目录] --screen-region 代码 [--day 2026-11-23]   某地一天的时间线，不用中心
  npm run schedules -- explain  [目录] --screen-region 代码 --at "2026-11-23 12:00:05"   那一刻播什么、为什么

目录不写就是 schedules/henan。
  --center 地址        如 http://127.0.0.1:8080
  --login 账号         登录账号；密码写在环境变量 KEPU_PASSWORD
  --cookie 名=值       已有的登录凭证，代替账号密码
  --screen-region 代码 大屏所在区划，如 411224102203
  --tag 标签 --group 分组   大屏的标签、分组，可写多次
  --json               输出 JSON
退出码：0 成功，1 有错误，2 用法不对。`;

const OPTIONS = {
  center: { type: 'string' },
  login: { type: 'string' },
  cookie: { type: 'string' },
  'screen-region': { type: 'string' },
  day: { type: 'string' },
  at: { type: 'string' },
  tag: { type: 'string', multiple: true },
  group: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];
interface Call {
  readonly folder: string;
  readonly values: Values;
}

/** The command was called wrongly. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

const COMMANDS: Readonly<Record<string, (call: Call) => Promise<number>>> = {
  lint,
  plan,
  apply,
  timeline,
  explain: explainInstant,
};

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parsed(args);
    const [name, folder = 'schedules/henan', ...rest] = positionals;
    if (values.help === true) {
      console.log(HELP);
      return 0;
    }
    const command = name === undefined ? undefined : COMMANDS[name];
    if (command === undefined || rest.length > 0) throw new UsageError(HELP);
    return await command({ folder, values });
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(error.message);
      return 2;
    }
    if (error instanceof FolderRefused) return report(error.problems);
    if (error instanceof CenterError) {
      console.error(error.message);
      return 1;
    }
    throw error;
  }
}

function parsed(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

async function lint({ folder, values }: Call): Promise<number> {
  const names = await regionNames();
  const { document, problems } = await loadFolder(folder, {
    hasRegion: (code) => names.has(code),
    today: localDayAt(instantOfMs(Date.now())),
  });
  if (values.json === true) {
    console.log(JSON.stringify(problems, null, 2));
    return document === null ? 1 : 0;
  }
  const code = report(problems);
  if (document !== null) {
    const { schedules, playlists, assets } = document;
    console.log(`通过：${schedules.length} 条排期，${playlists.length} 个节目单，${assets.length} 个素材`);
  }
  return code;
}

async function plan({ folder, values }: Call): Promise<number> {
  const document = await documentOf(folder);
  const { center, cookie } = await session(values);
  const onAir = await contentApi(new CenterApi(center, cookie)).document(document.region);
  const changes = diffDocuments(onAir, document);
  if (values.json === true) console.log(JSON.stringify(changes, null, 2));
  else printChanges(changes, '应用后');
  return 0;
}

async function apply({ folder, values }: Call): Promise<number> {
  const { center, cookie } = await session(values);
  const answer = await applyFolder({ center, cookie, folder, onProgress: printProgress });
  if (values.json === true) console.log(JSON.stringify(answer, null, 2));
  else printChanges(answer.changes, '已应用');
  return 0;
}

async function timeline({ folder, values }: Call): Promise<number> {
  const document = await documentOf(folder);
  const day = values.day ?? localDayAt(Math.floor(Date.now() / 1000) as Instant);
  if (!isLocalDay(day)) throw new UsageError(`--day 写成 2026-11-23，不是 ${day}`);
  const place = placeOf(values);
  const from = midnightOfLocalDay(day as LocalDay);
  const made = planOf(document, place, day as LocalDay);
  const entries = createResolver(made).timeline(from, (from + DAY_S) as Instant);
  if (values.json === true) console.log(JSON.stringify(entries, null, 2));
  else for (const entry of entries) console.log(lineOf(entry, document));
  return 0;
}

async function explainInstant({ folder, values }: Call): Promise<number> {
  const document = await documentOf(folder);
  const at = values.at === undefined ? null : parseInstant(values.at);
  if (at === null) throw new UsageError('explain 要写 --at "2026-11-23 12:00:05"');
  const made = planOf(document, placeOf(values), localDayAt(at));
  const { entry, standings } = explain(made, [], at);
  if (values.json === true) {
    console.log(
      JSON.stringify(
        {
          entry,
          standings: standings.map(({ schedule, standing }) => ({
            id: schedule.id,
            standing: standing.name,
          })),
        },
        null,
        2,
      ),
    );
    return 0;
  }
  const names = await regionNames();
  console.log(`${instantText(at)}  ${lineOf(entry, document)}`);
  if (entry.region !== null) console.log(`发布：${names.get(entry.region) ?? entry.region}`);
  console.log(`规则：${REASON_ZH[entry.reason]}`);
  for (const { schedule, standing } of standings)
    console.log(
      `  ${CLASS_ZH[schedule.class]} ${schedule.id}（${names.get(schedule.region) ?? schedule.region} · ${schedule.name}）：${STANDING_ZH[standing.name]}`,
    );
  return 0;
}

async function loadFolder(...[folder, options]: Parameters<typeof loadScheduleFolder>) {
  return loadScheduleFolder(folder, options).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`没有这个目录：${folder}`);
    throw error;
  });
}

async function documentOf(folder: string): Promise<ScheduleDocument> {
  const { document, problems } = await loadFolder(folder);
  if (document === null) throw new FolderRefused(problems);
  return document;
}

async function session(values: Values): Promise<{ center: string; cookie: string }> {
  const { center, login } = values;
  if (center === undefined || !URL.canParse(center))
    throw new UsageError('要写中心地址，如 --center http://127.0.0.1:8080');
  if (values.cookie !== undefined) return { center, cookie: values.cookie };
  const password = process.env['KEPU_PASSWORD'];
  if (login === undefined || password === undefined)
    throw new UsageError('要写 --login 账号，并把密码放进环境变量 KEPU_PASSWORD（或写 --cookie）');
  const api = new CenterApi(center);
  await api.login({ login, password });
  return { center, cookie: api.cookie };
}

function placeOf(values: Values): Place {
  const region = regionCodeSchema.safeParse(values['screen-region']);
  if (!region.success) throw new UsageError('要写大屏所在区划，如 --screen-region 411224102203');
  return { region: region.data, tags: values.tag ?? [], groups: values.group ?? [] };
}

/** Prints problems; 1 where one is an error. */
function report(problems: readonly FileProblem[]): number {
  for (const problem of problems) console.error(printed(problem));
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (errors > 0) console.error(`${errors} 处错误`);
  return errors > 0 ? 1 : 0;
}

function printChanges(changes: readonly ContentChange[], when: string): void {
  if (changes.length === 0) console.log('没有变化：和正在播出的一致');
  for (const { kind, id, name, region, change } of changes)
    console.log(
      `${CHANGE_ZH[change]} ${KIND_ZH[kind]} ${kind === 'asset' ? id.slice(0, 12) : id}（${region} · ${name}）`,
    );
  if (changes.length > 0) console.log(`${when} ${changes.length} 处变化`);
}

function printProgress(progress: ApplyProgress): void {
  if (progress.kind === 'applying') console.error(`应用 ${progress.schedules} 条排期…`);
  else if (progress.done === progress.files)
    console.error(`素材文件 ${progress.files} 个就绪，新传 ${(progress.sentBytes / 1e6).toFixed(1)} MB`);
}

function lineOf(entry: TimelineEntry, document: ScheduleDocument): string {
  const until = localDayAt(entry.end) === localDayAt(entry.start) ? clockTextAt(entry.end) : '24:00:00';
  const times = `${clockTextAt(entry.start)}–${until}`;
  if (entry.schedule === null) return `${times} 垫片 终端自带`;
  const title = document.assets.find((asset) => asset.sha256 === entry.asset)?.title ?? '';
  const cut = entry.end < entry.plannedEnd ? ' 截断' : '';
  return `${times} ${CLASS_ZH[entry.class]} ${entry.schedule} 第 ${entry.item + 1} 项 ${title}${cut}`;
}
