import { z } from 'zod';
import { assetSchema } from '../asset/asset.schema.ts';
import {
  accountIdSchema,
  draftIdSchema,
  regionCodeSchema,
  scheduleIdSchema,
  sha256Schema,
} from '../core/ids.ts';
import { TIERS, tierOf } from '../region/tier.ts';
import type { Tier } from '../region/tier.ts';
import { CONTENT_KINDS, contentChangeSchema, scheduleStateSchema } from './apply.api.ts';
import { reviewPolicySchema } from './review.schema.ts';
import {
  playlistSchema,
  quotaPolicySchema,
  reservedWindowSchema,
  scheduleSchema,
} from './schedule.schema.ts';

/**
 * The life of a change of what is on air: draft → submitted → approved → published; a reviewer
 * returns it with a comment, its author takes it back or discards it. Everything that schedules,
 * playlists, quotas, reserved windows and review demands say goes on air through a draft.
 */
export const DRAFT_STATES = ['draft', 'submitted', 'returned', 'approved', 'published', 'discarded'] as const;
export const draftStateSchema = z.enum(DRAFT_STATES);
export type DraftState = z.infer<typeof draftStateSchema>;

export const DRAFT_STATE_ZH: Readonly<Record<DraftState, string>> = {
  draft: '草稿',
  submitted: '审核中',
  returned: '已退回',
  approved: '待发布',
  published: '已发布',
  discarded: '已作废',
};

/** The version on air that an edit was made on; `null`: there was none. */
const base = z.int().positive().nullable();

/** One thing that a draft puts on air (`body`), or takes off it (`body: null`). */
export const draftEditSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('schedule'),
    id: z.string().max(80),
    base,
    body: scheduleSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal('playlist'),
    id: z.string().max(80),
    base,
    body: playlistSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal('quota'),
    id: regionCodeSchema,
    base,
    body: quotaPolicySchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal('reserved'),
    id: z.string().max(80),
    base,
    body: reservedWindowSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal('review'),
    id: regionCodeSchema,
    base,
    body: reviewPolicySchema.nullable(),
  }),
]);
export type DraftEdit = z.infer<typeof draftEditSchema>;

/** Whether an edit changes what regions below have to keep to, which needs the ability over policy too. */
export function isPolicyEdit({ kind }: Pick<DraftEdit, 'kind'>): boolean {
  return kind === 'quota' || kind === 'reserved' || kind === 'review';
}

/** The tiers in whose name edits are, highest first; what is only taken away is in nobody's. */
export function issuedTiers(edits: readonly Pick<DraftEdit, 'body'>[]): Tier[] {
  const tiers = new Set(edits.flatMap(({ body }) => (body === null ? [] : [tierOf(body.region)])));
  return TIERS.filter((tier) => tiers.has(tier));
}

/** What a draft changes. */
export const draftEditKindSchema = z.enum(['schedule', 'playlist', 'quota', 'reserved', 'review']);

/** What is on air under a name: what an edit of it begins with, and its `base`. */
export const contentOnAirSchema = z.strictObject({
  version: z.int().positive(),
  body: z.union([
    scheduleSchema,
    playlistSchema,
    quotaPolicySchema,
    reservedWindowSchema,
    reviewPolicySchema,
  ]),
  /** The assets that a playlist names. */
  assets: z.array(assetSchema),
});
export type ContentOnAir = z.infer<typeof contentOnAirSchema>;

const title = z.string().trim().min(1).max(80);
/** What people draft by hand; the draft that a schedule document becomes may hold all of the document. */
const edits = z.array(draftEditSchema).max(2_000);
const revision = z.int().positive();

export const draftCreationSchema = z.strictObject({
  /** The region in whose name it is made: its authority, its review demands. Edits lie in its subtree. */
  region: regionCodeSchema,
  title,
  edits,
});

/** `revision` is the one that was read; another in between answers DRAFT_CHANGED and keeps it. */
export const draftPatchSchema = z.strictObject({ revision, title, edits });
export const draftActSchema = z.strictObject({ revision });

export const reviewActSchema = z
  .strictObject({
    revision,
    verdict: z.enum(['approve', 'return']),
    /** Required to return. */
    comment: z.string().trim().max(1_000).default(''),
    /** {@link Draft.hash} as it was read. */
    hash: sha256Schema,
    /** The assets that the reviewer looked at; the last stage needs all that were never reviewed. */
    assets: z.array(sha256Schema).max(20_000).default([]),
  })
  .refine(({ verdict, comment }) => verdict === 'approve' || comment !== '', {
    path: ['comment'],
    message: 'a return says why',
  });
export type ReviewAct = z.input<typeof reviewActSchema>;
/** The same once it is read. */
export type ReviewSaid = z.output<typeof reviewActSchema>;

/** `basis` is the one of the feasibility report that was shown; a newer world answers FEASIBILITY_STALE. */
export const publishActSchema = z.strictObject({ revision, basis: sha256Schema });

export const draftReviewSchema = z.strictObject({
  /** 1 … stages. */
  stage: z.int().positive(),
  verdict: z.enum(['approve', 'return']),
  comment: z.string(),
  hash: sha256Schema,
  by: accountIdSchema,
  byName: z.string(),
  atMs: z.int(),
});
export type DraftReview = z.infer<typeof draftReviewSchema>;

