import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import type { Path } from './file-issue.ts';
import { wordIssues } from './file-issue.ts';
import type { FileProblem, Problem } from './problem.ts';
import { problemOf } from './problem.ts';
import { scheduleFileSchema } from './schedule-file.schema.ts';
import type { ScheduleFile } from './schedule-file.schema.ts';

/** A schedule file that was read: its content if it is right, and where everything in it stands. */
export interface ParsedFile {
  readonly file: string;
  /** `null` where something is wrong. */
  readonly content: ScheduleFile | null;
  readonly problems: readonly FileProblem[];
  /** Places a problem at what stands at a path of the file's tree, or at the nearest thing above it. */
  place(problem: Problem, path: Path): FileProblem;
}

/** Longest file that is read, in characters. */
export const FILE_LIMIT = 1_000_000;

/**
 * Reads one schedule file (YAML 1.2). Refuses what could hide or multiply content: anchors, aliases,
 * keys that stand twice, keys that nobody knows.
 * @param file name to print in problems
 */
export function parseScheduleFile(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const placeAt = (problem: Problem, offset: number): FileProblem => {
    const { line, col } = lines.linePos(offset);
    return { ...problem, file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (text.length > FILE_LIMIT)
    return unreadable(file, {
      ...problemOf('FILE_TOO_LARGE', { limit: FILE_LIMIT }),
      file,
      line: 1,
      column: 1,
    });
  const deep = tooDeepAt(text);
  if (deep !== null) return unreadable(file, placeFirst(text, file, deep));
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
  });
  const place = (problem: Problem, path: Path) =>
    placeAt(problem, offsetOf(document, path, KEY_PROBLEMS.has(problem.code)));
  const problems = syntaxProblems(document).map(({ problem, offset }) => placeAt(problem, offset));
  if (problems.length > 0) return { file, content: null, problems, place };

  const value: unknown = document.toJS() ?? {};
  const parsed = scheduleFileSchema.safeParse(value);
  if (parsed.success) return { file, content: parsed.data, problems: [], place };
  const worded = wordIssues(parsed.error.issues, value).map(({ path, ...problem }) => place(problem, path));
  return { file, content: null, problems: worded.toSorted((a, b) => a.line - b.line), place };
}

/** A file of which nothing can be read; everything in it stands where the problem is. */
export function unreadable(file: string, problem: FileProblem): ParsedFile {
  return { file, content: null, problems: [problem], place: (other) => ({ ...problem, ...other }) };
}

/** Deepest nesting that is parsed; schedule files go six deep. */
const DEPTH_LIMIT = 64;

/**
 * Where text opens more brackets, or more dashes in a line, than {@link DEPTH_LIMIT}: the parser calls
 * itself once per level. Counted before parsing, blind to quotes: no schedule quotes that many.
 */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '[' || char === '{') depth += 1;
    else if ((char === ']' || char === '}') && depth > 0) depth -= 1;
    if (depth > DEPTH_LIMIT) return at;
  }
  const block = /^[ \t]*(?:[-?:][ \t]+){64}/m.exec(text) ?? /^ {1024}/m.exec(text);
  return block?.index ?? null;
}

function placeFirst(text: string, file: string, offset: number): FileProblem {
  const before = text.slice(0, offset).split('\n');
  return {
    ...problemOf('TOO_DEEP', { depth: DEPTH_LIMIT }),
    file,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

interface Found {
  readonly problem: Problem;
  readonly offset: number;
}

function syntaxProblems(document: Document): Found[] {
  const wrong = [...document.errors, ...document.warnings].filter(
    ({ code }) => code !== 'TAG_RESOLVE_FAILED',
  );
  const found = wrong.map((error): Found => {
    const key = error.code === 'DUPLICATE_KEY' ? keyAt(document, error.pos[0]) : null;
    const problem =
      key === null
        ? problemOf('YAML_SYNTAX', { detail: error.message.split('\n')[0] ?? error.code })
        : problemOf('KEY_TWICE', { key });
    return { problem, offset: error.pos[0] };
  });
  visit(document, {
    Node(_key, node) {
      const word = isAlias(node) ? `*${node.source}` : node.anchor === undefined ? null : `&${node.anchor}`;
      if (word !== null)
        found.push({ problem: problemOf('ALIAS_REFUSED', { word }), offset: node.range?.[0] ?? 0 });
      if (!isAlias(node) && node.tag !== undefined)
        found.push({ problem: problemOf('TAG_REFUSED', { word: node.tag }), offset: node.range?.[0] ?? 0 });
    },
  });
  return found;
}

/** The key that stands at an offset. */
function keyAt(document: Document, offset: number): string | null {
  let key: string | null = null;
  visit(document, {
    Pair(_key, pair) {
      if (isScalar(pair.key) && pair.key.range?.[0] === offset) key = String(pair.key.value);
    },
  });
  return key ?? '?';
}

/** Problems of a key itself, not of what it says. */
const KEY_PROBLEMS: ReadonlySet<Problem['code']> = new Set(['KEY_UNKNOWN', 'ID_WRONG', 'ID_TWICE']);

/** Where the deepest part of the path that exists stands: its key, or a scalar itself unless `atKey`. */
function offsetOf(document: Document, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(part));
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return isScalar(node) && !atKey ? (node.range?.[0] ?? offset) : offset;
}
