/** Tables of regions, people, the audit log, screens and devices. Times are integer milliseconds, days text. */

export interface MetaTable {
  key: string;
  value: string;
}

export interface RegionTable {
  code: string;
  name: string;
  tier: string;
  parent: string | null;
  /** 1 for statistical pseudo-areas. */
  stat_only: number;
}

export interface RegionAliasTable {
  /** The code that is no longer used. */
  code: string;
  name: string;
  /** The code in use now. */
  region: string;
  valid_from: string | null;
  /** Last day on which the old code was right. */
  valid_to: string;
}

export interface AccountTable {
  id: string;
  /** What is typed at login, lower case. */
  login: string;
  name: string;
  /** Argon2id in PHC format. */
  password: string;
  /** 1 while the password was set by somebody else. */
  must_change: number;
  failures: number;
  locked_until_ms: number | null;
  disabled: number;
  created_at_ms: number;
  /** The operating organisation whose grants it acts under. */
  organisation: string | null;
  last_login_at_ms: number | null;
}

export interface AccountGrantTable {
  account: string;
  role: string;
  region: string;
  /** From this instant it is as if it were not there; null: it never ends by itself. */
  expires_at_ms: number | null;
}

export interface OrganisationTable {
  id: string;
  name: string;
  /** The region that keeps it on its books. */
  region: string;
  contact: string;
  disabled: number;
  created_at_ms: number;
}

/** What a region allows an operating organisation; kept when it is over. */
export interface OrganisationGrantTable {
  id: string;
  organisation: string;
  region: string;
  /** JSON array of abilities. */
  abilities: string;
  expires_at_ms: number;
  granted_by: string;
  granted_by_name: string;
  granted_at_ms: number;
  revoked_at_ms: number | null;
  revoked_by: string | null;
  revoked_by_name: string | null;
}

export interface SecondFactorTable {
  account: string;
  /** Sealed with the key in the data folder. */
  secret: string;
  offered_at_ms: number;
  /** Null while it is only offered: it counts once a code confirmed it. */
  confirmed_at_ms: number | null;
  /** The latest time step whose code was taken; no code of it or before is taken again. */
  used_step: number | null;
}

/** Recovery codes that were not used yet. */
export interface RecoveryCodeTable {
  account: string;
  /** SHA-256 of the code without its dashes. */
  code_hash: string;
}

export interface SessionTable {
  /** SHA-256 of the cookie's token. */
  token_hash: string;
  account: string;
  created_at_ms: number;
  seen_at_ms: number;
}

export interface AuditTable {
  seq: number;
  at_ms: number;
  actor: string;
  actor_name: string;
  action: string;
  subject: string;
  /** Canonical JSON. */
  detail: string;
  previous: string;
  hash: string;
}

export interface ScreenTable {
  id: string;
  name: string;
  region: string;
  /** JSON array of words. */
  tags: string;
  /** JSON array of names. */
  groups: string;
  demo: number;
  commissioned_on: string;
  retired_on: string | null;
  /** JSON: the settings that differ from the defaults. */
  settings: string;
  created_at_ms: number;
}

export interface DeviceTable {
  id: string;
  public_key: string;
  renderer: string;
  version: string;
  hardware: string;
  enrolled_at_ms: number;
  pairing_code: string | null;
  pairing_expires_at_ms: number | null;
}

export interface BindingTable {
  id: string;
  screen: string;
  device: string;
  from_ms: number;
  to_ms: number | null;
}

export interface CoreTables {
  meta: MetaTable;
  regions: RegionTable;
  region_aliases: RegionAliasTable;
  accounts: AccountTable;
  account_grants: AccountGrantTable;
  organisations: OrganisationTable;
  organisation_grants: OrganisationGrantTable;
  second_factors: SecondFactorTable;
  recovery_codes: RecoveryCodeTable;
  sessions: SessionTable;
  audit: AuditTable;
  screens: ScreenTable;
  devices: DeviceTable;
  bindings: BindingTable;
}
