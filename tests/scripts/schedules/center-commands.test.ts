import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyFolder } from '../../../scripts/schedules/apply-folder.ts';
import { explanationSchema } from '../../../shared/plan/explain.api.ts';
import { smilImportSchema } from '../../../shared/playlist/smil.ts';
import { ROOT } from '../../helpers/source-files.ts';
import { startCenter } from '../../helpers/center.ts';
import type { TestCenter } from '../../helpers/center.ts';

let test: TestCenter;
let cookie: string;
let folder: string;
let screen: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kepu-commands-'));
  test = await startCenter({ listen: true });
  cookie = await test.login();
  await applyFolder({ center: test.url, cookie, folder: join(ROOT, 'schedules', 'henan') });
  const creation = { name: '毛坪村文化广场屏', region: '411224102203' };
  const { status, body } = await test.as(cookie)('POST', '/api/screens', creation);
  if (status !== 201) throw new Error(JSON.stringify(body));
  screen = body.id;
}, 120_000);
afterAll(async () => {
  await test.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The command as an operator runs it, logged in by account and password. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = ['scripts/schedules.ts', ...args, '--center', test.url, '--login', test.admin.login];
  const env = { ...process.env, KEPU_PASSWORD: test.admin.password };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, env, maxBuffer: 64e6 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('npm run schedules -- explain --center', () => {
  it('says of a real screen what is on at an instant, who let it on air, and why the others are not', async () => {
    const at = ['explain', '--screen', screen, '--at', '2026-11-24 12:05:00'];
    const told = await run(...at);
    expect(told).toMatchObject({ code: 0, err: '' });
    const [first = '', why = ''] = told.out.split('\n');
    expect(first).toMatch(/^2026-11-24 12:05:00 {2}12:05:00–12:05:12 必播 henan-news /);
    expect(why).toContain('省级必播《河南科学播报》（河南省）');
    expect(told.out).toContain('管理员');
    expect(told.out).toContain('  卢氏农技轮播：12:00 起由省级必播《河南科学播报》（河南省）占用');

    const json = await run(...at, '--json');
    const answer = explanationSchema.parse(JSON.parse(json.out));
    expect(answer.entry).toMatchObject({ schedule: 'henan-news', class: 'mandatory', tier: 'province' });
  });

  it('says why a schedule is, or is not, on it on a day', async () => {
    const lushi = await run(
      'explain',
      '--screen',
      screen,
      '--schedule',
      'lushi-science',
      '--day',
      '2026-11-24',
    );
    expect(lushi).toMatchObject({ code: 0, err: '' });
    expect(lushi.out).toMatch(/^2026-11-24 共播 \d+ 次/);
    expect(lushi.out).toContain('保留时段 henan-evening 之内');
    const far = await run(
      'explain',
      '--screen',
      screen,
      '--schedule',
      'anyang-science',
      '--day',
      '2026-11-24',
    );
    expect(far.code).toBe(0);
    expect(far.out).toContain('安阳市');
  });

  it('says where a screen’s number stands when a name of the files is given instead', async () => {
    const told = await run('explain', '--screen', 'maoping', '--at', '2026-11-24 12:05:00');
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain('点位');
    const unknown = await run('explain', '--screen', screen, '--schedule', 'nope', '--day', '2026-11-24');
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('SCHEDULE_UNKNOWN');
  });
});

describe('npm run schedules -- smil-export and smil-import', () => {
  it('write a playlist as SMIL, and read it as edits that put nothing on air', async () => {
    const file = join(folder, 'news.smil');
    const written = await run('smil-export', '--playlist', 'henan-news', '--out', file);
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(await readFile(file, 'utf8')).toContain('title="科学播报"');
    // A file that is there is kept unless told otherwise.
    expect((await run('smil-export', '--playlist', 'henan-news', '--out', file)).code).toBe(2);

    const before = (await test.as(cookie)('GET', '/api/schedules?limit=1')).body.total;
    const read = await run('smil-import', file, '--region', '41');
    expect(read).toMatchObject({ code: 0, err: '' });
    expect(read.out).toContain('节目单 henan-news-2（科学播报）');
    expect(read.out).toContain('没有播出');
    const { edits } = smilImportSchema.parse(
      JSON.parse((await run('smil-import', file, '--region', '41', '--json')).out),
    );
    expect(edits.map(({ kind }) => kind).toSorted()).toEqual(['playlist', 'schedule']);
    const after = await test.as(cookie)('GET', '/api/schedules?limit=1');
    expect(after.body.total).toBe(before);

    // What was read goes into a draft as it is.
    const draft = await test.as(cookie)('POST', '/api/drafts', { region: '41', title: '导入', edits });
    expect(draft.body).toMatchObject({ problems: [] });
  });

  it('refuse what is not a playlist, not a file and not SMIL, in words', async () => {
    const unknown = await run('smil-export', '--playlist', 'nope');
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toContain('节目单 nope');
    expect((await run('smil-import', join(folder, 'none.smil'), '--region', '41')).code).toBe(2);
    const other = await run('smil-import', join(ROOT, 'package.json'), '--region', '41');
    expect(other.code).toBe(1);
    expect(other.err).toContain('SMIL_REFUSED');
  });
});
