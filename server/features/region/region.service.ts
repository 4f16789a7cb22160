import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { Region } from '../../../shared/region/region.schema.ts';
import { lineageOf } from '../../../shared/region/tier.ts';
import type { RegionAlias, RegionData, RegionStore } from './region.port.ts';

/**
 * The region tree, held in memory (55,000 rows, about 15 MB): it changes once a year and is asked
 * at every request.
 */
export class RegionService {
  readonly #store: RegionStore;
  readonly #regions = new Map<RegionCode, Region>();
  readonly #children = new Map<RegionCode, Region[]>();
  readonly #aliases = new Map<RegionCode, RegionAlias>();

  constructor(store: RegionStore) {
    this.#store = store;
  }

  /**
   * Loads the tree. `data` is asked for only when the store lacks `version` of it, because parsing
   * the files costs more than reading the tables.
   */
  async start(version: string, data: () => Promise<RegionData>): Promise<void> {
    if ((await this.#store.version()) !== version) await this.#store.replace(await data());
    const { regions, aliases } = await this.#store.load();
    for (const region of regions) {
      this.#regions.set(region.code, region);
      if (region.parent === null) continue;
      const siblings = this.#children.get(region.parent);
      if (siblings === undefined) this.#children.set(region.parent, [region]);
      else siblings.push(region);
    }
    for (const alias of aliases) this.#aliases.set(alias.code, alias);
  }

  /** @throws AppError NOT_READY before {@link start} has finished. */
  demandLoaded(): void {
    if (this.#regions.size === 0) throw new AppError('NOT_READY', { detail: 'regions' });
  }

  /** The region of a code in use, or of one that became another (偃师市 410381 → 偃师区 410307). */
  find(code: RegionCode): Region | undefined {
    return this.#regions.get(code) ?? this.#regions.get(this.#aliases.get(code)?.region ?? code);
  }

  async get(code: RegionCode): Promise<Region | null> {
    return this.find(code) ?? null;
  }

  /** Sorted by code. */
  childrenOf(code: RegionCode): readonly Region[] {
    return this.#children.get(code) ?? [];
  }

  /** Names from the province down to the region itself; empty for an unknown code. */
  async namesOf(code: RegionCode): Promise<string[]> {
    return this.names(code);
  }

  /** {@link namesOf} without waiting. */
  names(code: RegionCode): string[] {
    return this.lineage(code).map((region) => region.name);
  }

  /** The region and all above it, province first. */
  lineage(code: RegionCode): Region[] {
    const region = this.find(code);
    if (region === undefined) return [];
    return lineageOf(region.code)
      .map((at) => this.#regions.get(at))
      .filter((at) => at !== undefined)
      .reverse();
  }

  /** Whether screens may stand there: it is no statistical pseudo-area and lies in none. */
  holdsScreens(code: RegionCode): boolean {
    const line = this.lineage(code);
    return line.length > 0 && line.every((region) => !region.statOnly);
  }

  /** The 18 cities of the province, 济源 among them (ACCOUNTING.md rule 16). */
  cities(): readonly Region[] {
    return [...this.#regions.values()].filter(
      (region) => region.tier !== 'province' && region.parent?.length === 2,
    );
  }

  /** The 157 counties, pseudo-areas left out, 济源 among them. */
  counties(): readonly Region[] {
    return [...this.#regions.values()].filter((region) => region.tier === 'county' && !region.statOnly);
  }

  /** Every region in use, higher tiers first and by code within a tier. */
  all(): Iterable<Region> {
    return this.#regions.values();
  }

  provinces(): readonly Region[] {
    return [...this.#regions.values()].filter((region) => region.parent === null);
  }

  /**
   * Regions whose code begins with `text`, or in whose name every word of `text` occurs; former
   * names count. Higher tiers first.
   */
  search(text: string, limit: number): Region[] {
    const words = text.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = new Map<RegionCode, Region>();
    const matches = (code: string, name: string) =>
      words.every((word) => name.includes(word) || code.startsWith(word));
    for (const alias of this.#aliases.values()) {
      const region = this.find(alias.region);
      if (region !== undefined && matches(alias.code, alias.name)) found.set(region.code, region);
    }
    for (const region of this.#regions.values()) {
      if (found.size >= limit) break;
      if (matches(region.code, region.name)) found.set(region.code, region);
    }
    return [...found.values()].slice(0, limit);
  }
}
