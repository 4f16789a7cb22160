import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import { playlistSchema } from '../../../shared/schedule/schedule.schema.ts';
import type { PlaylistService } from './playlist.service.ts';

/** Reading the playlists on air. */
export function playlistRoutes({
  playlists,
}: {
  readonly playlists: PlaylistService;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/playlists',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: { tags: ['playlist'], response: { 200: z.strictObject({ rows: z.array(playlistSchema) }) } },
      },
      async ({ actor }) => ({
        rows: await playlists.list(actor === null ? [] : scopeOf(actor, 'schedule.read')),
      }),
    );
  };
}
