import type { Logger } from 'pino';
import type { Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import type { BootId, DeviceId, ScreenId } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomHex } from '../../../shared/core/ports.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import { PLAYER_EVENTS } from '../../../shared/identity/socket-access.ts';
import type {
  CenterToPlayer,
  HelloAnswer,
  PlanStateReport,
  PlayerToCenter,
  Refusal,
  TimeAnswer,
} from '../../../shared/screen/protocol.ts';
import { PLAYER_NAMESPACE, planStateSchema } from '../../../shared/screen/protocol.ts';
import type { Beat } from '../../../shared/telemetry/live.schema.ts';
import { beatSchema } from '../../../shared/telemetry/live.schema.ts';
import type { BatchAnswer } from '../../../shared/telemetry/record.schema.ts';
import type { PlayerSession } from '../../features/screen/screen.port.ts';
import { demandDeclared, eventsFor } from './declared-events.ts';

/** A socket that has not answered the challenge by then is cut. */
export const HELLO_WITHIN_MS = 10_000;
/** How long a device may take to persist its deny list and say so. */
const DENY_ACK_MS = 30_000;
const deniedSchema = z.object({ version: z.int().min(0) });
/** Boots of a device that another of its boots took over from, remembered for the clone alarm. */
const BOOTS_REMEMBERED = 8;

/** Where what players say goes. */
export interface PlayerHandlers {
  /** @throws AppError when the device is unknown, unclaimed, or did not sign this. */
  verifyHello(
    envelope: Envelope,
    nonce: string,
  ): Promise<{ readonly session: PlayerSession; readonly token: string; readonly tokenExpiresAtMs: number }>;
  /** The hello was answered: the moment to send the assignment. */
  connected(session: PlayerSession): Promise<void> | void;
  disconnected(session: PlayerSession): Promise<void> | void;
  /** A boot came back that another boot of the same key had taken over from: two boxes, one key. */
  cloned(session: PlayerSession): Promise<void> | void;
  beat(session: PlayerSession, beat: Beat): Promise<{ ok: boolean }> | { ok: boolean };
  journal(session: PlayerSession, envelope: Envelope): Promise<BatchAnswer>;
  planState(session: PlayerSession, report: PlanStateReport): Promise<{ ok: boolean }> | { ok: boolean };
}

export interface PlayerGatewayOptions {
  readonly io: Server;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly handlers: PlayerHandlers;
}

type PlayerSocket = Socket<PlayerToCenter, CenterToPlayer>;

interface Link {
  readonly socket: PlayerSocket;
  readonly session: PlayerSession;
}

/** What a device may say once it is known; `hello` makes it known. */
type DeviceEvent = Exclude<keyof PlayerToCenter, 'hello'>;
type Hear = (link: Link, args: readonly unknown[]) => void;

/** The players' sockets: challenge, hello, then beats, journal and plan states up, assignments down. */
export class PlayerGateway {
  readonly #options: PlayerGatewayOptions;
  readonly #links = new Map<DeviceId, Link>();
  readonly #supersededBoots = new Map<DeviceId, BootId[]>();
  readonly #hears: Readonly<Record<DeviceEvent, Hear>>;
  #namespace: Namespace<PlayerToCenter, CenterToPlayer> | null = null;

  constructor(options: PlayerGatewayOptions) {
    this.#options = options;
    this.#hears = this.#makeHears();
  }

