import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import { MEDIA_TYPES } from '../../shared/asset/media-type.ts';
import type { MediaType } from '../../shared/asset/media-type.ts';
import type { RegionCode } from '../../shared/core/ids.ts';
import { SCHEMA_FILE, writeScheduleFiles } from '../../shared/schedule/schedule-file-writer.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import type { CenterApi } from '../center/center-api.ts';
import { loadScheduleFolder } from './load-folder.ts';
import { schemaText } from './schema.ts';

/** The folder cannot be written; the message is for an operator. */
export class ExportRefused extends Error {
  override readonly name = 'ExportRefused';
}

export interface ExportOptions {
  readonly document: ScheduleDocument;
  readonly folder: string;
  readonly names: ReadonlyMap<RegionCode, string>;
  /** Files are downloaded from here; `null`: assets are named by their hashes alone. */
  readonly media: CenterApi | null;
  /** Replaces a folder of schedules that is there, which is kept beside it. */
  readonly force: boolean;
}

/**
 * Writes what is on air as a folder of schedule files, whole or not at all: it is made beside the
 * place where it belongs and then renamed. Applying it changes nothing.
 * @returns the names of the schedule files, and where a folder that was there is kept
 * @throws ExportRefused
 */
export async function exportFolder(
  options: ExportOptions,
): Promise<{ readonly files: readonly string[]; readonly kept: string | null }> {
  const target = resolve(options.folder);
  const isThere = await holdsSomething(target);
  if (isThere && !options.force)
    throw new ExportRefused(`${options.folder} 里已有内容，不覆盖；换一个目录，或加 --force`);
  if (isThere) await demandSchedules(target, options.folder);
  await mkdir(dirname(target), { recursive: true });
  const made = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    const files = writeScheduleFiles(options.document, {
      names: options.names,
      fileOf: options.media === null ? () => null : mediaName,
    });
    for (const [name, text] of files) await writeFile(join(made, name), text, { flush: true });
    await writeFile(join(made, SCHEMA_FILE), schemaText());
    if (options.media !== null) await download(options.media, options.document.assets, made);
    await demandSame(made, options.document);
    const kept = isThere ? await setAside(target) : null;
    await rename(made, target);
    return { files: [...files.keys()], kept };
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
}

/** Where an asset's file, or a part's, lies in an exported folder: named by its content. */
function mediaName({ sha256, mime }: { readonly sha256: string; readonly mime: string }): string {
  return `media/${sha256}.${MEDIA_TYPES[mime as MediaType] ?? 'bin'}`;
}

async function download(api: CenterApi, assets: readonly Asset[], folder: string): Promise<void> {
  await mkdir(join(folder, 'media'));
  const files = new Map(
    assets.flatMap((asset) => [asset, ...asset.parts]).map((one) => [one.sha256, mediaName(one)]),
  );
  for (const [sha256, name] of files) {
    const { body } = await api.ask(`/api/assets/${sha256}`, {});
    if (body === null) throw new ExportRefused(`中心没有给出素材 ${sha256}`);
    await pipeline(Readable.from(body), createWriteStream(join(folder, name)));
  }
}

/** What was written reads back as what is on air, hashes included; else nothing is put in place. */
async function demandSame(folder: string, document: ScheduleDocument): Promise<void> {
  const hashes = (one: ScheduleDocument) => one.assets.map(({ sha256 }) => sha256).join();
  const { problems, rebuilt } = await rereadForm(folder, document);
  if (problems.length > 0) throw new ExportRefused(`写出的文件读不回来：${problems.join('；')}`);
  if (rebuilt !== null && hashes(rebuilt) !== hashes(document))
    throw new ExportRefused('下载的素材和中心说的不一致，没有写出');
}

async function rereadForm(folder: string, document: ScheduleDocument) {
  // Playlists of regions above are not in the folder, and need not be for it to be whole.
  const { problems, document: rebuilt } = await loadScheduleFolder(folder);
  const own = new Set(document.playlists.map(({ id }) => id));
  const usesOthers = document.schedules.some(({ playlist }) => !own.has(playlist));
  const errors = problems.filter(
    ({ severity, code }) => severity === 'error' && !(usesOthers && code === 'PLAYLIST_UNKNOWN'),
  );
  return { problems: errors.map(({ file, line, zh }) => `${file}:${line} ${zh}`), rebuilt };
}

async function holdsSomething(folder: string): Promise<boolean> {
  const info = await stat(folder).catch(() => null);
  if (info === null) return false;
  return !info.isDirectory() || (await readdir(folder)).length > 0;
}

/** Only a folder that holds schedules is ever replaced. */
async function demandSchedules(target: string, folder: string): Promise<void> {
  const loaded = (await stat(target)).isDirectory() ? await loadScheduleFolder(target) : null;
  if (loaded === null || loaded.problems.some(({ code }) => code === 'SCOPE_MISSING'))
    throw new ExportRefused(`${folder} 不是排期目录，--force 也不覆盖`);
}

async function setAside(target: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const kept = `${target}.old-${number}`;
    if ((await stat(kept).catch(() => null)) !== null) continue;
    await rename(target, kept);
    return kept;
  }
}
