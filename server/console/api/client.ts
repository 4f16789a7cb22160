import type { z } from 'zod';
import type { ErrorCode } from '../../../shared/core/errors.ts';
import { ERRORS } from '../../../shared/core/errors.ts';

/** An answer that is not the one hoped for, in words that a person can act on. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode | 'UNREACHABLE' | 'UNREADABLE';
  /** What happened. */
  readonly zh: string;
  /** What to do about it. */
  readonly next: string;

  constructor(code: ApiError['code'], zh: string, next: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
    this.zh = zh;
    this.next = next;
  }
}

type Listener = () => void;
const loggedOutListeners = new Set<Listener>();

/** Tells when an answer says that nobody is logged in any more. Returns the way to stop listening. */
export function onLoggedOut(listener: Listener): Listener {
  loggedOutListeners.add(listener);
  return () => loggedOutListeners.delete(listener);
}

/** The session is over, as an answer or the live link said. */
export function tellLoggedOut(): void {
  for (const listener of loggedOutListeners) listener();
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined | null>>;
  readonly body?: unknown;
  /** Sent as it stands, instead of a JSON body. */
  readonly xml?: string;
  readonly signal?: AbortSignal;
}

/** Path with the parameters that have a value. */
export function addressOf(path: string, query: CallOptions['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * Calls the center and parses its answer.
 * @throws ApiError with the center's own Chinese words, or why there was no answer.
 */
export async function call<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  options: CallOptions = {},
): Promise<z.output<Schema>> {
  const response = await send(path, options);
  const body: unknown = response.status === 204 ? undefined : await readJson(response);
  if (!response.ok) throw errorOf(response, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError(
    'UNREADABLE',
    '中心的回答和这个页面对不上',
    '刷新页面，换上和中心同一版的控制台',
    parsed.error,
  );
}

/** What is sent, and as what. */
function contentOf({ body, xml }: CallOptions): { readonly type: string; readonly text: string } | null {
  if (xml !== undefined) return { type: 'application/smil+xml', text: xml };
  return body === undefined ? null : { type: 'application/json', text: JSON.stringify(body) };
}

async function send(path: string, options: CallOptions): Promise<Response> {
  const content = contentOf(options);
  try {
    return await fetch(addressOf(path, options.query), {
      method: options.method ?? 'GET',
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(content === null ? {} : { 'content-type': content.type }),
      },
      ...(content === null ? {} : { body: content.text }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('UNREACHABLE', '连不上播控中心', '看一眼本机网络，再重试', cause);
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    // A proxy in between answers HTML; what its status says is still worth telling.
    if (!response.ok) return undefined;
    throw new ApiError('UNREADABLE', '中心的回答读不懂', '刷新页面再试', cause);
  }
}

const NEXT: Partial<Record<ErrorCode, string>> = {
  NOT_LOGGED_IN: '重新登录',
  FORBIDDEN: '请管理员在本区划给你这项权限',
  NOT_FOUND: '回上一页重新选',
  INTERNAL: '重试；还不行就把编号告诉管理员',
  NOT_READY: '等一分钟再试',
  TOO_MANY: '等一分钟再试',
};

function errorOf(response: Response, body: unknown): ApiError {
  const error = (body as { error?: { code?: unknown; zh?: unknown } } | undefined)?.error;
  if (typeof error?.code !== 'string' || typeof error.zh !== 'string' || !(error.code in ERRORS))
    return new ApiError('UNREADABLE', `中心没有正常回答（${response.status}）`, '重试；还不行就找管理员');
  const code = error.code as ErrorCode;
  if (code === 'NOT_LOGGED_IN') tellLoggedOut();
  return new ApiError(code, error.zh, NEXT[code] ?? '改好后重试');
}
