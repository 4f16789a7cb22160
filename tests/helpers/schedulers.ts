import type { Role } from '../../shared/identity/abilities.ts';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import type { Draft, DraftEdit } from '../../shared/schedule/draft.api.ts';
import type { Answer, Caller, TestCenter } from './center.ts';
import { makeCard, upload } from './content.ts';

const PASSWORD = 'a long enough password';

/** Somebody with an account, by login and `role region` grants; logged in. */
export async function makePerson(
  at: TestCenter,
  login: string,
  ...grants: readonly (readonly [Role, string])[]
): Promise<Caller> {
  const admin = at.as(await at.login());
  const answer = await admin('POST', '/api/identity/accounts', {
    login,
    name: login,
    password: PASSWORD,
    grants: grants.map(([role, region]) => ({ role, region })),
  });
  if (answer.status >= 300) throw new Error(`no account ${login}: ${JSON.stringify(answer.body)}`);
  return at.as(await at.login(login, PASSWORD));
}

/** A card whose bytes are in the center, described in the name of `region`. */
export async function makeKnownCard(at: TestCenter, title: string, region = '41'): Promise<Asset> {
  const card = makeCard(title);
  const cookie = await at.login();
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const answer = await at.as(cookie)('POST', '/api/assets', { region, asset: card.asset });
  if (answer.status >= 300) throw new Error(`not described: ${JSON.stringify(answer.body)}`);
  return card.asset;
}

/** An edit that puts `body` on air. */
export function put(
  kind: DraftEdit['kind'],
  body: { readonly id?: string; readonly region: string; readonly [key: string]: unknown },
  base: number | null = null,
): DraftEdit {
  return { kind, id: body.id ?? body.region, base, body } as unknown as DraftEdit;
}

/** An edit that takes something off air. */
export function remove(kind: DraftEdit['kind'], id: string, base: number): DraftEdit {
  return { kind, id, base, body: null } as DraftEdit;
}

/** A rotation schedule of a region with a playlist of its own, both by one id. */
export function makeProgramme(region: string, id: string, asset: Asset, patch: object = {}): DraftEdit[] {
  return [
    put('playlist', { id, name: id, region, items: [{ asset: asset.sha256, durationS: 15 }] }),
    put('schedule', {
      id,
      name: id,
      class: 'rotation',
      region,
      playlist: id,
      windows: [{ start: '06:00', end: '22:00' }],
      validity: { from: '2026-11-01', to: null },
      ...patch,
    }),
  ];
}

/** The answer's body, which must not be an error. */
export function done<Body = Draft>(answer: Answer): Body {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as Body;
}

/** A draft's steps as one person takes them. */
export function drafting(at: TestCenter, who: Caller) {
  const act = (name: string) => (draft: Draft) =>
    who('POST', `/api/drafts/${draft.id}/${name}`, { revision: draft.revision });
  return {
    create: async (region: string, edits: readonly DraftEdit[], title = '试') =>
      who('POST', '/api/drafts', { region, title, edits: [...edits] }),
    read: async (id: string) => done(await who('GET', `/api/drafts/${id}`)),
    save: (draft: Draft, patch: { title?: string; edits?: readonly DraftEdit[] }) =>
      who('PUT', `/api/drafts/${draft.id}`, {
        revision: draft.revision,
        title: patch.title ?? draft.title,
        edits: patch.edits ?? draft.edits,
      }),
    submit: act('submit'),
    recall: act('recall'),
    discard: act('discard'),
    approve: (draft: Draft, assets: readonly string[] = [], patch: object = {}) =>
      who('POST', `/api/drafts/${draft.id}/review`, {
        revision: draft.revision,
        hash: draft.hash,
        verdict: 'approve',
        assets,
        ...patch,
      }),
    sendBack: (draft: Draft, comment: string) =>
      who('POST', `/api/drafts/${draft.id}/review`, {
        revision: draft.revision,
        hash: draft.hash,
        verdict: 'return',
        comment,
      }),
    /** On the report of this moment. */
    publish: async (draft: Draft) =>
      who('POST', `/api/drafts/${draft.id}/publish`, {
        revision: draft.revision,
        basis: await at.center.services.schedules.basisFor(draft.id),
      }),
  };
}
export type Drafting = ReturnType<typeof drafting>;

/** Puts edits on air where nothing is demanded, or fails. */
export async function publishAtOnce(
  who: Drafting,
  region: string,
  edits: readonly DraftEdit[],
): Promise<Draft> {
  return done(await who.publish(done(await who.create(region, edits))));
}
