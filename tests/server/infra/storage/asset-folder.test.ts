import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAssetFolder } from '../../../../server/infra/storage/asset-folder.ts';
import { HEAD_BYTES } from '../../../../shared/asset/media-type.ts';
import { sha256Hex } from '../../../../shared/core/canonical.ts';

const content = new Uint8Array(HEAD_BYTES + 70_000).map((_, at) => at % 251);
const name = sha256Hex(content);
const pass = { limitBytes: 10_000_000, judge: () => {} };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kepu-assets-'));
});
afterEach(() => rm(root, { recursive: true }));

/** The content in chunks of 64 KiB, as a socket would bring it. */
function* chunks() {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
}
const drafts = () => readdir(join(root, 'drafts'));

describe('the asset folder', () => {
  it('gives back what it took in, whole and in ranges', async () => {
    const folder = await openAssetFolder(root);
    let judged: [number, number] | undefined;
    const intake = {
      ...pass,
      judge: (head: Uint8Array, size: number) => void (judged = [head.length, size]),
    };
    await expect(folder.put(name, Readable.from(chunks()), intake)).resolves.toEqual({
      sizeBytes: content.length,
    });
    expect(judged).toEqual([HEAD_BYTES, content.length]);
    expect(await buffer(await folder.read(name, null))).toEqual(Buffer.from(content));
    expect(await buffer(await folder.read(name, { first: 10, last: 19 }))).toEqual(
      Buffer.from(content.subarray(10, 20)),
    );
    expect(await drafts()).toEqual([]);
  });

  it('keeps nothing of bytes that are not what their name says', async () => {
    const folder = await openAssetFolder(root);
    const other = sha256Hex('other');
    await expect(folder.put(other, Readable.from(chunks()), pass)).rejects.toMatchObject({
      code: 'ASSET_BYTES_DIFFER',
    });
    await expect(folder.read(other, null)).rejects.toMatchObject({ code: 'ASSET_UNKNOWN' });
    expect(await drafts()).toEqual([]);
  });

  it('keeps nothing of what is refused, too large, or breaks off', async () => {
    const folder = await openAssetFolder(root);
    const refused = () => {
      throw new Error('refused');
    };
    await expect(folder.put(name, Readable.from(chunks()), { ...pass, judge: refused })).rejects.toThrow(
      'refused',
    );
    await expect(
      folder.put(name, Readable.from(chunks()), { ...pass, limitBytes: 100_000 }),
    ).rejects.toMatchObject({ code: 'TOO_LARGE' });
    const broken = async function* () {
      yield content.subarray(0, 1_000);
      throw new Error('link lost');
    };
    await expect(folder.put(name, Readable.from(broken()), pass)).rejects.toThrow('link lost');
    await expect(folder.read(name, null)).rejects.toMatchObject({ code: 'ASSET_UNKNOWN' });
    expect(await drafts()).toEqual([]);
  });

  it('removes at start what a crash left half-received', async () => {
    await openAssetFolder(root);
    await writeFile(join(root, 'drafts', 'left'), 'half');
    await openAssetFolder(root);
    expect(await drafts()).toEqual([]);
  });
});
