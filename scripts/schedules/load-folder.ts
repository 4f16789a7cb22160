import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import type { Sha256 } from '../../shared/core/ids.ts';
import type { FileProblem } from '../../shared/schedule/problem.ts';
import { inReadingOrder, problemOf } from '../../shared/schedule/problem.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import type { ScreenPlace } from '../../shared/schedule/schedule-file.schema.ts';
import { FILE_LIMIT, parseScheduleFile, unreadable } from '../../shared/schedule/schedule-file.ts';
import type { ParsedFile } from '../../shared/schedule/schedule-file.ts';
import { assembleFolder, declaredAssets } from '../../shared/schedule/schedule-folder.ts';
import type { LintOptions } from '../../shared/schedule/schedule-lint.ts';
import { AssetFileError, loadAsset } from './load-asset.ts';
import type { AssetBytes } from './load-asset.ts';

export interface LoadedFolder {
  /** `null` where something is an error. */
  readonly document: ScheduleDocument | null;
  /** Every file that the document's assets need and that is at hand, by hash. */
  readonly blobs: ReadonlyMap<Sha256, AssetBytes>;
  /** Sample places, by key. */
  readonly screens: ReadonlyMap<string, ScreenPlace>;
  readonly problems: readonly FileProblem[];
}

/** Most files of one folder; a province with one per village that speaks has some thousands. */
const FILES_LIMIT = 10_000;
/** Most bytes that {@link FILE_LIMIT} characters take in UTF-8. */
const BYTES_LIMIT = FILE_LIMIT * 4;

/**
 * Reads a folder of schedule files (`*.yaml`, also in folders below) with the assets they name.
 * @throws the file system's error when the folder itself cannot be read
 */
export function loadScheduleFolder(folder: string, options: LintOptions = {}): Promise<LoadedFolder> {
  return loadSchedules([folder], options);
}

/**
 * Reads files and folders as one whole. Assets' paths count from the folder that holds them all.
 * @throws the file system's error for a path that is not there
 */
export async function loadSchedules(
  paths: readonly string[],
  options: LintOptions = {},
): Promise<LoadedFolder> {
  const { root, names } = await findFiles(paths);
  const isTooMany = names.length > FILES_LIMIT;
  const files = await Promise.all((isTooMany ? [] : names).map((name) => readScheduleFile(root, name)));
  const problems: FileProblem[] = [];
  const at = { file: root, line: 1, column: 1 };
  if (isTooMany) problems.push({ ...problemOf('FILES_TOO_MANY', { limit: FILES_LIMIT }), ...at });
  else if (files.length === 0) problems.push({ ...problemOf('SCOPE_MISSING'), ...at });
  const { assets, blobs } = await loadAssets(root, files, problems);
  const assembled = assembleFolder(files, assets, options);
  const all = [...problems, ...assembled.problems];
  const hasError = all.some((problem) => problem.severity === 'error');
  return {
    document: hasError ? null : assembled.document,
    blobs: needed(assembled.document, blobs),
    screens: assembled.screens,
    problems: inReadingOrder(all),
  };
}

/** The schedule files that paths lead to, named from the folder that holds them all. */
async function findFiles(
  paths: readonly string[],
): Promise<{ readonly root: string; readonly names: readonly string[] }> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const isFolder = (await lstat(await realpath(path))).isDirectory();
      if (!isFolder) return { folder: dirname(resolve(path)), files: [resolve(path)] };
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const files = entries.filter(({ name }) => /\.ya?ml$/.test(name));
      return {
        folder: resolve(path),
        files: files.map((entry) => resolve(entry.parentPath, entry.name)),
      };
    }),
  );
  const root = found.map(({ folder }) => folder).reduce(commonFolder);
  const files = new Set(found.flatMap((one) => one.files.map((file) => relative(root, file))));
  return { root, names: [...files].sort() };
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== dirname(folder) && b !== folder && !b.startsWith(folder + sep)) folder = dirname(folder);
  return folder;
}

/** One file, as text that is whole: what is no plain file inside the folder, too big or no UTF-8 is said. */
async function readScheduleFile(root: string, name: string): Promise<ParsedFile> {
  const path = join(root, name);
  const at = { file: name, line: 1, column: 1 };
  const refuse = (detail: string, detailEn: string) =>
    unreadable(name, { ...problemOf('FILE_UNREADABLE', { detail, detailEn }), ...at });
  const info = await lstat(path);
  if (info.isSymbolicLink()) {
    const real = await realpath(path).catch(() => null);
    if (real === null || !real.startsWith((await realpath(root)) + sep))
      return refuse('是通到目录外面的链接', 'it is a link out of the folder');
  } else if (!info.isFile()) return refuse('不是文件', 'it is no file');
  if (info.size > BYTES_LIMIT)
    return unreadable(name, { ...problemOf('FILE_TOO_LARGE', { limit: FILE_LIMIT }), ...at });
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => error);
  if (bytes instanceof Error) return refuse(`系统说 ${bytes.code}`, `the system says ${bytes.code}`);
  try {
    return parseScheduleFile(name, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return unreadable(name, { ...problemOf('NOT_UTF8'), ...placeOfBadByte(bytes), file: name });
  }
}

/** Where the first byte stands that no UTF-8 text has there. */
function placeOfBadByte(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  const text = new TextDecoder('utf-8').decode(bytes);
  const before = text.slice(0, Math.max(0, text.indexOf('\uFFFD'))).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

async function loadAssets(root: string, files: readonly ParsedFile[], problems: FileProblem[]) {
  const assets = new Map<string, Asset>();
  const blobs = new Map<Sha256, AssetBytes>();
  for (const { key, asset: declared, place } of declaredAssets(files)) {
    const { file, sha256, mime, sizeBytes, kind } = declared;
    if (kind === 'video' && declared.durationS === undefined)
      problems.push(place(problemOf('DURATION_MISSING'), ['file']));
    if (file === undefined && (sha256 === undefined || mime === undefined || sizeBytes === undefined)) {
      problems.push(place(problemOf('ASSET_SOURCE'), ['kind']));
      continue;
    }
    try {
      const loaded = await loadAsset(root, declared);
      assets.set(key, loaded.asset);
      for (const [hash, blob] of loaded.blobs) blobs.set(hash, blob);
    } catch (error) {
      if (!(error instanceof AssetFileError)) throw error;
      const params = { path: file ?? key, detail: error.zh, detailEn: error.message };
      problems.push(place(problemOf('ASSET_FILE', params), ['file']));
    }
  }
  return { assets, blobs };
}

/** The blobs of the document's assets: files may declare assets that no playlist uses. */
function needed(
  document: ScheduleDocument | null,
  blobs: ReadonlyMap<Sha256, AssetBytes>,
): ReadonlyMap<Sha256, AssetBytes> {
  const hashes = (document?.assets ?? []).flatMap((asset) => [
    asset.sha256,
    ...asset.parts.map((part) => part.sha256),
  ]);
  return new Map(
    hashes.flatMap((sha256) => {
      const blob = blobs.get(sha256);
      return blob === undefined ? [] : [[sha256, blob] as const];
    }),
  );
}
