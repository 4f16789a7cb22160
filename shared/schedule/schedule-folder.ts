import type { Asset } from '../asset/asset.schema.ts';
import type { RegionCode, Sha256 } from '../core/ids.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Path } from './file-issue.ts';
import { wordIssues } from './file-issue.ts';
import type { FileProblem, Problem } from './problem.ts';
import { insteadOf, inReadingOrder, problemOf } from './problem.ts';
import type { ScheduleDocument } from './schedule-document.ts';
import type { ReviewPolicy } from './review.schema.ts';
import type { FileAsset, ScheduleFile, ScreenPlace } from './schedule-file.schema.ts';
import type { ParsedFile } from './schedule-file.ts';
import { lintDocument } from './schedule-lint.ts';
import type { LintOptions, Subject } from './schedule-lint.ts';
import { quotaPolicySchema, scheduleSchema } from './schedule.schema.ts';
import type { Playlist, QuotaPolicy, ReservedWindow, Schedule } from './schedule.schema.ts';

/** An asset that a file declares, and where. */
export interface DeclaredAsset {
  readonly key: string;
  readonly asset: FileAsset;
  readonly place: (problem: Problem, path: Path) => FileProblem;
}

/** The folder as one document, or `null` where something in it is an error. */
export interface AssembledFolder {
  readonly document: ScheduleDocument | null;
  /** Sample places of the files, by key. */
  readonly screens: ReadonlyMap<string, ScreenPlace>;
  readonly problems: readonly FileProblem[];
}

/** Assets that the files declare, each key once. */
export function declaredAssets(files: readonly ParsedFile[]): DeclaredAsset[] {
  const keys = new Map<string, DeclaredAsset>();
  for (const { content, place } of files)
    for (const [key, asset] of Object.entries(content?.assets ?? {})) {
      if (keys.has(key)) continue;
      keys.set(key, { key, asset, place: (problem, path) => place(problem, ['assets', key, ...path]) });
    }
  return [...keys.values()];
}

/**
 * Puts the files of a folder together and checks the whole.
 * @param assets what the declared keys turned out to be; a key whose file could not be used is missing
 */
export function assembleFolder(
  files: readonly ParsedFile[],
  assets: ReadonlyMap<string, Asset>,
  options: LintOptions = {},
): AssembledFolder {
  const folder = new Assembly(
    assets,
    declaredAssets(files).map((one) => one.key),
  );
  for (const file of files) folder.add(file);
  return folder.finish(files, options);
}

/** Where in a file each kind of thing stands. */
const SECTIONS = {
  schedule: 'schedules',
  playlist: 'playlists',
  reserved: 'reserved',
  quota: 'quota',
  review: 'review',
} as const satisfies Record<Subject['kind'], string>;

/** A folder while its files are put together. */
class Assembly {
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #declared: readonly string[];
  readonly #problems: FileProblem[] = [];
  readonly #owners = new Map<string, ParsedFile>();
  readonly #used = new Map<Sha256, Asset>();
  /** Playlists of which an asset is missing: the folder is refused, and they are not checked further. */
  readonly #incomplete = new Set<string>();
  readonly #playlists: Playlist[] = [];
  readonly #schedules: Schedule[] = [];
  readonly #quotas: QuotaPolicy[] = [];
  readonly #reserved: ReservedWindow[] = [];
  readonly #reviews: ReviewPolicy[] = [];
  readonly #screens = new Map<string, ScreenPlace>();
  #scope: { readonly region: RegionCode; readonly file: string } | null = null;

  constructor(assets: ReadonlyMap<string, Asset>, declared: readonly string[]) {
    this.#assets = assets;
    this.#declared = declared;
  }

