import type { AccountId, RegionCode } from '../core/ids.ts';
import { isWithin } from '../region/tier.ts';

/**
 * What a person may do, by role (DESIGN.md section 9): content, security and audit duties are
 * separate. A role is held over a region's subtree.
 */
export const ABILITIES = [
  'region.read',
  'screen.read',
  'screen.manage',
  'asset.read',
  'asset.manage',
  'schedule.read',
  'schedule.publish',
  'assessment.read',
  'assessment.rules',
  'exemption.file',
  'exemption.approve',
  'account.manage',
  'audit.read',
] as const;
export type Ability = (typeof ABILITIES)[number];

export const ROLES = ['administrator', 'operator', 'reviewer', 'county-manager', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_ZH: Readonly<Record<Role, string>> = {
  administrator: '管理员',
  operator: '播控员',
  reviewer: '审核员',
  'county-manager': '县区负责人',
  auditor: '审计员',
};

const READ: readonly Ability[] = [
  'region.read',
  'screen.read',
  'asset.read',
  'schedule.read',
  'assessment.read',
];

export const ROLE_ABILITIES: Readonly<Record<Role, readonly Ability[]>> = {
  // The first start has one account, so the administrator can do all but audit until people are added.
  administrator: [
    ...READ,
    'screen.manage',
    'asset.manage',
    'schedule.publish',
    'assessment.rules',
    'exemption.file',
    'exemption.approve',
    'account.manage',
  ],
  operator: [...READ, 'screen.manage', 'asset.manage', 'schedule.publish', 'exemption.file'],
  reviewer: READ,
  'county-manager': [...READ, 'exemption.file', 'exemption.approve'],
  auditor: [...READ, 'audit.read'],
};

/** Who acts: an account with its roles, each held over a region's subtree. */
export interface Actor {
  readonly account: AccountId;
  readonly name: string;
  readonly grants: readonly { readonly role: Role; readonly region: RegionCode }[];
}

/** Regions over whose subtrees `actor` holds `ability`; none where it holds it nowhere. */
export function scopeOf(actor: Actor, ability: Ability): RegionCode[] {
  return actor.grants
    .filter((grant) => ROLE_ABILITIES[grant.role].includes(ability))
    .map((grant) => grant.region);
}

/** Whether `actor` may do `ability` in `region`. */
export function can(actor: Actor, ability: Ability, region: RegionCode): boolean {
  return scopeOf(actor, ability).some((held) => isWithin(region, held));
}
