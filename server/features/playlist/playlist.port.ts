import type { PlaylistId } from '../../../shared/core/ids.ts';
import type { Playlist } from '../../../shared/schedule/schedule.schema.ts';

/** Playlists on air; they change only with the document that holds them (feature schedule). */
export interface PlaylistStore {
  /** Sorted by id. */
  all(): Promise<readonly Playlist[]>;
  get(id: PlaylistId): Promise<Playlist | null>;
}
