import { canonicalText, sha256Hex } from '../../shared/core/canonical.ts';
import { assetSchema } from '../../shared/asset/asset.schema.ts';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import { scheduleDocumentSchema } from '../../shared/schedule/schedule-document.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import type { TestCenter } from './center.ts';

/** A text card as bytes and as an asset. */
export function makeCard(title: string): { readonly bytes: Buffer; readonly asset: Asset } {
  const bytes = Buffer.from(canonicalText({ title, body: ['不下野塘，会水也不行'], theme: 'blue' }));
  const asset = assetSchema.parse({
    sha256: sha256Hex(bytes),
    kind: 'card',
    mime: 'application/json',
    sizeBytes: bytes.length,
    title,
    durationS: null,
    parts: [],
  });
  return { bytes, asset };
}

/** An HLS media playlist over these URIs, as bytes and as an asset without parts. */
export function makeHls(uris: readonly string[]) {
  const lines = uris.flatMap((uri) => ['#EXTINF:4,', uri]);
  const bytes = Buffer.from(
    ['#EXTM3U', '#EXT-X-TARGETDURATION:4', ...lines, '#EXT-X-ENDLIST', ''].join('\n'),
  );
  const sha256 = sha256Hex(bytes);
  const asset = assetSchema.parse({
    sha256,
    kind: 'hls',
    mime: 'application/vnd.apple.mpegurl',
    sizeBytes: bytes.length,
    title: '流',
    durationS: 4 * uris.length,
    parts: [],
  });
  return { sha256, bytes, asset };
}

/** Sends bytes under a name, as a command with a session would. */
export async function upload(at: TestCenter, cookie: string, name: string, bytes: Uint8Array) {
  const response = await at.center.http.inject({
    method: 'PUT',
    url: `/api/assets/${name}`,
    headers: { cookie, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(bytes),
  });
  return { status: response.statusCode, body: response.json() as Record<string, never> };
}

/** A document with one rotation schedule over one card for the whole of a region. */
export function makeDocument(
  asset: Asset,
  patch: Partial<Record<keyof ScheduleDocument, unknown>> = {},
): ScheduleDocument {
  return scheduleDocumentSchema.parse({
    format: 'kepu-schedules/1',
    region: '41',
    assets: [asset],
    playlists: [{ id: 'daily', name: '日常', region: '41', items: [{ asset: asset.sha256, durationS: 15 }] }],
    schedules: [makeDaily()],
    quotas: [],
    reserved: [],
    ...patch,
  });
}

export function makeDaily(patch: object = {}): object {
  return {
    id: 'daily',
    name: '全省轮播',
    class: 'rotation',
    region: '41',
    playlist: 'daily',
    windows: [{ start: '00:00', end: '24:00' }],
    validity: { from: '2026-11-01', to: null },
    ...patch,
  };
}
