import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { playerPaths } from '../../../shared/screen/protocol.ts';
import type { BlobSource } from '../cache/download.ts';
import type { Http, HttpInit, Timers } from '../ports.ts';

/** Answers that are not 2xx. */
export class CenterAnswered extends Error {
  override readonly name = 'CenterAnswered';
  readonly status: number;

  constructor(status: number, path: string) {
    super(`${path} answered ${status}`);
    this.status = status;
  }
}

const ANSWER_MS = 20_000;
/** A body that brings nothing for this long is given up, to be resumed. */
const IDLE_MS = 30_000;
/** No plan is larger; what is would only fill the memory. */
const PLAN_MAX_BYTES = 64 * 1024 * 1024;

/** The center's HTTP interface as a player uses it. */
export class CenterHttp {
  readonly #url: string;
  readonly #http: Http;
  readonly #timers: Timers;
  /** Bearer token of the last hello, and until when by center time; kept while the socket is away. */
  #token: string | null = null;

  constructor(url: string, http: Http, timers: Timers) {
    this.#url = url;
    this.#http = http;
    this.#timers = timers;
  }

  useToken(token: string | null): void {
    this.#token = token;
  }

  get hasToken(): boolean {
    return this.#token !== null;
  }

  /** Enrols; the answer is unparsed. */
  enrol(envelope: Envelope): Promise<unknown> {
    return this.#json(playerPaths.enrolment, { method: 'POST', body: JSON.stringify(envelope) });
  }

  /** The assignment in force at the center, unparsed; `null` where it has none. */
  async assignment(): Promise<unknown> {
    try {
      return await this.#json(playerPaths.assignment, {});
    } catch (error) {
      if (error instanceof CenterAnswered && error.status === 404) return null;
      throw error;
    }
  }

  /** The deny list in force where this device stands, unparsed. */
  denials(): Promise<unknown> {
    return this.#json(playerPaths.denials, {});
  }

  /** Journal batch; the answer is unparsed. */
  journal(envelope: Envelope): Promise<unknown> {
    return this.#json(playerPaths.journal, { method: 'POST', body: JSON.stringify(envelope) });
  }

  /** A plan's bytes, unverified. */
  async plan(digest: Sha256): Promise<Uint8Array> {
    return await this.#within(ANSWER_MS * 3, async (signal) => {
      const response = await this.#get(playerPaths.plan(digest), {}, signal);
      if (!response.ok) throw new CenterAnswered(response.status, playerPaths.plan(digest));
      if (Number(response.headers.get('content-length') ?? 0) > PLAN_MAX_BYTES)
        throw new RangeError('the plan is larger than any plan');
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  /** Assets by range, given up when nothing comes any more. */
  readonly asset: BlobSource = async (blob, offset, signal) => {
    const idle = new AbortController();
    const either = AbortSignal.any([signal, idle.signal]);
    let cancel = this.#timers.after(IDLE_MS, () => idle.abort());
    signal.addEventListener('abort', () => cancel(), { once: true });
    const range: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#get(playerPaths.asset(blob.sha256), range, either);
    const watched = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          cancel();
          cancel = this.#timers.after(IDLE_MS, () => idle.abort());
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(watched ?? null, { status: response.status, headers: response.headers });
  };

  async #json(path: string, init: HttpInit): Promise<unknown> {
    return await this.#within(ANSWER_MS, async (signal) => {
      const response = await this.#http(`${this.#url}${path}`, {
        ...init,
        headers: { ...this.#authorization(), ...(init.body === undefined ? {} : JSON_HEADERS) },
        signal,
      });
      if (response.ok) return (await response.json()) as unknown;
      await response.body?.cancel();
      throw new CenterAnswered(response.status, path);
    });
  }

  #get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    return this.#http(`${this.#url}${path}`, { headers: { ...this.#authorization(), ...headers }, signal });
  }

  #authorization(): Record<string, string> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
  }

  async #within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const cancel = this.#timers.after(limitMs, () => abort.abort());
    try {
      return await work(abort.signal);
    } finally {
      cancel();
    }
  }
}

const JSON_HEADERS = { 'content-type': 'application/json' };
