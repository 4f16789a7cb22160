import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { STAGE_SOCKET_PATH, sceneSchema } from '../../shared/screen/stage-protocol.ts';
import type { EngineToStage, Scene, StageReady, StageToEngine } from '../../shared/screen/stage-protocol.ts';
import type { ClockSample, StageClock } from './clock.ts';

const FIRST_ROUND = 8;
const LATER_ROUND = 4;
const REFRESH_MS = 60_000;
const ANSWER_MS = 2_000;
const GOODBYE_MS = 1_000;

export interface LinkOptions {
  /** The engine's origin, e.g. `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** From the page's address; `null` where a cookie carries it. */
  readonly token: string | null;
  readonly clock: StageClock;
  readonly ready: () => StageReady;
  /** The engine knows this stage (again) from here on. */
  readonly onReady: () => void;
  readonly onScene: (scene: Scene) => void;
}

/**
 * The stage's end of the link to the engine: keeps the clock, takes scenes, sends reports. A lost
 * link changes nothing on the glass; it comes back by itself.
 */
export class StageLink {
  readonly #options: LinkOptions;
  #socket: Socket<EngineToStage, StageToEngine> | null = null;
  #refresh: ReturnType<typeof setInterval> | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  start(): void {
    const { origin, token } = this.#options;
    const socket: Socket<EngineToStage, StageToEngine> = io(origin, {
      path: STAGE_SOCKET_PATH,
      transports: ['websocket'],
      reconnectionDelay: 200,
      reconnectionDelayMax: 2_000,
      ...(token === null ? {} : { auth: { token } }),
    });
    this.#socket = socket;
    socket.on('connect', () => void this.#begin());
    socket.on('disconnect', () => this.#again(socket));
    socket.on('connect_error', () => this.#again(socket));
    socket.on('scene', (scene) => this.#take(scene));
    this.#refresh = setInterval(() => void this.#measure(LATER_ROUND), REFRESH_MS);
  }

  stop(): void {
    clearTimeout(this.#retry);
    if (this.#refresh !== null) clearInterval(this.#refresh);
    this.#refresh = null;
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** Sends a report, or drops it while the link is down: a report is about now, and the engine counts what it did not hear of as not painted. */
  report<Event extends 'painted' | 'progress' | 'failed'>(
    event: Event,
    ...body: Parameters<StageToEngine[Event]>
  ): void {
    if (this.#socket?.connected === true) this.#socket.emit(event, ...body);
  }

  /** An engine that stops says goodbye, or refuses, after which the client would not come back by itself. */
  #again(socket: Socket): void {
    if (socket.active || this.#socket === null) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => socket.connect(), GOODBYE_MS);
  }

  /** The clock first: a scene's instants mean nothing without it. */
  async #begin(): Promise<void> {
    await this.#measure(FIRST_ROUND);
    if (this.#socket?.connected !== true) return;
    this.#socket.emit('ready', this.#options.ready());
    this.#options.onReady();
  }

  async #measure(rounds: number): Promise<void> {
    const { clock } = this.#options;
    const samples: ClockSample[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const socket = this.#socket;
      if (socket === null || !socket.connected) break;
      const sentMs = clock.localMs();
      try {
        const centerMs = await socket.timeout(ANSWER_MS).emitWithAck('clock');
        samples.push({ sentMs, receivedMs: clock.localMs(), centerMs });
      } catch {
        // The link broke or the engine is busy: the round goes on with what it has.
      }
    }
    clock.adopt(samples.filter((sample) => Number.isFinite(sample.centerMs)));
  }

  #take(raw: unknown): void {
    const scene = sceneSchema.safeParse(raw);
    if (scene.success) this.#options.onScene(scene.data);
    else console.warn('scene refused', scene.error.issues[0]);
  }
}
