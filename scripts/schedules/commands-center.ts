import { screenIdSchema } from '../../shared/core/ids.ts';
import { explanationSchema, whySchema } from '../../shared/plan/explain.api.ts';
import { feasibilitySchema } from '../../shared/plan/feasibility.api.ts';
import type { Feasibility } from '../../shared/plan/feasibility.api.ts';
import { TIER_ZH } from '../../shared/region/tier.ts';
import { CHANGE_ZH, CONTENT_KIND_ZH } from '../../shared/schedule/apply.api.ts';
import type { ContentChange } from '../../shared/schedule/apply.api.ts';
import { contentApi } from '../center/content-api.ts';
import { applyFolder } from './apply-folder.ts';
import type { ApplyProgress } from './apply-folder.ts';
import type { Call } from './cli.ts';
import { dayOf, loadRight, oneFolder, playlistsOf, printJson, regionOf, session, UsageError } from './cli.ts';
import { diffDocuments } from './diff-documents.ts';
import { exportFolder } from './export-folder.ts';
import { instantText, parseInstant, regionNames } from './offline.ts';
import { entryLine } from './words.ts';

/** What applying would change, and what publishing that would do; changes nothing. */
export async function plan({ paths, values }: Call): Promise<number> {
  const api = await session(values);
  const { document } = await loadRight(paths, { playlists: await playlistsOf(api) });
  const onAir = await contentApi(api).document(document.region);
  const changes = diffDocuments(onAir, document);
  const query = values.day === undefined ? '' : `?${new URLSearchParams({ day: dayOf(values) })}`;
  const report =
    changes.length === 0
      ? null
      : await api.post(`/api/schedules/feasibility${query}`, document, feasibilitySchema);
  if (values.json === true) printJson({ changes, feasibility: report });
  else {
    printChanges(changes, '应用后');
    if (report !== null) printFeasibility(report);
  }
  return report?.findings.some(({ severity }) => severity === 'error') === true ? 1 : 0;
}

/** Sends the files that the center lacks, then the whole as one change. */
export async function apply({ paths, values }: Call): Promise<number> {
  const { url, cookie } = await session(values);
  const answer = await applyFolder({
    center: url,
    cookie,
    folder: oneFolder(paths),
    onProgress: printProgress,
  });
  if (values.json === true) printJson(answer);
  else {
    const isWaiting = answer.state === 'submitted';
    printChanges(answer.changes, isWaiting ? '等审核的有' : '已应用');
    if (isWaiting)
      console.log(
        `还没有播出：${answer.region} 要先审后播，修改已提交审核，编号 ${answer.draft}。\n` +
          `下一步：审核人在控制台「草稿与送审」里打开它，审完各级后发布。`,
      );
  }
  return 0;
}

/** Writes what is on air in a region as a folder of files. */
export async function exportOnAir({ paths, values }: Call): Promise<number> {
  const [folder, ...rest] = paths;
  if (folder === undefined || rest.length > 0) throw new UsageError('要写导出到哪个目录');
  const api = await session(values);
  const document = await contentApi(api).document(regionOf(values));
  const { files, kept } = await exportFolder({
    document,
    folder,
    names: await regionNames(),
    media: values.media === true ? api : null,
    force: values.force === true,
  });
  console.log(`导出 ${files.length} 个文件到 ${folder}：${document.schedules.length} 条排期`);
  if (values.media !== true) console.log('素材只写了 SHA-256；连文件一起导出加 --media');
  if (kept !== null) console.log(`原来的目录留在 ${kept}`);
  return 0;
}

/** What was, is or will be on a real screen, and why; or why a schedule is (not) on it on a day. */
export async function explainAtCenter({ values }: Call): Promise<number> {
  const screen = screenIdSchema.safeParse(values.screen);
  if (!screen.success)
    throw new UsageError(
      '对着中心要写 --screen 大屏编号，如 s-abcdefgh23456777：控制台里打开大屏，名字旁边的“点位”就是',
    );
  const api = await session(values);
  if (values.schedule !== undefined) {
    const query = new URLSearchParams({ screen: screen.data, day: dayOf(values) });
    const why = await api.get(
      `/api/schedules/${encodeURIComponent(values.schedule)}/why?${query}`,
      whySchema,
    );
    if (values.json === true) printJson(why);
    else for (const { zh } of why.words) console.log(zh);
    return 0;
  }
  const at = values.at === undefined ? null : parseInstant(values.at);
  if (at === null) throw new UsageError('explain 要写 --at "2026-11-23 12:00:05"，或 --schedule 和 --day');
  const answer = await api.get(`/api/screens/${screen.data}/explain?at=${at}`, explanationSchema);
  if (values.json === true) {
    printJson(answer);
    return 0;
  }
  console.log(`${instantText(at)}  ${entryLine(answer.entry)}`);
  for (const { zh } of answer.words) console.log(zh);
  if (answer.shown !== null) console.log(answer.shown.words.zh);
  for (const { name, words } of [...answer.displaced, ...answer.others])
    console.log(`  ${name}：${words.zh}`);
  return 0;
}

function printChanges(changes: readonly ContentChange[], when: string): void {
  if (changes.length === 0) console.log('没有变化：和正在播出的一致');
  for (const { kind, id, name, region, change } of changes)
    console.log(
      `${CHANGE_ZH[change]} ${CONTENT_KIND_ZH[kind]} ${kind === 'asset' ? id.slice(0, 12) : id}（${region} · ${name}）`,
    );
  if (changes.length > 0) console.log(`${when} ${changes.length} 处变化`);
}

const SEVERITY_ZH = { error: '错误', warning: '提醒', info: '说明' } as const;

function printFeasibility({ day, reached, kinds, findings }: Feasibility): void {
  console.log(`\n可行性（${day}）：${reached.changed} 台大屏的播出单会变，区划内共 ${reached.inRegion} 台`);
  for (const { severity, zh, screens } of findings)
    console.log(`  ${SEVERITY_ZH[severity]} ${zh}${screens > 0 ? `（${screens} 台）` : ''}`);
  const [kind] = kinds;
  if (kind === undefined) return;
  console.log(`轮播各级播出时间，${kind.regionName}等 ${kind.screens} 台：`);
  for (const { tier, airtimeS, targetS, percent, empty } of kind.tiers)
    console.log(
      `  ${TIER_ZH[tier]} ${minutes(airtimeS)} / 目标 ${minutes(targetS)}（配额 ${percent} %）${empty ? ' 没有节目' : ''}`,
    );
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} 分`;
}

function printProgress(progress: ApplyProgress): void {
  if (progress.kind === 'applying') console.error(`应用 ${progress.schedules} 条排期…`);
  else if (progress.done === progress.files)
    console.error(`素材文件 ${progress.files} 个就绪，新传 ${(progress.sentBytes / 1e6).toFixed(1)} MB`);
}
