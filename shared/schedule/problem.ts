/**
 * What can be wrong with schedules, in words an operator understands, Chinese first. Each says what
 * to write instead. `{name}` is filled from the parameters; codes are never renamed.
 */
export const PROBLEMS = {
  YAML_SYNTAX: {
    severity: 'error',
    zh: 'YAML 写法不对：{detail}。缩进用空格，冒号后留一个空格',
    en: 'Not valid YAML: {detail}. Indent with spaces, leave a space after the colon',
  },
  FILE_TOO_LARGE: {
    severity: 'error',
    zh: '文件超过 {limit} 个字符，拆成几个文件',
    en: 'The file is over {limit} characters; split it',
  },
  FILES_TOO_MANY: {
    severity: 'error',
    zh: '目录里超过 {limit} 个排期文件，合并一些',
    en: 'The folder holds over {limit} schedule files; merge some',
  },
  FILE_UNREADABLE: {
    severity: 'error',
    zh: '读不了：{detail}。排期文件要是目录里面的普通文件',
    en: 'It cannot be read: {detailEn}. A schedule file is a plain file inside the folder',
  },
  NOT_UTF8: {
    severity: 'error',
    zh: '不是 UTF-8 文字，用编辑器另存为 UTF-8',
    en: 'It is not UTF-8 text; save it as UTF-8',
  },
  TOO_DEEP: {
    severity: 'error',
    zh: '套得太深（{depth} 层以上），排期文件用不着',
    en: 'Nested over {depth} deep, which no schedule file needs',
  },
  TAG_REFUSED: {
    severity: 'error',
    zh: '不收 YAML 标签 {word}，直接写内容',
    en: 'YAML tags ({word}) are not taken; write the content itself',
  },
  ALIAS_REFUSED: {
    severity: 'error',
    zh: '不收锚点和别名（{word}），把内容直接写出来',
    en: 'Anchors and aliases ({word}) are not taken; write the content out',
  },
  KEY_TWICE: {
    severity: 'error',
    zh: '`{key}` 写了两次，删掉一个',
    en: '`{key}` stands twice; delete one',
  },
  KEY_UNKNOWN: {
    severity: 'error',
    zh: '不认识 `{key}`，{instead}',
    en: '`{key}` is not known; {insteadEn}',
  },
  VALUE_MISSING: {
    severity: 'error',
    zh: '缺少 `{key}`，写 {instead}',
    en: '`{key}` is missing; write {instead}',
  },
  VALUE_WRONG: {
    severity: 'error',
    zh: '`{key}` 写成了 {value}，写 {instead}',
    en: '`{key}` says {value}; write {instead}',
  },
  LIST_TOO_LONG: {
    severity: 'error',
    zh: '`{key}` 有 {count} 项，最多 {limit} 项',
    en: '`{key}` has {count} entries; {limit} at most',
  },
  PERCENTS_SUM: {
    severity: 'error',
    zh: '配额合计是 {sum}，要合计 100',
    en: 'The percents sum to {sum}; they have to sum to 100',
  },
  MINIMUMS_SUM: {
    severity: 'error',
    zh: '锁定下限合计是 {sum}，不能超过 100',
    en: 'The locked minimums sum to {sum}; 100 at most',
  },
  VALIDITY_REVERSED: {
    severity: 'error',
    zh: '有效期 {from} 到 {to}，结束比开始早',
    en: 'Valid from {from} to {to}, which ends before it begins',
  },
  ID_WRONG: {
    severity: 'error',
    zh: '`{key}` 不能作名字，写小写字母、数字和短横，如 henan-news',
    en: '`{key}` is no id; write lower-case letters, digits and hyphens, like henan-news',
  },

  SCOPE_MISSING: {
    severity: 'error',
    zh: '没有哪个文件写了 scope（这套排期管哪个区划），在一个文件顶上写 scope: "41"',
    en: 'No file says scope (which region these schedules are for); write scope: "41" atop one file',
  },
  SCOPE_TWICE: {
    severity: 'error',
    zh: 'scope 已经写在 {other}，这里删掉',
    en: 'scope already stands in {other}; delete it here',
  },
  ISSUER_MISSING: {
    severity: 'error',
    zh: '没写由谁发布，在文件顶上写 region: "区划代码"',
    en: 'Who issues this is missing; write region: "code" atop the file',
  },
  ID_TWICE: {
    severity: 'error',
    zh: '`{id}` 已经写在 {other}，换一个名字',
    en: '`{id}` already stands in {other}; use another id',
  },
  ASSET_KEY_UNKNOWN: {
    severity: 'error',
    zh: '没有叫 `{key}` 的素材，{instead}',
    en: 'No asset is called `{key}`; {insteadEn}',
  },
  ASSET_FILE: {
    severity: 'error',
    zh: '素材文件 {path} 不能用：{detail}',
    en: 'The asset file {path} cannot be used: {detailEn}',
  },
  ASSET_SOURCE: {
    severity: 'error',
    zh: '素材要写 file（文件），或写全 sha256、mime、sizeBytes（中心已有的素材）',
    en: 'An asset says file, or all of sha256, mime and sizeBytes (one that the center has)',
  },
  DURATION_MISSING: {
    severity: 'error',
    zh: '视频要写自然时长，写 durationS: 12',
    en: 'A video needs its natural length; write durationS: 12',
  },

  PLAYLIST_UNKNOWN: {
    severity: 'error',
    zh: '没有叫 `{id}` 的节目单，{instead}',
    en: 'No playlist is called `{id}`; {insteadEn}',
  },
  PLAYLIST_FOREIGN: {
    severity: 'error',
    zh: '节目单 `{id}` 是 {owner} 的，{region} 只能用本级和上级的',
    en: 'Playlist `{id}` belongs to {owner}; {region} uses only its own and those of regions above',
  },
  ASSET_UNKNOWN: {
    severity: 'error',
    zh: '节目单里的素材 {sha256} 不在文件里',
    en: 'Asset {sha256} of the playlist is not in the document',
  },
  OUTSIDE_SCOPE: {
    severity: 'error',
    zh: '{region} 不在这套排期的范围 {scope} 之内',
    en: '{region} is outside the scope {scope} of these schedules',
  },
  OUTSIDE_AUTHORITY: {
    severity: 'error',
    zh: '{region} 只能排本区划之内，不能排 {target}',
    en: '{region} schedules only inside itself, not {target}',
  },
  REGION_UNKNOWN: { severity: 'error', zh: '没有这个区划：{region}', en: 'No such region: {region}' },
  ITEM_NEVER_FITS: {
    severity: 'error',
    zh: '节目单 `{playlist}` 第 {number} 项长 {length} 秒，最长的时段只有 {longest} 秒：缩短它或放宽时段',
    en: 'Item {number} of `{playlist}` takes {length} s, the longest window {longest} s: shorten it or widen the window',
  },
  ITEM_OFTEN_TOO_LONG: {
    severity: 'warning',
    zh: '节目单 `{playlist}` 第 {number} 项长 {length} 秒，放不进较短的时段（{shortest} 秒）',
    en: 'Item {number} of `{playlist}` takes {length} s and does not fit the shorter windows ({shortest} s)',
  },
  ITEM_PAST_ITS_END: {
    severity: 'warning',
    zh: '第 {number} 项要播 {length} 秒，素材只有 {natural} 秒，到头后会重播',
    en: 'Item {number} is on for {length} s, its asset lasts {natural} s and starts over',
  },
  PLAYLIST_EMPTY: { severity: 'error', zh: '节目单 `{id}` 是空的', en: 'Playlist `{id}` is empty' },
  WINDOWS_OVERLAP: {
    severity: 'error',
    zh: '时段 {a} 和 {b} 重叠，合成一个',
    en: 'Windows {a} and {b} overlap; make them one',
  },
  RESERVED_OVERLAP: {
    severity: 'error',
    zh: '保留时段和 `{other}` 重叠，合成一个',
    en: 'The reserved window overlaps `{other}`; make them one',
  },
  QUOTA_TWICE: {
    severity: 'error',
    zh: '{region} 有两份配额，删掉一份',
    en: '{region} has two quota policies; delete one',
  },
  REVIEW_TWICE: {
    severity: 'error',
    zh: '{region} 有两份审核要求，删掉一份',
    en: '{region} has two review policies; delete one',
  },
  AUDIENCE_EMPTY: {
    severity: 'error',
    zh: '受众一台大屏也没有：{word} 既要又排除，删掉一边',
    en: 'The audience is empty: {word} is both wanted and excluded; delete one',
  },
  DAYS_NONE: {
    severity: 'warning',
    zh: '有效期里没有一天会播，检查日期、排除日期和有效期',
    en: 'No day of its validity is left; check dates, excluded dates and validity',
  },
  ALREADY_ENDED: {
    severity: 'warning',
    zh: '{to} 已经结束，不会再播，可以删掉',
    en: 'It ended on {to} and is never on again; it can be deleted',
  },
  MINIMUMS_OVER: {
    severity: 'error',
    zh: '和上级锁定的下限合起来是 {sum}，不能超过 100：把本级的下限改小',
    en: 'With what regions above lock, the minimums sum to {sum}; 100 at most: lower these',
  },
  NO_QUOTA: {
    severity: 'warning',
    zh: '{tier}级配额是 0，这个轮播不会播出',
    en: 'The quota of tier {tier} is 0; this rotation never gets on air',
  },
  HOLIDAYS_UNKNOWN: {
    severity: 'warning',
    zh: '{year} 年的放假安排还没有，从那年起按普通周末算；公布后升级系统，或把 validity.to 写到 {last}-12-31',
    en: 'The holidays of {year} are not known yet, plain weekends are taken from then on; upgrade once they are published, or let validity.to be {last}-12-31',
  },
  CHAIN_TOO_LONG: {
    severity: 'error',
    zh: '必播每天都跨零点，连成 {days} 天以上：错开一天，或在零点断开',
    en: 'The mandatory crosses midnight every day, a chain of {days} days and more: break it at midnight',
  },
} as const satisfies Record<string, { severity: 'error' | 'warning'; zh: string; en: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
type Params = Readonly<Record<string, string | number>>;

/** Something wrong, in words. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly zh: string;
  readonly en: string;
}

/** Something wrong at a place of a file; lines and columns count from 1. */
export interface FileProblem extends Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Puts a problem into words. */
export function problemOf(code: ProblemCode, params: Params = {}): Problem {
  const { severity, zh, en } = PROBLEMS[code];
  return { code, severity, zh: fill(zh, params), en: fill(en, params) };
}

/** `file:line:column 错误 …`, the form that editors make clickable. */
export function printed(problem: FileProblem): string {
  const word = problem.severity === 'error' ? '错误' : '提醒';
  return `${problem.file}:${problem.line}:${problem.column} ${word} ${problem.zh}`;
}

/** In reading order: by file, line and column. */
export function inReadingOrder(problems: readonly FileProblem[]): FileProblem[] {
  return problems.toSorted(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}

/** Parameters that say which of `words` was probably meant, or which there are. */
export function insteadOf(written: string, words: readonly string[], guess: string | null): Params {
  if (guess !== null && guess !== written)
    return { instead: `写 \`${guess}\``, insteadEn: `write \`${guess}\`` };
  if (words.length === 0) return { instead: '先写上它', insteadEn: 'write it first' };
  const some = words.slice(0, 12).join('、');
  const more = words.length > 12 ? ' …' : '';
  return { instead: `这里可以写 ${some}${more}`, insteadEn: `write one of ${some}${more}` };
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
