import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyFolder, FolderRefused } from '../../../scripts/schedules/apply-folder.ts';
import type { ApplyProgress } from '../../../scripts/schedules/apply-folder.ts';
import { CenterApi, CenterError } from '../../../scripts/center/center-api.ts';
import { contentApi } from '../../../scripts/center/content-api.ts';
import { diffDocuments } from '../../../scripts/schedules/diff-documents.ts';
import { loadScheduleFolder } from '../../../scripts/schedules/load-folder.ts';
import { parseInstant, planOf, regionNames } from '../../../scripts/schedules/offline.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../../shared/core/time.ts';
import { DAY_S, midnightOfLocalDay } from '../../../shared/core/time.ts';
import { hlsPartsOf } from '../../../shared/asset/hls-parts.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import { scheduleDocumentSchema } from '../../../shared/schedule/schedule-document.ts';
import { startCenter } from '../../helpers/center.ts';

const HENAN = 'schedules/henan';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function makeFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kepu-schedules-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const declaring = (asset: string) => `scope: "41"\nregion: "41"\nassets:\n  one: ${asset}\n`;
const problemsOf = async (files: Readonly<Record<string, string>>) =>
  (await loadScheduleFolder(await makeFolder(files))).problems.map((problem) => problem.zh).join('\n');

describe('schedules/henan', () => {
  it('has no problem, real regions, and bytes that match their hashes', async () => {
    const names = await regionNames();
    const { document, blobs, problems } = await loadScheduleFolder(HENAN, {
      hasRegion: (code) => names.has(code),
    });
    expect(problems).toEqual([]);
    expect(scheduleDocumentSchema.parse(document)).toEqual(document);
    expect(new Set(document?.assets.map((asset) => asset.kind))).toEqual(
      new Set(['video', 'hls', 'image', 'card']),
    );
    for (const [sha256, blob] of blobs) {
      const bytes = 'path' in blob ? await readFile(blob.path) : blob.bytes;
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      expect(bytes.length).toBe(blob.sizeBytes);
    }
    for (const asset of document?.assets.filter((one) => one.kind === 'hls') ?? []) {
      const blob = blobs.get(asset.sha256);
      const text = blob !== undefined && 'bytes' in blob ? new TextDecoder().decode(blob.bytes) : '';
      expect(hlsPartsOf(text)).toEqual({ parts: asset.parts.map((part) => part.sha256), foreign: [] });
      expect(asset.durationS).toBe(16);
    }
  });

  it('puts all five tiers on air in 毛坪村, all day, with hard starts and the reserved half hour', async () => {
    const { document } = await loadScheduleFolder(HENAN);
    if (document === null) throw new Error('the folder has errors');
    const day = '2026-11-23' as LocalDay;
    const place = { region: '411224102203' as RegionCode, tags: [], groups: [] };
    const from = midnightOfLocalDay(day);
    const entries = createResolver(planOf(document, place, day)).timeline(from, (from + DAY_S) as Instant);
    const airtime = new Map<string, number>();
    for (const { region, start, end, class: kind } of entries)
      if (kind === 'rotation') airtime.set(region ?? '', (airtime.get(region ?? '') ?? 0) + end - start);
    const total = [...airtime.values()].reduce((sum, one) => sum + one, 0);
    const shares = ['41', '4112', '411224', '411224102', '411224102203'].map(
      (region) => Math.round(((airtime.get(region) ?? 0) / total) * 100) / 100,
    );
    // 40/20/20/10/10, but the province has the reserved half hour's rotation to itself.
    expect(shares).toEqual([0.41, 0.2, 0.2, 0.1, 0.1]);
    expect(entries.filter((entry) => entry.reason === 'mandatory-start').length).toBeGreaterThanOrEqual(48);
    expect(entries.every((entry) => entry.schedule !== null && entry.end - entry.start <= 20)).toBe(true);
    const evening = entries.filter((one) => one.start >= from + 19 * 3600 && one.end <= from + 19.5 * 3600);
    expect(new Set(evening.map((entry) => entry.region))).toEqual(new Set(['41']));
  });
});

