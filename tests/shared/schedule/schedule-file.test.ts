import { describe, expect, it } from 'vitest';
import type { Asset } from '../../../shared/asset/asset.schema.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { didYouMean } from '../../../shared/schedule/did-you-mean.ts';
import { hlsDurationS, hlsUris, rewriteHls } from '../../../shared/schedule/hls-rewrite.ts';
import { printed } from '../../../shared/schedule/problem.ts';
import { parseScheduleFile } from '../../../shared/schedule/schedule-file.ts';
import { assembleFolder } from '../../../shared/schedule/schedule-folder.ts';

const CLIP: Asset = {
  sha256: 'a'.repeat(64) as Sha256,
  kind: 'video',
  mime: 'video/mp4',
  sizeBytes: 9,
  title: '片子',
  durationS: 12,
  parts: [],
};
const GOOD = `scope: "41"
region: "41"
assets:
  clip: { file: media/clip.mp4, kind: video, title: 片子, durationS: 12 }
playlists:
  news:
    name: 播报
    items:
      - { asset: clip, durationS: 12 }
schedules:
  news:
    name: 播报
    class: mandatory
    playlist: news
    windows: ["08:00-08:10"]
    validity: { from: 2026-01-01 }
`;

/** What is printed for a file, alone in its folder. */
function problems(text: string, ...others: string[]): string[] {
  const files = [text, ...others].map((one, index) => parseScheduleFile(`${'abc'[index]}.yaml`, one));
  const hasRegion = (code: RegionCode) => ['41', '4101', '411224'].includes(code);
  return assembleFolder(files, new Map([['clip', CLIP]]), { hasRegion }).problems.map(printed);
}
/** {@link GOOD} with one thing changed. */
const changed = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

