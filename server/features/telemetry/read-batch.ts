import { canonicalText, sha256Hex } from '../../../shared/core/canonical.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { DeviceId } from '../../../shared/core/ids.ts';
import { type Batch, batchSchema, chainStart } from '../../../shared/telemetry/record.schema.ts';
import type { ChainedRecord } from './telemetry.port.ts';

/**
 * Reads the text of a batch whose signature was verified, and chains its records.
 * @throws AppError BATCH_INVALID for what the schema refuses, another device's batch, or numbers that
 * do not follow each other; BATCH_CHAIN_BROKEN where a first record does not begin its boot's chain.
 */
export function readBatch(
  text: string,
  device: DeviceId,
): { readonly batch: Batch; readonly records: readonly ChainedRecord[] } {
  const batch = parse(text);
  if (batch.device !== device) throw new AppError('BATCH_INVALID', { detail: 'another device' });
  const first = batch.records[0]?.seq ?? 0;
  if (first === 1 && batch.previous !== chainStart(batch.device, batch.boot))
    throw new AppError('BATCH_CHAIN_BROKEN', { seq: 1 });
  const records: ChainedRecord[] = [];
  let previousHash = batch.previous;
  for (const [i, record] of batch.records.entries()) {
    if (record.seq !== first + i)
      throw new AppError('BATCH_INVALID', { detail: `record ${record.seq} where ${first + i} was expected` });
    const recordText = canonicalText(record);
    const hash = sha256Hex(`${previousHash}\0${recordText}`);
    records.push({ record, text: recordText, previousHash, hash });
    previousHash = hash;
  }
  return { batch, records };
}

function parse(text: string): Batch {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('BATCH_INVALID', { detail: 'not JSON' }, error);
  }
  const parsed = batchSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const detail = issue === undefined ? 'schema' : `${issue.path.join('.')}: ${issue.message}`;
  throw new AppError('BATCH_INVALID', { detail }, parsed.error);
}
