import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId, RegionCode } from '../../../shared/core/ids.ts';
import type {
  Publication,
  PublicationScreens,
  publicationPageSchema,
} from '../../../shared/plan/publication.api.ts';
import type { z } from 'zod';
import type { RegionService } from '../region/region.service.ts';
import type {
  PublicationCounts,
  PublicationScreensFilter,
  PublicationStore,
  StoredPublication,
} from './publication.port.ts';

export interface PublicationDeps {
  readonly store: PublicationStore;
  readonly region: RegionService;
  readonly log: { error(fields: object, message: string): void };
}

/** A publish that got further is told at most so often. */
const TOLD_EVERY_MS = 500;
/** Publishes whose counts are remembered. */
const REMEMBERED = 500;

type Listener = (publication: Publication) => void;

/** How far each publish (发布) got: told → fetched → verified → on air, screen by screen, live. */
export class PublicationService {
  readonly #deps: PublicationDeps;
  readonly #listeners = new Set<Listener>();
  /** Counts of publishes that did not get further since; counting fifty thousand screens is some milliseconds. */
  readonly #counts = new Map<DraftId, PublicationCounts>();
  readonly #touched = new Set<DraftId>();
  #telling: NodeJS.Timeout | null = null;

  constructor(deps: PublicationDeps) {
    this.#deps = deps;
  }

  /** Calls `listener` when a publish got further. @returns how to stop that. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.#telling !== null) clearTimeout(this.#telling);
    this.#telling = null;
    this.#touched.clear();
  }

  /** Notes that publishes got further; whoever watches hears of it within half a second. */
  touched(drafts: readonly DraftId[]): void {
    if (drafts.length === 0) return;
    for (const draft of drafts) {
      this.#counts.delete(draft);
      this.#touched.add(draft);
    }
    this.#telling ??= setTimeout(() => void this.#tell(), TOLD_EVERY_MS);
  }

  /** @throws AppError NOT_FOUND */
  async require(draft: DraftId): Promise<Publication> {
    const stored = await this.#deps.store.get(draft);
    if (stored === null) throw new AppError('NOT_FOUND', { what: `发布 ${draft}（publication）` });
    return this.#whole(stored);
  }

  /** Those of the subtrees in `scope`, the latest first. */
  async list(
    filter: Parameters<PublicationStore['list']>[0],
  ): Promise<z.infer<typeof publicationPageSchema>> {
    const { rows, total } = await this.#deps.store.list(filter);
    const whole: Publication[] = [];
    for (const row of rows) {
      whole.push(await this.#whole(row));
      await setImmediate();
    }
    return { rows: whole, total };
  }

  /** The screens whose plan changed by a publish, and how far it got there. */
  async screens(draft: DraftId, filter: PublicationScreensFilter): Promise<PublicationScreens> {
    const { rows, total } = await this.#deps.store.screens(draft, filter);
    return { rows: rows.map((row) => ({ ...row, regionName: this.#nameOf(row.region) })), total };
  }

  async #whole({ computedAtMs, ...stored }: StoredPublication): Promise<Publication> {
    const counts = await this.#countsOf(stored.draft);
    return {
      ...stored,
      regionName: this.#nameOf(stored.region),
      state: stateOf(computedAtMs, counts),
      counts,
    };
  }

  async #countsOf(draft: DraftId): Promise<PublicationCounts> {
    const known = this.#counts.get(draft);
    if (known !== undefined) return known;
    const counts = await this.#deps.store.counts(draft);
    // A step noted while they were read wants them counted anew.
    if (!this.#touched.has(draft)) this.#counts.set(draft, counts);
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= REMEMBERED) break;
      this.#counts.delete(oldest);
    }
    return counts;
  }

  #nameOf(code: RegionCode): string {
    return this.#deps.region.find(code)?.name ?? code;
  }

  async #tell(): Promise<void> {
    const drafts = [...this.#touched];
    this.#touched.clear();
    try {
      for (const draft of drafts) {
        const publication = await this.require(draft);
        for (const listener of this.#listeners) listener(publication);
        await setImmediate();
      }
    } catch (err) {
      this.#deps.log.error({ err }, 'how far a publish got could not be told');
    }
    // From here the next half second runs, however long the telling took.
    this.#telling = this.#touched.size > 0 ? setTimeout(() => void this.#tell(), TOLD_EVERY_MS) : null;
  }
}

function stateOf(computedAtMs: number | null, counts: PublicationCounts): Publication['state'] {
  if (computedAtMs === null) return 'computing';
  const { screens, onAir, refused, overtaken } = counts;
  return onAir + refused + overtaken < screens ? 'delivering' : 'done';
}
