import { z } from 'zod';
import type { Me } from '../../../shared/identity/account.schema.ts';
import {
  meSchema,
  recoveryCodesSchema,
  secondFactorOfferSchema,
  sessionListSchema,
} from '../../../shared/identity/account.schema.ts';
import { call } from './client.ts';

/** @throws ApiError NOT_LOGGED_IN */
export function whoAmI(): Promise<Me> {
  return call(meSchema, '/api/identity/me');
}

/**
 * @param code the authenticator's six digits or a recovery code; left out until it is asked for.
 * @throws ApiError LOGIN_REFUSED, LOGIN_LOCKED, SECOND_FACTOR_NEEDED, SECOND_FACTOR_WRONG
 */
export function logIn(login: string, password: string, code?: string): Promise<Me> {
  const body = { login, password, ...(code === undefined ? {} : { code }) };
  return call(meSchema, '/api/identity/login', { method: 'POST', body });
}

/** Ends this session. Logging out twice is no error. */
export async function logOut(): Promise<void> {
  await call(z.unknown(), '/api/identity/logout', { method: 'POST' });
}

/** @throws ApiError LOGIN_REFUSED when `current` is wrong, PASSWORD_WEAK */
export async function changePassword(current: string, next: string): Promise<void> {
  await call(z.unknown(), '/api/identity/password', { method: 'POST', body: { current, next } });
}

/** A secret to scan; nothing changes before {@link confirmSecondFactor}. @throws ApiError LOGIN_REFUSED, SECOND_FACTOR_SET */
export function beginSecondFactor(password: string) {
  return call(secondFactorOfferSchema, '/api/identity/second-factor/begin', {
    method: 'POST',
    body: { password },
  });
}

/** @returns recovery codes, shown this once. @throws ApiError SECOND_FACTOR_WRONG */
export async function confirmSecondFactor(code: string): Promise<readonly string[]> {
  const answer = await call(recoveryCodesSchema, '/api/identity/second-factor/confirm', {
    method: 'POST',
    body: { code },
  });
  return answer.recoveryCodes;
}

/** @throws ApiError LOGIN_REFUSED, SECOND_FACTOR_WRONG */
export async function removeSecondFactor(password: string, code: string): Promise<void> {
  await call(z.unknown(), '/api/identity/second-factor/remove', {
    method: 'POST',
    body: { password, code },
  });
}

/** Where the account is logged in now, this session among them. */
export async function ownSessions() {
  return (await call(sessionListSchema, '/api/identity/sessions')).rows;
}

/** Ends one of one's sessions, or all but the one that asks. */
export async function endSession(id: string | 'others'): Promise<void> {
  await call(z.unknown(), `/api/identity/sessions/${id}`, { method: 'DELETE' });
}
