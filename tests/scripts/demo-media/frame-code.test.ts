import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRAME_CODE_BLOCKS,
  frameCodeBits,
  parseFrameCode,
  readFrameCode,
} from '../../../scripts/demo-media/frame-code.ts';
import { MEDIA_IDS } from '../../../scripts/demo-media/ids.ts';

const codes = fc.record({ media: fc.nat(255), frame: fc.nat(65_535) });

describe('the frame code', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(parseFrameCode(frameCodeBits(code))).toEqual(code);
      }),
    );
  });

  it('refuses a strip with one bit wrong', () => {
    fc.assert(
      fc.property(codes, fc.nat(FRAME_CODE_BLOCKS - 1), (code, wrong) => {
        const bits = frameCodeBits(code).map((bit, index) => (index === wrong ? 1 - bit : bit));
        expect(parseFrameCode(bits)).toBeNull();
      }),
    );
  });

  it('is read from a picture of any 16:9 size, whatever lies beside it', () => {
    fc.assert(
      fc.property(
        codes,
        fc.constantFrom(640, 1280, 1920),
        fc.constantFrom(1, 3, 4),
        (code, width, channels) => {
          const height = (width * 9) / 16;
          const block = width / 40;
          const bits = frameCodeBits(code);
          const data = new Uint8Array(width * height * channels).fill(200);
          for (let y = 0; y < block; y += 1)
            for (let x = 0; x < width; x += 1)
              data.fill(
                bits[Math.floor(x / block)] === 1 ? 225 : 20,
                (y * width + x) * channels,
                (y * width + x + 1) * channels,
              );
          expect(readFrameCode({ data, width, height, channels })).toEqual(code);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('gives every demo file an id of its own', () => {
    const ids = Object.values(MEDIA_IDS).flatMap((kinds) => Object.values(kinds));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
