import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Place } from '../../../shared/plan/audience.ts';
import { preparePlans } from '../../../shared/plan/compile.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { planWriter } from '../../../shared/plan/plan-bytes.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import { digestOf } from './desired-assignment.ts';
import type { Unfinished } from './publication.port.ts';

/** A plan's name; its bytes where it was made just now and may not be kept yet. */
export interface MadePlan {
  readonly digest: Sha256;
  readonly bytes: Uint8Array | null;
}

/** What a {@link PlanMaker} makes plans from. */
export interface MakerInput {
  readonly world: World;
  readonly day: LocalDay;
  /** Publishes that this world holds and that not every screen was looked at for. */
  readonly publications: readonly Unfinished[];
  readonly onImpossible: (error: AppError, region: RegionCode) => void;
}

/** Makes the plans of one world on one day, each distinct one once. */
export class PlanMaker {
  readonly day: LocalDay;
  readonly #input: MakerInput;
  readonly #planner: ReturnType<typeof preparePlans>;
  readonly #write = planWriter();
  /** Digest per kind of place; `null` where no plan can be made. */
  readonly #digests = new Map<string, Sha256 | null>();

  constructor(input: MakerInput) {
    this.#input = input;
    this.day = input.day;
    this.#planner = preparePlans(input.world, input.day);
  }

  /** The plan of a place, or `null` where none can be made. */
  planFor(place: Place): MadePlan | null {
    const kind = this.#planner.alike(place);
    const known = this.#digests.get(kind);
    if (known !== undefined) return known === null ? null : { digest: known, bytes: null };
    try {
      const bytes = this.#write(this.#planner.plan(place));
      const digest = digestOf(bytes);
      this.#digests.set(kind, digest);
      return { digest, bytes };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // One place that cannot be planned must not keep the rest of the province on yesterday's plan.
      this.#input.onImpossible(error, place.region);
      this.#digests.set(kind, null);
      return null;
    }
  }

  /** The publishes to which a change of a plan in a region is due. */
  publicationsFor(region: RegionCode): DraftId[] {
    return this.#input.publications
      .filter(({ regions }) => regions.some((issuing) => isWithin(region, issuing)))
      .map(({ draft }) => draft);
  }
}
