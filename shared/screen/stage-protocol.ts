import { z } from 'zod';
import { cardSchema } from '../asset/asset.schema.ts';
import { TIERS } from '../region/tier.ts';

/**
 * What the engine and the stage (the page on the glass) say to each other over Socket.IO on a
 * loopback origin with a token. The engine decides what is on and when; the stage paints and
 * reports what it really painted. All instants are center time in milliseconds (`clock` maps them).
 */
export const STAGE_SOCKET_PATH = '/stage-link';

/** One item to show from `startMs` to `endMs`. */
export const cueSchema = z.strictObject({
  /** Names this showing of this item: equal keys are the same showing. */
  key: z.string(),
  kind: z.enum(['video', 'hls', 'image', 'card', 'filler']),
  startMs: z.number(),
  endMs: z.number(),
  /** Where the item's own clock began: position at instant t is `t - originMs`; below startMs after a switch in mid-item. */
  originMs: z.number(),
  /** Path on the engine's origin; `null` for card and filler. */
  src: z.string().nullable(),
  card: cardSchema.nullable(),
  /** Path of a card's picture on the engine's origin. */
  pictureSrc: z.string().nullable(),
  title: z.string(),
  tier: z.enum(TIERS).nullable(),
  fit: z.enum(['contain', 'cover']),
  /** 0 … 1. */
  volume: z.number().min(0).max(1),
});
export type Cue = z.infer<typeof cueSchema>;

export const sceneSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('pairing'),
    code: z.string(),
    codeExpiresAtMs: z.number(),
    codeLifetimeMs: z.number(),
    claimUrl: z.string(),
    device: z.string(),
    version: z.string(),
    checks: z.array(z.strictObject({ label: z.string(), text: z.string(), ok: z.boolean() })),
  }),
  /** Not on air yet, and why: 正在连接播控中心, 正在下载节目 3/12 … */
  z.strictObject({
    mode: z.literal('notice'),
    title: z.string(),
    text: z.string(),
    /** 0 … 1 or null where there is nothing to measure. */
    progress: z.number().min(0).max(1).nullable(),
    device: z.string(),
    version: z.string(),
  }),
  /** On air: the cue on now and the next ones, in order, without gaps. */
  z.strictObject({
    mode: z.literal('playing'),
    screenName: z.string(),
    demo: z.boolean(),
    cues: z.array(cueSchema).min(1).max(8),
  }),
]);
export type Scene = z.infer<typeof sceneSchema>;

export const stageReadySchema = z.strictObject({
  userAgent: z.string().max(400),
  width: z.int(),
  height: z.int(),
});
export type StageReady = z.infer<typeof stageReadySchema>;

/** First frame of a cue is on the glass (video: requestVideoFrameCallback; else two animation frames after swap). */
export const paintedSchema = z.strictObject({ key: z.string(), atMs: z.number() });
export type Painted = z.infer<typeof paintedSchema>;

/** Every second while a cue is on: frames painted in it so far (for stills: animation frames). */
export const progressSchema = z.strictObject({ key: z.string(), frames: z.int().min(0), atMs: z.number() });
export type Progress = z.infer<typeof progressSchema>;

export const stageFailureSchema = z.strictObject({
  key: z.string(),
  code: z.enum(['load', 'decode', 'stalled', 'hls']),
  detail: z.string().max(200),
});
export type StageFailure = z.infer<typeof stageFailureSchema>;

export interface EngineToStage {
  scene: (scene: Scene) => void;
}
export interface StageToEngine {
  clock: (answer: (nowMs: number) => void) => void;
  ready: (ready: StageReady) => void;
  painted: (painted: Painted) => void;
  progress: (progress: Progress) => void;
  failed: (failure: StageFailure) => void;
}