  add(file: ParsedFile): void {
    this.#problems.push(...file.problems);
    const { content } = file;
    if (content === null) return;
    this.#addScope(file, content);
    for (const key of Object.keys(content.assets ?? {})) this.#own(file, 'assets', key);
    for (const [key, place] of Object.entries(content.screens ?? {}))
      if (this.#own(file, 'screens', key)) this.#screens.set(key, place);
    const { region } = content;
    if (region === undefined) {
      if (content.playlists ?? content.schedules ?? content.quota ?? content.reserved ?? content.review)
        this.#problems.push(file.place(problemOf('ISSUER_MISSING'), []));
      return;
    }
    this.#addPlaylists(file, content, region);
    this.#addSchedules(file, content, region);
    this.#addQuota(file, content, region);
    this.#addReview(file, content, region);
    for (const [id, reserve] of Object.entries(content.reserved ?? {})) {
      if (!this.#own(file, 'reserved', id)) continue;
      const { days = 'every', excludeDates = [], windows, validity } = reserve;
      this.#reserved.push({ id: id as ReservedWindow['id'], region, days, excludeDates, windows, validity });
    }
  }

  finish(files: readonly ParsedFile[], options: LintOptions): AssembledFolder {
    const isBroken = files.some((file) => file.content === null);
    if (this.#scope === null && !isBroken && files[0] !== undefined)
      this.#problems.push(files[0].place(problemOf('SCOPE_MISSING'), []));
    let document: ScheduleDocument | null = null;
    // While a file cannot be read, what it would have held seems missing everywhere else.
    if (this.#scope !== null && !isBroken) {
      document = this.#documentOf(this.#scope.region);
      for (const { subject, ...problem } of lintDocument(document, options))
        if (subject.kind !== 'playlist' || !this.#incomplete.has(subject.id))
          this.#problems.push(this.#placeSubject(problem, subject));
      this.#lintScreens(options);
    }
    const hasError =
      this.#incomplete.size > 0 || this.#problems.some((problem) => problem.severity === 'error');
    return {
      document: hasError ? null : document,
      screens: this.#screens,
      problems: inReadingOrder(this.#problems),
    };
  }

  #documentOf(region: RegionCode): ScheduleDocument {
    const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
    return {
      format: 'kepu-schedules/1',
      region,
      assets: [...this.#used.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
      playlists: this.#playlists.toSorted(byId),
      schedules: this.#schedules.toSorted(byId),
      quotas: this.#quotas.toSorted((a, b) => (a.region < b.region ? -1 : 1)),
      reserved: this.#reserved.toSorted(byId),
      reviews: this.#reviews.toSorted((a, b) => (a.region < b.region ? -1 : 1)),
    };
  }

  #addScope(file: ParsedFile, { scope }: ScheduleFile): void {
    if (scope === undefined) return;
    if (this.#scope === null) this.#scope = { region: scope, file: file.file };
    else this.#problems.push(file.place(problemOf('SCOPE_TWICE', { other: this.#scope.file }), ['scope']));
  }

  #addPlaylists(file: ParsedFile, { playlists = {} }: ScheduleFile, region: RegionCode): void {
    for (const [id, { name, items }] of Object.entries(playlists)) {
      if (!this.#own(file, 'playlists', id)) continue;
      const found = items.flatMap(({ asset: key, durationS, fit = 'contain' }, index) => {
        const asset = this.#assets.get(key);
        if (asset !== undefined) {
          this.#used.set(asset.sha256, this.#used.get(asset.sha256) ?? asset);
          return [{ asset: asset.sha256, durationS, fit }];
        }
        // A declared asset whose file is bad was reported where it is declared.
        if (!this.#declared.includes(key)) {
          const instead = insteadOf(key, this.#declared, didYouMean(key, this.#declared));
          const problem = problemOf('ASSET_KEY_UNKNOWN', { key, ...instead });
          this.#problems.push(file.place(problem, ['playlists', id, 'items', index, 'asset']));
        }
        return [];
      });
      if (found.length < items.length) this.#incomplete.add(id);
      this.#playlists.push({ id: id as Playlist['id'], name, region, items: found });
    }
  }

  #addSchedules(file: ParsedFile, { schedules = {} }: ScheduleFile, region: RegionCode): void {
    for (const [id, written] of Object.entries(schedules)) {
      if (!this.#own(file, 'schedules', id)) continue;
      const value = { ...written, id, region };
      const parsed = scheduleSchema.safeParse(value);
      if (parsed.success) this.#schedules.push(parsed.data);
      else
        for (const { path, ...problem } of wordIssues(parsed.error.issues, value))
          this.#problems.push(file.place(problem, ['schedules', id, ...path]));
    }
  }

  #addQuota(file: ParsedFile, { quota }: ScheduleFile, region: RegionCode): void {
    if (quota === undefined) return;
    this.#owners.set(`quota ${region}`, file);
    const value = { region, ...quota };
    const parsed = quotaPolicySchema.safeParse(value);
    if (parsed.success) this.#quotas.push(parsed.data);
    else
      for (const { path, ...problem } of wordIssues(parsed.error.issues, value))
        this.#problems.push(file.place(problem, ['quota', ...path]));
  }

  #addReview(file: ParsedFile, { review }: ScheduleFile, region: RegionCode): void {
    if (review === undefined) return;
    if (this.#reviews.some((policy) => policy.region === region))
      this.#problems.push(file.place(problemOf('REVIEW_TWICE', { region }), ['review']));
    this.#owners.set(`review ${region}`, file);
    this.#reviews.push({ region, ...review });
  }

  #lintScreens({ hasRegion }: LintOptions): void {
    for (const [key, { region }] of this.#screens)
      if (hasRegion?.(region) === false)
        this.#problems.push(
          this.#ownerOf('screens', key).place(problemOf('REGION_UNKNOWN', { region }), [
            'screens',
            key,
            'region',
          ]),
        );
  }

  /** Notes whose an id is; `false` and a problem where another file has it already. */
  #own(file: ParsedFile, section: string, id: string): boolean {
    const name = `${section} ${id}`;
    const other = this.#owners.get(name);
    if (other === undefined) {
      this.#owners.set(name, file);
      return true;
    }
    this.#problems.push(file.place(problemOf('ID_TWICE', { id, other: other.file }), [section, id]));
    return false;
  }

  #placeSubject(problem: Problem, { kind, id, path }: Subject): FileProblem {
    const section = SECTIONS[kind];
    const isPolicy = kind === 'quota' || kind === 'review';
    return this.#ownerOf(section, id).place(problem, isPolicy ? [section, ...path] : [section, id, ...path]);
  }

  /** The file that holds a thing. */
  #ownerOf(section: string, id: string): ParsedFile {
    const owner = this.#owners.get(`${section} ${id}`);
    if (owner === undefined) throw new TypeError(`a problem about ${section} ${id}, which no file holds`);
    return owner;
  }
}
