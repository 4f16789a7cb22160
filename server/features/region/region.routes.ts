import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { regionCodeSchema } from '../../../shared/core/ids.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import type { Region, RegionRow } from '../../../shared/region/region.schema.ts';
import { regionDetailSchema, regionListSchema } from '../../../shared/region/region.schema.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { RegionService } from './region.service.ts';

// Where a region lies is no secret; how many screens it has is counted within the caller's own scope.
const access = { kind: 'ability', ability: 'region.read', region: { from: 'scope' } } as const;
const tags = ['region'];

/** The region tree and its search. */
export function regionRoutes({
  region,
  screen,
}: {
  readonly region: RegionService;
  readonly screen: ScreenService;
}): FastifyPluginAsyncZod {
  const rowOf = async (of: Region, scope: readonly RegionCode[]): Promise<RegionRow> => ({
    ...of,
    names: region.names(of.code),
    screens: await screen.count(of.code, scope),
    hasChildren: region.childrenOf(of.code).length > 0,
  });
  const rowsOf = (regions: readonly Region[], actor: Actor | null) => {
    const scope = actor === null ? [] : scopeOf(actor, 'screen.read');
    return Promise.all(regions.map((each) => rowOf(each, scope)));
  };

  return async (http) => {
    http.get(
      '/regions',
      {
        config: { access },
        schema: {
          tags,
          querystring: z.strictObject({
            /** Part of a name, or the beginning of a code; left out: the tops of the tree. */
            q: z.string().trim().max(60).optional(),
            limit: z.coerce.number().int().min(1).max(200).default(20),
          }),
          response: { 200: regionListSchema },
        },
      },
      async ({ actor, query: { q, limit } }) => {
        const found = q === undefined || q === '' ? region.provinces() : region.search(q, limit);
        return { rows: await rowsOf(found, actor) };
      },
    );

    http.get(
      '/regions/:code',
      {
        config: { access },
        schema: {
          tags,
          params: z.strictObject({ code: regionCodeSchema }),
          response: { 200: regionDetailSchema },
        },
      },
      async ({ actor, params: { code } }) => {
        const found = region.find(code);
        if (found === undefined) throw new AppError('NOT_FOUND', { what: code });
        const [row] = await rowsOf([found], actor);
        if (row === undefined) throw new AppError('NOT_FOUND', { what: code });
        const lineage = region.lineage(found.code).map(({ code, name }) => ({ code, name }));
        return { ...row, lineage, children: await rowsOf(region.childrenOf(found.code), actor) };
      },
    );
  };
}
