import { z } from 'zod';
import { canonicalText } from '../../../shared/core/canonical.ts';
import type { BootId, Sha256 } from '../../../shared/core/ids.ts';
import type { Random } from '../../../shared/core/ports.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import type { CenterKey, Hello, PlanStateReport } from '../../../shared/screen/protocol.ts';
import type { Beat } from '../../../shared/telemetry/live.schema.ts';
import { measureOffset } from '../../../shared/telemetry/clock.ts';
import type { ClockKeeper } from '../clock/clock-keeper.ts';
import type { DeviceKey } from '../identity/device-key.ts';
import type { Cancel, CenterLink, LinkSocket, Log, Timers } from '../ports.ts';
import { jitteredMs, uniform } from './backoff.ts';

export interface SessionOptions {
  readonly link: CenterLink;
  readonly key: DeviceKey;
  readonly clock: ClockKeeper;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly boot: BootId;
  readonly renderer: Hello['renderer'];
  readonly version: string;
  readonly osBoot: string;
  /** The center this device trusts. */
  readonly center: () => CenterKey | null;
  readonly has: () => { counter: number; plan: Sha256 | null; denyListVersion: number };
  readonly events: SessionEvents;
}

export interface SessionEvents {
  /** The center took our hello. */
  online(token: string): void;
  offline(reason: string): void;
  assignment(envelope: unknown): void;
  /** Answers the version held durably afterwards. */
  denials(envelope: unknown): number;
  /** The center does not know this device as claimed. */
  unclaimed(code: string): void;
}

const ACK_MS = 15_000;
const TIME_BURST = 5;
const TIME_EVERY_MS = 60_000;
/** After a `dismissed` another engine has this key: coming back at once would only fight over it. */
const DISMISSED_CAP_MS = 300_000;

const challengeSchema = z.object({ nonce: z.string().min(8).max(200) });
const helloAnswerSchema = z.union([
  z.object({ ok: z.literal(true), token: z.string(), tokenExpiresAtMs: z.number(), nowMs: z.number() }),
  z.object({ ok: z.literal(false), code: z.string(), detail: z.string() }),
]);
const timeAnswerSchema = z.object({ t1: z.int(), t2: z.int() });

