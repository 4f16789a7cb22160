import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asset } from '../../../shared/asset/asset.schema.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import { exportSmil } from '../../../shared/playlist/smil-export.ts';
import { importSmil } from '../../../shared/playlist/smil-import.ts';
import { SmilError } from '../../../shared/playlist/smil-xml.ts';
import { playlistSchema, scheduleSchema } from '../../../shared/schedule/schedule.schema.ts';
import type { Playlist, Schedule } from '../../../shared/schedule/schedule.schema.ts';

const KINDS = ['video', 'hls', 'image', 'card'] as const;
const ASSETS = new Map(
  KINDS.map((kind, index): [Sha256, Asset] => {
    const sha256 = String(index + 1).repeat(64) as Sha256;
    const durationS = kind === 'video' || kind === 'hls' ? 12 : null;
    return [
      sha256,
      { sha256, kind, mime: 'x/y', sizeBytes: 1, title: `素材 <${kind}>`, durationS, parts: [] },
    ];
  }),
);
const HASHES = [...ASSETS.keys()];
const options = {
  region: '41' as RegionCode,
  today: '2026-11-23' as LocalDay,
  assets: ASSETS,
  files: new Map([['a.jpg', HASHES[2] as Sha256]]),
};
const read = (body: string, head = '') =>
  importSmil(
    `<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0">${head}<body>${body}</body></smil>`,
    options,
  );
const IMG = '<img src="a.jpg" dur="10s"/>';

/** What reading is refused with, and at which line. */
function refusal(text: string): string {
  try {
    importSmil(text, options);
  } catch (error) {
    if (error instanceof SmilError) return `${error.line}: ${error.zh}`;
    throw error;
  }
  return 'taken';
}
const refused = (body: string) => refusal(`<smil>\n<body>\n${body}\n</body></smil>`);

const name = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((text) => text.trim() === text && !/\p{Cc}/u.test(text));
const second = fc.integer({ min: 0, max: 86_399 });
const text = (at: number) => new Date(at * 1000).toISOString().slice(11, at % 60 === 0 ? 16 : 19);
const windowArbitrary = fc.tuple(second, second).map(([from, to]) => ({
  start: text(from),
  end: to === 0 ? '24:00' : text(to),
}));
const day = fc
  .integer({ min: 20_000, max: 22_000 })
  .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
// A weekday that a short validity never reaches means nothing and is not written.
const validityArbitrary = fc
  .tuple(day, fc.option(fc.integer({ min: 6, max: 500 })))
  .map(([from, length]) => ({
    from,
    to:
      length === null
        ? null
        : new Date(Date.parse(`${from}T00:00:00Z`) + length * 86_400_000).toISOString().slice(0, 10),
  }));
const weekdays = fc
  .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 })
  .map((list) => list.sort())
  .filter((list) => !['1,2,3,4,5', '6,7'].includes(list.join()))
  .map((list) => ({ weekdays: list }));
