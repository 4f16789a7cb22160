import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { playlistIdSchema, regionCodeSchema, sha256Schema } from '../../../shared/core/ids.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import { smilImportSchema } from '../../../shared/playlist/smil.ts';
import { SMIL_LIMIT } from '../../../shared/playlist/smil-xml.ts';
import { playlistSchema } from '../../../shared/schedule/schedule.schema.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { PlaylistService } from './playlist.service.ts';

const SMIL_TYPES = ['text/xml', 'application/xml', 'application/smil', 'application/smil+xml'];
/** A SMIL document of the most characters, in UTF-8. */
const SMIL_BYTES = SMIL_LIMIT * 4;

const smilQuerySchema = z.strictObject({
  region: regionCodeSchema,
  /** Which asset each file name in `src` means, as JSON: `{"a.jpg": "<sha256>"}`. */
  files: z
    .string()
    .max(100_000)
    .default('{}')
    .transform((text, issue) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        issue.addIssue({ code: 'custom', message: 'files is JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string().max(300), sha256Schema)),
});

/** Reading the playlists on air, and SMIL in and out. */
export function playlistRoutes({
  playlists,
  audit,
}: {
  readonly playlists: PlaylistService;
  readonly audit: AuditService;
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

    http.get(
      '/playlists/:id/smil',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: { tags: ['playlist'], params: z.strictObject({ id: playlistIdSchema }) },
      },
      async ({ actor, params }, reply) => {
        const scope = actor === null ? [] : scopeOf(actor, 'schedule.read');
        const text = await playlists.exportSmil(params.id, scope);
        await audit.append({ actor, action: 'playlist.export', subject: params.id });
        return reply.type('application/smil+xml; charset=utf-8').send(text);
      },
    );

    // SMIL is XML; nothing else of the API is, so its reader stands around this route alone.
    await http.register(async (xml: typeof http) => {
      xml.removeAllContentTypeParsers();
      xml.addContentTypeParser(
        SMIL_TYPES,
        { parseAs: 'string', bodyLimit: SMIL_BYTES },
        (_request, body, done) => done(null, body),
      );
      xml.post(
        '/playlists/smil',
        {
          bodyLimit: SMIL_BYTES,
          config: {
            access: { kind: 'ability', ability: 'schedule.edit', region: { from: 'query', name: 'region' } },
          },
          schema: {
            tags: ['playlist'],
            querystring: smilQuerySchema,
            body: z.string(),
            response: { 200: smilImportSchema },
          },
        },
        async ({ body, query: { region, files } }) =>
          playlists.importSmil(body, { region, files: new Map(Object.entries(files)) }),
      );
    });
  };
}
