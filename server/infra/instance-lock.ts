import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { AppError } from '../../shared/core/errors.ts';

/** Holds the data folder for one process. */
export interface InstanceLock {
  release(): void;
}

/**
 * Takes `folder` for this process by an exclusive SQLite lock on a file in it. The lock is the
 * kernel's: it ends with the process however it dies, so nothing stale is ever left behind.
 * @throws AppError INSTANCE_RUNNING when another center holds the folder.
 */
export function lockFolder(folder: string): InstanceLock {
  const file = new SQLite(join(folder, 'center.lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true)
      throw new AppError('INSTANCE_RUNNING', { folder }, error);
    throw error;
  }
  return { release: () => void file.close() };
}