  /** @throws TypeError where an event is not declared (shared/identity/socket-access.ts). */
  start(): void {
    const { up } = PLAYER_EVENTS;
    demandDeclared(PLAYER_NAMESPACE, eventsFor(up, 'public'), ['hello']);
    demandDeclared(PLAYER_NAMESPACE, eventsFor(up, 'device'), Object.keys(this.#hears));
    this.#namespace = this.#options.io.of(PLAYER_NAMESPACE);
    this.#namespace.on('connection', (socket) => this.#welcome(socket));
  }

  stop(): void {
    this.#namespace?.removeAllListeners('connection');
    this.#namespace?.disconnectSockets(true);
    this.#namespace = null;
  }

  /** Devices whose socket answered the challenge. */
  get connected(): ReadonlySet<DeviceId> {
    return new Set(this.#links.keys());
  }

  /** Screens behind which a device answered the challenge. */
  get screens(): ReadonlySet<ScreenId> {
    return new Set(this.#links.values().map(({ session }) => session.screen));
  }

  /** Sends an assignment; `false` where the device is not connected and will ask by itself. */
  send(device: DeviceId, event: 'assignment', envelope: Envelope): boolean {
    return this.#links.get(device)?.socket.emit(event, envelope) ?? false;
  }

  isConnected(device: DeviceId): boolean {
    return this.#links.has(device);
  }

  /**
   * Sends a device its deny list.
   * @returns the version that it holds durably afterwards; `null` where it is not connected or does not
   *   answer: its next hello says what it holds.
   */
  async deny(device: DeviceId, envelope: Envelope): Promise<number | null> {
    const link = this.#links.get(device);
    if (link === undefined) return null;
    const answer = await link.socket
      .timeout(DENY_ACK_MS)
      .emitWithAck('denials', envelope)
      // It went away, or is an older player that has never heard of denials.
      .catch(() => null);
    const said = deniedSchema.safeParse(answer);
    return said.success ? said.data.version : null;
  }

  /** Cuts a device off, telling it why. */
  dismiss(device: DeviceId, reason: Refusal): void {
    const link = this.#links.get(device);
    if (link === undefined) return;
    link.socket.emit('dismissed', reason);
    this.#forget(link);
    link.socket.disconnect(true);
  }

  #welcome(socket: PlayerSocket): void {
    const nonce = randomHex(this.#options.random, 16);
    const deadline = setTimeout(() => socket.disconnect(true), HELLO_WITHIN_MS);
    socket.once('disconnect', () => clearTimeout(deadline));
    socket.once('hello', (...args: unknown[]) => {
      clearTimeout(deadline);
      this.#run(socket, async () => this.#hello(socket, nonce, args));
    });
    socket.emit('challenge', { nonce });
  }

  async #hello(socket: PlayerSocket, nonce: string, args: readonly unknown[]): Promise<void> {
    const { handlers, clock, log } = this.#options;
    const { said, answer } = readArgs<HelloAnswer>(args);
    try {
      const { session, token, tokenExpiresAtMs } = await handlers.verifyHello(
        read(envelopeSchema, said),
        nonce,
      );
      if (!socket.connected) return;
      this.#admit({ socket, session });
      answer({ ok: true, token, tokenExpiresAtMs, nowMs: clock.nowMs() });
      await handlers.connected(session);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.info({ code: error.code, socket: socket.id }, 'a player was refused');
      answer(refusalOf(error));
      socket.disconnect(true);
    }
  }

  #admit(link: Link): void {
    const { session, socket } = link;
    const { device, boot } = session;
    const older = this.#links.get(device);
    if (older !== undefined) {
      older.socket.emit('dismissed', refusalOf(new AppError('CONFLICT', { detail: 'newer socket' })));
      this.#forget(older);
      older.socket.disconnect(true);
    }
    this.#watchBoots(session, older?.session.boot ?? null);
    this.#links.set(device, link);
    socket.once('disconnect', () => this.#forget(link));
    this.#listen(link);
    this.#options.log.debug({ device, boot, screen: session.screen }, 'player connected');
  }

  #watchBoots(session: PlayerSession, olderBoot: BootId | null): void {
    const superseded = this.#supersededBoots.get(session.device) ?? [];
    if (superseded.includes(session.boot))
      this.#run(null, async () => this.#options.handlers.cloned(session));
    if (olderBoot === null || olderBoot === session.boot) return;
    const remembered = [...superseded.filter((boot) => boot !== olderBoot), olderBoot];
    this.#supersededBoots.set(session.device, remembered.slice(-BOOTS_REMEMBERED));
  }

  #listen(link: Link): void {
    for (const [event, hear] of Object.entries(this.#hears))
      link.socket.on(event as DeviceEvent, (...args: unknown[]) => hear(link, args));
  }

  #makeHears(): Readonly<Record<DeviceEvent, Hear>> {
    const { handlers, clock } = this.#options;
    const answering =
      <Answer>(
        handle: (session: PlayerSession, said: unknown) => Promise<Answer> | Answer,
        refuse: (error: AppError) => Answer,
      ): Hear =>
      ({ socket, session }, args) => {
        const { said, answer } = readArgs<Answer>(args);
        this.#run(socket, async () => {
          try {
            answer(await handle(session, said));
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            answer(refuse(error));
          }
        });
      };
    return {
      time(_link, args) {
        const t1 = clock.nowMs();
        readArgs<TimeAnswer>(args).answer({ t1, t2: clock.nowMs() });
      },
      beat: answering((session, said) => handlers.beat(session, read(beatSchema, said)), refusalOf),
      planState: answering(
        (session, said) => handlers.planState(session, read(planStateSchema, said)),
        refusalOf,
      ),
      journal: answering<BatchAnswer>(
        (session, said) => handlers.journal(session, read(envelopeSchema, said)),
        (error) => ({ ...refusalOf(error), mark: null }),
      ),
    };
  }

  #forget(link: Link): void {
    if (this.#links.get(link.session.device) !== link) return;
    this.#links.delete(link.session.device);
    this.#run(null, async () => this.#options.handlers.disconnected(link.session));
  }

  /** Runs what a socket set off; a bug is logged here and costs that socket, nothing else. */
  #run(socket: PlayerSocket | null, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#options.log.error({ err: error, socket: socket?.id }, 'a player event failed');
      socket?.disconnect(true);
    });
  }
}

/** What an event said, and how to answer it: its last argument, or not at all where that is no function. */
function readArgs<Answer>(args: readonly unknown[]): {
  readonly said: unknown;
  readonly answer: (answer: Answer) => void;
} {
  const ack = args.at(-1);
  if (typeof ack !== 'function') return { said: args[0], answer: () => undefined };
  return { said: args.length > 1 ? args[0] : undefined, answer: (answer) => void ack(answer) };
}

function read<Schema extends z.ZodType>(schema: Schema, said: unknown): z.output<Schema> {
  const parsed = schema.safeParse(said);
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_REQUEST', { detail: z.prettifyError(parsed.error) });
}

/** How a refusal travels by socket. */
export function refusalOf(error: AppError): Refusal {
  return { ok: false, code: error.code, detail: error.message };
}
