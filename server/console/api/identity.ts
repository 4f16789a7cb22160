import { z } from 'zod';
import type { Me } from '../../../shared/identity/account.schema.ts';
import { meSchema } from '../../../shared/identity/account.schema.ts';
import { call } from './client.ts';

/** @throws ApiError NOT_LOGGED_IN */
export function whoAmI(): Promise<Me> {
  return call(meSchema, '/api/identity/me');
}

/** @throws ApiError LOGIN_REFUSED, LOGIN_LOCKED */
export function logIn(login: string, password: string): Promise<Me> {
  return call(meSchema, '/api/identity/login', { method: 'POST', body: { login, password } });
}

export async function logOut(): Promise<void> {
  await call(z.unknown(), '/api/identity/logout', { method: 'POST' });
}

/** @throws ApiError LOGIN_REFUSED when `current` is wrong, PASSWORD_WEAK */
export async function changePassword(current: string, next: string): Promise<void> {
  await call(z.unknown(), '/api/identity/password', { method: 'POST', body: { current, next } });
}