describe('a schedule file', () => {
  it('becomes a document, with defaults filled in and hashes for names', () => {
    const { document, problems: found } = assembleFolder(
      [parseScheduleFile('a.yaml', GOOD)],
      new Map([['clip', CLIP]]),
    );
    expect(found).toEqual([]);
    expect(document).toMatchObject({
      format: 'kepu-schedules/1',
      region: '41',
      assets: [CLIP],
      playlists: [
        { id: 'news', region: '41', items: [{ asset: CLIP.sha256, durationS: 12, fit: 'contain' }] },
      ],
      schedules: [
        { id: 'news', region: '41', days: 'every', once: false, windows: [{ start: '08:00', end: '08:10' }] },
      ],
    });
  });

  it.each([
    ['    class: mandatory', '    clas: mandatory', 'a.yaml:13:5 错误 不认识 `clas`，写 `class`'],
    ['class: mandatory', 'class: manditory', 'a.yaml:13:12 错误 `class` 写成了 `manditory`，写 `mandatory`'],
    ['kind: video', 'kind: film', '`kind` 写成了 `film`，写 kind: video、hls、image 或 card'],
    [
      '"08:00-08:10"',
      '"8:00-8:10"',
      'a.yaml:15:15 错误 `windows` 写成了 `8:00-8:10`，写 windows: ["08:00-20:00"]',
    ],
    ['region: "41"\n', 'region: 41\n', '写 region: "41"（带引号的区划代码）'],
    ['2026-01-01', '2026-02-30', '`from` 写成了 `2026-02-30`，写 from: 2026-01-01'],
    ['    playlist: news\n', '', 'a.yaml:11:3 错误 缺少 `playlist`，写 playlist: 节目单名'],
    ['playlist: news', 'playlist: newz', 'a.yaml:14:15 错误 没有叫 `newz` 的节目单，写 `news`'],
    ['asset: clip', 'asset: clp', 'a.yaml:9:18 错误 没有叫 `clp` 的素材，写 `clip`'],
    [
      'class: mandatory',
      'class: rotation\n    once: true',
      'a.yaml:14:11 错误 `once` 写成了 `true`，写 once',
    ],
    ['  news:\n    name: 播报\n    class', '  News!:\n    name: 播报\n    class', '`News!` 不能作名字'],
    [
      '    name: 播报\n    class',
      '    name: 播报\n    name: 播报\n    class',
      'a.yaml:13:5 错误 `name` 写了两次',
    ],
    ['  clip: {', '  clip: &x {', '不收锚点和别名（&x）'],
    ['  news:\n    name: 播报\n    items', '\tnews:\n    name: 播报\n    items', 'YAML 写法不对'],
    ['scope: "41"\n', '', '没有哪个文件写了 scope'],
    ['scope: "41"\nregion: "41"\n', 'scope: "41"\n', '没写由谁发布'],
    ['scope: "41"\nregion: "41"', 'scope: "4101"\nregion: "41"', '41 不在这套排期的范围 4101 之内'],
    ['durationS: 12 }\nschedules', 'durationS: 700 }\nschedules', '第 1 项长 700 秒，最长的时段只有 600 秒'],
    ['durationS: 12 }\nschedules', 'durationS: 30 }\nschedules', '提醒 第 1 项要播 30 秒，素材只有 12 秒'],
    [
      'windows: ["08:00-08:10"]',
      'windows: ["08:00-08:10", "08:05-08:20"]',
      '时段 08:00-08:10 和 08:05-08:20 重叠',
    ],
    ['windows: ["08:00-08:10"]', 'windows: ["23:00-01:00"]', '必播每天都跨零点'],
    ['windows: [', 'audience: { regions: ["4201"] }\n    windows: [', '41 只能排本区划之内，不能排 4201'],
    ['windows: [', 'audience: { regions: ["4199"] }\n    windows: [', '没有这个区划：4199'],
    [
      'schedules:',
      'quota: { percents: { province: 90, city: 20, county: 0, township: 0, village: 0 } }\nschedules:',
      '合计 100',
    ],
  ])('says what to write instead: %j as %j', (from, to, message) => {
    expect(problems(changed(from, to)).join('\n')).toContain(message);
  });

  it('says one thing of one mistake', () => {
    expect(problems(changed('class: mandatory', 'clas: mandatory'))).toEqual([
      'a.yaml:13:5 错误 不认识 `clas`，写 `class`',
    ]);
  });

  it('refuses a bomb of aliases without unfolding it', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
    );
    expect(problems(`a0: &a0 [x]\n${lines.join('\n')}\n`)[0]).toContain('不收锚点和别名');
  });

  it('names both files where an id stands twice, and each of several problems by its line', () => {
    const second = GOOD.replace('scope: "41"\n', '').replace('class: mandatory', 'class: rotation');
    expect(problems(GOOD, second)).toEqual([
      'b.yaml:3:3 错误 `clip` 已经写在 a.yaml，换一个名字',
      'b.yaml:5:3 错误 `news` 已经写在 a.yaml，换一个名字',
      'b.yaml:10:3 错误 `news` 已经写在 a.yaml，换一个名字',
    ]);
  });

  it('finds reservations of one region that overlap, quotas twice, rotations without quota', () => {
    const text = `scope: "41"
region: "41"
quota: { percents: { province: 0, city: 100, county: 0, township: 0, village: 0 } }
reserved:
  one: { windows: ["19:00-19:30"], validity: { from: 2026-01-01 } }
  two: { days: weekends, windows: ["19:20-20:00"], validity: { from: 2026-01-01 } }
  three: { days: weekdays, windows: ["19:30-20:00"], validity: { from: 2026-01-01 } }
`;
    const rota = GOOD.replace('scope: "41"\n', '').replace('mandatory', 'rotation');
    const found = problems(text, rota, 'region: "41"\nquota: { minimums: { city: 5 } }\n').join('\n');
    expect(found).toContain('a.yaml:5:10 错误 保留时段和 `two` 重叠');
    expect(found).not.toContain('`three`');
    expect(found).toContain('41 有两份配额');
    expect(found).toContain('b.yaml:12:12 提醒 省级配额是 0');
  });
});

describe('did you mean', () => {
  it('takes stems, slips and swaps, and nothing far', () => {
    const words = ['class', 'playlist', 'priority', 'windows'];
    expect(
      ['clas', 'playlsit', 'window', 'prio', 'x', 'banana'].map((word) => didYouMean(word, words)),
    ).toEqual(['class', 'playlist', 'windows', 'priority', null, null]);
  });
});

describe('HLS playlists', () => {
  const text =
    '#EXTM3U\r\n#EXT-X-MAP:URI="init.mp4"\r\n#EXTINF:4.0,\r\na.m4s\r\n#EXTINF:3.5,\r\nb.m4s\r\n#EXT-X-ENDLIST\r\n';

  it('have every address renamed, in tags too', () => {
    expect(hlsUris(text)).toEqual(['init.mp4', 'a.m4s', 'b.m4s']);
    expect(rewriteHls(text, (uri) => `x-${uri}`)).toBe(
      '#EXTM3U\n#EXT-X-MAP:URI="x-init.mp4"\n#EXTINF:4.0,\nx-a.m4s\n#EXTINF:3.5,\nx-b.m4s\n#EXT-X-ENDLIST\n',
    );
  });

  it('have a length once they are finished', () => {
    expect(hlsDurationS(text)).toBe(8);
    expect(hlsDurationS(text.replace('#EXT-X-ENDLIST', ''))).toBeNull();
  });
});
