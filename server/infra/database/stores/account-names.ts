import { accountIdSchema } from '../../../../shared/core/ids.ts';
import type { AccountId } from '../../../../shared/core/ids.ts';
import type { Db } from '../database.ts';
import { inSlices } from '../slices.ts';

/** What accounts are called now. */
export type Names = ReadonlyMap<string, string>;

/** The names of accounts, each asked for once. */
export async function namesOf(db: Db, accounts: readonly string[]): Promise<Names> {
  const rows = await inSlices([...new Set(accounts)], (slice) =>
    db.selectFrom('accounts').select(['id', 'name']).where('id', 'in', slice).execute(),
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** An account with its name; its id where it has none. */
export function nameOf(
  names: Names,
  account: string,
): { readonly account: AccountId; readonly name: string } {
  return { account: accountIdSchema.parse(account), name: names.get(account) ?? account };
}
