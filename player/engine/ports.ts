import type { Clock, Random } from '../../shared/core/ports.ts';
import type {
  Painted,
  Progress,
  Scene,
  StageFailure,
  StageReady,
} from '../../shared/screen/stage-protocol.ts';

/**
 * Everything nondeterministic that the engine touches besides its own data folder: many engines run
 * in one process, and tests run them on fake time.
 */
export interface EnginePorts {
  /** `monotonicMs` is the operating system's monotonic clock, so that it goes on over an engine restart. */
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly panel: Panel;
  readonly link: CenterLink;
  /** HTTP to the center. */
  readonly http: Http;
  readonly log: Log;
}

export interface Timers {
  /** Runs `task` once, `delayMs` from now. Returns what cancels it. */
  after(delayMs: number, task: () => void): Cancel;
}
export type Cancel = () => void;

/** What the panel says of itself (CEC, DDC, a sensor); `unreadable` where nothing can be asked. */
export type PanelState = 'on' | 'off' | 'unreadable';
export interface Panel {
  /** Whether this installation can read its panel at all; goes into the boot's first record. */
  readonly readable: boolean;
  read(): Promise<PanelState>;
}

/** The glass. The port itself shows the last scene again to a stage that comes back. */
export interface StagePort {
  /** Called once, before the first `show`. */
  listen(events: StageEvents): void;
  show(scene: Scene): void;
}
export interface StageEvents {
  /** Center time in milliseconds, which every cue's instants are. */
  nowMs(): number;
  ready(ready: StageReady): void;
  painted(painted: Painted): void;
  progress(progress: Progress): void;
  failed(failure: StageFailure): void;
  /** No page is connected any more. */
  gone(): void;
}

/** Opens sockets to the center; one per call, never reconnecting by itself. */
export interface CenterLink {
  open(events: LinkEvents): LinkSocket;
}
export interface LinkEvents {
  /** What the center sent, unparsed, and how to answer where it asks for an answer. */
  message(
    event: 'challenge' | 'assignment' | 'denials' | 'dismissed',
    payload: unknown,
    answer?: (result: unknown) => void,
  ): void;
  closed(reason: string): void;
}
export interface LinkSocket {
  /** Sends and waits for the acknowledgement, unparsed. Rejects on timeout or a closed socket. */
  request(event: string, payload: readonly unknown[], timeoutMs: number): Promise<unknown>;
  close(): void;
}

export type Http = (url: string, init: HttpInit) => Promise<Response>;
export interface HttpInit {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Structured log lines; a shell decides where they go. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
