import { sha256Hex } from '../../../shared/core/canonical.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { Playlist } from '../../../shared/schedule/schedule.schema.ts';
import { STATUTORY_DAYS } from '../../../shared/schedule/statutory-days.ts';
import type { AssetService } from '../asset/asset.service.ts';
import { gather, keyOf, parseItem } from './document-items.ts';
import type { OnAir, Parsed } from './document-items.ts';
import type { ContentVersion, ScheduleStore } from './schedule.port.ts';

/** Everything on air at one moment, by kind and id. */
export interface Air {
  readonly versions: readonly ContentVersion[];
  readonly byKey: ReadonlyMap<string, AiredItem>;
}

/** A version on air as text and as its own type again. */
export interface AiredItem {
  readonly version: ContentVersion;
  readonly parsed: Parsed;
}

export type AirReader = ReturnType<typeof makeAirReader>;

/**
 * Reads what is on air. A province's twenty thousand bodies are parsed once each: a version never
 * changes, so what was parsed is kept for as long as it is on air.
 */
export function makeAirReader({
  store,
  assets,
}: {
  readonly store: ScheduleStore;
  readonly assets: AssetService;
}) {
  let read: { readonly mark: string; readonly air: Air } | null = null;

  async function now(): Promise<Air> {
    const mark = await store.mark();
    if (read?.mark === mark) return read.air;
    // Read after the mark: what comes in between is only read once more.
    const versions = await store.onAir();
    const known = read?.air.byKey;
    const byKey = new Map<string, AiredItem>();
    for (const version of versions) {
      const key = keyOf(version);
      const before = known?.get(key);
      const same = before?.version.version === version.version;
      byKey.set(key, same ? before : { version, parsed: parseItem(version) });
    }
    const air = { versions, byKey };
    read = { mark, air };
    return air;
  }

  async function worldOf(onAir: OnAir): Promise<World> {
    const described = await assets.described(assetsOf(onAir.playlists));
    return {
      schedules: onAir.schedules,
      playlists: new Map(onAir.playlists.map((playlist) => [playlist.id, playlist])),
      assets: new Map([...described].map(([sha256, owned]) => [sha256, owned.asset])),
      quotas: onAir.quotas,
      reserved: onAir.reserved,
      holidays: STATUTORY_DAYS,
    };
  }

  return {
    now,

    /** Everything on air in the province, from which plans are made. */
    async world(): Promise<World> {
      return worldOf(gather([...(await now()).byKey.values()].map((item) => item.parsed)));
    },

    /** What would be on air in the province if these edits were published. */
    async worldWith(edits: readonly DraftEdit[]): Promise<World> {
      return worldOf(gather(withEdits(await now(), edits)));
    },

    /** The hash over a draft's hash and the versions on air above, at and below its region. */
    async basisOf(draft: { readonly region: RegionCode; readonly hash: Sha256 }): Promise<Sha256> {
      const around = (await now()).versions
        .filter(({ region }) => isWithin(region, draft.region) || isWithin(draft.region, region))
        .map((item) => `${keyOf(item)} ${item.version}`);
      return sha256Hex([draft.hash, ...around].join('\n'));
    },
  };
}

/** What is on air with edits in its place. */
export function withEdits(air: Air, edits: readonly DraftEdit[]): Parsed[] {
  const items = new Map([...air.byKey].map(([key, item]) => [key, item.parsed]));
  for (const edit of edits) {
    const parsed = parsedOf(edit);
    if (parsed === null) items.delete(keyOf(edit));
    else items.set(keyOf(edit), parsed);
  }
  return [...items.values()];
}

/** What an edit puts on air; `null` where it takes off. */
export function parsedOf(edit: DraftEdit): Parsed | null {
  return edit.body === null ? null : ({ kind: edit.kind, value: edit.body } as Parsed);
}

/** The assets that playlists name, each once. */
export function assetsOf(playlists: readonly Playlist[]): Sha256[] {
  return [...new Set(playlists.flatMap((playlist) => playlist.items.map((item) => item.asset)))];
}