const playlistArbitrary: fc.Arbitrary<Playlist> = fc
  .record({
    id: fc.constantFrom('one', 'two'),
    name,
    region: fc.constant('41'),
    items: fc.array(
      fc.record({
        asset: fc.constantFrom(...HASHES),
        durationS: fc.integer({ min: 1, max: 86_400 }),
        fit: fc.constantFrom('contain', 'cover'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map((value) => playlistSchema.parse(value));
const scheduleArbitrary: fc.Arbitrary<Schedule> = fc
  .record({
    name,
    class: fc.constantFrom('mandatory', 'rotation', 'filler'),
    days: fc.oneof(fc.constantFrom('every', 'weekdays', 'weekends'), weekdays),
    windows: fc.uniqueArray(windowArbitrary, {
      minLength: 1,
      maxLength: 4,
      selector: (one) => JSON.stringify(one),
    }),
    validity: validityArbitrary,
    priority: fc.integer({ min: -5, max: 5 }),
    weight: fc.integer({ min: 1, max: 9 }),
    once: fc.boolean(),
  })
  .map((value) =>
    scheduleSchema.parse({
      ...value,
      id: 'schedule',
      region: '41',
      playlist: 'one',
      priority: value.class === 'rotation' ? 0 : value.priority,
      weight: value.class === 'rotation' ? value.weight : 1,
      once: value.class === 'mandatory' && value.once,
    }),
  );

describe('export, then import', () => {
  it('gives the same playlist and schedules, or says which was left out', () => {
    fc.assert(
      fc.property(playlistArbitrary, fc.array(scheduleArbitrary, { maxLength: 4 }), (playlist, made) => {
        const schedules = made.map((one, index) => ({
          ...one,
          id: `s-${index}` as Schedule['id'],
          playlist: playlist.id,
        }));
        const { text: xml, findings } = exportSmil({ playlists: [playlist], schedules }, ASSETS);
        const { programme } = importSmil(xml, options);
        expect(programme.playlists).toEqual([playlist]);
        const byId = (list: readonly Schedule[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const kept = schedules.filter(
          ({ name: title }) => !findings.some(({ zh }) => zh.includes(`《${title}》`)),
        );
        expect(byId(programme.schedules)).toEqual(byId(kept));
        const again = exportSmil(programme, ASSETS);
        if (findings.length === 0 && schedules.length < 2) expect(again.text).toBe(xml);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps listed dates, and leaves out what SMIL cannot say, with the reason', () => {
    const base = {
      id: 'x',
      name: '例',
      class: 'mandatory',
      region: '41',
      playlist: 'one',
      windows: [{ start: '12:00', end: '12:10' }],
      validity: { from: '2026-01-01', to: null },
    };
    const playlist = playlistSchema.parse({
      id: 'one',
      name: '单',
      region: '41',
      items: [{ asset: HASHES[0], durationS: 12 }],
    });
    const dated = scheduleSchema.parse({ ...base, days: { dates: ['2026-05-01', '2026-12-01'] } });
    const { text: xml } = exportSmil({ playlists: [playlist], schedules: [dated] }, ASSETS);
    expect(xml).toContain('begin="wallclock(2026-05-01T12:00:00); wallclock(2026-12-01T12:00:00)"');
    expect(importSmil(xml, options).programme.schedules).toEqual([dated]);
    for (const [patch, reason] of [
      [{ days: 'workdays' }, '调休'],
      [{ excludeDates: ['2026-05-01'] }, '不能排除日期'],
      [{ audience: { tags: ['广场'] } }, '没有受众'],
    ] as const) {
      const left = scheduleSchema.parse({ ...base, ...patch });
      const { text: rest, findings } = exportSmil({ playlists: [playlist], schedules: [left] }, ASSETS);
      expect(findings.map(({ zh }) => zh).join()).toContain(reason);
      expect(rest).toContain(`<!-- 排期《例》没有写出`);
      expect(importSmil(rest, options).programme).toEqual({ playlists: [playlist], schedules: [] });
    }
  });
});

describe('SMIL of other signage systems', () => {
  it('is a playlist where it is a seq: order, clock values, repeats, natural lengths', () => {
    const { programme, findings } = read(
      `<seq repeatCount="indefinite" title="早间"><video src="sha256:${HASHES[0]}"/>` +
        `<seq repeatCount="2">${IMG}</seq><par><text src="urn:sha256:${HASHES[3]}" dur="00:01:30" fit="slice"/></par></seq>`,
      '<head><layout><root-layout width="1920"/></layout></head>',
    );
    expect(programme.schedules).toEqual([]);
    expect(programme.playlists).toMatchObject([
      {
        id: 'smil',
        name: '早间',
        items: [
          { asset: HASHES[0], durationS: 12, fit: 'contain' },
          { durationS: 10 },
          { durationS: 10 },
          { asset: HASHES[3], durationS: 90, fit: 'cover' },
        ],
      },
    ]);
    expect(findings.map(({ zh }) => zh)).toEqual(['版面不保留：这里总是全屏']);
  });

  it('has its priority classes as classes, its wallclocks as days and windows', () => {
    const par = (begin: string, end: string) => `<par begin="${begin}" end="${end}"><seq>${IMG}</seq></par>`;
    const { programme } = read(
      `<par><excl>
        <priorityClass higher="stop">${par('wallclock(R/2026-01-01T12:00/P1D)', 'wallclock(R/2026-01-01T12:10/P1D)')}</priorityClass>
        <priorityClass higher="stop">${par('wallclock(R/2026-01-01+w1T22:00/P1W)', 'wallclock(R/2026-01-02+w2T01:00/P1W)')}</priorityClass>
        <priorityClass><seq repeatCount="indefinite">${IMG}</seq></priorityClass>
      </excl></par>`,
    );
    expect(programme.schedules).toMatchObject([
      { class: 'mandatory', once: true, days: 'every', windows: [{ start: '12:00', end: '12:10' }] },
      { class: 'rotation', days: { weekdays: [1] }, windows: [{ start: '22:00', end: '01:00' }] },
      { class: 'filler', windows: [{ start: '00:00', end: '24:00' }], validity: { from: '2026-11-23' } },
    ]);
  });

  it.each([
    ['<par><video src="x"/><audio src="y"/></par>', '3: 同时放声音做不到'],
    [`<par>\n${IMG}\n${IMG}</par>`, '5: par 里同时放两样'],
    ['<seq>\n<img src="nowhere.jpg" dur="3s"/></seq>', '4: 没有素材 nowhere.jpg'],
    ['<seq><img src="a.jpg"/></seq>', '3: 要写整秒的 dur'],
    ['<seq><img src="a.jpg" dur="1500ms"/></seq>', '3: 要写整秒的 dur'],
    ['<seq><video src="a.jpg" dur="3s"/></seq>', '3: video 指的素材是 image'],
    ['<seq><img src="a.jpg" dur="3s" begin="2s"/></seq>', '3: img 的 begin="2s" 不能照样保留'],
    ['<seq><img src="a.jpg" dur="3s" transIn="wipe"/></seq>', '3: img 的 transIn="wipe" 不能照样保留'],
    ['<seq><img src="a.jpg" dur="3s" repeatCount="indefinite"/></seq>', '3: img 的 repeatCount="indefinite"'],
    ['<seq><img src="a.jpg" dur="3s" fit="fill"/></seq>', '3: fit="fill"'],
    [`<seq><a href="http://x">${IMG}</a></seq>`, '3: a 不能放在 seq 里'],
    ['<seq/>', '3: seq 是空的'],
    ['<switch/>', '3: switch 不能放在 seq 里'],
    [`<seq dur="60s">${IMG}</seq>`, '3: seq 的 dur="60s" 不能照样保留'],
    [
      `<par begin="wallclock(R/2026-01-01T09:00/PT1H)" end="wallclock(R/2026-01-01T09:05/PT1H)">${IMG}</par>`,
      'PT1H',
    ],
    [
      `<par begin="wallclock(2026-02-30T09:00)" end="wallclock(2026-02-30T10:00)">${IMG}</par>`,
      '不能照样保留',
    ],
    [
      `<par begin="wallclock(2026-01-01T25:00)" end="wallclock(2026-01-02T10:00)">${IMG}</par>`,
      '不能照样保留',
    ],
    [`<par begin="wallclock(2026-01-01T09:00)">${IMG}</par>`, 'begin 和 end 要成对'],
    [
      `<par begin="wallclock(2026-01-01T09:00)" end="wallclock(2026-01-03T10:00)">${IMG}</par>`,
      '24 小时以内',
    ],
    [`<par begin="a.end" end="wallclock(2026-01-03T10:00)">${IMG}</par>`, '“a.end” 不能照样保留'],
    [`<excl><priorityClass lower="never"><seq>${IMG}</seq></priorityClass></excl>`, '不收 never'],
  ])('is refused with line and reason: %s', (body, reason) => {
    expect(refused(body)).toContain(reason);
  });

  it('is refused where it is hostile: DOCTYPE, entities, depth, size, no XML', () => {
    const bomb = '<!DOCTYPE smil [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<smil>&b;</smil>';
    expect(refusal(bomb)).toBe('1: 不收 DOCTYPE 和实体');
    const xxe = '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><smil/>';
    expect(refusal(xxe)).toBe('2: 不收 DOCTYPE 和实体');
    expect(refusal(`<smil><body>${'<seq>'.repeat(200)}${'</seq>'.repeat(200)}</body></smil>`)).not.toBe(
      'taken',
    );
    expect(refusal(`<smil>${' '.repeat(1_000_001)}</smil>`)).toContain('超过 1000000 个字符');
    expect(refusal(`<smil><body><seq>${IMG.repeat(20_001)}</seq></body></smil>`)).toContain('个元素');
    expect(
      refusal(`<smil><body><seq><seq repeatCount="9999">${IMG.repeat(9)}</seq></seq></body></smil>`),
    ).toContain('展开后超过');
    expect(refusal('<smil><body></smil>')).toContain('XML 写法不对');
    expect(refusal('<html/>')).toContain('要 smil');
    expect(refusal('')).not.toBe('taken');
    expect(refusal('<smil><body>x</body></smil>')).toContain('元素之间有文字');
  });
});
