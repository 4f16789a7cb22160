import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { screenIdSchema } from '../../../shared/core/ids.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import type { Screen, ScreenRow } from '../../../shared/screen/screen.schema.ts';
import {
  claimSchema,
  retirementSchema,
  screenCreationSchema,
  screenDetailSchema,
  screenPageSchema,
  screenPatchSchema,
  screenQuerySchema,
  screenRowSchema,
} from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScreenService } from './screen.service.ts';

const readAny = { kind: 'ability', ability: 'screen.read', region: { from: 'scope' } } as const;
const readOne = { kind: 'ability', ability: 'screen.read', region: { from: 'subject' } } as const;
const manageOne = { kind: 'ability', ability: 'screen.manage', region: { from: 'subject' } } as const;

const params = z.strictObject({ id: screenIdSchema });
const tags = ['screen'];

/** Screens: list, add, change, claim a box, take it away, retire. */
export function screenRoutes({
  screen,
  region,
}: {
  readonly screen: ScreenService;
  readonly region: RegionService;
}): FastifyPluginAsyncZod {
  const rowOf = (row: Screen): ScreenRow => ({ ...row, regionNames: region.names(row.region) });

  return async (http) => {
    http.get(
      '/screens',
      {
        config: { access: readAny },
        schema: { tags, querystring: screenQuerySchema, response: { 200: screenPageSchema } },
      },
      async ({ actor, query }) => {
        const scope = actor === null ? [] : scopeOf(actor, 'screen.read');
        const { rows, total } = await screen.list({ ...query, scope });
        return { rows: rows.map(rowOf), total };
      },
    );

    http.post(
      '/screens',
      {
        config: {
          access: { kind: 'ability', ability: 'screen.manage', region: { from: 'body', name: 'region' } },
        },
        schema: { tags, body: screenCreationSchema, response: { 201: screenRowSchema } },
      },
      async ({ actor, body }, reply) => reply.code(201).send(rowOf(await screen.create(body, actor))),
    );

    http.get(
      '/screens/:id',
      {
        config: { access: readOne },
        schema: { tags, params, response: { 200: screenDetailSchema } },
      },
      async (request) => {
        const found = await screen.require(request.params.id);
        request.authorize(found.region);
        const bindings = await screen.bindings(found.id);
        const boxes = await Promise.all(
          bindings.toReversed().map(async ({ device, fromMs, toMs }) => {
            const box = await screen.device(device);
            const { renderer = 'headless', version = '', hardware = '' } = box ?? {};
            return { device, fromMs, toMs, renderer, version, hardware };
          }),
        );
        return { ...rowOf(found), bindings: boxes };
      },
    );

    http.patch(
      '/screens/:id',
      {
        config: { access: manageOne },
        schema: { tags, params, body: screenPatchSchema, response: { 200: screenRowSchema } },
      },
      async (request) => {
        const found = await screen.require(request.params.id);
        request.authorize(found.region);
        return rowOf(await screen.patch(found.id, request.body, request.actor));
      },
    );

    http.post(
      '/screens/:id/claim',
      {
        config: { access: manageOne, rateLimit: { max: 600, timeWindow: 60_000 } },
        schema: { tags, params, body: claimSchema, response: { 200: screenRowSchema } },
      },
      async (request) => {
        const found = await screen.require(request.params.id);
        request.authorize(found.region);
        const { code, replace } = request.body;
        return rowOf(await screen.claim(found.id, code, request.actor, { replace }));
      },
    );

    http.post(
      '/screens/:id/unbind',
      { config: { access: manageOne }, schema: { tags, params, response: { 200: screenRowSchema } } },
      async (request) => {
        const found = await screen.require(request.params.id);
        request.authorize(found.region);
        return rowOf(await screen.unbind(found.id, request.actor));
      },
    );

    http.post(
      '/screens/:id/retire',
      {
        config: { access: manageOne },
        schema: { tags, params, body: retirementSchema, response: { 200: screenRowSchema } },
      },
      async (request) => {
        const found = await screen.require(request.params.id);
        request.authorize(found.region);
        return rowOf(await screen.retire(found.id, request.body.on, request.actor));
      },
    );
  };
}
