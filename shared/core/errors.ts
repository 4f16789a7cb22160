/**
 * The one table of errors (STYLE.md): a stable code, the HTTP status, and words an operator
 * understands, Chinese first. Codes are never renamed. `{name}` is filled from `params`.
 */
export const ERRORS = {
  BAD_REQUEST: { status: 400, zh: '请求内容不对：{detail}', en: 'The request is not valid: {detail}' },
  NOT_LOGGED_IN: { status: 401, zh: '请先登录', en: 'Log in first' },
  LOGIN_REFUSED: { status: 401, zh: '账号或密码不对', en: 'Account or password is wrong' },
  LOGIN_LOCKED: {
    status: 429,
    zh: '输错次数过多，{minutes} 分钟后再试',
    en: 'Too many wrong tries; try again in {minutes} minutes',
  },
  PASSWORD_WEAK: { status: 400, zh: '密码至少 12 个字符', en: 'A password has at least 12 characters' },
  FORBIDDEN: { status: 403, zh: '没有这项权限：{ability}', en: 'You lack the ability {ability} here' },
  NOT_FOUND: { status: 404, zh: '没有找到 {what}', en: '{what} was not found' },
  CONFLICT: { status: 409, zh: '和现有内容冲突：{detail}', en: 'Conflicts with what is there: {detail}' },
  TOO_LARGE: { status: 413, zh: '内容太大，上限 {limit}', en: 'Too large; the limit is {limit}' },
  TOO_MANY: { status: 429, zh: '操作太频繁，稍后再试', en: 'Too many requests; try again later' },
  INTERNAL: { status: 500, zh: '中心内部出错，编号 {id}', en: 'Internal error, number {id}' },
  NOT_READY: { status: 503, zh: '中心还没有准备好：{detail}', en: 'The center is not ready: {detail}' },

  CONFIG_INVALID: { status: 500, zh: '配置不对：{detail}', en: 'Configuration is not valid: {detail}' },
  INSTANCE_RUNNING: {
    status: 500,
    zh: '数据目录 {folder} 正被另一个进程使用',
    en: 'The data folder {folder} is in use by another process',
  },

  REGION_UNKNOWN: { status: 400, zh: '没有这个区划：{code}', en: 'No such region: {code}' },
  REGION_HOLDS_NO_SCREENS: {
    status: 400,
    zh: '{code} 是统计区（开发区、农场），不能放大屏',
    en: '{code} is a statistical pseudo-area and holds no screens',
  },
  COMMISSIONED_IN_PAST: {
    status: 400,
    zh: '启用日期不能早于今天（{today}），次日起考核',
    en: 'The commissioning day is no earlier than today, {today}; assessment begins the day after',
  },
  SCREEN_RETIRED: { status: 409, zh: '这块大屏已经停用', en: 'This screen is retired' },
  PAIRING_CODE_UNKNOWN: {
    status: 404,
    zh: '没有这个登记码，或已过期。看一眼大屏上的新码',
    en: 'No such pairing code, or it has expired; read the new one on the glass',
  },
  PAIRING_CODE_INVALID: {
    status: 400,
    zh: '登记码是 8 个字母数字，看一眼大屏上的码',
    en: 'A pairing code is 8 letters and digits; read it on the glass',
  },
  DEVICES_TOO_MANY: {
    status: 503,
    zh: '等待登记的终端太多，稍后再试；登记过的不受影响',
    en: 'Too many devices wait to be claimed; try again later',
  },
  DEVICE_UNKNOWN: { status: 403, zh: '中心没见过这台终端', en: 'This device is not enrolled' },
  DEVICE_UNCLAIMED: { status: 403, zh: '这台终端还没有登记', en: 'This device has not been claimed' },
  SIGNATURE_INVALID: { status: 403, zh: '签名验证不过', en: 'The signature does not verify' },

  SCHEDULE_REFUSED: {
    status: 400,
    zh: '排期有 {count} 处错误：{zh}',
    en: '{count} errors in the schedules: {en}',
  },
  PLAYLIST_UNKNOWN: { status: 400, zh: '没有这个节目单：{id}', en: 'No such playlist: {id}' },
  ASSET_UNKNOWN: { status: 404, zh: '没有这个素材：{sha256}', en: 'No such asset: {sha256}' },
  ASSET_BYTES_DIFFER: {
    status: 400,
    zh: '素材内容和它的 SHA-256 不一致',
    en: 'The bytes do not match their SHA-256',
  },
  ASSET_TYPE_REFUSED: {
    status: 415,
    zh: '不收这种文件：{mime}。收 MP4、HLS、JPEG、PNG、WebP、图文卡',
    en: 'This type of file is not taken: {mime}',
  },
  ASSET_DESCRIBED_WRONG: {
    status: 400,
    zh: '素材 {sha256} 的说明和内容对不上：{detail}',
    en: 'What is said of asset {sha256} is not true of its bytes: {detail}',
  },
  PLAN_UNKNOWN: { status: 404, zh: '没有这个播出单：{digest}', en: 'No such plan: {digest}' },
  PLAN_BYTES_DIFFER: {
    status: 400,
    zh: '播出单内容和摘要不一致',
    en: 'The plan bytes do not match their digest',
  },
  PLAN_RULES_UNKNOWN: {
    status: 400,
    zh: '播出单用的规则版本 {version} 不认识',
    en: 'The plan names rules version {version}, which is not known here',
  },
  PLAN_INVALID: {
    status: 400,
    zh: '播出单内容不合规则：{detail}',
    en: 'The plan is not valid: {detail}',
  },
  ASSIGNMENT_INVALID: { status: 400, zh: '派单内容不合规则', en: 'The assignment is not valid' },
  ASSIGNMENT_OLD: {
    status: 409,
    zh: '派单计数 {counter} 不大于已接受的 {accepted}',
    en: 'Assignment counter {counter} is not above the accepted {accepted}',
  },
  ASSIGNMENT_FOREIGN: { status: 403, zh: '派单不是给这台终端的', en: 'The assignment is for another device' },
  ASSIGNMENT_EXPIRED: { status: 403, zh: '派单已过期', en: 'The assignment has expired' },

  BATCH_INVALID: {
    status: 400,
    zh: '日志批次不对：{detail}',
    en: 'The journal batch is not valid: {detail}',
  },
  BATCH_CHAIN_BROKEN: { status: 409, zh: '日志链在 {seq} 处断开', en: 'The journal chain breaks at {seq}' },

  EXEMPTION_TOO_LATE: {
    status: 400,
    zh: '免考核最多补报 72 小时以前的时段',
    en: 'An exemption covers nothing earlier than 72 h before it is filed',
  },
  SECOND_PERSON_NEEDED: {
    status: 403,
    zh: '要由另一个人来批',
    en: 'Another person has to approve this',
  },
  HIGHER_TIER_NEEDED: { status: 403, zh: '要由上一级来批', en: 'A higher tier has to approve this' },
  RULE_NOT_IN_FUTURE: {
    status: 400,
    zh: '应开机时段最早从次日 00:00 起变更',
    en: 'Required hours change no earlier than the next 00:00',
  },

  SECOND_FACTOR_NEEDED: {
    status: 401,
    zh: '请输入验证器上的 6 位验证码',
    en: 'Enter the 6-digit code of your authenticator',
  },
  SECOND_FACTOR_WRONG: { status: 401, zh: '验证码不对或已用过', en: 'The code is wrong or was used before' },
  SECOND_FACTOR_MISSING: {
    status: 403,
    zh: '这项操作要先开通两步验证：右上角 → 两步验证',
    en: 'Set up your second factor before doing this',
  },
  SECOND_FACTOR_SET: { status: 409, zh: '已经开通两步验证', en: 'The second factor is already set up' },
  DUTIES_CONFLICT: {
    status: 400,
    zh: '审计员不能同时有别的角色（{roles}）',
    en: 'An auditor holds no other role ({roles})',
  },
  MEMBER_ROLE: {
    status: 400,
    zh: '第三方运营人员只按授权做事，不能另有角色',
    en: 'A member of an operating organisation acts by its grants and holds no role',
  },
  ACCOUNT_DISABLED: { status: 409, zh: '这个账号已停用', en: 'This account is disabled' },
  LAST_ADMINISTRATOR: {
    status: 409,
    zh: '这是最后一个管理员，先任命另一个',
    en: 'This is the last administrator; appoint another first',
  },
  GRANT_EXPIRED: { status: 400, zh: '授权到期日不能早于今天', en: 'A grant cannot expire in the past' },
  REGION_SUSPENDED: {
    status: 403,
    zh: '{region} 的发布权被上级暂停：{reason}',
    en: 'Publishing by {region} is suspended by a higher tier: {reason}',
  },

  DRAFT_CHANGED: {
    status: 409,
    zh: '{name} 在 {time} 改过这份草稿（第 {revision} 稿），你的改动没有保存。看一眼新稿再改',
    en: '{name} changed this draft at {time} (revision {revision}); yours was not saved',
  },
  DRAFT_STATE: {
    status: 409,
    zh: '草稿现在是“{state}”，不能{action}',
    en: 'The draft is {stateEn} and cannot be {actionEn}',
  },
  DRAFT_EMPTY: { status: 400, zh: '草稿里没有改动', en: 'The draft changes nothing' },
  DRAFT_OUTDATED: {
    status: 409,
    zh: '{id} 在你起草后又发布过新版本（第 {version} 版），请在新版本上重做',
    en: '{id} was published anew (version {version}) after you drafted; redo it on that version',
  },
  REVIEW_DEMANDED: {
    status: 409,
    zh: '{region} 要求 {stages} 级审核，先送审',
    en: '{region} demands {stages} stages of review; submit it first',
  },
  REVIEW_OTHER_PERSON: {
    status: 403,
    zh: '三审不能由同一个人，也不能由起草人审：换一个人',
    en: 'Each stage is reviewed by another person, and never by the author',
  },
  REVIEW_CONTENT_CHANGED: {
    status: 409,
    zh: '审核期间内容变了，请重新看过再审',
    en: 'The content changed during the review; look at it again',
  },
  REVIEW_HIGHER_REGION: {
    status: 403,
    zh: '终审要由 {region} 的审核员来做',
    en: 'The final stage belongs to a reviewer of {region}',
  },
  ASSET_UNREVIEWED: {
    status: 409,
    zh: '{count} 个素材还没有审过：{titles}',
    en: '{count} assets have not been reviewed: {titles}',
  },
  ASSET_DENIED: {
    status: 409,
    zh: '素材 {title} 在 {region} 已被撤播',
    en: 'Asset {title} is taken down in {region}',
  },
  FEASIBILITY_STALE: {
    status: 409,
    zh: '可行性报告之后有别的发布，请再看一遍报告',
    en: 'Something else was published after the feasibility report; look at it again',
  },
  FEASIBILITY_REFUSED: {
    status: 409,
    zh: '可行性报告有 {count} 处错误，不能发布：{zh}',
    en: 'The feasibility report has {count} errors: {en}',
  },
  SCHEDULE_UNKNOWN: { status: 404, zh: '没有这条排期：{id}', en: 'No such schedule: {id}' },
  SMIL_REFUSED: { status: 400, zh: 'SMIL 文件第 {line} 行：{zh}', en: 'SMIL file, line {line}: {en}' },

  DENIAL_UNKNOWN: { status: 404, zh: '没有这条撤播令', en: 'No such denial' },
  DENIAL_LIFTED: { status: 409, zh: '这条撤播令已经解除', en: 'This denial has been lifted' },
  DENIAL_TWICE: {
    status: 409,
    zh: '{region} 已经有同样的撤播令',
    en: '{region} already has the same denial',
  },
  DENIALS_TOO_MANY: {
    status: 409,
    zh: '撤播令太多，一份清单装不下，先解除不再需要的',
    en: 'There are more denials than a list can hold; lift what is no longer needed',
  },
  DENIAL_LIST_INVALID: { status: 400, zh: '撤播清单不合规则', en: 'The deny list is not valid' },
  DENIAL_LIST_OLD: {
    status: 409,
    zh: '撤播清单第 {version} 版不新于已有的第 {accepted} 版',
    en: 'Deny list version {version} is not above {accepted}',
  },
} as const satisfies Record<string, { status: number; zh: string; en: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a stable code; what the API answers and what a log line names. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, params: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(fill(ERRORS[code].en, params), cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  /** What the API answers: `{error: {code, zh, en, params}}`. */
  toBody(): ErrorBody {
    const { zh, en } = ERRORS[this.code];
    return {
      error: { code: this.code, zh: fill(zh, this.params), en: fill(en, this.params), params: this.params },
    };
  }
}

export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly zh: string;
    readonly en: string;
    readonly params: Readonly<Record<string, string | number>>;
  };
}

function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
