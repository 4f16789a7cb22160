import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { ContentChange } from '../../../shared/schedule/apply.api.ts';
import type { DraftEdit, DraftProblem } from '../../../shared/schedule/draft.api.ts';
import { problemOf } from '../../../shared/schedule/problem.ts';
import type { LintProblem } from '../../../shared/schedule/schedule-lint.ts';
import type { OwnedAsset } from '../asset/asset.port.ts';
import { assetsOf, parsedOf } from './air.ts';
import type { Air } from './air.ts';
import { judge, refuse } from './check-document.ts';
import { gather, itemOf, keyOf, nameOf } from './document-items.ts';
import type { Parsed } from './document-items.ts';
import type { ContentCommit, ContentVersion } from './schedule.port.ts';

/** A draft as these rules see it. */
export interface Proposal {
  readonly region: RegionCode;
  readonly edits: readonly DraftEdit[];
}

/**
 * What even work in progress must keep to: each thing once, under its own id, and nothing of a region
 * outside the draft's.
 * @throws AppError BAD_REQUEST, SCHEDULE_REFUSED (OUTSIDE_SCOPE, REGION_UNKNOWN), CONFLICT where the id is
 *   another region's.
 */
export function demandForm(
  { region, edits }: Proposal,
  air: Air,
  hasRegion: (code: RegionCode) => boolean,
): void {
  if (!hasRegion(region)) throw new AppError('REGION_UNKNOWN', { code: region });
  const seen = new Set<string>();
  for (const edit of edits) {
    const key = keyOf(edit);
    if (seen.has(key)) throw new AppError('BAD_REQUEST', { detail: `${key} twice` });
    seen.add(key);
    const holder = air.byKey.get(key)?.version.region;
    if (holder !== undefined && !isWithin(holder, region))
      throw new AppError('CONFLICT', { detail: `${key} (${holder})` });
    if (edit.body !== null && ownIdOf(edit.body) !== edit.id)
      throw new AppError('BAD_REQUEST', { detail: `${key} holds ${ownIdOf(edit.body)}` });
  }
  const named = edits.flatMap((edit) => (edit.body === null ? [] : [{ edit, at: edit.body.region }]));
  refuse(
    named
      .filter(({ at }) => !isWithin(at, region) || !hasRegion(at))
      .map(({ edit, at }) => ({
        ...(isWithin(at, region)
          ? problemOf('REGION_UNKNOWN', { region: at })
          : problemOf('OUTSIDE_SCOPE', { region: at, scope: region })),
        subject: { kind: edit.kind, id: edit.id, path: [] },
      })),
  );
}

/**
 * What is wrong with a draft: the rules by which files and documents are judged, asked of its region's
 * subtree as it would be. Only what the draft touches is told, not what was there before.
 */
export function problemsOf(
  { region, edits }: Proposal,
  air: Air,
  around: {
    readonly hasRegion: (code: RegionCode) => boolean;
    readonly assets: ReadonlyMap<Sha256, OwnedAsset>;
    readonly today: LocalDay;
  },
): LintProblem[] {
  const edited = new Map(edits.map((edit) => [keyOf(edit), edit]));
  const kept = [...air.byKey].filter(([key]) => !edited.has(key));
  const inside = kept.filter(([, item]) => isWithin(item.version.region, region));
  const outside = gather(
    kept.filter(([, item]) => !isWithin(item.version.region, region)).map(([, item]) => item.parsed),
  );
  const put = edits.map(parsedOf).filter((item): item is Parsed => item !== null);
  // First what is edited: where two things collide, the first of them is told.
  const document = gather([...put, ...inside.map(([, item]) => item.parsed)]);
  const problems = judge({ format: 'kepu-schedules/1', region, assets: [], ...document }, air, {
    hasRegion: around.hasRegion,
    playlists: new Map(outside.playlists.map((one) => [one.id, one])),
    assets: new Map([...around.assets].map(([sha256, owned]) => [sha256, owned.asset])),
    quotas: outside.quotas,
    today: around.today,
  });
  const playlistOf = new Map(document.schedules.map((one) => [one.id as string, one.playlist]));
  return problems.filter(({ subject }) => {
    if (edited.has(keyOf(subject))) return true;
    const playlist = subject.kind === 'schedule' ? playlistOf.get(subject.id) : undefined;
    return playlist !== undefined && edited.has(`playlist ${playlist}`);
  });
}

