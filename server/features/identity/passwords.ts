import { AppError } from '../../../shared/core/errors.ts';
import type { Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import { PASSWORD_MIN } from '../../../shared/identity/account.schema.ts';
import type { AccountRecord, PasswordHasher } from './identity.port.ts';
import type { Tries } from './tries.ts';

/** Characters of a generated password, five bits each. */
const GENERATED_LENGTH = 20;

/** A password to hand over once: 100 random bits. */
export function makePassword(random: Random): string {
  return randomBase32(random, GENERATED_LENGTH);
}

/** @throws AppError PASSWORD_WEAK */
export function demandStrong(password: string): void {
  if (Array.from(password).length < PASSWORD_MIN) throw new AppError('PASSWORD_WEAK');
}

/**
 * Asks somebody who is logged in for the password again, before what a borrowed session must not do.
 * @throws AppError LOGIN_REFUSED, or LOGIN_LOCKED: wrong ones count to the lockout.
 */
export async function demandPassword(
  account: AccountRecord,
  password: string,
  { tries, hasher }: { readonly tries: Tries; readonly hasher: PasswordHasher },
): Promise<void> {
  const attempt = await tries.begin(account);
  if (!(await hasher.verify(password, account.password))) {
    await attempt.wrong();
    throw new AppError('LOGIN_REFUSED');
  }
  await attempt.right();
}
