import type { ApplyAnswer } from '../../shared/schedule/apply.api.ts';
import type { FileProblem } from '../../shared/schedule/problem.ts';
import { CenterApi } from '../center/center-api.ts';
import { contentApi } from '../center/content-api.ts';
import type { ContentApi } from '../center/content-api.ts';
import { loadScheduleFolder } from './load-folder.ts';
import type { LoadedFolder } from './load-folder.ts';

export interface ApplyFolderOptions {
  /** The center's address, like `http://127.0.0.1:8080`. */
  readonly center: string;
  /** The session cookie of somebody who may publish there. */
  readonly cookie: string;
  /** Folder of schedule files. */
  readonly folder: string;
  readonly onProgress?: (progress: ApplyProgress) => void;
}

export type ApplyProgress =
  /** `files` files are needed, of which `done` were sent or found there. */
  | { readonly kind: 'files'; readonly done: number; readonly files: number; readonly sentBytes: number }
  | { readonly kind: 'applying'; readonly schedules: number };

/** The folder has errors; nothing was sent. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused';
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super('the schedule files have errors');
    this.problems = problems;
  }
}

/** A folder of a lower region may name playlists that are on air above it; the center is asked only then. */
async function loadFor(folder: string, client: ContentApi): Promise<LoadedFolder> {
  const loaded = await loadScheduleFolder(folder);
  if (!loaded.problems.some(({ code }) => code === 'PLAYLIST_UNKNOWN')) return loaded;
  const above = await client.playlists();
  return loadScheduleFolder(folder, { playlists: new Map(above.map((one) => [one.id, one])) });
}

/**
 * Puts a folder of schedules on air: checks it, sends the files that the center lacks, then applies
 * the whole as one change. Doing it again changes nothing.
 * @throws FolderRefused, CenterError
 */
export async function applyFolder(options: ApplyFolderOptions): Promise<ApplyAnswer> {
  const { center, cookie, folder, onProgress = () => undefined } = options;
  const client = contentApi(new CenterApi(center, cookie));
  const { document, blobs, problems } = await loadFor(folder, client);
  if (document === null) throw new FolderRefused(problems);
  let done = 0;
  let sentBytes = 0;
  for (const [sha256, blob] of blobs) {
    if (!(await client.hasFile(sha256))) {
      await client.putFile(sha256, blob);
      sentBytes += blob.sizeBytes;
    }
    done += 1;
    onProgress({ kind: 'files', done, files: blobs.size, sentBytes });
  }
  onProgress({ kind: 'applying', schedules: document.schedules.length });
  return client.apply(document);
}
