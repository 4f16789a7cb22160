import { join } from 'node:path';
import { MEDIA_FPS, MEDIA_IDS } from '../../../scripts/demo-media/ids.ts';
import type { MediaKind } from '../../../scripts/demo-media/ids.ts';
import { contentApi } from '../../../scripts/center/content-api.ts';
import { loadScheduleFolder } from '../../../scripts/schedules/load-folder.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import { scheduleDocumentSchema } from '../../../shared/schedule/schedule-document.ts';
import { frameCodeOf } from '../../helpers/frame-code.ts';
import { ROOT } from '../../helpers/source-files.ts';
import type { Air } from './air.ts';

/** A demo file that carries a frame code and moves. */
export interface Moving {
  readonly tier: Tier;
  readonly kind: Exclude<MediaKind, 'image'>;
}

const HENAN = join(ROOT, 'schedules', 'henan');

/** The demo's files with the media id burned into each, by the asset's hash. */
export async function loadMedia() {
  const { document, blobs } = await loadScheduleFolder(HENAN);
  if (document === null) throw new Error('schedules/henan does not load');
  const byTitle = new Map(document.assets.map((asset) => [asset.title, asset]));
  return { document, blobs, byTitle };
}

/**
 * Publishes one province-wide rotation over the given files, instead of whatever was on air.
 * @returns which media id each asset has burned in, by hash
 */
export async function publish(air: Air, files: readonly Moving[]): Promise<ReadonlyMap<Sha256, number>> {
  const { document, blobs } = await loadMedia();
  const client = contentApi(air.api);
  const ids = new Map<Sha256, number>();
  const items = files.map(({ tier, kind }) => {
    const asset = document.assets.find(
      (one) => one.kind === kind && isOf(document.playlists, one.sha256, tier),
    );
    if (asset === undefined) throw new Error(`no ${tier} ${kind} in schedules/henan`);
    ids.set(asset.sha256, MEDIA_IDS[tier][kind]);
    return { asset: asset.sha256, durationS: asset.durationS ?? 12 };
  });
  const assets = document.assets.filter((asset) => ids.has(asset.sha256));
  const wanted = new Set(
    assets.flatMap((asset) => [asset.sha256, ...asset.parts.map((part) => part.sha256)]),
  );
  for (const [sha256, blob] of blobs)
    if (wanted.has(sha256) && !(await client.hasFile(sha256))) await client.putFile(sha256, blob);
  await client.apply(
    scheduleDocumentSchema.parse({
      format: 'kepu-schedules/1',
      region: '41',
      assets,
      playlists: [{ id: 'moving', name: '会动的', region: '41', items }],
      schedules: [
        {
          id: 'moving',
          name: '会动的',
          class: 'rotation',
          region: '41',
          playlist: 'moving',
          windows: [{ start: '00:00', end: '24:00' }],
          validity: { from: '2026-01-01', to: null },
        },
      ],
      quotas: [],
      reserved: [],
    }),
  );
  return ids;
}

/** A tier's own playlists name its files. */
function isOf(
  playlists: readonly { readonly region: string; readonly items: readonly { readonly asset: string }[] }[],
  sha256: Sha256,
  tier: Tier,
): boolean {
  const length = { province: 2, city: 4, county: 6, township: 9, village: 12 }[tier];
  return playlists.some(
    ({ region, items }) => region.length === length && items.some((item) => item.asset === sha256),
  );
}

export interface Sighting {
  readonly media: number | null;
  readonly frame: number | null;
  /** What the timeline says for the instants of the picture: media id, and frames from … to. */
  readonly expected: readonly {
    readonly media: number | undefined;
    readonly from: number;
    readonly to: number;
  }[];
  readonly agrees: boolean;
}

/**
 * How far the glass may be from the timeline on a machine that runs center, player, browser and the
 * test on two cores: a picture counts as settled within `settledMs`, and stays within `alwaysMs`.
 */
export const SLACK = { settledMs: 240, alwaysMs: 1_000 } as const;

/** Looks at the glass and holds it against what the plan's timeline says for that instant. */
export async function sight(
  air: Air,
  { plan, ids }: { readonly plan: Plan; readonly ids: ReadonlyMap<Sha256, number> },
  slackMs: number,
): Promise<Sighting> {
  const { png, fromMs, toMs } = await air.screenshot();
  const seen = frameCodeOf(png);
  const resolver = createResolver(plan);
  const entries = resolver.timeline(
    Math.floor((fromMs - slackMs) / 1000) as Instant,
    Math.ceil((toMs + slackMs) / 1000) as Instant,
  );
  const expected = entries.map((entry) => ({
    media: entry.asset === null ? undefined : ids.get(entry.asset),
    from: Math.floor(((fromMs - slackMs - entry.start * 1000) / 1000) * MEDIA_FPS),
    to: Math.ceil(((toMs + slackMs - entry.start * 1000) / 1000) * MEDIA_FPS),
  }));
  const agrees =
    seen !== null &&
    expected.some(({ media, from, to }) => media === seen.media && seen.frame >= from && seen.frame <= to);
  return { media: seen?.media ?? null, frame: seen?.frame ?? null, expected, agrees };
}
