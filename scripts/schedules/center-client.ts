import { openAsBlob } from 'node:fs';
import { z } from 'zod';
import type { RegionCode, Sha256 } from '../../shared/core/ids.ts';
import { applyAnswerSchema } from '../../shared/schedule/apply.api.ts';
import type { ApplyAnswer } from '../../shared/schedule/apply.api.ts';
import { scheduleDocumentSchema } from '../../shared/schedule/schedule-document.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import type { AssetBytes } from './load-asset.ts';

/** The center said no, or did not answer; the message is for an operator. */
export class CenterError extends Error {
  override readonly name = 'CenterError';
  /** The center's error code, or `null` where it did not answer. */
  readonly code: string | null;

  constructor(message: string, code: string | null, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const refusalSchema = z.object({ error: z.object({ code: z.string(), zh: z.string() }) });

/** A center over its public API, as whoever the session cookie is. */
export interface CenterClient {
  document(region: RegionCode): Promise<ScheduleDocument>;
  hasFile(sha256: Sha256): Promise<boolean>;
  putFile(sha256: Sha256, blob: AssetBytes): Promise<void>;
  apply(document: ScheduleDocument): Promise<ApplyAnswer>;
}

/**
 * Logs in.
 * @param center its address, like `http://127.0.0.1:8080`
 * @returns the session cookie, `name=value`
 * @throws CenterError
 */
export async function signIn(center: string, login: string, password: string): Promise<string> {
  const response = await ask(center, '/api/identity/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (cookie === undefined) throw new CenterError('中心没有给登录凭证', null);
  return cookie;
}

/** @param cookie what {@link signIn} answered */
export function centerClient(center: string, cookie: string): CenterClient {
  const headers = { cookie };
  return {
    async document(region) {
      const response = await ask(center, `/api/schedules/document?region=${region}`, { headers });
      return scheduleDocumentSchema.parse(await response.json());
    },
    async hasFile(sha256) {
      const response = await reach(center, `/api/assets/${sha256}`, { method: 'HEAD', headers });
      if (response.status === 404) return false;
      if (!response.ok) throw new CenterError(`中心答 ${response.status}：检查登录和权限`, null);
      return true;
    },
    async putFile(sha256, blob) {
      const body = 'path' in blob ? await openAsBlob(blob.path) : Uint8Array.from(blob.bytes);
      const response = await ask(center, `/api/assets/${sha256}`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': blob.mime },
        body,
      });
      await response.body?.cancel();
    },
    async apply(document) {
      const response = await ask(center, '/api/schedules/apply', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(document),
      });
      return applyAnswerSchema.parse(await response.json());
    },
  };
}

async function reach(center: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(new URL(path, center), init);
  } catch (cause) {
    throw new CenterError(`连不上中心 ${center}，先用 npm start 启动它，或检查 --center`, null, cause);
  }
}

async function ask(center: string, path: string, init: RequestInit): Promise<Response> {
  const response = await reach(center, path, init);
  if (response.ok) return response;
  const refusal = refusalSchema.safeParse(await response.json().catch(() => null));
  if (!refusal.success) throw new CenterError(`中心答 ${response.status}`, null);
  const { code, zh } = refusal.data.error;
  throw new CenterError(`中心不收：${zh}（${code}）`, code);
}
