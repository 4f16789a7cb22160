import type { AccountId, OrganisationId, RegionCode } from '../core/ids.ts';
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
  /** Draft schedules, submit them, take one's own submission back. */
  'schedule.edit',
  /** Pass or return what others submitted. */
  'schedule.review',
  /** Put what passed its reviews on air; withdraw it. */
  'schedule.publish',
  /** Quotas, reserved windows, review demands, suspending a lower tier. */
  'policy.manage',
  /** Takedown and stop-all. */
  'denial.issue',
  'denial.lift',
  'assessment.read',
  'assessment.rules',
  'exemption.file',
  'exemption.approve',
  /** Accounts, roles, operating organisations and their grants. */
  'account.manage',
  'audit.read',
] as const;
export type Ability = (typeof ABILITIES)[number];

/**
 * What changes what is on air, or who may: where a center demands the second factor, nobody does
 * these without one.
 */
export const SECOND_FACTOR_ABILITIES: readonly Ability[] = [
  'asset.manage',
  'schedule.edit',
  'schedule.review',
  'schedule.publish',
  'policy.manage',
  'denial.issue',
  'denial.lift',
  'account.manage',
];

/** The region that this system is for; whoever administers it administers everything. */
export const PROVINCE = '41' as RegionCode;

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
  administrator: [
    ...READ,
    'screen.manage',
    'assessment.rules',
    'exemption.file',
    'exemption.approve',
    'account.manage',
  ],
  operator: [
    ...READ,
    'screen.manage',
    'asset.manage',
    'schedule.edit',
    'schedule.publish',
    'policy.manage',
    'denial.issue',
    'denial.lift',
    'exemption.file',
  ],
  reviewer: [...READ, 'schedule.review', 'denial.issue', 'denial.lift'],
  'county-manager': [...READ, 'exemption.file', 'exemption.approve'],
  auditor: [...READ, 'audit.read'],
};

/**
 * Roles that one account never holds together: whoever is watched by the audit does not watch it.
 * The very first account holds administrator and operator until people are added.
 */
export const DUTIES_APART: readonly (readonly [Role, Role])[] = [
  ['auditor', 'administrator'],
  ['auditor', 'operator'],
  ['auditor', 'reviewer'],
  ['auditor', 'county-manager'],
];

/** What a region may grant to an operating organisation (第三方运营): never review, policy, people or audit. */
export const GRANTABLE_ABILITIES = [
  'region.read',
  'screen.read',
  'screen.manage',
  'asset.read',
  'asset.manage',
  'schedule.read',
  'schedule.edit',
  'schedule.publish',
  'assessment.read',
  'exemption.file',
] as const satisfies readonly Ability[];
export type GrantableAbility = (typeof GRANTABLE_ABILITIES)[number];

/** Abilities held over a region's subtree, by a role or by an organisation's grant. */
export interface HeldAbilities {
  readonly region: RegionCode;
  readonly abilities: readonly Ability[];
}

/** Who acts, with what is in force now: expired grants are not here. */
export interface Actor {
  readonly account: AccountId;
  readonly name: string;
  /** The operating organisation on whose behalf it acts. */
  readonly organisation: OrganisationId | null;
  readonly grants: readonly HeldAbilities[];
}

/** Regions over whose subtrees `actor` holds `ability`; none where it holds it nowhere. */
export function scopeOf(actor: Actor, ability: Ability): RegionCode[] {
  return actor.grants.filter((grant) => grant.abilities.includes(ability)).map((grant) => grant.region);
}

/** Whether `actor` may do `ability` in `region`. */
export function can(actor: Actor, ability: Ability, region: RegionCode): boolean {
  return scopeOf(actor, ability).some((held) => isWithin(region, held));
}
