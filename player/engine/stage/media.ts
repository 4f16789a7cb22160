import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { MEDIA_PREFIX } from '../director/cues.ts';
import type { BlobCache } from '../cache/blob-cache.ts';
import { parseRange } from '../../../shared/core/byte-range.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';

const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
  ts: 'video/mp2t',
  m3u8: 'application/vnd.apple.mpegurl',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  json: 'application/json',
};

const PATH = new RegExp(`^${MEDIA_PREFIX}([0-9a-f]{64})\\.([a-z0-9]{1,8})$`);

/**
 * Serves cached bytes by their hash, whole or by one range (RFC 9110 section 14). Bytes that this
 * process did not check, or that changed since, are not found.
 */
export async function serveMedia(
  cache: BlobCache,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const match = PATH.exec(path);
  const file = match === null ? null : cache.verifiedPath(match[1] as Sha256);
  if (match === null || file === null) {
    response.writeHead(404).end();
    return;
  }
  const { size } = statSync(file);
  const range = parseRange(request.headers.range, size);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', TYPES[match[2] ?? ''] ?? 'application/octet-stream');
  // The name is the content, but a check must stand between a restart and the glass: no browser cache.
  response.setHeader('cache-control', 'no-store');
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const isWhole = range === 'whole';
  const { first, last } = isWhole ? { first: 0, last: size - 1 } : range;
  const headers: Record<string, string | number> = { 'content-length': last - first + 1 };
  if (!isWhole) headers['content-range'] = `bytes ${first}-${last}/${size}`;
  response.writeHead(isWhole ? 200 : 206, headers);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(createReadStream(file, { start: first, end: last }), response);
  } catch {
    // The page went away or seeks elsewhere; the stream is closed either way.
    response.destroy();
  }
}
