import type { RegionCode } from '../../../shared/core/ids.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import type { SocketAccess } from '../../../shared/identity/socket-access.ts';
import { isWithin } from '../../../shared/region/tier.ts';

/**
 * Makes access a property of every event, as it is of every route: a gateway asks this at its start.
 * @param declared the events that the table gives such a caller.
 * @param handled the events that the gateway would listen to.
 * @throws TypeError where one is handled and not declared, or declared and not handled.
 */
export function demandDeclared(
  namespace: string,
  declared: readonly string[],
  handled: readonly string[],
): void {
  const undeclared = handled.filter((event) => !declared.includes(event));
  if (undeclared.length > 0) throw new TypeError(`${namespace} declares no access for ${undeclared.join()}`);
  const unheard = declared.filter((event) => !handled.includes(event));
  if (unheard.length > 0) throw new TypeError(`${namespace} declares ${unheard.join()} and hears none`);
}

/** Names of the events in `table` that are open to callers of `kind`. */
export function eventsFor(
  table: Readonly<Record<string, SocketAccess>>,
  kind: SocketAccess['kind'],
): readonly string[] {
  return Object.keys(table).filter((event) => table[event]?.kind === kind);
}

/**
 * Where `actor` may hear an event, as subtrees; `null`: everywhere.
 * @throws TypeError for an event that is not declared, so that nothing is sent unasked-for.
 */
export function hearingScope(access: SocketAccess | undefined, actor: Actor): readonly RegionCode[] | null {
  switch (access?.kind) {
    case 'public':
    case 'session':
      return null;
    case 'ability':
      return scopeOf(actor, access.ability);
    case 'device':
      return [];
    case undefined:
      throw new TypeError('an event without a declared access');
    default:
      return access satisfies never;
  }
}

/** Whether something in one of `regions` lies in the `scope` of {@link hearingScope}. */
export function reaches(scope: readonly RegionCode[] | null, regions: readonly RegionCode[]): boolean {
  return scope === null || regions.some((region) => scope.some((held) => isWithin(region, held)));
}
