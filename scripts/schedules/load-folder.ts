import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import type { Sha256 } from '../../shared/core/ids.ts';
import type { FileProblem } from '../../shared/schedule/problem.ts';
import { inReadingOrder, problemOf } from '../../shared/schedule/problem.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import { parseScheduleFile } from '../../shared/schedule/schedule-file.ts';
import { assembleFolder, declaredAssets } from '../../shared/schedule/schedule-folder.ts';
import type { LintOptions } from '../../shared/schedule/schedule-lint.ts';
import { AssetFileError, loadAsset } from './load-asset.ts';
import type { AssetBytes } from './load-asset.ts';

export interface LoadedFolder {
  /** `null` where something is an error. */
  readonly document: ScheduleDocument | null;
  /** Every file that the document's assets need, by hash. */
  readonly blobs: ReadonlyMap<Sha256, AssetBytes>;
  readonly problems: readonly FileProblem[];
}

/**
 * Reads a folder of schedule files (`*.yaml`, also in folders below) with the assets they name.
 * @throws the file system's error when the folder itself cannot be read
 */
export async function loadScheduleFolder(folder: string, options: LintOptions = {}): Promise<LoadedFolder> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(
    names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map(async (name) => parseScheduleFile(name, await readFile(join(folder, name), 'utf8'))),
  );
  const problems: FileProblem[] = [];
  const assets = new Map<string, Asset>();
  const blobs = new Map<Sha256, AssetBytes>();
  for (const { key, asset: declared, place } of declaredAssets(files)) {
    if (declared.kind === 'video' && declared.durationS === undefined)
      problems.push(place(problemOf('DURATION_MISSING'), ['file']));
    try {
      const loaded = await loadAsset(folder, declared);
      assets.set(key, loaded.asset);
      for (const [sha256, blob] of loaded.blobs) blobs.set(sha256, blob);
    } catch (error) {
      if (!(error instanceof AssetFileError)) throw error;
      const params = { path: declared.file, detail: error.zh, detailEn: error.message };
      problems.push(place(problemOf('ASSET_FILE', params), ['file']));
    }
  }
  const assembled = assembleFolder(files, assets, options);
  const all = [...problems, ...assembled.problems];
  if (files.length === 0) all.push({ ...problemOf('SCOPE_MISSING'), file: folder, line: 1, column: 1 });
  const hasError = all.some((problem) => problem.severity === 'error');
  return {
    document: hasError ? null : assembled.document,
    blobs: needed(assembled.document, blobs),
    problems: inReadingOrder(all),
  };
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
