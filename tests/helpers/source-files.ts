import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const ROOT = path.join(import.meta.dirname, '..', '..');

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path from the project's root for a relative import, else `null`. */
  readonly target: string | null;
  /** Whether nothing of it is left when types are stripped. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly file: string;
  readonly imports: readonly Import[];
  /** Nondeterminism and process access: `Date.now`, `Math.random`, `new Date()`, `process.env` …, with lines. */
  readonly reaches: readonly { readonly what: string; readonly line: number }[];
}

const FOLDERS = ['shared', 'server', 'player', 'scripts', 'tests'];
const CODE = /\.(ts|mts|cts|tsx|js|mjs|cjs|vue)$/;

/** Every file of the project that is code, parsed; declaration files left out. */
export function readSources(): SourceFile[] {
  return FOLDERS.flatMap((folder) => listFiles(folder))
    .filter((file) => CODE.test(file) && !file.endsWith('.d.ts'))
    .map(parseSource);
}

/** Paths of all files below a folder, from the project's root. */
export function listFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.includes('node_modules/'));
}

function parseSource(file: string): SourceFile {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(`${file}.ts`, scriptOf(file, text), ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const reaches: { what: string; line: number }[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== null)
      imports.push({ ...found, target: targetOf(file, found.specifier), line: lineOf(node) });
    const reach = reachOf(node);
    if (reach !== null) reaches.push({ what: reach, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { file, imports, reaches };
}

/** The script blocks of a Vue file, every other line left empty so that line numbers hold. */
function scriptOf(file: string, text: string): string {
  if (!file.endsWith('.vue')) return text;
  let inside = false;
  const lines = text.split('\n').map((line) => {
    if (/^<script\b/.test(line)) {
      inside = true;
      return '';
    }
    if (line.startsWith('</script>')) inside = false;
    return inside ? line : '';
  });
  return lines.join('\n');
}

function importOf(node: ts.Node): { specifier: string; typeOnly: boolean } | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    return {
      specifier: node.moduleSpecifier.text,
      typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    };
  if (
    ts.isExportDeclaration(node) &&
    node.moduleSpecifier !== undefined &&
    ts.isStringLiteral(node.moduleSpecifier)
  )
    return { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  )
    return { specifier: node.argument.literal.text, typeOnly: true };
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument !== undefined && ts.isStringLiteral(argument))
      return { specifier: argument.text, typeOnly: false };
  }
  return null;
}

function targetOf(file: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, ''));
}

function reachOf(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
    return 'new Date()';
  if (!ts.isPropertyAccessExpression(node)) return null;
  const text = node.getText().replace(/^globalThis\./, '');
  return /^(Date\.now|Math\.random|performance\.now|crypto\.(randomUUID|getRandomValues)|process\.\w+)$/.test(
    text,
  )
    ? text
    : null;
}
