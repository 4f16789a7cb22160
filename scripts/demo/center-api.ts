import { z } from 'zod';
import type { loginSchema } from '../../shared/identity/account.schema.ts';

const errorSchema = z.object({ error: z.object({ code: z.string(), zh: z.string() }) });

/** The center answered with an error from its table. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;

  constructor(what: string, status: number, error: { readonly code: string; readonly zh: string }) {
    super(`${what}：${error.zh}`);
    this.code = error.code;
    this.status = status;
  }
}

/** The center's public API, as anybody logged in uses it. */
export class CenterApi {
  readonly url: string;
  #cookie = '';

  /** @param url The center's address, without a slash at the end. */
  constructor(url: string) {
    this.url = url;
  }

  /** The session, for whoever has to show it as a Cookie header. */
  get cookie(): string {
    return this.#cookie;
  }

  /** @throws ApiError LOGIN_REFUSED, LOGIN_LOCKED */
  async login(account: z.input<typeof loginSchema>): Promise<void> {
    const response = await this.#fetch('POST', '/api/identity/login', account);
    await this.#read(response, z.unknown(), 'POST /api/identity/login');
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  /** @throws ApiError; ZodError when the answer is not what the schema says. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return this.#read(await this.#fetch('GET', path), schema, `GET ${path}`);
  }

  /** @throws ApiError; ZodError when the answer is not what the schema says. */
  async post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return this.#read(await this.#fetch('POST', path, body), schema, `POST ${path}`);
  }

  #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async #read<Schema extends z.ZodType>(
    response: Response,
    schema: Schema,
    what: string,
  ): Promise<z.output<Schema>> {
    const body: unknown = await response.json();
    if (response.ok) return schema.parse(body);
    const known = errorSchema.safeParse(body);
    throw new ApiError(
      what,
      response.status,
      known.success ? known.data.error : { code: '', zh: `HTTP ${response.status}` },
    );
  }
}
