import { z } from 'zod';
import { canonicalBytes, canonicalText, sha256Hex } from '../core/canonical.ts';
import { AppError } from '../core/errors.ts';
import type { Sha256 } from '../core/ids.ts';
import { planSchema, RULES_VERSION } from './plan.schema.ts';
import type { Plan } from './plan.schema.ts';

/** A plan as it is stored, served and cached: its canonical bytes and their SHA-256. */
export interface PlanBytes {
  readonly bytes: Uint8Array;
  readonly digest: Sha256;
}

/**
 * The one form of a plan: canonical JSON, named by its SHA-256.
 * @throws TypeError when the plan holds what is not JSON.
 */
export function encodePlan(plan: Plan): PlanBytes {
  const bytes = canonicalBytes(plan);
  return { bytes, digest: sha256Hex(bytes) };
}

/**
 * Writes the canonical text of plans that share their parts: the text of a schedule, playlist or asset
 * that many plans hold as the same object is made once.
 * @returns the text whose UTF-8 are {@link encodePlan}'s bytes
 */
export function planWriter(): (plan: Plan) => string {
  const texts = remembered(canonicalText);
  const list = (parts: readonly object[]) => `[${parts.map((part) => texts(part)).join(',')}]`;
  // A part stands under one name in all plans: an asset under its hash, a playlist under its id.
  const entries = remembered((part, name) => `${JSON.stringify(name)}:${texts(part)}`);
  const record = (parts: Readonly<Record<string, object>>) =>
    `{${Object.keys(parts)
      .sort()
      .map((name) => entries(parts[name] as object, name))
      .join(',')}}`;
  // Names in the order of RFC 8785; the tests hold every plan's text against the library's.
  return (plan) =>
    `{"assets":${record(plan.assets)},"format":${canonicalText(plan.format)},"holidays":${texts(plan.holidays)}` +
    `,"playlists":${record(plan.playlists)},"reserved":${list(plan.reserved)}` +
    `,"rulesVersion":${canonicalText(plan.rulesVersion)},"schedules":${list(plan.schedules)}` +
    `,"tierWeights":${texts(plan.tierWeights)}}`;
}

/** The text of each object, made when it is first asked for. */
function remembered(make: (part: object, name: string) => string): (part: object, name?: string) => string {
  const texts = new WeakMap<object, string>();
  return (part, name = '') => {
    const known = texts.get(part);
    if (known !== undefined) return known;
    const text = make(part, name);
    texts.set(part, text);
    return text;
  };
}

const versionSchema = z.object({ rulesVersion: z.int().positive() });

/**
 * Reads plan bytes that came over a link or off a disk: nothing is parsed before the hash agrees.
 * The rules version is judged before the rest, because only that version says what the rest is.
 * @throws AppError PLAN_BYTES_DIFFER when the bytes are not the ones named, PLAN_RULES_UNKNOWN when
 *   they are but name rules that this program does not know, PLAN_INVALID when they are no plan.
 */
export function decodePlan(bytes: Uint8Array, expectedDigest: Sha256): Plan {
  if (sha256Hex(bytes) !== expectedDigest) throw new AppError('PLAN_BYTES_DIFFER');
  const content = parseJson(bytes);
  const version = versionSchema.safeParse(content);
  if (!version.success) throw new AppError('PLAN_INVALID', { detail: firstIssue(version.error) });
  if (version.data.rulesVersion !== RULES_VERSION)
    throw new AppError('PLAN_RULES_UNKNOWN', { version: version.data.rulesVersion });
  const plan = planSchema.safeParse(content);
  if (!plan.success) throw new AppError('PLAN_INVALID', { detail: firstIssue(plan.error) });
  return plan.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('PLAN_INVALID', { detail: 'not JSON' }, cause);
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'plan'}: ${issue.message}`;
}
