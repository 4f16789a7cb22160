import { describe, expect, it } from 'vitest';
import type { Asset } from '../../../shared/asset/asset.schema.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
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

  it.each([
    ['  clip: {', '  clip: !!js/function {', 'TAG_REFUSED', '不收 YAML 标签'],
    ['name: 播报\n    class', 'name: !foo 播报\n    class', 'TAG_REFUSED', '不收 YAML 标签 !foo'],
    ['scope: "41"', '<<: { scope: "41" }\nscope: "41"', 'KEY_UNKNOWN', '不认识 `<<`'],
    ['windows: ["08:00-08:10"]', 'windows: ["25:00-26:00"]', 'VALUE_WRONG', '写成了 `25:00-26:00`'],
    ['windows: ["08:00-08:10"]', 'windows: ["24:00-01:00"]', 'VALUE_WRONG', '`24:00-01:00`'],
    ['2026-01-01', '2026-13-01', 'VALUE_WRONG', '写成了 `2026-13-01`'],
    ['{ from: 2026-01-01 }', '{ from: 2026-03-01, to: 2026-02-01 }', 'VALIDITY_REVERSED', '结束比开始早'],
    [
      'schedules:',
      'quota: { minimums: { province: 60, city: 50 } }\nschedules:',
      'MINIMUMS_SUM',
      '锁定下限合计是 110',
    ],
    [
      'schedules:',
      'quota: { percents: { province: 90, city: 20, county: 0, township: 0, village: 0 } }\nschedules:',
      'PERCENTS_SUM',
      '配额合计是 110',
    ],
    ['schedules:', 'review: { stages: { county: 4 } }\nschedules:', 'VALUE_WRONG', '`county`'],
    ['schedules:', 'screens: { one: { name: x, region: "4199" } }\nschedules:', 'REGION_UNKNOWN', '4199'],
    [
      'windows: [',
      'audience: { regions: ["4101"], exclude: { regions: ["41"] } }\n    windows: [',
      'AUDIENCE_EMPTY',
      '4101 既要又排除',
    ],
    [
      'windows: [',
      'audience: { tags: [广场], exclude: { tags: [广场] } }\n    windows: [',
      'AUDIENCE_EMPTY',
      '广场 既要又排除',
    ],
    [
      'windows: [',
      'audience: { exclude: { regions: ["41"] } }\n    windows: [',
      'AUDIENCE_EMPTY',
      '41 既要又排除',
    ],
    ['windows: [', 'days: { dates: [2025-01-01] }\n    windows: [', 'DAYS_NONE', '没有一天会播'],
    ['{ from: 2026-01-01 }', '{ from: 2025-01-01, to: 2025-02-01 }', 'ALREADY_ENDED', '2025-02-01 已经结束'],
    ['windows: [', 'days: holidays\n    windows: [', 'HOLIDAYS_UNKNOWN', '2027 年的放假安排还没有'],
  ])('has a code, a line and a sentence: %j as %j is %s', (from, to, code, sentence) => {
    const file = parseScheduleFile('a.yaml', changed(from, to));
    const { problems: found } = assembleFolder([file], new Map([['clip', CLIP]]), {
      hasRegion: (region) => ['41', '4101'].includes(region),
      today: '2026-11-23' as LocalDay,
    });
    const problem = found.find((one) => one.code === code);
    expect(problem?.zh).toContain(sentence);
    expect(problem?.line).toBeGreaterThan(0);
    expect(problem?.column).toBeGreaterThan(0);
    expect(problem?.en).toMatch(/^[A-Z`]/);
    expect(problem?.en).toMatch(/[a-z]{2,} [a-z]/);
  });

  it('refuses ten thousand items by their number, nesting without end, and huge files', () => {
    const items = Array.from({ length: 10_000 }, () => '      - { asset: clip, durationS: 12 }').join('\n');
    expect(problems(changed('      - { asset: clip, durationS: 12 }', items))[0]).toContain(
      '`items` 有 10000 项，最多 1000 项',
    );
    for (const deep of [
      '['.repeat(100_000),
      '- '.repeat(100_000),
      '{a: '.repeat(50_000),
      `a: ${'[{'.repeat(400)}`,
    ])
      expect(problems(deep)[0]).toContain('套得太深');
    const stairs = Array.from({ length: 1_200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(problems(stairs)[0]).toContain('套得太深');
    expect(problems('#'.repeat(1_000_001))[0]).toContain('文件超过 1000000 个字符');
  });

  it('takes review demands and sample places, and refuses them twice', () => {
    const reviewed = changed(
      'schedules:',
      'review: { stages: { county: 1 } }\nscreens: { s: { name: x, region: "41" } }\nschedules:',
    );
    const { document, screens } = assembleFolder(
      [parseScheduleFile('a.yaml', reviewed)],
      new Map([['clip', CLIP]]),
    );
    expect(document?.reviews).toEqual([{ region: '41', stages: { county: 1 }, final: 'issuer' }]);
    expect(screens.get('s')).toMatchObject({ region: '41' });
    const twice = problems(
      reviewed,
      'region: "41"\nreview: { stages: {} }\nscreens: { s: { name: y, region: "41" } }\n',
    );
    expect(twice.join()).toContain('b.yaml:2:1 错误 41 有两份审核要求');
    expect(twice.join()).toContain('b.yaml:3:12 错误 `s` 已经写在 a.yaml');
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
