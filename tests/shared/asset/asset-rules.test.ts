import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../shared/core/byte-range.ts';
import { hlsPartsOf } from '../../../shared/asset/hls-parts.ts';
import { HEAD_BYTES, mediaTypeOf } from '../../../shared/asset/media-type.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const typeOf = (bytes: Uint8Array) => mediaTypeOf(bytes.subarray(0, HEAD_BYTES), bytes.length);

describe('the type of content', () => {
  it('is told by its first bytes', () => {
    const transport = new Uint8Array(188 * 3);
    for (let at = 0; at < transport.length; at += 188) transport[at] = 0x47;
    expect(typeOf(Uint8Array.of(0, 0, 0, 24, ...utf8('ftypisom')))).toBe('video/mp4');
    expect(typeOf(Uint8Array.of(0, 0, 0, 24, ...utf8('stypmsdh')))).toBe('video/iso.segment');
    expect(typeOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toBe('image/png');
    expect(typeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg');
    expect(typeOf(utf8('RIFF\0\0\0\0WEBPVP8 '))).toBe('image/webp');
    expect(typeOf(transport)).toBe('video/mp2t');
    expect(typeOf(utf8('#EXTM3U\n#EXT-X-VERSION:7\n'))).toBe('application/vnd.apple.mpegurl');
    expect(typeOf(utf8('{"title":"防溺水","body":["不下野塘"]}'))).toBe('application/json');
  });

  it('refuses pages, scripts, other JSON and unknown bytes', () => {
    for (const text of [
      '<!doctype html><p>',
      '<svg onload="x"/>',
      'alert(1)',
      '{"a":1}',
      '',
      '\u{feff}#EXTM3U x',
    ])
      expect(typeOf(utf8(text))).toBeNull();
    expect(typeOf(Uint8Array.of(0x47, 0x49, 0x46, 0x38))).toBeNull();
    expect(typeOf(utf8(`{"title":"长","body":["${'长'.repeat(HEAD_BYTES)}"]}`))).toBeNull();
  });
});

describe('the parts of an HLS playlist', () => {
  const part = 'a'.repeat(64);
  const init = 'b'.repeat(64);

  it('are found in lines and attributes', () => {
    const text = `#EXTM3U\r\n#EXT-X-MAP:URI="${init}.mp4"\r\n#EXTINF:4,\r\n${part}.m4s\r\n${part}.m4s\r\n`;
    expect(hlsPartsOf(text)).toEqual({ parts: [init, part], foreign: [] });
  });

  it('that lead elsewhere are named', () => {
    const text = `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="https://elsewhere/key"\n../seg.ts\n${part}\n`;
    expect(hlsPartsOf(text).foreign).toEqual(['https://elsewhere/key', '../seg.ts', part]);
  });
});

describe('a range header', () => {
  it('reads first-last, open ends and suffixes', () => {
    expect(parseRange('bytes=0-499', 1_000)).toEqual({ first: 0, last: 499 });
    expect(parseRange('bytes=500-', 1_000)).toEqual({ first: 500, last: 999 });
    expect(parseRange('bytes=-300', 1_000)).toEqual({ first: 700, last: 999 });
    expect(parseRange('bytes=-3000', 1_000)).toEqual({ first: 0, last: 999 });
    expect(parseRange('bytes=900-5000', 1_000)).toEqual({ first: 900, last: 999 });
  });

  it('is unsatisfiable beyond the end, and ignored where it is not understood', () => {
    expect(parseRange('bytes=1000-', 1_000)).toBe('unsatisfiable');
    expect(parseRange('bytes=-0', 1_000)).toBe('unsatisfiable');
    for (const header of [undefined, '', 'bytes=-', 'items=0-1', 'bytes=5-1', 'bytes=0-1,4-5', 'bytes=a-b'])
      expect(parseRange(header, 1_000)).toBe('whole');
  });

  it('never names a byte outside the content', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 40 }), (a, b, size) => {
        for (const header of [`bytes=${a}-${b}`, `bytes=${a}-`, `bytes=-${b}`]) {
          const range = parseRange(header, size);
          if (typeof range === 'string') continue;
          expect(range.first).toBeGreaterThanOrEqual(0);
          expect(range.last).toBeGreaterThanOrEqual(range.first);
          expect(range.last).toBeLessThan(size);
        }
      }),
    );
  });
});
