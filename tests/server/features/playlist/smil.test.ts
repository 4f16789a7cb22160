import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smilImportSchema } from '../../../../shared/playlist/smil.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';
import { makePerson } from '../../../helpers/schedulers.ts';

let test: TestCenter;
let cookie: string;
const card = makeCard('防溺水');

beforeAll(async () => {
  test = await startCenter();
  cookie = await test.login();
  await upload(test, cookie, card.asset.sha256, card.bytes);
  const answer = await test.as(cookie)('POST', '/api/schedules/apply', makeDocument(card.asset));
  expect(answer.status).toBe(200);
});
afterAll(() => test.stop());

async function send(text: string, query = 'region=41', type = 'application/smil+xml') {
  const response = await test.center.http.inject({
    method: 'POST',
    url: `/api/playlists/smil?${query}`,
    headers: { cookie, 'content-type': type },
    payload: text,
  });
  return { status: response.statusCode, body: response.json() as { error?: { code: string; zh: string } } };
}

describe('SMIL at the center', () => {
  it('writes a playlist with its schedule, and reads it back as edits that put nothing on air', async () => {
    const written = await test.as(cookie)('GET', '/api/playlists/daily/smil');
    expect(written.headers['content-type']).toContain('application/smil+xml');
    const before = await test.as(cookie)('GET', '/api/schedules/document?region=41');
    const { status, body } = await send(String(written.body));
    expect(status).toBe(200);
    const { edits, findings } = smilImportSchema.parse(body);
    expect(findings).toEqual([]);
    // Both ids are on air, so that what is imported is new beside them.
    expect(edits).toMatchObject([
      {
        kind: 'playlist',
        id: 'daily-2',
        base: null,
        body: { items: [{ asset: card.asset.sha256, durationS: 15 }] },
      },
      { kind: 'schedule', id: 'daily-2', base: null, body: { playlist: 'daily-2', class: 'rotation' } },
    ]);
    expect((await test.as(cookie)('GET', '/api/schedules/document?region=41')).body).toEqual(before.body);
    const draft = { region: '41', title: 'SMIL 导入', edits };
    expect((await test.as(cookie)('POST', '/api/drafts', draft)).status).toBeLessThan(300);
  });

  it('leaves out the schedules of neighbours that use it', async () => {
    const use = (region: string) => {
      const schedules = [makeDaily({ id: `use-${region}`, name: `用 ${region}`, region })];
      return makeDocument(card.asset, { region, assets: [], playlists: [], schedules });
    };
    const admin = test.as(cookie);
    for (const region of ['410122', '411224'])
      expect((await admin('POST', '/api/schedules/apply', use(region))).status).toBe(200);
    const county = await makePerson(test, 'zhongmu', ['operator', '410122']);
    const { body } = await county('GET', '/api/playlists/daily/smil');
    expect(body).toContain('use-410122');
    expect(body).not.toContain('411224');
  });

  it('finds an asset by the file name that the caller gives a hash for', async () => {
    const smil = '<smil><body><seq><text src="a.json" dur="9s"/></seq></body></smil>';
    expect((await send(smil)).body.error).toMatchObject({ code: 'SMIL_REFUSED' });
    const files = encodeURIComponent(JSON.stringify({ 'a.json': card.asset.sha256 }));
    expect((await send(smil, `region=4101&files=${files}`, 'text/xml')).body).toMatchObject({
      edits: [{ kind: 'playlist', body: { region: '4101', items: [{ durationS: 9 }] } }],
    });
    expect((await send(smil, 'region=41&files=%7B')).status).toBe(400);
  });

  it('refuses what it cannot keep with the line, and what is no SMIL', async () => {
    const hostile = await send('<!DOCTYPE smil [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<smil>&x;</smil>');
    expect(hostile.status).toBe(400);
    expect(hostile.body.error).toMatchObject({
      code: 'SMIL_REFUSED',
      zh: 'SMIL 文件第 1 行：不收 DOCTYPE 和实体',
    });
    expect((await send('{}', 'region=41', 'application/json')).status).toBe(400);
    expect((await send(`<smil>${'x'.repeat(5_000_000)}</smil>`)).status).toBe(413);
    expect((await test.as(cookie)('GET', '/api/playlists/nothing/smil')).status).toBe(404);
    expect((await test.as(null)('GET', '/api/playlists/daily/smil')).status).toBe(401);
  });
});
