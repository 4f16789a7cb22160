import type { Ability } from '../../../shared/identity/abilities.ts';
import { makeDocument } from '../../helpers/content.ts';
import type { Target } from './world.ts';

/**
 * What every route is meant to demand, written down by hand and apart from what the routes declare.
 *
 * To add a route, add one line: `'METHOD /path/:param': over(ability, (t) => [path, body])`, where `t`
 * is what stands in the region that the request is about (world.ts). `over`: the ability is wanted in
 * that region; `along`: there, or in a region inside it; `anywhere`: somewhere, and the answer is cut
 * to that; `province`: over all of it.
 */

export type Want =
  | { readonly kind: 'public' | 'session' | 'device' }
  | {
      readonly kind: 'ability';
      readonly ability: Ability;
      readonly where: 'over' | 'along' | 'anywhere' | 'province';
      readonly device?: true;
    };
/** A request that is well formed: its path with the query, its body, and the type of one that is no JSON. */
type Sample = readonly [url: string, body?: object | string, type?: string];
export interface RouteEntry {
  readonly want: Want;
  readonly sample: (target: Target) => Sample;
}
type Make = (target: Target) => Sample;

const plain =
  (kind: 'public' | 'session' | 'device') =>
  (sample: Make): RouteEntry => ({ want: { kind }, sample });
const ability =
  (where: 'over' | 'along' | 'anywhere' | 'province') =>
  (name: Ability, sample: Make): RouteEntry => ({ want: { kind: 'ability', ability: name, where }, sample });
const anybody = plain('public');
const loggedIn = plain('session');
const device = plain('device');
const over = ability('over');
const along = ability('along');
const anywhere = ability('anywhere');
const province = ability('province');
const orDevice = ({ want, sample }: RouteEntry): RouteEntry => ({
  want: want.kind === 'ability' ? { ...want, device: true } : want,
  sample,
});

const SHA = '0'.repeat(64);
const DAY = '2026-11-20';
const envelope = { text: '{}', keyId: '0'.repeat(16), signature: 'AAAA' };
const later = Date.parse('2027-11-20T00:00:00Z');

