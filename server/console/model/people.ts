import type { GrantableAbility } from '../../../shared/identity/abilities.ts';
import type { Account } from '../../../shared/identity/account.schema.ts';
import type { Organisation, OrganisationGrant } from '../../../shared/identity/organisation.schema.ts';

/** What an organisation may be let do, in words. */
export const ABILITY_ZH: Readonly<Record<GrantableAbility, string>> = {
  'region.read': '看区划',
  'screen.read': '看大屏',
  'screen.manage': '管大屏、登记终端',
  'asset.read': '看素材',
  'asset.manage': '传素材',
  'schedule.read': '看排期',
  'schedule.edit': '起草和送审排期',
  'schedule.publish': '发布审过的排期',
  'assessment.read': '看开机率、使用率',
  'exemption.file': '报免考核',
};

/** Why an account cannot be used now; empty where it can. */
export function accountState(account: Account, nowMs: number): '' | '停用' | '锁定' | '没有权限' {
  if (account.disabled) return '停用';
  if (account.lockedUntilMs !== null && account.lockedUntilMs > nowMs) return '锁定';
  const holds = account.grants.some((grant) => grant.expiresAtMs === null || grant.expiresAtMs > nowMs);
  return holds || account.organisation !== null ? '' : '没有权限';
}

/** How a grant stands: the latest reason why it does not hold, or that it does. */
export function grantState(grant: OrganisationGrant, organisation: Organisation, nowMs: number) {
  if (grant.revokedAtMs !== null) return { word: '已收回', holds: false } as const;
  if (grant.expiresAtMs <= nowMs) return { word: '已到期', holds: false } as const;
  if (organisation.disabled) return { word: '运营方停用', holds: false } as const;
  return { word: '有效', holds: true } as const;
}

const ACTION_ZH: Readonly<Record<string, string>> = {
  login: '登录',
  logout: '退出',
  'session.end': '结束一处登录',
  'session.end-others': '结束别处登录',
  'second-factor.set': '开通两步验证',
  'second-factor.remove': '关闭两步验证',
  'account.locked': '输错太多被锁',
  'account.create': '新增账号',
  'account.change': '改账号',
  'account.password': '改密码',
  'organisation.create': '新增运营方',
  'organisation.change': '改运营方',
  'organisation.grant': '授权运营方',
  'organisation.revoke': '收回授权',
  'asset.describe': '登记素材',
  'screen.create': '新增大屏',
  'screen.change': '改大屏',
  'screen.claim': '登记终端',
  'screen.unbind': '解绑终端',
  'screen.retire': '停用大屏',
  'device.cloned': '终端密钥被复制',
  'schedule.apply': '整套应用排期',
  'schedule.withdraw': '撤回排期',
  'draft.create': '起草',
  'draft.change': '改草稿',
  'draft.discard': '作废草稿',
  'draft.submit': '送审',
  'draft.recall': '撤回送审',
  'draft.approve': '审核通过',
  'draft.return': '审核退回',
  'draft.publish': '发布',
  'suspension.create': '暂停发布权',
  'suspension.lift': '恢复发布权',
  'denial.issue': '撤播或停播',
  'denial.upward': '停播上报上级',
  'denial.lift-asked': '申请解除撤播',
  'denial.kept': '不解除撤播',
  'denial.lift': '解除撤播',
  'exemption.file': '报免考核',
  'exemption.approve': '批免考核',
  'required-hours.change': '改应开机时段',
  'figures.export': '导出统计',
  'schedule.export': '导出排期',
  'playlist.export': '导出节目单',
  'audit.export': '导出审计日志',
  'audit.anchor': '审计封存点',
};

/** An action of the log in words; its code where there are none. */
export function actionText(action: string): string {
  return ACTION_ZH[action] ?? action;
}
