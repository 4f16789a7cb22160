import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/**
 * The contents of a secret file, made on first use with mode 0600. It is written beside, flushed and
 * renamed, so that a crash leaves either no file or a whole one.
 */
export function readOrCreateSecret(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = make();
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, secret);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  return secret;
}