export const ROUTES: Readonly<Record<string, RouteEntry>> = {
  'GET /healthz': anybody(() => ['/healthz']),
  'GET /readyz': anybody(() => ['/readyz']),
  'GET /*': anybody(() => ['/screens']),
  'GET /api/openapi.json': loggedIn(() => ['/api/openapi.json']),

  'GET /api/audit': province('audit.read', () => ['/api/audit']),
  'GET /api/audit/verdict': province('audit.read', () => ['/api/audit/verdict']),
  'GET /api/audit/export': province('audit.read', () => ['/api/audit/export']),

  'POST /api/identity/login': anybody(() => ['/api/identity/login', { login: 'nobody', password: 'x' }]),
  'POST /api/identity/logout': loggedIn(() => ['/api/identity/logout']),
  'GET /api/identity/me': loggedIn(() => ['/api/identity/me']),
  'POST /api/identity/password': loggedIn(() => ['/api/identity/password', { current: 'x', next: 'y' }]),
  'POST /api/identity/second-factor/begin': loggedIn(() => [
    '/api/identity/second-factor/begin',
    { password: 'x' },
  ]),
  'POST /api/identity/second-factor/confirm': loggedIn(() => [
    '/api/identity/second-factor/confirm',
    { code: '000000' },
  ]),
  'POST /api/identity/second-factor/remove': loggedIn(() => [
    '/api/identity/second-factor/remove',
    { password: 'x', code: '000000' },
  ]),
  'GET /api/identity/sessions': loggedIn(() => ['/api/identity/sessions']),
  'DELETE /api/identity/sessions': loggedIn(() => ['/api/identity/sessions']),
  'DELETE /api/identity/sessions/:id': loggedIn(() => ['/api/identity/sessions/0000000000000000']),
  'GET /api/identity/accounts': anywhere('account.manage', () => ['/api/identity/accounts']),
  'POST /api/identity/accounts': over('account.manage', (t) => [
    '/api/identity/accounts',
    { login: 'taken', name: '新', password: 'x', grants: [{ role: 'reviewer', region: t.region }] },
  ]),
  'PATCH /api/identity/accounts/:id': over('account.manage', (t) => [
    `/api/identity/accounts/${t.account}`,
    { name: '改名' },
  ]),

  'GET /api/organisations': anywhere('account.manage', () => ['/api/organisations']),
  'POST /api/organisations': over('account.manage', (t) => [
    '/api/organisations',
    { name: `又一家 ${t.region}`, region: t.region },
  ]),
  'PATCH /api/organisations/:id': over('account.manage', (t) => [
    `/api/organisations/${t.organisation}`,
    { contact: '1' },
  ]),
  'POST /api/organisations/:id/grants': over('account.manage', (t) => [
    `/api/organisations/${t.organisation}/grants`,
    { region: t.region, abilities: ['screen.read'], expiresAtMs: later },
  ]),
  'DELETE /api/organisations/:id/grants/:grant': over('account.manage', (t) => [
    `/api/organisations/${t.organisation}/grants/${t.grant}`,
  ]),

  'GET /api/regions': anywhere('region.read', () => ['/api/regions']),
  'GET /api/regions/:code': anywhere('region.read', (t) => [`/api/regions/${t.region}`]),

  'GET /api/screens': anywhere('screen.read', () => ['/api/screens']),
  'POST /api/screens': over('screen.manage', (t) => ['/api/screens', { name: '新屏', region: t.region }]),
  'GET /api/screens/:id': over('screen.read', (t) => [`/api/screens/${t.screen}`]),
  'PATCH /api/screens/:id': over('screen.manage', (t) => [`/api/screens/${t.screen}`, { name: '改' }]),
  'POST /api/screens/:id/claim': over('screen.manage', (t) => [
    `/api/screens/${t.screen}/claim`,
    { code: '22222222' },
  ]),
  'POST /api/screens/:id/unbind': over('screen.manage', (t) => [`/api/screens/${t.screen}/unbind`]),
  'POST /api/screens/:id/retire': over('screen.manage', (t) => [`/api/screens/${t.spare}/retire`, {}]),
  'GET /api/screens/:id/timeline': over('screen.read', (t) => [
    `/api/screens/${t.screen}/timeline?from=${t.now}&to=${t.now + 60}`,
  ]),
  'GET /api/screens/:id/plan-day': over('screen.read', (t) => [
    `/api/screens/${t.screen}/plan-day?day=${DAY}`,
  ]),
  'GET /api/screens/:id/explain': over('schedule.read', (t) => [
    `/api/screens/${t.screen}/explain?at=${t.now}`,
  ]),
  'POST /api/enrolment': anybody(() => ['/api/enrolment', envelope]),

  'GET /api/assets': anywhere('asset.read', () => ['/api/assets']),
  'POST /api/assets': over('asset.manage', (t) => ['/api/assets', { region: t.region, asset: t.asset }]),
  'GET /api/assets/:file': orDevice(anywhere('asset.read', () => [`/api/assets/${SHA}`])),
  'HEAD /api/assets/:file': orDevice(anywhere('asset.read', () => [`/api/assets/${SHA}`])),
  'PUT /api/assets/:sha256': anywhere('asset.manage', () => [
    `/api/assets/${SHA}`,
    'bytes',
    'application/octet-stream',
  ]),

  'GET /api/playlists': anywhere('schedule.read', () => ['/api/playlists']),
  'GET /api/playlists/:id/smil': anywhere('schedule.read', (t) => [`/api/playlists/${t.schedule}/smil`]),
  'POST /api/playlists/smil': over('schedule.edit', (t) => [
    `/api/playlists/smil?region=${t.region}`,
    '<smil/>',
    'application/smil+xml',
  ]),
  'GET /api/content/:kind/:id': anywhere('schedule.read', () => ['/api/content/schedule/none']),
  'GET /api/policies': over('schedule.read', (t) => [`/api/policies?region=${t.region}`]),

  'POST /api/schedules/apply': over('schedule.publish', (t) => [
    '/api/schedules/apply?dry=true',
    makeDocument(t.asset, { region: t.region, playlists: [], schedules: [] }),
  ]),
  'GET /api/schedules/document': over('schedule.read', (t) => [`/api/schedules/document?region=${t.region}`]),
  'GET /api/schedules': anywhere('schedule.read', () => ['/api/schedules']),
  'GET /api/schedules/:id': along('schedule.read', (t) => [`/api/schedules/${t.schedule}`]),
  'POST /api/schedules/:id/withdraw': over('schedule.publish', (t) => [
    `/api/schedules/${t.schedule}/withdraw`,
    { version: 99, reason: '换季' },
  ]),
  'GET /api/schedules/:id/why': over('schedule.read', (t) => [
    `/api/schedules/${t.schedule}/why?screen=${t.screen}&day=${DAY}`,
  ]),
  'POST /api/schedules/feasibility': over('schedule.read', (t) => [
    '/api/schedules/feasibility',
    makeDocument(t.asset, { region: t.region, playlists: [], schedules: [] }),
  ]),

  'POST /api/drafts': over('schedule.edit', (t) => [
    '/api/drafts',
    { region: t.region, title: '草稿', edits: [] },
  ]),
  'GET /api/drafts': anywhere('schedule.read', () => ['/api/drafts']),
  'GET /api/drafts/:id': over('schedule.read', (t) => [`/api/drafts/${t.draft}`]),
  'PUT /api/drafts/:id': over('schedule.edit', (t) => [
    `/api/drafts/${t.draft}`,
    { revision: 99, title: '改', edits: [] },
  ]),
  'POST /api/drafts/:id/submit': over('schedule.edit', (t) => [
    `/api/drafts/${t.draft}/submit`,
    { revision: 99 },
  ]),
  'POST /api/drafts/:id/recall': over('schedule.edit', (t) => [
    `/api/drafts/${t.draft}/recall`,
    { revision: 99 },
  ]),
  'POST /api/drafts/:id/discard': over('schedule.edit', (t) => [
    `/api/drafts/${t.draft}/discard`,
    { revision: 99 },
  ]),
  'POST /api/drafts/:id/review': over('schedule.review', (t) => [
    `/api/drafts/${t.draft}/review`,
    { revision: 99, verdict: 'approve', hash: SHA },
  ]),
  'POST /api/drafts/:id/publish': over('schedule.publish', (t) => [
    `/api/drafts/${t.draft}/publish`,
    { revision: 99, basis: SHA },
  ]),
  'GET /api/drafts/:id/feasibility': over('schedule.read', (t) => [`/api/drafts/${t.draft}/feasibility`]),

  'POST /api/suspensions': over('policy.manage', (t) => [
    '/api/suspensions',
    { region: t.region, reason: '整改' },
  ]),
  'GET /api/suspensions': anywhere('schedule.read', () => ['/api/suspensions']),
  // The one in the world was issued by the province.
  'POST /api/suspensions/:id/lift': province('policy.manage', (t) => [
    `/api/suspensions/${t.suspension}/lift`,
  ]),

  'GET /api/denials': anywhere('schedule.read', () => ['/api/denials']),
  'GET /api/denials/list': device(() => ['/api/denials/list']),
  'GET /api/denials/preview': over('denial.issue', (t) => [
    `/api/denials/preview?kind=stop-all&subject=&region=${t.region}`,
  ]),
  'POST /api/denials': over('denial.issue', (t) => [
    '/api/denials',
    { kind: 'stop-all', subject: '', region: t.region, reason: '演练' },
  ]),
  'POST /api/denials/:id/lift': over('denial.lift', (t) => [
    `/api/denials/${t.denial}/lift`,
    { reason: '演练结束' },
  ]),
  'POST /api/denials/:id/keep': over('denial.lift', (t) => [`/api/denials/${t.denial}/keep`]),
  'GET /api/denials/:id/screens': over('schedule.read', (t) => [`/api/denials/${t.denial}/screens`]),

  'GET /api/plans/states': over('schedule.read', (t) => [`/api/plans/states?region=${t.region}`]),
  'GET /api/plans/:digest': orDevice(anywhere('schedule.read', () => [`/api/plans/${SHA}`])),
  'GET /api/assignment': device(() => ['/api/assignment']),
  'GET /api/publications': anywhere('schedule.read', () => ['/api/publications']),
  'GET /api/publications/:draft': over('schedule.read', (t) => [`/api/publications/${t.published}`]),
  'GET /api/publications/:draft/screens': over('schedule.read', (t) => [
    `/api/publications/${t.published}/screens`,
  ]),

  'POST /api/journal': device(() => ['/api/journal', envelope]),
  'GET /api/live': anywhere('screen.read', () => ['/api/live']),

  'GET /api/assessment/regions': over('assessment.read', (t) => [
    `/api/assessment/regions?parent=${t.region}&tier=county&day=${DAY}`,
  ]),
  'GET /api/assessment/regions.csv': over('assessment.read', (t) => [
    `/api/assessment/regions.csv?parent=${t.region}&tier=county&day=${DAY}`,
  ]),
  'GET /api/assessment/regions/:code/screens': over('assessment.read', (t) => [
    `/api/assessment/regions/${t.region}/screens?day=${DAY}`,
  ]),
  'GET /api/assessment/screens/:id/days/:day': over('assessment.read', (t) => [
    `/api/assessment/screens/${t.screen}/days/${DAY}`,
  ]),
  'GET /api/assessment/screens/:id/days/:day/records': over('assessment.read', (t) => [
    `/api/assessment/screens/${t.screen}/days/${DAY}/records?boot=${'0'.repeat(32)}&first=1&last=1`,
  ]),
  'GET /api/assessment/required-hours': over('assessment.read', (t) => [
    `/api/assessment/required-hours?region=${t.region}&day=${DAY}`,
  ]),
  'PUT /api/assessment/required-hours': over('assessment.rules', (t) => [
    '/api/assessment/required-hours',
    { region: t.region, fromDay: '2026-12-01', windows: [{ start: '06:00', end: '22:00' }] },
  ]),
  'GET /api/assessment/exemptions': anywhere('assessment.read', () => ['/api/assessment/exemptions']),
  'POST /api/assessment/exemptions': over('exemption.file', (t) => [
    '/api/assessment/exemptions',
    { kind: 'repair', screen: t.screen, from: t.now, to: t.now + 60, reason: '维修' },
  ]),
  'POST /api/assessment/exemptions/:id/approve': over('exemption.approve', (t) => [
    `/api/assessment/exemptions/${t.exemption}/approve`,
  ]),
};
