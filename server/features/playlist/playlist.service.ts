import { AppError } from '../../../shared/core/errors.ts';
import type { PlaylistId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { sha256Schema } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import { exportSmil } from '../../../shared/playlist/smil-export.ts';
import { importSmil } from '../../../shared/playlist/smil-import.ts';
import { freshIds } from '../../../shared/playlist/smil.ts';
import type { SmilFinding } from '../../../shared/playlist/smil.ts';
import { SmilError } from '../../../shared/playlist/smil-xml.ts';
import { isWithin, lineageOf } from '../../../shared/region/tier.ts';
import type { Playlist } from '../../../shared/schedule/schedule.schema.ts';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { AssetService } from '../asset/asset.service.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { PlaylistStore } from './playlist.port.ts';

export type PlaylistService = ReturnType<typeof makePlaylistService>;

export interface PlaylistDeps {
  readonly store: PlaylistStore;
  readonly assets: Pick<AssetService, 'described'>;
  readonly schedules: Pick<ScheduleService, 'world'>;
  readonly clock: Clock;
}

/** What a SMIL document would become: edits for a draft, and what of it is not kept. */
export interface SmilImport {
  readonly edits: DraftEdit[];
  readonly findings: SmilFinding[];
}

/** Playlists (节目单) on air: reading and interchange only, they are changed through drafts. */
export function makePlaylistService({ store, assets, schedules, clock }: PlaylistDeps) {
  async function list(scope: readonly RegionCode[]): Promise<Playlist[]> {
    return (await store.all()).filter(isSeenFrom(scope));
  }

  return {
    /** Those of the regions in `scope`, below them and above them, because those above reach them. */
    list,

    /** @throws AppError NOT_FOUND. */
    async get(id: PlaylistId): Promise<Playlist> {
      const playlist = await store.get(id);
      if (playlist === null) throw new AppError('NOT_FOUND', { what: `节目单 ${id}` });
      return playlist;
    },

    /**
     * A playlist with the schedules on air that use it and are seen from `scope`, as SMIL 3.0; what SMIL cannot say stands in it
     * as a comment. @throws AppError NOT_FOUND where it is not within `scope`; SMIL_REFUSED.
     */
    async exportSmil(id: PlaylistId, scope: readonly RegionCode[]): Promise<string> {
      const playlist = (await list(scope)).find((one) => one.id === id);
      if (playlist === undefined) throw new AppError('NOT_FOUND', { what: `节目单 ${id}` });
      const world = await schedules.world();
      const users = world.schedules.filter((one) => one.playlist === id).filter(isSeenFrom(scope));
      return refusing(() => exportSmil({ playlists: [playlist], schedules: users }, world.assets).text);
    },

    /**
     * Reads a SMIL document as edits for a draft of `region`; nothing is put on air and nothing kept.
     * Ids that are on air already are numbered on, so that every edit makes something new.
     * @throws AppError SMIL_REFUSED with the line of the first thing that cannot be kept exactly
     */
    async importSmil(
      text: string,
      { region, files }: { readonly region: RegionCode; readonly files: ReadonlyMap<string, Sha256> },
    ): Promise<SmilImport> {
      const named = [...text.matchAll(/sha256:([0-9a-f]{64})/g)].map(([, hash]) => sha256Schema.parse(hash));
      const described = await assets.described([...new Set([...named, ...files.values()])]);
      const world = await schedules.world();
      const { programme, findings } = refusing(() =>
        importSmil(text, {
          region,
          today: localDayAt(instantOfMs(clock.nowMs())),
          assets: new Map([...described].map(([sha256, owned]) => [sha256, owned.asset])),
          files,
        }),
      );
      const taken = {
        playlists: new Set<string>(world.playlists.keys()),
        schedules: new Set<string>(world.schedules.map((one) => one.id)),
      };
      const fresh = freshIds(programme, taken);
      return {
        edits: [
          ...fresh.playlists.map((body) => ({ kind: 'playlist' as const, id: body.id, base: null, body })),
          ...fresh.schedules.map((body) => ({ kind: 'schedule' as const, id: body.id, base: null, body })),
        ],
        findings: [...findings],
      };
    },
  };
}

/** Whether something belongs to a region in `scope`, below it, or above it, which reaches it. */
function isSeenFrom(scope: readonly RegionCode[]) {
  return ({ region }: { readonly region: RegionCode }) =>
    scope.some((held) => isWithin(region, held) || lineageOf(held).includes(region));
}

/** What the rules refuse, as an answer. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SmilError)) throw error;
    throw new AppError('SMIL_REFUSED', { line: error.line, zh: error.zh, en: error.message }, error);
  }
}
