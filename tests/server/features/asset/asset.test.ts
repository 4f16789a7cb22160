import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCenter } from '../../../helpers/center.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { makeCard, upload } from '../../../helpers/content.ts';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(5_000)]);
const name = createHash('sha256').update(png).digest('hex');

let at: TestCenter;
let cookie: string;
beforeAll(async () => {
  at = await startCenter();
  cookie = await at.login();
});
afterAll(() => at.stop());

const get = (headers: Record<string, string> = {}, path = name, method: 'GET' | 'HEAD' = 'GET') =>
  at.center.http.inject({ method, url: `/api/assets/${path}`, headers: { cookie, ...headers } });

describe('an uploaded asset', () => {
  it('is taken under its hash, and taken again without effect', async () => {
    const stored = { sha256: name, mediaType: 'image/png', sizeBytes: png.length };
    expect(await upload(at, cookie, name, png)).toEqual({ status: 200, body: stored });
    expect(await upload(at, cookie, name, png)).toEqual({ status: 200, body: stored });
  });

  it('is refused under another hash, and when it is no picture, video or text', async () => {
    const other = createHash('sha256').update('other').digest('hex');
    expect((await upload(at, cookie, other, png)).body).toMatchObject({
      error: { code: 'ASSET_BYTES_DIFFER' },
    });
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const answer = await upload(at, cookie, createHash('sha256').update(page).digest('hex'), page);
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'ASSET_TYPE_REFUSED' } } });
  });

  it('is taken whatever the sender calls its type', async () => {
    const { bytes, asset } = makeCard('任意类型');
    for (const type of ['application/json', 'text/html', undefined]) {
      const response = await at.center.http.inject({
        method: 'PUT',
        url: `/api/assets/${asset.sha256}`,
        headers: { cookie, ...(type !== undefined && { 'content-type': type }) },
        payload: bytes,
      });
      expect(response.json()).toMatchObject({ mediaType: 'application/json' });
    }
  });

  it('comes back whole, typed by content, immutable, with its hash as tag, also under a file name', async () => {
    for (const path of [name, `${name}.png`]) {
      const response = await get({}, path);
      expect(response.statusCode).toBe(200);
      expect(response.rawPayload.equals(png)).toBe(true);
      expect(response.headers).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(png.length),
        etag: `"${name}"`,
        'accept-ranges': 'bytes',
      });
      expect(response.headers['cache-control']).toContain('immutable');
      expect(response.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('is not sent again to who has it', async () => {
    const response = await get({ 'if-none-match': `"${name}"` });
    expect(response.statusCode).toBe(304);
    expect(response.rawPayload).toHaveLength(0);
  });

  it('answers HEAD with the headers alone', async () => {
    const response = await get({}, name, 'HEAD');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-length']).toBe(String(png.length));
    expect(response.rawPayload).toHaveLength(0);
  });

  it('comes in ranges', async () => {
    const middle = await get({ range: 'bytes=100-299' });
    expect(middle.statusCode).toBe(206);
    expect(middle.headers['content-range']).toBe(`bytes 100-299/${png.length}`);
    expect(middle.rawPayload.equals(png.subarray(100, 300))).toBe(true);
    const tail = await get({ range: 'bytes=-8' });
    expect(tail.rawPayload.equals(png.subarray(-8))).toBe(true);
    const beyond = await get({ range: `bytes=${png.length}-` });
    expect(beyond.statusCode).toBe(416);
    expect(beyond.headers['content-range']).toBe(`bytes */${png.length}`);
    const stale = await get({ range: 'bytes=0-9', 'if-range': '"another"' });
    expect(stale.statusCode).toBe(200);
    expect(stale.rawPayload).toHaveLength(png.length);
  });

  it('is for nobody who is not known', async () => {
    const path = `/api/assets/${name}`;
    expect((await at.as(null)('GET', path)).status).toBe(401);
    expect((await at.as('Bearer forged')('GET', path)).status).toBe(401);
    expect((await at.as(null)('PUT', path)).status).toBe(401);
  });

  it('that is not there is said to be unknown', async () => {
    const unknown = await at.as(cookie)('GET', `/api/assets/${'0'.repeat(64)}`);
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'ASSET_UNKNOWN' } } });
    expect((await at.as(cookie)('GET', '/api/assets/..%2f..%2fcenter.key')).status).toBe(400);
  });
});

