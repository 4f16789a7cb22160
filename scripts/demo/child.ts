import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  readonly name: string;
  /** TypeScript file that this Node runs. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** The child's KEPU_* variables; none of this process's own are passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the entry instead of this Node: Electron. */
  readonly program?: string | undefined;
  /** Variables of this process that it does not get. */
  readonly without?: readonly string[];
  /** What it writes on standard output goes here, beginning anew. */
  readonly logFile: string;
  /** Called for each line it writes on standard output. */
  readonly onLine?: (line: string) => void;
}

/** How long a child may take to stop by itself. */
const STOP_WITHIN_MS = 12_000;
/** Lines of standard error that are kept to say why a child ended. They go into no file: a password may be among them. */
const KEPT_LINES = 30;

/**
 * A process of its own group, so that Ctrl-C in the terminal reaches only this one, which stops the
 * others in order; and so that what a child started itself (Chromium) can be ended with it.
 */
export class Child {
  readonly name: string;
  /** Resolves once it has ended, with its exit code. */
  readonly ended: Promise<number>;
  readonly #process: ChildProcess;
  readonly #log: WriteStream;
  readonly #errors: string[] = [];
  #stopping = false;
  #code: number | null = null;

  private constructor(name: string, child: ChildProcess, log: WriteStream) {
    this.name = name;
    this.#process = child;
    this.#log = log;
    this.ended = new Promise((resolve) => {
      child.once('error', () => this.#end(127, resolve));
      child.once('exit', (code) => this.#end(code ?? 1, resolve));
    });
  }

  /** Starts a child. `stop()` undoes it. */
  static start(options: ChildOptions): Child {
    const child = fork(options.entry, [...(options.args ?? [])], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...ownEnvironment(options.without ?? []), ...options.env },
      ...(options.program !== undefined && { execPath: options.program }),
    });
    const self = new Child(options.name, child, createWriteStream(options.logFile, { mode: 0o600 }));
    self.#read(options.onLine);
    return self;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#code === null;
  }

  /** Whether it ended without being asked to. */
  get hasFailed(): boolean {
    return this.#code !== null && !this.#stopping;
  }

  /** The last lines it wrote on standard error. */
  get lastErrors(): readonly string[] {
    return this.#errors;
  }

  /** Calls `listener` with what the child sends by IPC, unparsed. */
  onMessage(listener: (message: unknown) => void): void {
    this.#process.on('message', listener);
  }

  /** Sends by IPC; a child that has gone misses nothing. */
  send(message: object): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /** Asks it to stop and waits; what is still there after a while is ended with its whole group. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#code === null) {
      this.#process.kill('SIGTERM');
      const late = setTimeout(() => this.kill(), STOP_WITHIN_MS);
      await this.ended;
      clearTimeout(late);
    }
    // Whatever it left behind in its group.
    this.kill();
  }

  /** Ends the whole group at once. */
  kill(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody is left in the group.
    }
  }

  #read(onLine: ((line: string) => void) | undefined): void {
    const { stdout, stderr } = this.#process;
    if (stdout !== null) {
      stdout.pipe(this.#log);
      if (onLine !== undefined) createInterface({ input: stdout }).on('line', onLine);
    }
    if (stderr !== null)
      createInterface({ input: stderr }).on('line', (line) => {
        this.#errors.push(line);
        if (this.#errors.length > KEPT_LINES) this.#errors.shift();
      });
  }

  #end(code: number, resolve: (code: number) => void): void {
    if (this.#code !== null) return;
    this.#code = code;
    this.#log.end();
    resolve(code);
  }
}

/** This process's environment without what configures a center or a player. */
function ownEnvironment(without: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('KEPU_') && !without.includes(name)),
  );
}
