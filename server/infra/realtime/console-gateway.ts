import type { Logger } from 'pino';
import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';
import type { RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { CenterToConsole, ConsoleToCenter } from '../../../shared/screen/console-protocol.ts';
import { CONSOLE_NAMESPACE, watchSchema } from '../../../shared/screen/console-protocol.ts';
import type { LiveScreen } from '../../../shared/telemetry/live-screen.schema.ts';

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
  /** Subtrees the caller may see. */
  scope: readonly RegionCode[];
  /** The subtree the page shows, `null` for all. */
  region: RegionCode | null;
}

type ConsoleSocket = Socket<ConsoleToCenter, CenterToConsole, DefaultEventsMap, Watcher>;

/** Pushes changed live screens to the open pages that may see them. */
export class ConsoleGateway {
  readonly #options: ConsoleGatewayOptions;
  readonly #changed = new Map<ScreenId, LiveScreen>();
  #namespace: Namespace<ConsoleToCenter, CenterToConsole, DefaultEventsMap, Watcher> | null = null;
  #gathering: NodeJS.Timeout | null = null;
  #rechecking: NodeJS.Timeout | null = null;

  constructor(options: ConsoleGatewayOptions) {
    this.#options = options;
  }

  start(): void {
    const namespace = this.#options.io.of(CONSOLE_NAMESPACE);
    this.#namespace = namespace;
    namespace.use((socket, next) => void this.#receive(socket, next));
    namespace.on('connection', (socket) => {
      socket.on('watch', (said: unknown) => {
        const watch = watchSchema.safeParse(said);
        if (watch.success) socket.data.region = watch.data.region;
      });
    });
    this.#rechecking = setInterval(() => void this.#recheck(), RECHECK_MS);
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

  async #flush(): Promise<void> {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    const regions = await Promise.all(changed.map(({ screen }) => this.#options.regionOf(screen)));
    const changes = changed.flatMap((live, at) => {
      const region = regions[at] ?? null;
      return region === null ? [] : [{ live, region }];
    });
    for (const socket of this.#namespace?.sockets.values() ?? []) {
      const { scope, region } = socket.data;
      const seen = changes.filter(
        (change) =>
          (region === null || isWithin(change.region, region)) &&
          scope.some((held) => isWithin(change.region, held)),
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
    socket.data.scope = scopeOf(actor, 'screen.read');
    socket.data.region ??= null;
    return true;
  }

  /** An open page keeps no session alive, and hears when its session is over. */
  async #recheck(): Promise<void> {
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
