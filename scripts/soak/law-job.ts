import { z } from 'zod';

/** What a worker is told: run one law against the rules in a folder. */
export const lawJobSchema = z.strictObject({
  law: z.string(),
  cases: z.int().positive(),
  seed: z.int(),
  /** The `shared/` folder whose rules are put to the law. */
  sharedFolder: z.string(),
  /** Whether a counterexample is shrunk; to see that there is one, it need not be. */
  shrink: z.boolean(),
});
export type LawJob = z.infer<typeof lawJobSchema>;

/** What a worker tells: how far it is, and at last how it ended. */
export const lawNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), done: z.int() }),
  z.strictObject({
    kind: z.literal('ended'),
    cases: z.int(),
    seconds: z.number(),
    /** `null` where the law held for every case. */
    counterexample: z.strictObject({ why: z.string(), example: z.string(), path: z.string() }).nullable(),
  }),
]);
export type LawNews = z.infer<typeof lawNewsSchema>;
export type LawEnd = Omit<Extract<LawNews, { kind: 'ended' }>, 'kind'>;
