import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ByteRange } from '../../../shared/core/byte-range.ts';
import { parseRange } from '../../../shared/core/byte-range.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';

/** Bytes that their hash names for ever. */
export interface ImmutableContent {
  readonly sha256: Sha256;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** All of them, or one range, both ends inclusive. */
  read(range: ByteRange | null): Promise<Readable>;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Answers named bytes: whole, or in part, or not again, as RFC 9110 has it. */
    sendImmutable(content: ImmutableContent): Promise<FastifyReply>;
  }
}

/** A hash names its bytes for ever; not for shared caches, because only who is known may read. */
const IMMUTABLE = 'private, max-age=31536000, immutable';

/** Gives every reply {@link FastifyReply.sendImmutable}. */
export function answerImmutable(http: FastifyInstance): void {
  http.decorateReply('sendImmutable', sendImmutable);
}

async function sendImmutable(this: FastifyReply, content: ImmutableContent): Promise<FastifyReply> {
  const { sizeBytes } = content;
  const { method, headers } = this.request;
  const etag = `"${content.sha256}"`;
  this.header('etag', etag).header('cache-control', IMMUTABLE).header('accept-ranges', 'bytes');
  if (namesTag(headers['if-none-match'], etag)) return this.status(304).send();
  this.header('content-type', content.mediaType);
  // A range of another version than the one asked for would be spliced into garbage.
  const ifRange = headers['if-range'];
  const applies = method === 'GET' && (ifRange === undefined || ifRange === etag);
  const range = applies ? parseRange(headers.range, sizeBytes) : 'whole';
  if (range === 'unsatisfiable') {
    return this.status(416)
      .header('content-range', `bytes */${sizeBytes}`)
      .removeHeader('content-type')
      .send();
  }
  if (range === 'whole') {
    this.header('content-length', sizeBytes);
    return method === 'HEAD' ? this.send() : this.send(await content.read(null));
  }
  const { first, last } = range;
  return this.status(206)
    .header('content-length', last - first + 1)
    .header('content-range', `bytes ${first}-${last}/${sizeBytes}`)
    .send(await content.read(range));
}

function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
