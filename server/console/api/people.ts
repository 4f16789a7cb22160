import type { z } from 'zod';
import { z as schema } from 'zod';
import type { AuditEntry, AuditVerdict } from '../../../shared/audit/audit.schema.ts';
import { auditPageSchema, auditVerdictSchema } from '../../../shared/audit/audit.schema.ts';
import type { accountCreationSchema, AccountPatch } from '../../../shared/identity/account.schema.ts';
import { accountCreatedSchema, accountListSchema } from '../../../shared/identity/account.schema.ts';
import type {
  Organisation,
  organisationCreationSchema,
  organisationGrantCreationSchema,
} from '../../../shared/identity/organisation.schema.ts';
import { organisationListSchema, organisationSchema } from '../../../shared/identity/organisation.schema.ts';
import { call } from './client.ts';

/** Accounts that the caller manages. */
export function accounts(
  query: { readonly text: string; readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
) {
  return call(accountListSchema, '/api/identity/accounts', {
    query,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** @throws ApiError CONFLICT when the login is taken, DUTIES_CONFLICT, FORBIDDEN */
export function addAccount(body: z.input<typeof accountCreationSchema>) {
  return call(accountCreatedSchema, '/api/identity/accounts', { method: 'POST', body });
}

/** @throws ApiError DUTIES_CONFLICT, FORBIDDEN, LAST_ADMINISTRATOR */
export function changeAccount(id: string, body: AccountPatch) {
  return call(accountCreatedSchema, `/api/identity/accounts/${id}`, { method: 'PATCH', body });
}

/** Third parties (运营方) of the regions that the account administers, with what they were granted. */
export async function organisations(signal?: AbortSignal): Promise<readonly Organisation[]> {
  const list = await call(
    organisationListSchema,
    '/api/organisations',
    signal === undefined ? {} : { signal },
  );
  return list.rows;
}

/** @throws ApiError REGION_UNKNOWN, FORBIDDEN, CONFLICT when the name is taken */
export function addOrganisation(body: z.input<typeof organisationCreationSchema>): Promise<Organisation> {
  return call(organisationSchema, '/api/organisations', { method: 'POST', body });
}

/** Disabled, a third party can do nothing, whatever it was granted. @throws ApiError FORBIDDEN */
export function changeOrganisation(id: string, body: { readonly disabled: boolean }): Promise<Organisation> {
  return call(organisationSchema, `/api/organisations/${id}`, { method: 'PATCH', body });
}

/** @throws ApiError GRANT_EXPIRED, FORBIDDEN */
export async function addGrant(
  organisation: string,
  body: z.input<typeof organisationGrantCreationSchema>,
): Promise<void> {
  await call(schema.unknown(), `/api/organisations/${organisation}/grants`, { method: 'POST', body });
}

/** What the grant allowed is refused from the next call on. @throws ApiError FORBIDDEN, CONFLICT when it was taken back before */
export async function revokeGrant(organisation: string, grant: string): Promise<void> {
  await call(schema.unknown(), `/api/organisations/${organisation}/grants/${grant}/revoke`, {
    method: 'POST',
  });
}

export interface AuditQuestion {
  readonly action: string;
  readonly actor: string;
  readonly subject: string;
  readonly limit: number;
  readonly offset: number;
}

/** Newest first. */
export function auditEntries(
  query: AuditQuestion,
  signal?: AbortSignal,
): Promise<{ rows: AuditEntry[]; total: number }> {
  return call(auditPageSchema, '/api/audit', {
    query: { ...query },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Checks the whole log; may take a while. */
export function auditVerdict(): Promise<AuditVerdict> {
  return call(auditVerdictSchema, '/api/audit/verdict');
}
