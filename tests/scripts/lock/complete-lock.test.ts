import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock, missingOptional, parseLock } from '../../../scripts/lock/complete-lock.ts';
import type { Lockfile } from '../../../scripts/lock/complete-lock.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

function makeLock(optional: Record<string, string>): Lockfile {
  return parseLock(
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'x' },
        'node_modules/tool': { version: '1.0.0', dev: true, license: 'MIT', optionalDependencies: optional },
        'node_modules/tool-linux-x64-gnu': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
        'node_modules/zebra': { version: '1.0.0' },
      },
    }),
  );
}

describe('the lockfile', () => {
  it('names every optional package of every system, so that npm ci takes it anywhere', () => {
    const lock = parseLock(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
    expect(missingOptional(lock)).toEqual([]);
  });

  it('holds no address of a private registry', () => {
    const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
    const hosts = new Set([...text.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map((match) => match[1]));
    hosts.delete('registry.npmjs.org');
    expect([...hosts]).toEqual([]);
  });
});

describe('completeLock', () => {
  it('adds what is missing with the systems its name tells, and keeps the rest', () => {
    const lock = makeLock({
      'tool-linux-x64-gnu': '1.0.0',
      'tool-linux-arm-musleabihf': '1.0.0',
      '@tool/binding-darwin-arm64': '1.0.0',
    });
    const complete = completeLock(lock);
    expect(missingOptional(complete)).toEqual([]);
    expect(complete.packages['node_modules/tool-linux-arm-musleabihf']).toEqual({
      version: '1.0.0',
      cpu: ['arm'],
      os: ['linux'],
      libc: ['musl'],
      dev: true,
      license: 'MIT',
      optional: true,
    });
    expect(complete.packages['node_modules/@tool/binding-darwin-arm64']).toMatchObject({
      os: ['darwin'],
      cpu: ['arm64'],
    });
    expect(Object.keys(complete.packages).at(-1)).toBe('node_modules/zebra');
    expect(complete.packages['node_modules/tool-linux-x64-gnu']).toBe(
      lock.packages['node_modules/tool-linux-x64-gnu'],
    );
  });

  it('finds a package that is nested beside the one that wants it', () => {
    const lock = makeLock({ nested: '1.0.0' });
    lock.packages['node_modules/tool/node_modules/nested'] = { version: '1.0.0', optional: true };
    expect(missingOptional(lock)).toEqual([]);
  });

  it('refuses to guess a version or a system', () => {
    expect(() => completeLock(makeLock({ 'tool-linux-x64-musl': '^1.0.0' }))).toThrow(/not one version/);
    expect(() => completeLock(makeLock({ mystery: '1.0.0' }))).toThrow(/tells no system/);
  });
});
