import { z } from 'zod';
import type { ScreenId } from '../../shared/core/ids.ts';
import { localDayAt } from '../../shared/core/time.ts';
import type { Instant } from '../../shared/core/time.ts';
import { screenPageSchema, screenRowSchema } from '../../shared/screen/screen.schema.ts';
import type { ScreenRow } from '../../shared/screen/screen.schema.ts';
import type { CenterApi } from '../center/center-api.ts';
import type { Place } from './places.ts';

/** Tags by which the demo finds its own screens again. */
export const REAL_TAG = '真实播放器';
export const FLEET_TAG = '无画面播放器';
/** Days ago that demo screens were commissioned, so that yesterday counts. */
const COMMISSIONED_DAYS_AGO = 7;

/** The demo's screens with a tag, in the order of their regions. */
export async function listScreens(api: CenterApi, tag: string): Promise<ScreenRow[]> {
  const rows: ScreenRow[] = [];
  for (;;) {
    const query = new URLSearchParams({ tag, limit: '500', offset: String(rows.length) });
    const page = await api.get(`/api/screens?${query}`, screenPageSchema);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) break;
  }
  return rows.filter(({ demo }) => demo).toSorted((a, b) => (a.region < b.region ? -1 : 1));
}

/**
 * Sees to it that each place has its screen.
 * @param now Unix seconds.
 * @returns the screens in the order of the places.
 */
export async function ensureScreens(
  api: CenterApi,
  places: readonly Place[],
  { tag, now }: { readonly tag: string; readonly now: Instant },
): Promise<ScreenRow[]> {
  const known = new Map(
    (await listScreens(api, tag)).map((screen) => [`${screen.region} ${screen.name}`, screen]),
  );
  const commissionedOn = localDayAt((now - COMMISSIONED_DAYS_AGO * 86_400) as Instant);
  const screens: ScreenRow[] = [];
  for (const { region, name } of places) {
    const creation = { name, region, tags: [tag], demo: true, commissionedOn };
    screens.push(
      known.get(`${region} ${name}`) ?? (await api.post('/api/screens', creation, screenRowSchema)),
    );
  }
  return screens;
}

/** Binds the device that shows `code`; takes the place of another box where there is one. */
export async function claimScreen(api: CenterApi, screen: ScreenId, code: string): Promise<void> {
  await api.post(`/api/screens/${screen}/claim`, { code, replace: true }, z.unknown());
}
