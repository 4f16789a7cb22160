import type { EnrolmentAnswer } from '../../shared/screen/protocol.ts';
import type { Scene } from '../../shared/screen/stage-protocol.ts';
import type { CacheProgress } from './cache/asset-keeper.ts';

/** What the foot of the glass names. */
export interface Foot {
  readonly device: string;
  readonly version: string;
}

/** What keeps the player from being on air. */
export type Waiting =
  | { readonly kind: 'starting' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'foreign-center' }
  | {
      readonly kind: 'pairing';
      readonly answer: Extract<EnrolmentAnswer, { state: 'waiting' }>;
      readonly met: boolean;
    }
  | { readonly kind: 'no-plan' }
  | { readonly kind: 'fetching'; readonly progress: CacheProgress };

/** The scene for a player that is not on air yet: what is the matter, in words for who stands before it. */
export function noticeOf(waiting: Waiting, foot: Foot): Scene {
  const notice = (title: string, text: string, progress: number | null = null): Scene => ({
    mode: 'notice',
    title,
    text,
    progress,
    ...foot,
  });
  switch (waiting.kind) {
    case 'starting':
      return notice('正在启动', '马上开始');
    case 'connecting':
      return notice('正在连接播控中心', '请检查网线或无线网络。连上以后自动继续');
    case 'foreign-center':
      return notice('播控中心的密钥变了', '为了安全，这块屏不接受新的播控中心。请联系县科协');
    case 'no-plan':
      return notice('已经登记', '正在等待播控中心下发节目');
    case 'fetching':
      return downloading(waiting.progress, notice);
    case 'pairing':
      return pairing(waiting, foot);
    default:
      return waiting satisfies never;
  }
}

function downloading(
  progress: CacheProgress,
  notice: (title: string, text: string, progress: number | null) => Scene,
): Scene {
  const share = progress.bytesTotal === 0 ? null : progress.bytesReady / progress.bytesTotal;
  return notice('正在下载节目', `${progress.ready}/${progress.total}，下载完自动播出`, share);
}

function pairing({ answer, met }: Extract<Waiting, { kind: 'pairing' }>, foot: Foot): Scene {
  return {
    mode: 'pairing',
    code: answer.code,
    codeExpiresAtMs: answer.codeExpiresAtMs,
    codeLifetimeMs: Math.max(1, answer.codeExpiresAtMs - answer.nowMs),
    claimUrl: answer.claimUrl,
    ...foot,
    checks: [
      { label: '网线', text: '已接通', ok: true },
      { label: '播控中心', text: '已连上', ok: true },
      { label: '时间', text: met ? '准确' : '还没校准', ok: met },
    ],
  };
}