/** One device's live contact with the center: connects, proves its key, keeps the time, comes back. */
export class Session {
  readonly #options: SessionOptions;
  #socket: LinkSocket | null = null;
  #online = false;
  #wanted = false;
  #failures = 0;
  #cancelRetry: Cancel | null = null;
  #cancelTime: Cancel | null = null;
  #cancelRenew: Cancel | null = null;
  #retryCapMs: number | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get online(): boolean {
    return this.#online;
  }

  /** Connects, and from then on comes back by itself. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    const socket = this.#socket;
    this.#lose('stopped');
    socket?.close();
  }

  beat(beat: Beat): void {
    if (this.#online) this.#tell('beat', beat);
  }

  planState(report: PlanStateReport): void {
    if (this.#online) this.#tell('planState', report);
  }

  /** Sends a journal batch. @throws where there is no contact or no answer. */
  journal(envelope: Envelope): Promise<unknown> {
    const socket = this.#socket;
    if (!this.#online || socket === null) return Promise.reject(new Error('no contact with the center'));
    return socket.request('journal', [envelope], ACK_MS);
  }

  #connect(): void {
    const { link, log } = this.#options;
    let socket: LinkSocket | null = null;
    const isCurrent = () => socket !== null && this.#socket === socket;
    socket = link.open({
      message: (event, payload, answer) => {
        if (!isCurrent()) return;
        if (event === 'challenge') void this.#hello(payload);
        else if (event === 'assignment') this.#options.events.assignment(payload);
        else if (event === 'denials') answer?.({ version: this.#options.events.denials(payload) });
        else {
          log.warn('dismissed by the center', { reason: payload });
          this.#retryCapMs = DISMISSED_CAP_MS;
          this.#failures = 16;
        }
      },
      closed: (reason) => {
        if (isCurrent()) this.#lose(reason);
      },
    });
    this.#socket = socket;
  }

  #lose(reason: string): void {
    const wasOnline = this.#online;
    this.#socket = null;
    this.#online = false;
    this.#cancelTime?.();
    this.#cancelTime = null;
    this.#cancelRenew?.();
    this.#cancelRenew = null;
    if (wasOnline) this.#options.events.offline(reason);
    if (!this.#wanted) return;
    const { timers, random } = this.#options;
    this.#failures += 1;
    const delayMs = jitteredMs(random, this.#failures, this.#retryCapMs);
    this.#cancelRetry = timers.after(delayMs, () => {
      this.#cancelRetry = null;
      if (this.#wanted) this.#connect();
    });
  }

  async #hello(payload: unknown): Promise<void> {
    const { key, log, center, events } = this.#options;
    const socket = this.#socket;
    const challenge = challengeSchema.safeParse(payload);
    const trusted = center();
    if (socket === null || !challenge.success || trusted === null) return;
    const hello = this.#makeHello(challenge.data.nonce, trusted);
    try {
      const envelope = key.sign('kepu-hello/1', canonicalText(hello));
      const answer = helloAnswerSchema.parse(await socket.request('hello', [envelope], ACK_MS));
      if (this.#socket !== socket) return;
      if (!answer.ok) {
        log.warn('the center refuses our hello', { code: answer.code, detail: answer.detail });
        if (answer.code === 'DEVICE_UNCLAIMED' || answer.code === 'DEVICE_UNKNOWN')
          events.unclaimed(answer.code);
        socket.close();
        return;
      }
      this.#failures = 0;
      this.#retryCapMs = undefined;
      this.#online = true;
      this.#renewBefore(socket, answer.tokenExpiresAtMs - answer.nowMs);
      // The time first: what is decided and recorded from here on may rest on it.
      await this.#measure(socket, TIME_BURST);
      if (this.#socket === socket) events.online(answer.token);
    } catch (error) {
      log.info('hello failed', { reason: String(error) });
      socket.close();
    }
  }

  /** The bearer token comes with a hello: a socket that lives longer is opened anew in time, each at its own moment. */
  #renewBefore(socket: LinkSocket, lifetimeMs: number): void {
    const { timers, random } = this.#options;
    const delayMs = Math.max(60_000, lifetimeMs * (0.5 + 0.4 * uniform(random)));
    this.#cancelRenew = timers.after(delayMs, () => {
      if (this.#socket === socket) socket.close();
    });
  }

  #makeHello(nonce: string, trusted: CenterKey): Hello {
    const { key, boot, renderer, version, osBoot, has } = this.#options;
    const { counter, plan, denyListVersion } = has();
    return {
      format: 'kepu-hello/1',
      device: key.device,
      boot,
      nonce,
      center: trusted.keyId,
      renderer,
      version,
      osBoot,
      counter,
      plan,
      denyListVersion,
    };
  }

  /** Exchanges timestamps `times` times, then plans the next exchange. */
  async #measure(socket: LinkSocket, times: number): Promise<void> {
    const { clock, log, timers } = this.#options;
    for (let n = 0; n < times && this.#socket === socket; n += 1) {
      try {
        const t0 = clock.monoMs();
        const { t1, t2 } = timeAnswerSchema.parse(await socket.request('time', [], ACK_MS));
        // Both ends are whole milliseconds rounded down: the true arrival is less than one later.
        const measured = measureOffset(t0, t1, t2, clock.monoMs() + 1);
        if (measured !== null && !clock.learn(measured))
          log.warn('the center clock contradicts what was measured before', { measured });
      } catch (error) {
        log.info('no answer to a time exchange', { reason: String(error) });
        if (this.#socket === socket) socket.close();
        return;
      }
    }
    if (this.#socket !== socket) return;
    this.#cancelTime = timers.after(TIME_EVERY_MS, () => void this.#measure(socket, 1));
  }

  #tell(event: string, payload: unknown): void {
    this.#socket?.request(event, [payload], ACK_MS).catch((error: unknown) => {
      // State only: the next beat or report says it again. A dead socket ends by its own ping.
      this.#options.log.info('not acknowledged', { event, reason: String(error) });
    });
  }
}
