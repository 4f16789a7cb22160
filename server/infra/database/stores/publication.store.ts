import type { ExpressionBuilder, Selectable } from 'kysely';
import { z } from 'zod';
import type { AccountId, DraftId, RegionCode } from '../../../../shared/core/ids.ts';
import { draftIdSchema, regionCodeSchema, screenIdSchema } from '../../../../shared/core/ids.ts';
import type { PublicationStep } from '../../../../shared/plan/publication.api.ts';
import type { PublicationStore, StoredPublication } from '../../../features/plan/publication.port.ts';
import type { Db } from '../database.ts';
import type { PublicationScreenTable, PublicationTable } from '../tables/publications.ts';
import type { Tables } from '../tables.ts';

const regionsSchema = z.array(regionCodeSchema);

/** A publish of a draft, as the transaction that puts it on air knows it. */
export interface PublishedDraft {
  readonly id: DraftId;
  /** Issuing regions of what it changes: only screens inside them are concerned. */
  readonly regions: readonly RegionCode[];
  readonly atMs: number;
  readonly by: AccountId;
}

/**
 * Writes a publish in the transaction that puts it on air, so that a center which dies right after
 * finds at its next start what it has not delivered yet.
 */
export async function recordPublication(trx: Db, { id, regions, atMs, by }: PublishedDraft): Promise<void> {
  const { title, region } = await trx
    .selectFrom('drafts')
    .select(['title', 'region'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { name } = await trx
    .selectFrom('accounts')
    .select('name')
    .where('id', '=', by)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('publications')
    .values({
      draft: id,
      title,
      region,
      regions: JSON.stringify(regions),
      published_at_ms: atMs,
      published_by_name: name,
      computed_at_ms: null,
    })
    .execute();
}

/** Publications and how far each got. The steps themselves are written with the assignments (plan.store.ts). */
export function publicationStore(db: Db): PublicationStore {
  return {
    async get(draft) {
      const row = await db
        .selectFrom('publications')
        .selectAll()
        .where('draft', '=', draft)
        .executeTakeFirst();
      return row === undefined ? null : publicationOf(row);
    },

    async list({ scope, region, limit, offset }) {
      const matching = db
        .selectFrom('publications')
        .where((eb) => eb.or(scope.map((code) => eb('region', 'like', `${code}%`))))
        .$if(region !== undefined, (query) => query.where('region', 'like', `${region}%`));
      const rows = await matching
        .selectAll()
        .orderBy('published_at_ms', 'desc')
        .orderBy('draft')
        .limit(limit)
        .offset(offset)
        .execute();
      const { total } = await matching
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows: rows.map(publicationOf), total: Number(total) };
    },

    async unfinished() {
      const rows = await db
        .selectFrom('publications')
        .select(['draft', 'regions'])
        .where('computed_at_ms', 'is', null)
        .orderBy('draft')
        .execute();
      return rows.map((row) => ({
        draft: draftIdSchema.parse(row.draft),
        regions: regionsSchema.parse(JSON.parse(row.regions)),
      }));
    },

    async finish(drafts, atMs) {
      if (drafts.length === 0) return;
      await db
        .updateTable('publications')
        .set({ computed_at_ms: atMs })
        .where('draft', 'in', drafts)
        .where('computed_at_ms', 'is', null)
        .execute();
    },

    async counts(draft) {
      const row = await db
        .selectFrom('publication_screens')
        .where('draft', '=', draft)
        .select((eb) => [
          eb.fn.countAll<number>().as('screens'),
          eb.fn.count<number>('told_at_ms').as('told'),
          eb.fn.count<number>('fetched_at_ms').as('fetched'),
          eb.fn.count<number>('verified_at_ms').as('verified'),
          eb.fn.count<number>('on_air_at_ms').as('onAir'),
          eb.fn.countAll<number>().filterWhere(ended('refused')).as('refused'),
          eb.fn.countAll<number>().filterWhere(ended('overtaken')).as('overtaken'),
        ])
        .executeTakeFirstOrThrow();
      return {
        screens: Number(row.screens),
        told: Number(row.told),
        fetched: Number(row.fetched),
        verified: Number(row.verified),
        onAir: Number(row.onAir),
        refused: Number(row.refused),
        overtaken: Number(row.overtaken),
      };
    },

    async screens(draft, { region, step, reached, limit, offset }) {
      const matching = db
        .selectFrom('publication_screens')
        .innerJoin('screens', 'screens.id', 'publication_screens.screen')
        .where('draft', '=', draft)
        .$if(region !== undefined, (query) => query.where('screens.region', 'like', `${region}%`))
        .$if(step !== undefined, (query) =>
          query.where((eb) => (reached ? reachedBy(step)(eb) : eb.not(reachedBy(step)(eb)))),
        );
      const rows = await matching
        .selectAll('publication_screens')
        .select(['screens.name', 'screens.region'])
        .orderBy('screens.region')
        .orderBy('screens.id')
        .limit(limit)
        .offset(offset)
        .execute();
      const { total } = await matching
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows: rows.map(screenOf), total: Number(total) };
    },
  };
}

type ScreenRows = ExpressionBuilder<Tables, 'publication_screens'>;

/** Refused by the device, or overtaken by another plan, and never on air. */
function ended(how: 'refused' | 'overtaken') {
  return (eb: ScreenRows) =>
    eb.and([
      eb('on_air_at_ms', 'is', null),
      how === 'overtaken'
        ? eb('closed_at_ms', 'is not', null)
        : eb.and([eb('refused_at_ms', 'is not', null), eb('closed_at_ms', 'is', null)]),
    ]);
}

function reachedBy(step: PublicationStep | undefined) {
  return (eb: ScreenRows) => {
    switch (step) {
      case 'refused':
      case 'overtaken':
        return ended(step)(eb);
      case 'fetched':
        return eb('fetched_at_ms', 'is not', null);
      case 'verified':
        return eb('verified_at_ms', 'is not', null);
      case 'on-air':
        return eb('on_air_at_ms', 'is not', null);
      default:
        return eb('told_at_ms', 'is not', null);
    }
  };
}

function publicationOf(row: Selectable<PublicationTable>): StoredPublication {
  return {
    draft: draftIdSchema.parse(row.draft) as DraftId,
    title: row.title,
    region: regionCodeSchema.parse(row.region) as RegionCode,
    publishedAtMs: Number(row.published_at_ms),
    publishedByName: row.published_by_name,
    computedAtMs: instant(row.computed_at_ms),
  };
}

function screenOf(row: Selectable<PublicationScreenTable> & { name: string; region: string }) {
  return {
    screen: screenIdSchema.parse(row.screen),
    name: row.name,
    region: regionCodeSchema.parse(row.region),
    toldAtMs: instant(row.told_at_ms),
    fetchedAtMs: instant(row.fetched_at_ms),
    verifiedAtMs: instant(row.verified_at_ms),
    onAirAtMs: instant(row.on_air_at_ms),
    refusedCode: row.refused_code,
    overtaken: row.closed_at_ms !== null && row.on_air_at_ms === null,
  };
}

function instant(ms: number | null): number | null {
  return ms === null ? null : Number(ms);
}