describe('loading a folder', () => {
  it('names the line of an asset whose file is missing, outside, of another kind, or no media', async () => {
    const missing = await problemsOf({ 'a.yaml': declaring('{ file: x.png, kind: image, title: t }') });
    expect(missing).toContain('素材文件 x.png 不能用：文件不存在');
    const outside = await problemsOf({
      'a.yaml': declaring('{ file: ../../etc/hostname, kind: image, title: t }'),
    });
    expect(outside).toContain('不能用');
    const html = await problemsOf({
      'a.yaml': declaring('{ file: x.png, kind: image, title: t }'),
      'x.png': '<script>alert(1)</script>',
    });
    expect(html).toContain('认不出内容');
    const live = await problemsOf({
      'a.yaml': declaring('{ file: x.m3u8, kind: hls, title: t }'),
      'x.m3u8': '#EXTM3U\n#EXTINF:4,\na.ts\n',
    });
    expect(live).toContain('要写完的 HLS 分片表');
    const far = await problemsOf({
      'a.yaml': declaring('{ file: x.m3u8, kind: hls, title: t }'),
      'x.m3u8': '#EXTM3U\n#EXTINF:4,\nhttps://example.org/a.ts\n#EXT-X-ENDLIST\n',
    });
    expect(far).toContain('不收网址');
  });

  it('follows no link out of the folder', async () => {
    const folder = await makeFolder({ 'a.yaml': declaring('{ file: x.json, kind: card, title: t }') });
    const other = await makeFolder({ 'secret.json': '{"title":"t","body":["b"]}' });
    await symlink(join(other, 'secret.json'), join(folder, 'x.json'));
    const { problems } = await loadScheduleFolder(folder);
    expect(problems[0]?.zh).toContain('文件要放在排期目录里面');
  });
});

describe('hostile files', () => {
  const codesOf = async (folder: string) =>
    (await loadScheduleFolder(folder)).problems.map(
      ({ code, file, line, column }) => `${file}:${line}:${column} ${code}`,
    );

  it('names what is no UTF-8, no file, too big, or a link out of the folder', async () => {
    const folder = await makeFolder({ 'good.yaml': '\ufeffscope: "41"\r\nregion: "41"\r\n' });
    const other = await makeFolder({ 'secret.yaml': 'scope: "41"\n' });
    await writeFile(
      join(folder, 'a-gbk.yaml'),
      Buffer.from([0x61, 0x3a, 0x0a, 0x62, 0x3a, 0x20, 0xd6, 0xd0]),
    );
    await writeFile(join(folder, 'b-utf16.yaml'), Buffer.from('\ufeffscope: "41"', 'utf16le'));
    await mkdir(join(folder, 'c-folder.yaml'));
    await symlink(join(other, 'secret.yaml'), join(folder, 'd-link.yaml'));
    await symlink(join(folder, 'nowhere'), join(folder, 'e-dangling.yaml'));
    await writeFile(join(folder, 'f-huge.yaml'), Buffer.alloc(5_000_000, 0x20));
    expect(await codesOf(folder)).toEqual([
      'a-gbk.yaml:2:4 NOT_UTF8',
      'b-utf16.yaml:1:1 NOT_UTF8',
      'c-folder.yaml:1:1 FILE_UNREADABLE',
      'd-link.yaml:1:1 FILE_UNREADABLE',
      'e-dangling.yaml:1:1 FILE_UNREADABLE',
      'f-huge.yaml:1:1 FILE_TOO_LARGE',
    ]);
  });

  it('names an asset without a source, one with another hash, and takes one that the center has', async () => {
    const card = '{"title":"t","body":["b"]}';
    const sha256 = createHash('sha256').update(card).digest('hex');
    const using = (asset: string) =>
      `${declaring(asset)}playlists:\n  p: { name: p, items: [{ asset: one, durationS: 9 }] }\n`;
    const load = async (asset: string) =>
      loadScheduleFolder(await makeFolder({ 'a.yaml': using(asset), 'x.json': card, 'p.jpg': '\xff' }));
    expect((await load('{ kind: card, title: t }')).problems[0]).toMatchObject({
      code: 'ASSET_SOURCE',
      line: 4,
    });
    const wrong = await load(`{ file: x.json, kind: card, title: t, sha256: "${'0'.repeat(64)}" }`);
    expect(wrong.problems[0]).toMatchObject({ code: 'ASSET_FILE', line: 4 });
    expect(wrong.problems[0]?.zh).toContain('和写的不符');
    expect(wrong.document).toBeNull();
    const right = await load(`{ file: x.json, kind: card, title: t, sha256: "${sha256}" }`);
    const named = await load(
      `{ kind: card, title: t, sha256: "${sha256}", mime: application/json, sizeBytes: ${card.length} }`,
    );
    expect(named.problems).toEqual([]);
    expect(named.document).toEqual(right.document);
    expect([right.blobs.size, named.blobs.size]).toEqual([1, 0]);
  });

  it('puts the picture of a card into it by hash, and keeps the bytes of one that names it', async () => {
    const jpeg = await readFile(join(HENAN, 'media', 'village-image.jpg'));
    const picture = createHash('sha256').update(jpeg).digest('hex');
    const load = async (card: string) => {
      const using = `${declaring('{ file: x.json, kind: card, title: t, picture: p.jpg }')}playlists:\n  p: { name: p, items: [{ asset: one, durationS: 9 }] }\n`;
      const folder = await makeFolder({ 'a.yaml': using, 'x.json': card });
      await writeFile(join(folder, 'p.jpg'), jpeg);
      return loadScheduleFolder(folder);
    };
    const made = await load('{"title":"t","body":["b"]}');
    expect(made.document?.assets[0]?.parts).toMatchObject([{ sha256: picture, mime: 'image/jpeg' }]);
    const kept = await load(`{ "title": "t", "body": ["b"], "picture": "${picture}" }`);
    expect(kept.document?.assets[0]?.parts).toMatchObject([{ sha256: picture }]);
    const foreign = await load(`{"title":"t","body":["b"],"picture":"${'1'.repeat(64)}"}`);
    expect(foreign.problems[0]?.zh).toContain('和这个文件不符');
  });
});

