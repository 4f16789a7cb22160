import { playlistSchema } from '../../../../shared/schedule/schedule.schema.ts';
import type { PlaylistStore } from '../../../features/playlist/playlist.port.ts';
import type { Db } from '../database.ts';

/** The playlists among the content versions. */
export function playlistStore(db: Db): PlaylistStore {
  const onAir = () =>
    db
      .selectFrom('content_versions')
      .select('body')
      .where('kind', '=', 'playlist')
      .where('to_ms', 'is', null)
      .orderBy('id');
  return {
    async all() {
      return (await onAir().execute()).map((row) => playlistSchema.parse(JSON.parse(row.body)));
    },
    async get(id) {
      const row = await onAir().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : playlistSchema.parse(JSON.parse(row.body));
    },
  };
}
