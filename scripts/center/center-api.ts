import { z } from 'zod';
import type { loginSchema } from '../../shared/identity/account.schema.ts';

/** The center said no, or did not answer; the message is for an operator. */
export class CenterError extends Error {
  override readonly name = 'CenterError';
  /** The center's error code, or `null` where it gave none. */
  readonly code: string | null;

  constructor(message: string, code: string | null, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const refusalSchema = z.object({ error: z.object({ code: z.string(), zh: z.string() }) });

/** The center's public API, as anybody logged in uses it. */
export class CenterApi {
  readonly url: string;
  #cookie: string;

  /**
   * @param url the center's address, like `http://127.0.0.1:8080`
   * @param cookie a session that is open already, as a Cookie header
   */
  constructor(url: string, cookie = '') {
    this.url = url.replace(/\/+$/, '');
    this.#cookie = cookie;
  }

  /** The session, for whoever has to show it as a Cookie header. */
  get cookie(): string {
    return this.#cookie;
  }

  /** @throws CenterError LOGIN_REFUSED, LOGIN_LOCKED */
  async login(account: z.input<typeof loginSchema>): Promise<void> {
    const response = await this.ask('/api/identity/login', jsonOf('POST', account));
    await response.body?.cancel();
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  /** @throws CenterError; ZodError when the answer is not what the schema says. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    const response = await this.ask(path, {});
    return schema.parse(await response.json());
  }

  /** @throws CenterError; ZodError when the answer is not what the schema says. */
  async post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const response = await this.ask(path, jsonOf('POST', body));
    return schema.parse(await response.json());
  }

  /** Any request. @throws CenterError for what is not answered with success. */
  async ask(path: string, init: RequestInit): Promise<Response> {
    const response = await this.reach(path, init);
    if (response.ok) return response;
    const refusal = refusalSchema.safeParse(await response.json().catch(() => null));
    if (!refusal.success) throw new CenterError(`中心答 ${response.status}`, null);
    const { code, zh } = refusal.data.error;
    throw new CenterError(`中心不收：${zh}（${code}）`, code);
  }

  /** Any request, whatever is answered. @throws CenterError when nobody answers. */
  async reach(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookie !== '') headers.set('cookie', this.#cookie);
    try {
      return await fetch(this.url + path, { ...init, headers });
    } catch (cause) {
      throw new CenterError(`连不上中心 ${this.url}，先用 npm start 启动它，或检查 --center`, null, cause);
    }
  }
}

function jsonOf(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
