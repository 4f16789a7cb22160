import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLE_NAMES } from '../../server/infra/config.ts';
import { ROOT } from '../helpers/source-files.ts';

const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const scripts = (
  JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts;

describe('the README', () => {
  it('names every variable that the center reads, and no other', () => {
    const named = new Set([...readme.matchAll(/KEPU_[A-Z_]+/g)].map(([name]) => name));
    named.delete('KEPU_PASSWORD');
    expect([...named].toSorted()).toEqual([...VARIABLE_NAMES].toSorted());
  });

  it('names only commands that are there', () => {
    const named = [...readme.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links and shows only files that are there', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !existsSync(path.join(ROOT, target)))).toEqual([]);
  });

  it('has a way in that runs on plain Node for every npm script', () => {
    expect(
      Object.values(scripts).filter((line) => !/^node scripts\/bootstrap\.mjs [\w-]+$/.test(line)),
    ).toEqual([]);
  });
});
