import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, listFiles, readSources } from './helpers/source-files.ts';
import type { Import, SourceFile } from './helpers/source-files.ts';

/** DESIGN.md section 2, enforced: who may import whom, what the features are called, who may reach outside. */

const FEATURES = [
  'region',
  'screen',
  'asset',
  'playlist',
  'schedule',
  'plan',
  'telemetry',
  'assessment',
  'alert',
  'operation',
  'identity',
  'audit',
];
/** Packages without clock, disk, network, environment or randomness. */
const PURE_PACKAGES =
  /^(zod|canonicalize|yaml|@noble\/hashes|fast-xml-parser|chinese-days\/dist\/chinese-days\.json)(\/|$)/;

const sources = readSources();

/** Why an import is not allowed; `null` when it is. */
type Rule = (from: string, found: Import, target: string) => string | null;

const within =
  (...folders: string[]): Rule =>
  (_from, _found, target) =>
    folders.some((folder) => target.startsWith(folder)) ? null : `only ${folders.join(', ')}`;

const featureRule: Rule = (from, found, target) => {
  const own = /^server\/features\/[^/]+\//.exec(from)?.[0] ?? from;
  if (target.startsWith('shared/') || target.startsWith(own)) return null;
  const other = /^server\/features\/([^/]+)\/\1\.(service|port)\.ts$/.test(target);
  if (other) return found.typeOnly ? null : 'another feature only by its type: import type';
  return 'only shared/, the own folder, and the type of another feature’s service';
};

const infraRule: Rule = (_from, found, target) => {
  if (target.startsWith('shared/') || target.startsWith('server/infra/')) return null;
  if (/^server\/features\/[^/]+\/[^/]+\.port\.ts$/.test(target))
    return found.typeOnly ? null : 'a port only by its type: import type';
  return 'only shared/, server/infra/ and the types of the ports it implements';
};

/** First match decides; a path that none matches may import all. */
const TABLE: readonly (readonly [prefix: string, rule: Rule])[] = [
  ['shared/', within('shared/')],
  ['server/features/', featureRule],
  ['server/infra/', infraRule],
  ['server/console/', within('shared/', 'server/console/')],
  ['server/', within('shared/', 'server/')],
  ['player/engine/', within('shared/', 'player/engine/')],
  ['player/stage/', within('shared/', 'player/stage/')],
  ['player/shells/', within('shared/', 'player/')],
];

function violationsOf({ file, imports }: SourceFile): string[] {
  const rule = TABLE.find(([prefix]) => file.startsWith(prefix))?.[1];
  if (rule === undefined) return [];
  return imports.flatMap((found) => {
    const why = found.target === null ? null : rule(file, found, found.target);
    return why === null ? [] : [`${file}:${found.line} imports ${found.specifier}: ${why}`];
  });
}

const foldersOf = (folder: string) =>
  readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('the shape of section 2', () => {
  it('lets every folder import only what the table allows', () => {
    expect(sources.flatMap(violationsOf)).toEqual([]);
  });

  it('keeps shared/ to packages without clock, disk, network or randomness', () => {
    const found = sources
      .filter(({ file }) => file.startsWith('shared/'))
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ target, specifier }) => target === null && !PURE_PACKAGES.test(specifier))
          .map(({ line, specifier }) => `${file}:${line} imports ${specifier}`),
      );
    expect(found).toEqual([]);
  });

  it('keeps time and chance out of the rules and the features: they come through ports', () => {
    const found = sources
      .filter(({ file }) => file.startsWith('shared/') || file.startsWith('server/features/'))
      .flatMap(({ file, reaches }) => reaches.map(({ line, what }) => `${file}:${line} uses ${what}`));
    expect(found).toEqual([]);
  });

  it('lets only main.ts files and scripts read the environment or end the process', () => {
    const found = sources
      .filter(({ file }) => /^(shared|server|player)\//.test(file) && !file.endsWith('/main.ts'))
      .flatMap(({ file, reaches }) =>
        reaches
          .filter(({ what }) => /^process\.(env|exit|exitCode|abort|kill)$/.test(what))
          .map(({ line, what }) => `${file}:${line} uses ${what}`),
      );
    expect(found).toEqual([]);
  });

  it('imports files by their full names, never a folder, and through no alias', () => {
    const found = sources.flatMap(({ file, imports }) =>
      imports
        .filter(({ specifier, target }) =>
          target === null
            ? /^(@|~|#)\//.test(specifier)
            : !/\.(ts|mjs|vue|css|json|svg)$/.test(target) || !existsSync(path.join(ROOT, target)),
        )
        .map(({ line, specifier }) => `${file}:${line} imports ${specifier}`),
    );
    expect(found).toEqual([]);
  });

  it('names Node’s own modules with node:', () => {
    const builtin =
      /^(assert|buffer|child_process|crypto|events|fs|http|https|net|os|path|stream|timers|url|util|zlib)(\/|$)/;
    const found = sources.flatMap(({ file, imports }) =>
      imports
        .filter(({ specifier }) => builtin.test(specifier))
        .map(({ line, specifier }) => `${file}:${line} imports ${specifier}`),
    );
    expect(found).toEqual([]);
  });

  it('holds no code in schedules/', () => {
    // A .ts there is a transport stream, the segment of a video.
    const data = /\.(yaml|md|json|jpg|mp4|m3u8)$|-hls\/segment-\d+\.ts$/;
    expect(listFiles('schedules').filter((file) => !data.test(file))).toEqual([]);
  });
});

describe('one feature, one name', () => {
  it('calls the folders of the center by the words of section 2', () => {
    expect(foldersOf('server/features').filter((name) => !FEATURES.includes(name))).toEqual([]);
  });

  it('calls the folders of the rules by the same words', () => {
    const others = ['core', 'pictures'];
    expect(foldersOf('shared').filter((name) => ![...FEATURES, ...others].includes(name))).toEqual([]);
  });

  it('gives each feature a service of its name', () => {
    const found = foldersOf('server/features').filter(
      (name) => !existsSync(path.join(ROOT, 'server/features', name, `${name}.service.ts`)),
    );
    expect(found).toEqual([]);
  });
});

describe('each folder that holds a feature begins with a README', () => {
  const folders = [
    ...readdirSync(path.join(ROOT, 'server/features')).map((name) => `server/features/${name}`),
    ...foldersOf('player/shells').map((name) => `player/shells/${name}`),
    'server/infra',
    'server/console',
    'player/engine',
    'player/stage',
    'shared',
    'scripts',
    'schedules',
    'tests',
  ];
  it.each(folders)('%s', (folder) => {
    expect(existsSync(path.join(ROOT, folder, 'README.md'))).toBe(true);
  });
});
