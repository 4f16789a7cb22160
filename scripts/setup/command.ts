import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '..', '..');

/** Where the project's tools are. */
export const BIN = path.join(ROOT, 'node_modules', '.bin');

/** The first of `names` found along `PATH`, or `null`. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of names)
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next one.
      }
    }
  return null;
}

export interface CommandResult {
  /** Exit code; 127 when it could not be started, 128 + n after signal n. */
  readonly code: number;
  /** What it wrote, both streams, in the order it came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Also writes to this terminal as it comes. */
  readonly show?: boolean;
  /** Ends it after so long, which is a failure. */
  readonly withinMs?: number;
}

/** Runs a program in the project's folder to its end. Never throws: a failure is a code and its words. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.withinMs !== undefined && { timeout: options.withinMs, killSignal: 'SIGKILL' }),
    });
    const pieces: string[] = [];
    const take = (out: NodeJS.WriteStream) => (piece: Buffer) => {
      pieces.push(piece.toString());
      if (options.show === true) out.write(piece);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? (signal === null ? 1 : 128), output: pieces.join('') }),
    );
  });
}
