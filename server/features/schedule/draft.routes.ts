import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { draftIdSchema } from '../../../shared/core/ids.ts';
import type { DraftId, RegionCode } from '../../../shared/core/ids.ts';
import type { Ability, Actor } from '../../../shared/identity/abilities.ts';
import {
  draftActSchema,
  draftCreationSchema,
  draftPageSchema,
  draftPatchSchema,
  draftQuerySchema,
  draftSchema,
  publishActSchema,
  reviewActSchema,
} from '../../../shared/schedule/draft.api.ts';
import type { ScheduleService } from './schedule.service.ts';

/** Two thousand edits, playlists of a thousand items among them. */
const DRAFT_LIMIT = 16 * 1024 * 1024;

const params = z.strictObject({ id: draftIdSchema });
const tags = ['draft'];
const answer = { 200: draftSchema };
const bySubject = (ability: Ability) =>
  ({ access: { kind: 'ability', ability, region: { from: 'subject' } } }) as const;

interface Asked {
  readonly actor: Actor | null;
  readonly params: { readonly id: DraftId };
  authorize(region: RegionCode): void;
}

/** The life of drafts: everything that goes on air goes through one. */
export function draftRoutes({ schedules }: { readonly schedules: ScheduleService }): FastifyPluginAsyncZod {
  /** Who asks for a draft that is in their region. */
  async function admitted(request: Asked): Promise<{ id: DraftId; actor: Actor }> {
    const { id } = request.params;
    request.authorize(await schedules.regionOf(id));
    return { id, actor: whoever(request.actor) };
  }

  return async (http) => {
    http.post(
      '/drafts',
      {
        bodyLimit: DRAFT_LIMIT,
        config: {
          access: { kind: 'ability', ability: 'schedule.edit', region: { from: 'body', name: 'region' } },
        },
        schema: { tags, body: draftCreationSchema, response: { 201: draftSchema } },
      },
      async ({ actor, body: { region, ...saving } }, reply) => {
        const who = whoever(actor);
        const id = await schedules.create(region, saving, who);
        return reply.code(201).send(await schedules.draft(id, who));
      },
    );

    http.get(
      '/drafts',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: { tags, querystring: draftQuerySchema, response: { 200: draftPageSchema } },
      },
      async ({ actor, query: { region, state, text, ...rest } }) =>
        schedules.drafts({ region, state, text, ...rest }, whoever(actor)),
    );

    http.get(
      '/drafts/:id',
      { config: bySubject('schedule.read'), schema: { tags, params, response: answer } },
      async (request) => {
        const { id, actor } = await admitted(request);
        return schedules.draft(id, actor);
      },
    );

    http.put(
      '/drafts/:id',
      {
        bodyLimit: DRAFT_LIMIT,
        config: bySubject('schedule.edit'),
        schema: { tags, params, body: draftPatchSchema, response: answer },
      },
      async (request) => {
        const { id, actor } = await admitted(request);
        const { revision, ...saving } = request.body;
        await schedules.change({ id, revision, actor }, saving);
        return schedules.draft(id, actor);
      },
    );

    for (const action of ['submit', 'recall', 'discard'] as const)
      http.post(
        `/drafts/:id/${action}`,
        {
          config: bySubject('schedule.edit'),
          schema: { tags, params, body: draftActSchema, response: answer },
        },
        async (request) => {
          const { id, actor } = await admitted(request);
          await schedules[action]({ id, revision: request.body.revision, actor });
          return schedules.draft(id, actor);
        },
      );

    http.post(
      '/drafts/:id/review',
      {
        config: bySubject('schedule.review'),
        schema: { tags, params, body: reviewActSchema, response: answer },
      },
      async (request) => {
        const { id, actor } = await admitted(request);
        const { revision, ...said } = request.body;
        await schedules.review({ id, revision, actor }, said);
        return schedules.draft(id, actor);
      },
    );

    http.post(
      '/drafts/:id/publish',
      {
        config: bySubject('schedule.publish'),
        schema: { tags, params, body: publishActSchema, response: answer },
      },
      async (request) => {
        const { id, actor } = await admitted(request);
        const { revision, basis } = request.body;
        await schedules.publish({ id, revision, actor }, basis);
        return schedules.draft(id, actor);
      },
    );
  };
}

function whoever(actor: Actor | null): Actor {
  if (actor === null) throw new AppError('NOT_LOGGED_IN');
  return actor;
}
