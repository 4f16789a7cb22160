import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  assetDescriptionSchema,
  assetPageSchema,
  assetQuerySchema,
  storedFileSchema,
} from '../../../shared/asset/asset.api.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { sha256Schema } from '../../../shared/core/ids.ts';
import type { AssetReach } from './asset.port.ts';
import type { AssetService } from './asset.service.ts';

const read = { kind: 'ability', ability: 'asset.read', region: { from: 'scope' } } as const;
const manage = { kind: 'ability', ability: 'asset.manage', region: { from: 'scope' } } as const;

/** A file by its hash, with or without the ending under which HLS playlists name it. */
const fileNameSchema = z
  .string()
  .regex(/^[0-9a-f]{64}(\.[a-z0-9]{1,5})?$/, 'a SHA-256 in lower-case hex')
  .transform((name) => sha256Schema.parse(name.slice(0, 64)));

/** Upload, download and the list of assets. */
export function assetRoutes({
  assets,
  reach,
}: {
  readonly assets: AssetService;
  readonly reach: AssetReach;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/assets',
      {
        config: { access: read },
        schema: { tags: ['asset'], querystring: assetQuerySchema, response: { 200: assetPageSchema } },
      },
      async ({ query: { text, limit, offset } }) => {
        const { rows, total } = await assets.list({ text, limit, offset });
        return { rows: [...rows], total };
      },
    );

    http.post(
      '/assets',
      {
        config: {
          access: { kind: 'ability', ability: 'asset.manage', region: { from: 'body', name: 'region' } },
        },
        schema: { tags: ['asset'], body: assetDescriptionSchema, response: { 200: assetDescriptionSchema } },
      },
      async ({ actor, body }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return assets.describe(body, actor);
      },
    );

    http.route({
      method: ['GET', 'HEAD'],
      url: '/assets/:file',
      config: { access: { ...read, device: true } },
      schema: { tags: ['asset'], params: z.strictObject({ file: fileNameSchema }) },
      handler: async (request, reply) => {
        const { device } = request;
        const { file: sha256 } = request.params;
        // To a device, what is not its screen's does not exist.
        if (device !== null && !(await reach.namesFile(device.screen, sha256)))
          throw new AppError('ASSET_UNKNOWN', { sha256 });
        const file = await assets.file(sha256);
        return reply.sendImmutable({ ...file, read: (range) => assets.read(sha256, range) });
      },
    });

    // Whatever the body calls itself, it is bytes to stream; its type is told by its content.
    await http.register(async (raw: typeof http) => {
      raw.removeAllContentTypeParsers();
      raw.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      raw.put(
        '/assets/:sha256',
        {
          config: { access: manage },
          schema: {
            tags: ['asset'],
            params: z.strictObject({ sha256: sha256Schema }),
            response: { 200: storedFileSchema },
          },
        },
        async (request) => {
          const { actor, body } = request;
          if (actor === null) throw new AppError('NOT_LOGGED_IN');
          const source = body instanceof Readable ? body : Readable.from([]);
          try {
            return await assets.put(request.params.sha256, source, actor);
          } catch (error) {
            // Somebody's link, not our bug.
            if (request.raw.readableAborted)
              throw new AppError('BAD_REQUEST', { detail: '上传中断（the upload broke off）' }, error);
            throw error;
          }
        },
      );
    });
  };
}
