import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findElectron } from '../../../player/shells/electron/find-electron.ts';
import { makeFolder } from '../engine/fixtures.ts';

/** A package whose entry and installer leave a mark when they are run, as one that downloads would. */
function makePackage({ note, binary }: { note: string | null; binary: string | null }) {
  const folder = makeFolder();
  const mark = join(folder, 'asked');
  const leaveMark = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`;
  for (const name of ['index.js', 'install.js']) writeFileSync(join(folder, name), leaveMark);
  mkdirSync(join(folder, 'dist'));
  if (note !== null) writeFileSync(join(folder, 'path.txt'), note);
  if (binary !== null) {
    writeFileSync(join(folder, 'dist', binary), '#!/bin/sh\n');
    chmodSync(join(folder, 'dist', binary), 0o755);
  }
  return { folder, wasAsked: () => existsSync(mark) };
}

describe('finding the Electron binary', () => {
  it('answers the binary that the installer wrote down', () => {
    const { folder, wasAsked } = makePackage({ note: 'electron', binary: 'electron' });
    expect(findElectron(folder)).toBe(join(folder, 'dist', 'electron'));
    expect(wasAsked()).toBe(false);
  });

  it.each([
    { what: 'nothing was downloaded', note: null, binary: null },
    { what: 'the binary was removed', note: 'electron', binary: null },
  ])('answers null where $what, and runs nothing of the package', ({ note, binary }) => {
    const { folder, wasAsked } = makePackage({ note, binary });
    expect(findElectron(folder)).toBeNull();
    expect(wasAsked()).toBe(false);
  });

  it('answers null where the package is not there at all', () => {
    expect(findElectron(join(makeFolder(), 'none'))).toBeNull();
  });
});
