import type { Role } from '../../../shared/identity/abilities.ts';
import { ROLE_ZH } from '../../../shared/identity/abilities.ts';
import { dayOfMs } from './format.ts';

/** What an entry's details are called; a key without a word keeps its own. */
const KEY_ZH: Readonly<Record<string, string>> = {
  assets: '看过素材',
  changes: '改动',
  comment: '意见',
  commissionedOn: '启用日',
  contact: '联系',
  demo: '演示',
  denial: '撤播令',
  device: '终端',
  disabled: '停用',
  draft: '草稿',
  expiresAtMs: '到期',
  grants: '角色',
  hash: '内容',
  id: '编号',
  issuer: '下令区划',
  kind: '种类',
  login: '账号',
  name: '名称',
  organisation: '运营方',
  password: '密码',
  reason: '原因',
  region: '区划',
  replaced: '换下',
  revision: '稿',
  stage: '第几审',
  stages: '审核级数',
  subject: '对象',
  title: '标题',
  version: '版本',
};
/** Items of a list that are written out. */
const MOST = 3;
const HASH = /^[0-9a-f]{32,64}$/;

function isGrant(value: object): value is { role: Role; region: string; expiresAtMs: number | null } {
  return 'role' in value && 'region' in value && String(value.role) in ROLE_ZH;
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'string') return HASH.test(value) ? value.slice(0, 12) : value;
  if (Array.isArray(value)) {
    const first = value.slice(0, MOST).map(valueText).join('、');
    return value.length > MOST ? `${first} 等 ${value.length} 项` : first;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if (!isGrant(value)) return JSON.stringify(value);
  const until = value.expiresAtMs === null ? '' : `，到 ${dayOfMs(value.expiresAtMs)}`;
  return `${ROLE_ZH[value.role]} ${value.region}${until}`;
}

/** An entry's details to be read at a glance: what is empty is left out, hashes are cut, long lists counted. */
export function detailText(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${KEY_ZH[key] ?? key} ${valueText(value)}`)
    .join('；');
}

/** An entry's details as they stand in the log, on which its hash was made. */
export function rawDetail(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
