import type { Logger } from 'pino';
import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';
import type { RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { CONSOLE_EVENTS } from '../../../shared/identity/socket-access.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { CenterToConsole, ConsoleToCenter } from '../../../shared/screen/console-protocol.ts';
import { CONSOLE_NAMESPACE, watchSchema } from '../../../shared/screen/console-protocol.ts';
import type { LiveScreen } from '../../../shared/telemetry/live-screen.schema.ts';
import { demandDeclared, hearingScope, reaches } from './declared-events.ts';

/** Changes are gathered this long before they are sent. */
const GATHER_MS = 1_000;
/** How often an open page's session is looked at again. */
const RECHECK_MS = 30_000;

export interface ConsoleGatewayOptions {
  readonly io: Server;
  readonly log: Logger;
  /** Who holds the session of a request's Cookie header, without keeping that session alive. */
  readonly actorOf: (cookieHeader: string) => Promise<Actor | null>;
  /** Where a screen stands; `null` for one that is not known. */
  readonly regionOf: (screen: ScreenId) => Promise<RegionCode | null>;
}

interface Watcher {
  /** Who has the page open, as far as it is known now. */
  actor: Actor;
  /** The subtree the page shows, `null` for all. */
  region: RegionCode | null;
}

type ConsoleSocket = Socket<ConsoleToCenter, CenterToConsole, DefaultEventsMap, Watcher>;

/** Told of an event in certain regions; the last argument list of {@link ConsoleGateway.push}. */
type RegionalEvent = Exclude<keyof CenterToConsole, 'live' | 'ended'>;

/** What an open page may say (shared/identity/socket-access.ts declares who may say it). */
const HEARS: Readonly<Record<keyof ConsoleToCenter, (socket: ConsoleSocket, said: unknown) => void>> = {
  watch(socket, said) {
    const watch = watchSchema.safeParse(said);
    if (watch.success) socket.data.region = watch.data.region;
  },
};

/** Pushes what changed to the open pages that may see it. */
export class ConsoleGateway {
  readonly #options: ConsoleGatewayOptions;
  readonly #changed = new Map<ScreenId, LiveScreen>();
  #namespace: Namespace<ConsoleToCenter, CenterToConsole, DefaultEventsMap, Watcher> | null = null;
  #gathering: NodeJS.Timeout | null = null;
  #rechecking: NodeJS.Timeout | null = null;

  constructor(options: ConsoleGatewayOptions) {
    this.#options = options;
  }

  /** @throws TypeError where an event is not declared. */
  start(): void {
    demandDeclared(CONSOLE_NAMESPACE, Object.keys(CONSOLE_EVENTS.up), Object.keys(HEARS));
    const namespace = this.#options.io.of(CONSOLE_NAMESPACE);
    this.#namespace = namespace;
    namespace.use((socket, next) => void this.#receive(socket, next));
    namespace.on('connection', (socket) => {
      for (const [event, hear] of Object.entries(HEARS))
        socket.on(event as keyof ConsoleToCenter, (said: unknown) => hear(socket, said));
    });
    this.#rechecking = setInterval(() => void this.recheck(), RECHECK_MS);
    this.#rechecking.unref();
  }

  stop(): void {
    if (this.#rechecking !== null) clearInterval(this.#rechecking);
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#rechecking = null;
    this.#gathering = null;
    this.#changed.clear();
    this.#namespace?.removeAllListeners('connection');
    this.#namespace?.disconnectSockets(true);
    this.#namespace = null;
  }

  /** Notes that a screen's live state changed; pages hear of it within a second. */
  changed(live: LiveScreen): void {
    if (this.#namespace === null || this.#namespace.sockets.size === 0) return;
    this.#changed.set(live.screen, live);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#flush().catch((error: unknown) =>
        this.#options.log.error({ err: error }, 'live states could not be sent'),
      );
    }, GATHER_MS);
  }

  /**
   * Sends an event to the pages whose people hold its declared ability in one of `regions`.
   * Whatever region a page watches: these are few, and a page may list more than it watches.
   */
  push<Event extends RegionalEvent>(
    event: Event,
    regions: readonly RegionCode[],
    ...said: Parameters<CenterToConsole[Event]>
  ): void {
    for (const socket of this.#namespace?.sockets.values() ?? [])
      if (reaches(hearingScope(CONSOLE_EVENTS.down[event], socket.data.actor), regions))
        socket.emit<RegionalEvent>(event, ...said);
  }

  async #flush(): Promise<void> {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    const regions = await Promise.all(changed.map(({ screen }) => this.#options.regionOf(screen)));
    const changes = changed.flatMap((live, at) => {
      const region = regions[at] ?? null;
      return region === null ? [] : [{ live, region }];
    });
    for (const socket of this.#namespace?.sockets.values() ?? []) {
      const { actor, region } = socket.data;
      const scope = hearingScope(CONSOLE_EVENTS.down.live, actor);
      const seen = changes.filter(
        (change) => (region === null || isWithin(change.region, region)) && reaches(scope, [change.region]),
      );
      if (seen.length > 0)
        socket.emit(
          'live',
          seen.map(({ live }) => live),
        );
    }
  }

  async #receive(socket: ConsoleSocket, next: (refusal?: Error) => void): Promise<void> {
    try {
      next((await this.#admit(socket)) ? undefined : new Error('NOT_LOGGED_IN'));
    } catch (error) {
      this.#options.log.error({ err: error }, 'a console socket failed');
      next(new Error('INTERNAL'));
    }
  }

  async #admit(socket: ConsoleSocket): Promise<boolean> {
    const actor = await this.#options.actorOf(socket.handshake.headers.cookie ?? '');
    if (actor === null) return false;
    socket.data.actor = actor;
    socket.data.region ??= null;
    return true;
  }

  /** An open page keeps no session alive, and hears when its session is over. Never rejects. */
  async recheck(): Promise<void> {
    for (const socket of this.#namespace?.sockets.values() ?? [])
      try {
        if (await this.#admit(socket)) continue;
        socket.emit('ended');
        socket.disconnect(true);
      } catch (error) {
        this.#options.log.error({ err: error }, 'a console session could not be checked');
      }
  }
}
