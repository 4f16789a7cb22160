import type { Insertable, Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { assetSchema } from '../../../../shared/asset/asset.schema.ts';
import { canonicalText } from '../../../../shared/core/canonical.ts';
import {
  accountIdSchema,
  draftIdSchema,
  regionCodeSchema,
  sha256Schema,
} from '../../../../shared/core/ids.ts';
import type { AccountId, DraftId } from '../../../../shared/core/ids.ts';
import { lineageOf, TIERS } from '../../../../shared/region/tier.ts';
import {
  draftEditSchema,
  draftStateSchema,
  isPolicyEdit,
  issuedTiers,
} from '../../../../shared/schedule/draft.api.ts';
import type {
  DraftContent,
  DraftFilter,
  DraftHead,
  DraftMove,
  DraftStore,
  ReviewRecord,
} from '../../../features/schedule/draft.port.ts';
import type { Db } from '../database.ts';
import { inSlices } from '../slices.ts';
import type { Tables } from '../tables.ts';
import type { DraftReviewTable, DraftTable } from '../tables/life.ts';
import { appendAudit } from './audit.store.ts';
import { nameOf, namesOf } from './account-names.ts';
import type { Names } from './account-names.ts';

const HEAD = [
  'id',
  'region',
  'title',
  'state',
  'revision',
  'hash',
  'edit_count',
  'policies',
  'tiers',
  'round',
  'stages',
  'author',
  'changed_by',
  'created_at_ms',
  'changed_at_ms',
  'submitted_by',
  'submitted_at_ms',
  'published_at_ms',
] as const satisfies readonly (keyof DraftTable)[];
type HeadRow = Pick<Selectable<DraftTable>, (typeof HEAD)[number]>;

const editsSchema = z.array(draftEditSchema);
const describesSchema = z.array(z.strictObject({ region: regionCodeSchema, asset: assetSchema }));
const hashesSchema = z.array(sha256Schema);

/** Drafts and their reviews in the database. */
export function draftStore(db: Db): DraftStore {
  const heads = async (rows: readonly HeadRow[]): Promise<DraftHead[]> => {
    const names = await namesOf(
      db,
      rows.flatMap((row) => [row.author, row.changed_by]),
    );
    const editors = await editorsOf(
      db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => headOf(row, names, editors));
  };
  return {
    async insert({ id, region, state, by, atMs, ...content }, note) {
      await db.transaction().execute(async (trx) => {
        const submitted = state === 'draft' ? {} : { submitted_by: by, submitted_at_ms: atMs, round: 1 };
        await trx
          .insertInto('drafts')
          .values({
            ...emptyDraft,
            ...columnsOf(content),
            id,
            region,
            state,
            author: by,
            changed_by: by,
            created_at_ms: atMs,
            changed_at_ms: atMs,
            ...submitted,
          })
          .execute();
        await trx.insertInto('draft_editors').values({ draft: id, account: by }).execute();
        if (note !== null) await appendAudit(trx, note);
      });
    },

    async change({ id, revision, by, atMs, ...content }) {
      return db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('drafts')
          .set({ ...columnsOf(content), revision: revision + 1, changed_by: by, changed_at_ms: atMs })
          .where('id', '=', id)
          .where('revision', '=', revision)
          .where('state', 'in', ['draft', 'returned'])
          .executeTakeFirst();
        if (Number(numUpdatedRows) !== 1) return false;
        await trx
          .insertInto('draft_editors')
          .values({ draft: id, account: by })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        return true;
      });
    },

    move: (move) =>
      db.transaction().execute(async (trx) => {
        if (!(await moveDraft(trx, move))) return false;
        await appendAudit(trx, move.note);
        return true;
      }),

    async get(id) {
      const row = await db.selectFrom('drafts').selectAll().where('id', '=', id).executeTakeFirst();
      const [head] = row === undefined ? [] : await heads([row]);
      if (row === undefined || head === undefined) return null;
      return {
        ...head,
        edits: editsSchema.parse(JSON.parse(row.edits)),
        describes: describesSchema.parse(JSON.parse(row.describes)),
      };
    },

    async head(id) {
      const row = await db.selectFrom('drafts').select(HEAD).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : ((await heads([row]))[0] ?? null);
    },

    async waitingLike(region, hash) {
      const row = await db
        .selectFrom('drafts')
        .select('id')
        .where('state', 'in', ['submitted', 'approved'])
        .where('region', '=', region)
        .where('hash', '=', hash)
        .orderBy('created_at_ms')
        .executeTakeFirst();
      return row === undefined ? null : draftIdSchema.parse(row.id);
    },

    async page(filter, page) {
      const found = matching(db, filter);
      let query = found.select(HEAD).orderBy('changed_at_ms', 'desc').orderBy('id');
      if (page !== undefined) query = query.limit(page.limit).offset(page.offset);
      const rows = await heads(await query.execute());
      if (page === undefined) return { rows, total: rows.length };
      const { total } = await found
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows, total: Number(total) };
    },

    async reviews(drafts) {
      const rows = await inSlices(drafts, (slice) =>
        db
          .selectFrom('draft_reviews')
          .selectAll()
          .where('draft', 'in', slice)
          .orderBy('round')
          .orderBy('stage')
          .execute(),
      );
      const names = await namesOf(
        db,
        rows.map((row) => row.by),
      );
      return Map.groupBy(
        rows.map((row) => reviewOf(row, names)),
        (review) => review.draft,
      );
    },

    async reviewed(assets, region) {
      const rows = await inSlices(assets, (slice) =>
        db
          .selectFrom('asset_reviews')
          .select('sha256')
          .where('sha256', 'in', slice)
          .where('region', 'in', lineageOf(region))
          .execute(),
      );
      return new Set(rows.map((row) => sha256Schema.parse(row.sha256)));
    },
  };
}