describe('applying a folder', () => {
  it('uploads what is missing, applies once, and changes nothing the second time', async () => {
    const test = await startCenter({ listen: true });
    cleanups.push(() => test.stop());
    const api = new CenterApi(`${test.url}/`);
    await api.login(test.admin);
    const { cookie } = api;
    const progress: ApplyProgress[] = [];
    const options = { center: test.url, cookie, folder: HENAN };
    const first = await applyFolder({ ...options, onProgress: (one) => progress.push(one) });
    const { document } = await loadScheduleFolder(HENAN);
    if (document === null) throw new Error('the folder has errors');
    const count = document.schedules.length;
    expect(count).toBeGreaterThan(60);
    expect(first).toMatchObject({ state: 'published' });
    expect(first.changes.filter((change) => change.kind === 'schedule').length).toBe(count);
    expect(progress.at(-1)).toEqual({ kind: 'applying', schedules: count });
    const sent = progress.findLast((one) => one.kind === 'files');
    expect(sent?.done).toBe(sent?.files);

    const second: ApplyProgress[] = [];
    const again = await applyFolder({ ...options, onProgress: (one) => second.push(one) });
    expect(again.changes).toEqual([]);
    expect(second.findLast((one) => one.kind === 'files')?.sentBytes).toBe(0);

    const onAir = await contentApi(api).document(document.region);
    expect(diffDocuments(onAir, document)).toEqual([]);
    const fewer = { ...document, schedules: document.schedules.slice(1) };
    expect(diffDocuments(onAir, fewer)).toMatchObject([{ kind: 'schedule', change: 'removed' }]);
  });

  it('sends nothing of a folder with errors, and says when it is not allowed or nobody answers', async () => {
    const folder = await makeFolder({ 'a.yaml': 'scope: "41"\nregion: "41"\nfoo: 1\n' });
    const nowhere = { center: 'http://127.0.0.1:9', cookie: 'a=b' };
    await expect(applyFolder({ ...nowhere, folder })).rejects.toThrow(FolderRefused);
    await expect(applyFolder({ ...nowhere, folder: HENAN })).rejects.toThrow(CenterError);
    const test = await startCenter({ listen: true });
    cleanups.push(() => test.stop());
    const wrong = new CenterApi(test.url).login({ login: 'admin', password: 'not the password' });
    await expect(wrong).rejects.toThrow(/LOGIN_REFUSED/);
  });
});

describe('instants on the command line', () => {
  it('are local unless they name an offset', () => {
    const noon = midnightOfLocalDay('2026-11-23' as LocalDay) + 12 * 3600;
    expect(parseInstant('2026-11-23 12:00')).toBe(noon);
    expect(parseInstant('2026-11-23T12:00:05')).toBe(noon + 5);
    expect(parseInstant('2026-11-23T04:00:00Z')).toBe(noon);
    expect(['2026-11-23 24:00', '2026-13-01 00:00', 'noon', '2026-11-23'].map(parseInstant)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
