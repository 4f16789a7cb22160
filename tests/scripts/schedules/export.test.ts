import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentApi } from '../../../scripts/center/content-api.ts';
import { CenterApi } from '../../../scripts/center/center-api.ts';
import { applyFolder } from '../../../scripts/schedules/apply-folder.ts';
import { dayReportSchema } from '../../../scripts/schedules/day-report.ts';
import { diffDocuments } from '../../../scripts/schedules/diff-documents.ts';
import { loadScheduleFolder } from '../../../scripts/schedules/load-folder.ts';
import { ROOT } from '../../helpers/source-files.ts';
import { startCenter } from '../../helpers/center.ts';
import type { TestCenter } from '../../helpers/center.ts';

const HENAN = join(ROOT, 'schedules', 'henan');
let test: TestCenter;
let cookie: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kepu-export-'));
  test = await startCenter({ listen: true });
  cookie = await test.login();
  await applyFolder({ center: test.url, cookie, folder: HENAN });
}, 120_000);
afterAll(async () => {
  await test.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The command as an operator runs it. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = ['scripts/schedules.ts', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, maxBuffer: 64e6 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
const atCenter = () => ['--center', test.url, '--cookie', cookie];
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('npm run schedules -- export', () => {
  it('writes what is on air so that lint is clean and applying it changes nothing', async () => {
    const target = join(folder, 'plain');
    const done = await run('export', target, ...atCenter(), '--region', '41');
    expect(done).toMatchObject({ code: 0, err: '' });
    const files = await readdir(target);
    expect(files).toContain('41.yaml');
    expect(files).toContain('411224102203.yaml');
    expect(await exists(join(target, 'media'))).toBe(false);
    expect(await readFile(join(target, '411224.yaml'), 'utf8')).toContain('# 河南省 › 三门峡市 › 卢氏县');
    const { document, problems } = await loadScheduleFolder(target);
    expect(problems).toEqual([]);
    const original = await loadScheduleFolder(HENAN);
    expect(document).toEqual(original.document);
    const planned = await run('plan', target, ...atCenter());
    expect(planned).toMatchObject({ code: 0, out: '没有变化：和正在播出的一致\n' });
    const again = await applyFolder({ center: test.url, cookie, folder: target });
    expect(again).toMatchObject({ changes: [], state: 'unchanged', draft: null });
  }, 120_000);

  it('with its media fills an empty second center with the same', async () => {
    const target = join(folder, 'whole');
    const done = await run('export', target, ...atCenter(), '--region', '41', '--media');
    expect(done).toMatchObject({ code: 0 });
    const second = await startCenter({ listen: true });
    try {
      const own = await second.login();
      await applyFolder({ center: second.url, cookie: own, folder: target });
      const [here, there] = await Promise.all(
        [
          [test.url, cookie],
          [second.url, own],
        ].map(([url = '', held = '']) => contentApi(new CenterApi(url, held)).document('41' as never)),
      );
      if (here === undefined || there === undefined) throw new Error('no document');
      expect(diffDocuments(here, there)).toEqual([]);
    } finally {
      await second.stop();
    }
  }, 180_000);

  it('writes a county whose schedules use playlists from above, and applies it back', async () => {
    const target = join(folder, 'county');
    expect(await run('export', target, ...atCenter(), '--region', '4112')).toMatchObject({ code: 0 });
    const back = await applyFolder({ center: test.url, cookie, folder: target });
    expect(back.changes).toEqual([]);
  });

  it('never writes over anything unless told, and then keeps what was there', async () => {
    const target = join(folder, 'kept');
    const first = await run('export', target, ...atCenter(), '--region', '4101');
    expect(first.code).toBe(0);
    await writeFile(join(target, 'note.txt'), 'mine');
    const refused = await run('export', target, ...atCenter(), '--region', '4101');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('不覆盖');
    const forced = await run('export', target, ...atCenter(), '--region', '4101', '--force');
    expect(forced.code).toBe(0);
    expect(await readFile(`${target}.old-1/note.txt`, 'utf8')).toBe('mine');
    const foreign = await mkdtemp(join(folder, 'foreign-'));
    await writeFile(join(foreign, 'thesis.txt'), 'mine');
    const kept = await run('export', foreign, ...atCenter(), '--region', '4101', '--force');
    expect(kept.err).toContain('不是排期目录');
    expect(await readdir(foreign)).toEqual(['thesis.txt']);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('npm run schedules -- plan', () => {
  it('says what would change and what publishing that would do, and changes nothing', async () => {
    const target = join(folder, 'changed');
    expect(await run('export', target, ...atCenter(), '--region', '411224')).toMatchObject({ code: 0 });
    const file = join(target, '411224.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('卢氏农技轮播', '卢氏农技新轮播'));
    const planned = await run('plan', target, ...atCenter());
    expect(planned.err).toBe('');
    expect(planned.out).toContain('修改 排期 lushi-science（411224 · 卢氏农技新轮播）');
    expect(planned.out).toContain('可行性（');
    const waiting = await run('apply', target, ...atCenter());
    // Counties pass one stage of review here.
    expect(waiting.out).toContain('还没有播出：411224 要先审后播');
    const again = await run('plan', target, ...atCenter(), '--json');
    expect(JSON.parse(again.out)).toMatchObject({
      changes: [{ id: 'lushi-science' }],
      feasibility: { findings: expect.any(Array) },
    });
  }, 120_000);
});

describe('npm run schedules, without a center', () => {
  it('resolves a day of a sample place, or of a region, as JSON that its schema describes', async () => {
    const day = ['--day', '2026-11-23', '--json'];
    const [sample, region] = await Promise.all([
      run('timeline', HENAN, '--screen', 'maoping', ...day),
      run('timeline', join(HENAN, 'henan.yaml'), HENAN, '--screen', '411224102203', ...day),
    ]);
    const report = dayReportSchema.parse(JSON.parse(sample.out));
    expect(dayReportSchema.parse(JSON.parse(region.out))).toEqual(report);
    for (const [index, entry] of report.entries.entries())
      if (index > 0) expect(entry.start).toBe(report.entries[index - 1]?.end);
    const noon = report.entries.find(({ startText }) => startText === '2026-11-23 12:00:00');
    expect(noon).toMatchObject({
      class: 'mandatory',
      schedule: 'henan-news',
      tier: 'province',
      region: '41',
    });
  });

  it('explains an instant, and why a schedule is not on', async () => {
    const at = await run('explain', '--screen', 'maoping', '--at', '2026-11-23 19:12:05');
    expect(at.out).toContain('保留时段');
    const why = await run(
      'explain',
      '--screen',
      'maoping',
      '--schedule',
      'luoyang-science',
      '--day',
      '2026-11-23',
    );
    expect(why.out).toContain('不在发布方 洛阳市 的区划之内');
    const none = await run(
      'explain',
      '--screen',
      'maoping',
      '--schedule',
      'henan-newz',
      '--day',
      '2026-11-23',
    );
    expect(none).toMatchObject({ code: 2 });
    expect(none.err).toContain('是不是 henan-news');
  });

  it('says how it is called where it is called wrongly', async () => {
    for (const args of [
      ['timeline', '--screen', 'nowhere'],
      ['lint', 'no/such/folder'],
      ['constructor'],
      ['plan'],
    ])
      expect(await run(...args)).toMatchObject({ code: 2, out: '' });
  });
});
