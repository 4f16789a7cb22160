import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { AppError } from '../../../shared/core/errors.ts';
import { findElectron } from './find-electron.ts';

/**
 * Runs the Electron shell until it ends or the process is asked to.
 * @throws AppError CONFIG_INVALID where there is no Electron binary.
 */
export async function runElectron(argv: readonly string[], ended: Promise<unknown>): Promise<number> {
  const binary = findElectron();
  if (binary === null)
    throw new AppError('CONFIG_INVALID', {
      detail: '这里没有 Electron 程序：运行 npx install-electron，或用 --shell kiosk',
    });
  const child = spawn(binary, [join(import.meta.dirname, 'main.ts'), ...argv], { stdio: 'inherit' });
  void ended.then(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 0));
    child.once('error', () => resolve(1));
  });
}
