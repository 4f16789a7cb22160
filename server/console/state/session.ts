import { computed, readonly, shallowRef } from 'vue';
import type { Role } from '../../../shared/identity/abilities.ts';
import { ROLE_ZH } from '../../../shared/identity/abilities.ts';
import type { Ability } from '../../../shared/identity/abilities.ts';
import type { Me } from '../../../shared/identity/account.schema.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import { ApiError, onLoggedOut } from '../api/client.ts';
import * as identity from '../api/identity.ts';

const actor = shallowRef<Me | null>(null);
const known = shallowRef(false);

/** Who is logged in; `null` before the first answer and after log-out. */
export const me = readonly(actor);

onLoggedOut(() => {
  actor.value = null;
});

/** Asks once who is logged in; later calls answer from memory. @throws ApiError when the center cannot be asked. */
export async function ensureSession(): Promise<Me | null> {
  if (known.value) return actor.value;
  try {
    actor.value = await identity.whoAmI();
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.code !== 'NOT_LOGGED_IN') throw cause;
    actor.value = null;
  }
  known.value = true;
  return actor.value;
}

/** @throws ApiError LOGIN_REFUSED, LOGIN_LOCKED, SECOND_FACTOR_NEEDED, SECOND_FACTOR_WRONG */
export async function logIn(name: string, password: string, code?: string): Promise<void> {
  actor.value = await identity.logIn(name, password, code);
  known.value = true;
}

/** Reads anew who is logged in, after something about the person changed. */
export async function renewSession(): Promise<void> {
  actor.value = await identity.whoAmI();
}

/** Ends the session here and at the center. */
export async function logOut(): Promise<void> {
  try {
    await identity.logOut();
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.code !== 'NOT_LOGGED_IN') throw cause;
  }
  actor.value = null;
}

/** Regions over which the person reads the figures, widest first. */
export const homeRegions = computed<RegionCode[]>(() =>
  actor.value === null
    ? []
    : [...new Set(actor.value.abilities['assessment.read'] ?? [])].sort(
        (a, b) => a.length - b.length || a.localeCompare(b),
      ),
);

/** Whether the person may do `ability` in `region`; for hiding what would be refused anyway. */
export function may(ability: Ability, region: RegionCode): boolean {
  return (actor.value?.abilities[ability] ?? []).some((held) => isWithin(region, held));
}

/** Whether the person may do `ability` anywhere; for hiding whole pages. */
export function mayAnywhere(ability: Ability): boolean {
  return (actor.value?.abilities[ability] ?? []).length > 0;
}

/** The person's roles, or the organisation it works for, in words. */
export const roleText = computed(() =>
  [
    ...[...new Set((actor.value?.grants ?? []).map((grant): Role => grant.role))].map(
      (role) => ROLE_ZH[role],
    ),
    ...(actor.value?.organisation ? [actor.value.organisation.name] : []),
  ].join('、'),
);
