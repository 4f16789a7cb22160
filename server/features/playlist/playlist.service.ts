import { AppError } from '../../../shared/core/errors.ts';
import type { PlaylistId, RegionCode } from '../../../shared/core/ids.ts';
import { isWithin, lineageOf } from '../../../shared/region/tier.ts';
import type { Playlist } from '../../../shared/schedule/schedule.schema.ts';
import type { PlaylistStore } from './playlist.port.ts';

export type PlaylistService = ReturnType<typeof makePlaylistService>;

/** Playlists (节目单) on air: reading only, they are changed by applying a schedule document. */
export function makePlaylistService({ store }: { readonly store: PlaylistStore }) {
  return {
    /** Those of the regions in `scope`, below them and above them, because those above reach them. */
    async list(scope: readonly RegionCode[]): Promise<Playlist[]> {
      const playlists = await store.all();
      return playlists.filter(({ region }) =>
        scope.some((held) => isWithin(region, held) || lineageOf(held).includes(region)),
      );
    },

    /** @throws AppError NOT_FOUND. */
    async get(id: PlaylistId): Promise<Playlist> {
      const playlist = await store.get(id);
      if (playlist === null) throw new AppError('NOT_FOUND', { what: `节目单 ${id}` });
      return playlist;
    },
  };
}
