import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completeLock, missingOptional, parseLock } from './lock/complete-lock.ts';

/** `npm run lock`: after every change of the lockfile, names the other systems' packages in it. */
const FILE = path.join(import.meta.dirname, '..', 'package-lock.json');

const lock = parseLock(await readFile(FILE, 'utf8'));
const missing = missingOptional(lock);
if (missing.length > 0) await writeFile(FILE, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
console.log(missing.length === 0 ? '锁文件是完整的' : `锁文件补上 ${missing.length} 个其他系统的包`);