/** The same as the API tells it. */
export function toldProblems(problems: readonly LintProblem[]): DraftProblem[] {
  return problems.map(({ code, severity, zh, en, subject }) => ({
    code,
    severity,
    kind: subject.kind,
    id: subject.id,
    path: [...subject.path],
    zh,
    en,
  }));
}

/** @throws AppError DRAFT_OUTDATED for the first thing that was published anew since the draft was made. */
export function demandCurrent(edits: readonly DraftEdit[], air: Air): void {
  for (const edit of edits) {
    const version = air.byKey.get(keyOf(edit))?.version.version ?? null;
    if (version !== edit.base) throw new AppError('DRAFT_OUTDATED', { id: edit.id, version: version ?? 0 });
  }
}

/** What has to be done so that the edits are on air; what already is so is left alone. */
export function stepsOf(edits: readonly DraftEdit[], air: Air): Pick<ContentCommit, 'put' | 'remove'> {
  const put: ContentCommit['put'][number][] = [];
  const remove: ContentVersion[] = [];
  for (const edit of edits) {
    const version = air.byKey.get(keyOf(edit))?.version;
    if (edit.body === null) {
      if (version !== undefined) remove.push(version);
      continue;
    }
    const item = itemOf(edit.kind, edit.id, edit.body);
    if (version?.body !== item.body || version.region !== item.region)
      put.push({ item, replaces: version?.version ?? null });
  }
  return { put, remove };
}

/** What edits change against what is on air, for people. */
export function changesOf({ put, remove }: Pick<ContentCommit, 'put' | 'remove'>): ContentChange[] {
  return [
    ...put.map(({ item, replaces }) => changeOf(item, replaces === null ? 'created' : 'updated')),
    ...remove.map((item) => changeOf(item, 'removed')),
  ].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What the edits of a closed draft meant to change, by the versions that they were made on. */
export function intentOf(edits: readonly DraftEdit[], region: RegionCode): ContentChange[] {
  return edits.map((edit) => {
    const { kind, id, base, body } = edit;
    if (body === null) return { kind, id, name: id, region, change: 'removed' };
    return changeOf(itemOf(kind, id, body), base === null ? 'created' : 'updated');
  });
}

/**
 * The assets that a draft brings to the screens: those that its playlists name, and those of the
 * playlists on air in its own subtree that its schedules name. A higher region's playlist passed that
 * region's reviews.
 */
export function draftAssets({ region, edits }: Proposal, air: Air): Sha256[] {
  const { playlists, schedules } = gather(
    edits.map(parsedOf).filter((item): item is Parsed => item !== null),
  );
  const own = new Set(playlists.map((one) => one.id));
  const named = schedules
    .filter((one) => !own.has(one.playlist))
    .map((one) => air.byKey.get(`playlist ${one.playlist}`)?.parsed)
    .flatMap((item) => (item?.kind === 'playlist' ? [item.value] : []))
    .filter((playlist) => isWithin(playlist.region, region));
  return assetsOf([...playlists, ...named]);
}

function changeOf(
  item: Pick<ContentVersion, 'kind' | 'id' | 'region' | 'body'>,
  change: ContentChange['change'],
): ContentChange {
  return { kind: item.kind, id: item.id, name: nameOf(item), region: item.region, change };
}

function ownIdOf(body: NonNullable<DraftEdit['body']>): string {
  return 'id' in body ? body.id : body.region;
}