const person = z.strictObject({ account: accountIdSchema, name: z.string() });

/** A draft as lists show it. */
export const draftRowSchema = z.strictObject({
  id: draftIdSchema,
  region: regionCodeSchema,
  regionName: z.string(),
  tier: z.enum(TIERS),
  title: z.string(),
  state: draftStateSchema,
  revision,
  /** How many things it changes. */
  count: z.int().min(0),
  /** How many stages of review are demanded, and how many are passed. */
  stages: z.int().min(0),
  passed: z.int().min(0),
  author: person,
  changedBy: person,
  createdAtMs: z.int(),
  changedAtMs: z.int(),
  submittedAtMs: z.int().nullable(),
  publishedAtMs: z.int().nullable(),
});
export type DraftRow = z.infer<typeof draftRowSchema>;

/** Something wrong with a draft's content. */
export const draftProblemSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  kind: z.enum(CONTENT_KINDS),
  id: z.string(),
  /** Where inside its body. */
  path: z.array(z.union([z.string(), z.int()])),
  zh: z.string(),
  en: z.string(),
});
export type DraftProblem = z.infer<typeof draftProblemSchema>;

export const draftSchema = z.strictObject({
  ...draftRowSchema.shape,
  edits: z.array(draftEditSchema),
  /** SHA-256 over the canonical edits: what a review covers. Assets are in it by their hashes. */
  hash: sha256Schema,
  /** The region at or above which the last stage is passed. */
  final: regionCodeSchema,
  /** All that were ever made, returns included, in order. */
  reviews: z.array(draftReviewSchema),
  /** Against what is on air now; of a draft that is published or discarded, what it meant to change. */
  changes: z.array(contentChangeSchema),
  /** What forbids submitting and publishing it as it stands, and what deserves a look; empty once it is closed. */
  problems: z.array(draftProblemSchema),
  /** The assets that its playlists name, and whether each passed a review before. */
  assets: z.array(z.strictObject({ asset: assetSchema, reviewed: z.boolean() })),
  /** What the caller may do with it now. */
  may: z.strictObject({
    edit: z.boolean(),
    submit: z.boolean(),
    recall: z.boolean(),
    review: z.boolean(),
    publish: z.boolean(),
    discard: z.boolean(),
  }),
});
export type Draft = z.infer<typeof draftSchema>;

export const draftQuerySchema = z.strictObject({
  region: regionCodeSchema.optional(),
  state: draftStateSchema.optional(),
  /** Only what waits for a review or a publish by the caller. */
  waiting: z.stringbool().default(false),
  /** Only what the caller began. */
  mine: z.stringbool().default(false),
  text: z.string().trim().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
export const draftPageSchema = z.strictObject({ rows: z.array(draftRowSchema), total: z.int().min(0) });

/** One version that was, or is, on air. */
export const contentVersionSchema = z.strictObject({
  version: z.int().positive(),
  fromMs: z.int(),
  toMs: z.int().nullable(),
  byName: z.string(),
  /** The draft through which it went on air; `null` for what was there before drafts were. */
  draft: draftIdSchema.nullable(),
  reviews: z.array(draftReviewSchema),
  body: scheduleSchema,
  /** How it ended: a newer version took its place, or it was taken off the air; `null` while on air. */
  end: z
    .strictObject({
      kind: z.enum(['replaced', 'withdrawn']),
      byName: z.string(),
      reason: z.string().nullable(),
    })
    .nullable(),
});

export const scheduleDetailSchema = z.strictObject({
  id: scheduleIdSchema,
  region: regionCodeSchema,
  regionNames: z.array(z.string()),
  tier: z.enum(TIERS),
  state: scheduleStateSchema,
  /** The playlist on air that it names, whole; `null` where it is gone. */
  playlist: z.strictObject({ version: z.int().positive(), body: playlistSchema }).nullable(),
  assets: z.array(assetSchema),
  /** Latest first; the first with no `toMs` is on air. */
  versions: z.array(contentVersionSchema),
  /** Screens whose plan holds it. */
  screens: z.int().min(0),
});
export type ScheduleDetail = z.infer<typeof scheduleDetailSchema>;

export const withdrawalSchema = z.strictObject({
  /** The version on air that was read. */
  version: z.int().positive(),
  reason: z.string().trim().min(2).max(200),
});

/** Answer to a withdrawal. */
export const withdrawnSchema = z.strictObject({ id: scheduleIdSchema, state: z.literal('withdrawn') });

/** A higher tier keeps a lower region from publishing (暂停发布). */
export const suspensionCreationSchema = z.strictObject({
  /** The suspended region, with everything below it. */
  region: regionCodeSchema,
  reason: z.string().trim().min(2).max(200),
});
export const suspensionSchema = z.strictObject({
  id: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  /** In whose name it was suspended: who manages policy there or above lifts it. */
  issuer: regionCodeSchema,
  issuerName: z.string(),
  reason: z.string(),
  byName: z.string(),
  atMs: z.int(),
  liftedByName: z.string().nullable(),
  liftedAtMs: z.int().nullable(),
  mayLift: z.boolean(),
});
export type Suspension = z.infer<typeof suspensionSchema>;
export const suspensionListSchema = z.strictObject({ rows: z.array(suspensionSchema) });
