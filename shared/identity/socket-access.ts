import type { CenterToConsole, ConsoleToCenter } from '../screen/console-protocol.ts';
import type { CenterToPlayer, PlayerToCenter } from '../screen/protocol.ts';
import type { Ability } from './abilities.ts';

/**
 * What an event of a live link demands: of who sends it, where it goes up; of who is to hear it,
 * where it comes down. The gateways refuse to start with an event that is not declared here.
 */
export type SocketAccess =
  /** Anybody connected, before it is known who that is. */
  | { readonly kind: 'public' }
  /** Anybody logged in. */
  | { readonly kind: 'session' }
  /** A claimed device that answered the challenge. */
  | { readonly kind: 'device' }
  /** Somebody logged in who holds the ability in a region that the event concerns. */
  | { readonly kind: 'ability'; readonly ability: Ability };

/** Every event of a namespace, by direction. */
export interface EventTable<Up, Down> {
  readonly up: { readonly [Event in keyof Up]: SocketAccess };
  readonly down: { readonly [Event in keyof Down]: SocketAccess };
}

export const CONSOLE_EVENTS = {
  up: {
    watch: { kind: 'session' },
  },
  down: {
    live: { kind: 'ability', ability: 'screen.read' },
    publication: { kind: 'ability', ability: 'schedule.read' },
    denial: { kind: 'ability', ability: 'schedule.read' },
    ended: { kind: 'public' },
  },
} as const satisfies EventTable<ConsoleToCenter, CenterToConsole>;

export const PLAYER_EVENTS = {
  up: {
    hello: { kind: 'public' },
    time: { kind: 'device' },
    beat: { kind: 'device' },
    journal: { kind: 'device' },
    planState: { kind: 'device' },
  },
  down: {
    challenge: { kind: 'public' },
    assignment: { kind: 'device' },
    denials: { kind: 'device' },
    dismissed: { kind: 'device' },
  },
} as const satisfies EventTable<PlayerToCenter, CenterToPlayer>;