describe('an upload over a real connection', () => {
  const limit = 200_000;
  let small: TestCenter;
  let session: string;
  beforeAll(async () => {
    small = await startCenter({ listen: true, config: { assetMaxBytes: limit } });
    session = await small.login();
  });
  afterAll(() => small.stop());

  const video = (sizeBytes: number) => {
    const bytes = Buffer.concat([
      Buffer.from('00000018667479706d703432', 'hex'),
      randomBytes(sizeBytes - 12),
    ]);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const put = (sha256: string, body: BodyInit, signal: AbortSignal | null = null) =>
    fetch(`${small.url}/api/assets/${sha256}`, {
      method: 'PUT',
      headers: { cookie: session },
      body,
      signal,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });

  it('is told that it is too large, and the connection lives on', async () => {
    const { bytes, sha256 } = video(limit + 1);
    const answer = await put(sha256, new Uint8Array(bytes));
    expect(answer.status).toBe(413);
    const fitting = video(limit);
    expect((await put(fitting.sha256, new Uint8Array(fitting.bytes))).status).toBe(200);
  });

  it('that breaks off leaves nothing, and succeeds the next time', async () => {
    const { bytes, sha256 } = video(150_000);
    const abort = new AbortController();
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(bytes.subarray(0, 100_000)));
      },
      pull: () => abort.abort(),
    });
    await expect(put(sha256, broken, abort.signal)).rejects.toThrow();
    const call = small.as(session);
    expect((await call('GET', `/api/assets/${sha256}`)).status).toBe(404);
    expect((await put(sha256, new Uint8Array(bytes))).status).toBe(200);
    const back = await fetch(`${small.url}/api/assets/${sha256}.mp4`, { headers: { cookie: session } });
    expect(back.headers.get('content-type')).toBe('video/mp4');
    expect(Buffer.from(await back.arrayBuffer()).equals(bytes)).toBe(true);
  });
});

describe('a described asset', () => {
  const { bytes, asset } = makeCard('描述一次');
  const describeIt = (patch: object = {}, region = '4103') =>
    at.as(cookie)('POST', '/api/assets', { region, asset: { ...asset, ...patch } });

  it('is refused before its bytes are here', async () => {
    expect(await describeIt()).toMatchObject({ status: 404, body: { error: { code: 'ASSET_UNKNOWN' } } });
  });

  it('is in the library, and described again without effect', async () => {
    await upload(at, cookie, asset.sha256, bytes);
    for (let twice = 0; twice < 2; twice += 1)
      expect(await describeIt()).toMatchObject({ status: 200, body: { region: '4103', asset } });
    const { body } = await at.as(cookie)('GET', '/api/assets?text=描述一次');
    expect(body).toMatchObject({ total: 1, rows: [{ region: '4103', asset }] });
  });

  it('keeps its title against a region beside, and takes a new one from above', async () => {
    expect((await describeIt({ title: '别人的题目' }, '4104')).body.asset.title).toBe('描述一次');
    expect((await describeIt({ title: '省里的题目' }, '41')).body).toMatchObject({
      region: '41',
      asset: { title: '省里的题目' },
    });
  });

  it('is refused where what is said is not true of its bytes', async () => {
    expect((await describeIt({ sizeBytes: 1 }, '41')).body.error.code).toBe('ASSET_DESCRIBED_WRONG');
    expect((await describeIt({ kind: 'video', mime: 'video/mp4' }, '41')).body.error.code).toBe(
      'ASSET_TYPE_REFUSED',
    );
  });
});
