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
 * Writes the bytes of plans that share their parts: those of a schedule, playlist or asset that many
 * plans hold as the same object are made once, and only joined for each plan.
 * @returns the writer; what it writes are {@link encodePlan}'s bytes
 */
export function planWriter(): (plan: Plan) => Uint8Array {
  const encoder = new TextEncoder();
  const written = remembered((part) => encoder.encode(canonicalText(part)));
  // A part stands under one name in all plans: an asset under its hash, a playlist under its id.
  const entries = remembered((part, name) =>
    encoder.encode(`${JSON.stringify(name)}:${canonicalText(part)}`),
  );
  const said = new Map<string, Uint8Array>();
  const literal = (text: string): Uint8Array => {
    const known = said.get(text) ?? encoder.encode(text);
    said.set(text, known);
    return known;
  };
  const list = (parts: readonly object[]) => parts.map((part) => written(part));
  const record = (parts: Readonly<Record<string, object>>) =>
    Object.keys(parts)
      .sort()
      .map((name) => entries(parts[name] as object, name));
  // Names in the order of RFC 8785; the tests hold every plan's bytes against the library's.
  return (plan) =>
    joined([
      literal('{"assets":{'),
      ...listed(record(plan.assets), literal(',')),
      literal(`},"format":${canonicalText(plan.format)},"holidays":`),
      written(plan.holidays),
      literal(',"playlists":{'),
      ...listed(record(plan.playlists), literal(',')),
      literal('},"reserved":['),
      ...listed(list(plan.reserved), literal(',')),
      literal(`],"rulesVersion":${canonicalText(plan.rulesVersion)},"schedules":[`),
      ...listed(list(plan.schedules), literal(',')),
      literal('],"tierWeights":'),
      written(plan.tierWeights),
      literal('}'),
    ]);
}

/** Parts with a comma between each two. */
function listed(parts: readonly Uint8Array[], comma: Uint8Array): Uint8Array[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [comma, part]));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What is made of each object, when it is first asked for. */
function remembered<Value>(
  make: (part: object, name: string) => Value,
): (part: object, name?: string) => Value {
  const values = new WeakMap<object, Value>();
  return (part, name = '') => {
    const known = values.get(part);
    if (known !== undefined) return known;
    const value = make(part, name);
    values.set(part, value);
    return value;
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
