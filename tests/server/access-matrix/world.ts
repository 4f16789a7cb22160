import type { Asset } from '../../../shared/asset/asset.schema.ts';
import type { RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { HeldAbilities, Role } from '../../../shared/identity/abilities.ts';
import { ROLE_ABILITIES } from '../../../shared/identity/abilities.ts';
import type { Answer, Caller as Call, TestCenter } from '../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../helpers/content.ts';
import { makeDevice } from '../../helpers/device.ts';
import type { FakeClock } from '../../helpers/clock.ts';

/** Where the callers hold what they hold, and what is around it. */
export const OWN = '410307' as RegionCode;
export const REGIONS = {
  own: OWN,
  parent: '4103' as RegionCode,
  sibling: '410302' as RegionCode,
  child: '410307004' as RegionCode,
} as const;

/** What stands in a region, for requests to be about. */
export interface Target {
  readonly region: RegionCode;
  /** Unix seconds. */
  readonly now: number;
  readonly asset: Asset;
  readonly screen: ScreenId;
  /** A screen that may be retired. */
  readonly spare: ScreenId;
  readonly account: string;
  readonly organisation: string;
  readonly grant: string;
  /** On air. */
  readonly schedule: string;
  /** The draft that put it there. */
  readonly published: string;
  /** One that changes nothing yet. */
  readonly draft: string;
  readonly denial: string;
  readonly exemption: string;
  /** Of {@link OWN}, issued by the province: the same in every region. */
  readonly suspension: string;
}

/** Somebody, or something, that asks. */
export interface Asker {
  readonly name: string;
  /** `null`: not logged in. A cookie, or a device's `Bearer …`. */
  credential: string | null;
  readonly login: string | null;
  /** What it holds by the rules, now. */
  readonly held: readonly HeldAbilities[];
  readonly device: boolean;
}

export const PASSWORD = 'a long enough password';
const HOUR_MS = 3_600_000;
const card = makeCard('防溺水');

/** Answers what was made, or says what was refused. */
async function made(call: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await call;
  if (status >= 300) throw new Error(`the world could not be made: ${JSON.stringify(body)}`);
  return body;
}

/** Everything that requests are about, in each region; made by somebody who may do all of it. */
export async function makeTargets(
  at: TestCenter,
  clock: FakeClock,
): Promise<Record<keyof typeof REGIONS, Target>> {
  const admin = at.as(await at.login());
  const grants = (['administrator', 'operator', 'reviewer'] as const).map((role) => ({ role, region: '41' }));
  await made(
    admin('POST', '/api/identity/accounts', { login: 'chief', name: '总', password: PASSWORD, grants }),
  );
  const cookie = await at.login('chief', PASSWORD);
  const chief = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const now = Math.floor(clock.nowMs() / 1000);
  const inRegions = [];
  for (const [name, region] of Object.entries(REGIONS))
    inRegions.push([name, await makeTarget(at, chief, { region, now })] as const);
  const { id: suspension } = await made(
    chief('POST', '/api/suspensions', { region: '410304', reason: '整改' }),
  );
  return Object.fromEntries(inRegions.map(([name, target]) => [name, { ...target, suspension }])) as Record<
    keyof typeof REGIONS,
    Target
  >;
}

async function makeTarget(
  at: TestCenter,
  chief: Call,
  { region, now }: { readonly region: RegionCode; readonly now: number },
): Promise<Omit<Target, 'suspension'>> {
  const post = (path: string, body: object) => made(chief('POST', path, body));
  const screen = (await post('/api/screens', { name: '屏', region })).id;
  const spare = (await post('/api/screens', { name: '备', region })).id;
  const grants = [{ role: 'county-manager', region }];
  const { account } = await post('/api/identity/accounts', {
    login: `m${region}`,
    name: '某',
    password: PASSWORD,
    grants,
  });
  const { id: organisation } = await post('/api/organisations', { name: `运营 ${region}`, region });
  const granted = await post(`/api/organisations/${organisation}/grants`, {
    region,
    abilities: ['screen.read'],
    expiresAtMs: now * 1000 + 1_000 * HOUR_MS,
  });
  const schedule = `daily-${region}`;
  const playlist = {
    id: schedule,
    name: '日常',
    region,
    items: [{ asset: card.asset.sha256, durationS: 15 }],
  };
  const applied = await post(
    '/api/schedules/apply',
    makeDocument(card.asset, {
      region,
      playlists: [playlist],
      schedules: [makeDaily({ id: schedule, region, playlist: schedule })],
    }),
  );
  const draft = (await post('/api/drafts', { region, title: '草稿', edits: [] })).id;
  // In the region's own name: what the chief denies is the province's.
  const wardens = [{ role: 'operator', region }];
  await post('/api/identity/accounts', {
    login: `w${region}`,
    name: '守',
    password: PASSWORD,
    grants: wardens,
  });
  const warden = at.as(await at.login(`w${region}`, PASSWORD));
  const denial = (
    await made(
      warden('POST', '/api/denials', { kind: 'schedule', subject: schedule, region, reason: '演练' }),
    )
  ).id;
  const filing = { kind: 'power-cut', screen, from: now, to: now + 60, reason: '停电' };
  const exemption = (await post('/api/assessment/exemptions', filing)).id;
  return {
    region,
    now,
    asset: card.asset,
    screen,
    spare,
    account: account.id,
    organisation,
    grant: granted.grants[0].id,
    schedule,
    published: applied.draft,
    draft,
    denial,
    exemption,
  };
}

const GRANTED = ['screen.read', 'screen.manage', 'asset.read', 'schedule.read', 'schedule.edit'] as const;

/** Everybody who asks: each role over {@link OWN}, members of organisations, nobody, and a device. */
export async function makeAskers(at: TestCenter, clock: FakeClock): Promise<Asker[]> {
  const cookie = await at.login('chief', PASSWORD);
  const chief = at.as(cookie);
  const post = (path: string, body: object) => made(chief('POST', path, body));
  const people: Asker[] = [];
  const add = async (login: string, wanted: object, held: readonly HeldAbilities[]) => {
    await post('/api/identity/accounts', { login, name: login, password: PASSWORD, grants: [], ...wanted });
    people.push({ name: login, credential: null, login, held, device: false });
  };
  for (const role of Object.keys(ROLE_ABILITIES) as Role[])
    await add(role, { grants: [{ role, region: OWN }] }, [{ region: OWN, abilities: ROLE_ABILITIES[role] }]);
  await add('auditor.province', { grants: [{ role: 'auditor', region: '41' }] }, [
    { region: '41' as RegionCode, abilities: ROLE_ABILITIES.auditor },
  ]);
  const soon = clock.nowMs() + HOUR_MS;
  await add('operator.expired', { grants: [{ role: 'operator', region: OWN, expiresAtMs: soon }] }, []);
  for (const [name, expiresAtMs, held] of [
    ['member', soon + HOUR_MS, [{ region: OWN, abilities: GRANTED }]],
    ['member.expired', soon, []],
  ] as const) {
    const { id } = await post('/api/organisations', { name, region: OWN });
    await post(`/api/organisations/${id}/grants`, { region: OWN, abilities: GRANTED, expiresAtMs });
    await add(name, { organisation: id }, held);
  }
  const box = makeDevice();
  // On a screen of its own, which no request takes it away from.
  await box.claimTo(at, (await post('/api/screens', { name: '带盒', region: OWN })).id, cookie);
  clock.advance(HOUR_MS);
  const { bearer, close } = await box.connect(at);
  close();
  return [
    ...people,
    { name: 'nobody', credential: null, login: null, held: [], device: false },
    { name: 'device', credential: bearer, login: null, held: [], device: true },
  ];
}