/** Takes a draft a step on, if it still is what was judged; inside the caller's transaction. */
async function moveDraft(trx: Kysely<Tables>, move: DraftMove): Promise<boolean> {
  const { id, revision, from, to, submitted, review, passed } = move;
  const { numUpdatedRows } = await trx
    .updateTable('drafts')
    .set({ state: to })
    .$if(submitted !== undefined, (query) =>
      query.set((eb) => ({
        round: eb('round', '+', 1),
        submitted_by: submitted?.by ?? null,
        submitted_at_ms: submitted?.atMs ?? null,
      })),
    )
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('state', '=', from)
    .executeTakeFirst();
  if (Number(numUpdatedRows) !== 1) return false;
  if (review !== undefined)
    await trx
      .insertInto('draft_reviews')
      .values({
        draft: id,
        round: review.round,
        stage: review.stage,
        verdict: review.verdict,
        comment: review.comment,
        hash: review.hash,
        assets: canonicalText(review.assets),
        held: review.held,
        by: review.by.account,
        at_ms: review.atMs,
      })
      .execute();
  const atMs = review?.atMs ?? 0;
  for (const [sha256, by] of passed?.assets ?? [])
    await trx
      .insertInto('asset_reviews')
      .values({ sha256, region: passed?.region ?? '', draft: id, by, at_ms: atMs })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return true;
}

/** Ends a draft's life on air; inside the transaction that puts its content there. */
export async function publishDraft(
  trx: Kysely<Tables>,
  draft: { readonly id: DraftId; readonly revision: number; readonly stages: number },
  act: { readonly by: string; readonly atMs: number },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('drafts')
    .set({ state: 'published', stages: draft.stages, published_by: act.by, published_at_ms: act.atMs })
    .where('id', '=', draft.id)
    .where('revision', '=', draft.revision)
    .where('state', 'in', ['draft', 'submitted', 'approved'])
    .executeTakeFirst();
  return Number(numUpdatedRows) === 1;
}

const emptyDraft = {
  revision: 1,
  round: 0,
  stages: null,
  submitted_by: null,
  submitted_at_ms: null,
  published_by: null,
  published_at_ms: null,
} satisfies Partial<Insertable<DraftTable>>;

function columnsOf({ title, edits, describes, hash }: DraftContent) {
  return {
    title,
    edits: canonicalText(edits),
    describes: canonicalText(describes),
    hash,
    edit_count: edits.length + describes.length,
    policies: Number(edits.some(isPolicyEdit)),
    tiers: issuedTiers(edits).join(),
  };
}

function matching(db: Db, { scope, region, states, author, text }: DraftFilter) {
  let query = db
    .selectFrom('drafts')
    .where((eb) => eb.or(scope.map((held) => eb('region', 'like', `${held}%`))));
  if (region !== undefined) query = query.where('region', 'like', `${region}%`);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (author !== undefined) query = query.where('author', '=', author);
  if (text !== undefined && text !== '')
    query = query.where('title', 'like', `%${text.replace(/[%_]/g, '')}%`);
  return query;
}

async function editorsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, AccountId[]>> {
  const rows = await inSlices(ids, (slice) =>
    db.selectFrom('draft_editors').selectAll().where('draft', 'in', slice).orderBy('account').execute(),
  );
  return new Map(
    [...Map.groupBy(rows, (row) => row.draft)].map(([id, held]) => [
      id,
      held.map((row) => accountIdSchema.parse(row.account)),
    ]),
  );
}

function headOf(row: HeadRow, names: Names, editors: ReadonlyMap<string, AccountId[]>): DraftHead {
  return {
    id: draftIdSchema.parse(row.id),
    region: regionCodeSchema.parse(row.region),
    title: row.title,
    state: draftStateSchema.parse(row.state),
    revision: Number(row.revision),
    hash: sha256Schema.parse(row.hash),
    count: Number(row.edit_count),
    policies: row.policies === 1,
    tiers: TIERS.filter((tier) => row.tiers.split(',').includes(tier)),
    round: Number(row.round),
    stages: row.stages,
    author: nameOf(names, row.author),
    changedBy: nameOf(names, row.changed_by),
    editors: editors.get(row.id) ?? [],
    createdAtMs: Number(row.created_at_ms),
    changedAtMs: Number(row.changed_at_ms),
    submittedBy: row.submitted_by === null ? null : accountIdSchema.parse(row.submitted_by),
    submittedAtMs: row.submitted_at_ms,
    publishedAtMs: row.published_at_ms,
  };
}

function reviewOf(row: Selectable<DraftReviewTable>, names: Names): ReviewRecord {
  return {
    draft: draftIdSchema.parse(row.draft),
    round: Number(row.round),
    stage: Number(row.stage),
    verdict: z.enum(['approve', 'return']).parse(row.verdict),
    comment: row.comment,
    hash: sha256Schema.parse(row.hash),
    assets: hashesSchema.parse(JSON.parse(row.assets)),
    held: regionCodeSchema.parse(row.held),
    by: nameOf(names, row.by),
    atMs: Number(row.at_ms),
  };
}
