import { openDeviceTokens } from '../../server/infra/device-tokens.ts';
import { ratePercent } from '../../shared/assessment/format.ts';
import type { RegionFigures, ScreenDay } from '../../shared/assessment/assessment.schema.ts';
import type { ScreenId, Sha256 } from '../../shared/core/ids.ts';
import { type LocalDay, midnightOfLocalDay } from '../../shared/core/time.ts';
import type { Beat } from '../../shared/telemetry/live.schema.ts';
import { type TestCenter, startCenter } from './center.ts';
import { type FakeClock, makeClock } from './clock.ts';
import { makeCard, makeDaily, makeDocument, upload } from './content.ts';
import type { SimBoot, SimDevice } from './journal.ts';

/** The day the tests are about; screens are commissioned the day before. */
export const DAY = '2026-11-21' as LocalDay;
/** Milliseconds of an hour of {@link DAY}. */
export const at = (hour: number) => (midnightOfLocalDay(DAY) + Math.round(hour * 3_600)) * 1_000;

export interface AssessedCenter {
  readonly test: TestCenter;
  readonly clock: FakeClock;
  /** The digest of the plan on air: content from 00:00 to 16:00 and from 18:00, the player's filler between. */
  readonly plan: Sha256;
  /** Adds a screen in 中牟县 (410122) and claims the device for it. */
  claim(device: SimDevice): Promise<ScreenId>;
  /** Logs in anew (sessions end when idle) and calls as the administrator. */
  admin(): Promise<ReturnType<TestCenter['as']>>;
  /** Sends a batch by HTTP at a center time. @returns the answer's body. */
  send(device: SimDevice, envelope: object, atMs?: number): Promise<Record<string, unknown>>;
  /** Beats of a boot every minute. */
  beats(
    on: { readonly device: SimDevice; readonly boot: SimBoot; readonly screen: ScreenId },
    fromMs: number,
    toMs: number,
  ): Promise<void>;
  /** The figures of a county row on {@link DAY} once everything is computed. */
  county(code?: string): Promise<{ figures: RegionFigures; row: RegionFigures['rows'][number] }>;
  day(screen: ScreenId): Promise<ScreenDay>;
}

/** A center at 08:00 on the day before {@link DAY}, with one rotation on air in the whole province. */
export async function startAssessedCenter(folder?: string): Promise<AssessedCenter> {
  const clock = makeClock('2026-11-20T08:00:00+08:00');
  const test = await startCenter({ clock, ...(folder !== undefined && { folder }) });
  const card = makeCard('防溺水');
  const cookie = await test.login();
  await upload(test, cookie, card.asset.sha256, card.bytes);
  const windows = [
    { start: '00:00', end: '16:00' },
    { start: '18:00', end: '24:00' },
  ];
  const document = makeDocument(card.asset, { schedules: [makeDaily({ windows })] });
  const published = await test.as(cookie)('POST', '/api/schedules/apply', document);
  if (published.status !== 200) throw new Error(JSON.stringify(published.body));
  await test.center.services.plans.settled();
  return assessed(test, clock, cookie);
}

async function assessed(test: TestCenter, clock: FakeClock, cookie: string): Promise<AssessedCenter> {
  const { services } = test.center;
  const made = await test.as(cookie)('POST', '/api/screens', { name: '取播出单', region: '410822' });
  const plan = await services.plans.planAt({ ...made.body, groups: [], tags: [] });
  if (plan === null) throw new Error('nothing on air');
  const tokens = openDeviceTokens(test.folder);

  const admin = async () => test.as(await test.login());
  const self: AssessedCenter = {
    test,
    clock,
    plan,
    admin,
    async claim(device) {
      const call = await admin();
      const screen = await call('POST', '/api/screens', { name: `大屏 ${device.keyId}`, region: '410122' });
      const enrolled = await test.as(null)('POST', '/api/enrolment', device.enrolment());
      const claimed = await call('POST', `/api/screens/${screen.body.id}/claim`, {
        code: enrolled.body.code,
      });
      if (claimed.status !== 200) throw new Error(JSON.stringify(claimed.body));
      return screen.body.id as ScreenId;
    },
    async send(device, envelope, atMs) {
      if (atMs !== undefined) clock.setWall(atMs);
      const token = tokens.issue(device.id, clock.nowMs() + 60_000);
      const { status, body } = await test.as(`Bearer ${token}`)('POST', '/api/journal', envelope);
      return { status, ...body };
    },
    async beats({ device, boot, screen }, fromMs, toMs) {
      for (let ms = fromMs; ms <= toMs; ms += 60_000) {
        clock.setWall(ms);
        const beat: Beat = {
          boot: boot.boot,
          mono: boot.mono(ms),
          wall: ms,
          plan,
          showing: { kind: 'filler' },
          painted: 25,
          panel: 'unreadable',
          pending: 0,
        };
        await services.telemetry.beat({ device: device.id, screen, boot: boot.boot }, beat);
      }
      await services.telemetry.flush();
    },
    async county(code = '410122') {
      await services.assessment.settle();
      const answer = await (await admin())('GET', `/api/assessment/regions?parent=41&tier=county&day=${DAY}`);
      const figures = answer.body as RegionFigures;
      const row = figures.rows.find((one) => one.region === code);
      if (row === undefined) throw new Error(JSON.stringify(answer.body));
      return { figures, row };
    },
    async day(screen) {
      const answer = await (await admin())('GET', `/api/assessment/screens/${screen}/days/${DAY}`);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return answer.body as ScreenDay;
    },
  };
  return self;
}

/** 开机率, 使用率 and 内容占用率 of sums, as shown. */
export function rates({ onS, usedS, requiredS }: RegionFigures['total']['sums']): string[] {
  return [ratePercent(onS, requiredS), ratePercent(usedS, requiredS), ratePercent(usedS, onS)];
}
