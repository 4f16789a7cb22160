import { canonicalText } from '../../../shared/core/canonical.ts';
import type { DenialId, RegionCode } from '../../../shared/core/ids.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { SignedKind } from '../../../shared/core/signed.ts';
import { DAY_S } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { isWithin, tierOf, TIERS } from '../../../shared/region/tier.ts';
import {
  DENY_LIST_MAX,
  LIFTED_KEPT_DAYS,
  denialsFor,
  denyListRegionOf,
  isListed,
} from '../../../shared/schedule/denial.schema.ts';
import type { DenyList, ListedDenial } from '../../../shared/schedule/denial.schema.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { DenyChange, DenyListSigner, StoredDenial } from './denial.port.ts';

const NEVER = 0 as Instant;
/** Places of a list that a tier leaves to the one above it. */
const PLACES_KEPT = 1_000;

/**
 * Every denial there ever was, in memory: they are few, and are asked about at every assignment,
 * timeline and figure. What a list says depends on the region and the version alone, never on when it
 * is signed, so that a restart signs the same bytes.
 */
export class DenialBook {
  readonly #signer: DenyListSigner;
  readonly #denials = new Map<DenialId, StoredDenial>();
  #changes: DenyChange[] = [];
  /** The last change per list; dropped when one is added. */
  #last = new Map<RegionCode, DenyChange | null>();
  #signed = new Map<RegionCode, { readonly version: number; readonly envelope: Envelope }>();

  constructor(signer: DenyListSigner) {
    this.#signer = signer;
  }

  fill(denials: readonly StoredDenial[], changes: readonly DenyChange[]): void {
    for (const denial of denials) this.#denials.set(denial.id, denial);
    this.#changes = [...changes];
    this.#last.clear();
  }

  get(id: DenialId): StoredDenial | undefined {
    return this.#denials.get(id);
  }

  /** The newest first. */
  all(): StoredDenial[] {
    return [...this.#denials.values()].sort((a, b) => b.version - a.version);
  }

  /**
   * How many more denials in `region` every list that takes them has room for. Each tier leaves places
   * to every tier above it, so that nobody can fill a county's list and thereby forbid a stop-all.
   */
  roomLeft(
    now: Instant,
    { region, issuer }: { readonly region: RegionCode; readonly issuer: RegionCode },
  ): number {
    const carried = [...this.#denials.values()].filter((one) => isCarried(one, now));
    const below = carried.map((one) => denyListRegionOf(one.region)).filter((list) => isWithin(list, region));
    const lists = [...new Set([denyListRegionOf(region), ...below])];
    const fullest = Math.max(
      ...lists.map((list) => carried.filter((one) => isListed(list, one.region)).length),
    );
    return DENY_LIST_MAX - PLACES_KEPT * TIERS.indexOf(tierOf(issuer)) - fullest;
  }

  /** Replaces a denial by what it is now. */
  put(denial: StoredDenial): void {
    this.#denials.set(denial.id, denial);
  }

  /** Notes a committed step of the counter. */
  step(change: DenyChange): void {
    this.#changes.push(change);
    this.#last.clear();
  }

  /** The last number given out. */
  get counter(): number {
    return this.#changes.reduce((highest, { version }) => Math.max(highest, version), 0);
  }

  /** Version of the list that a place goes by; 0 while nothing ever concerned it. */
  versionFor(region: RegionCode): number {
    return this.#lastOf(denyListRegionOf(region))?.version ?? 0;
  }

  /** The list that a place goes by, as devices are told. */
  listFor(region: RegionCode): DenyList {
    const listRegion = denyListRegionOf(region);
    const last = this.#lastOf(listRegion);
    const issuedAt = last?.at ?? NEVER;
    const denials = [...this.#denials.values()]
      .filter((denial) => isListed(listRegion, denial.region) && isCarried(denial, issuedAt))
      .map(
        ({ id, kind, subject, region: at, from, to }): ListedDenial => ({
          id,
          kind,
          subject,
          region: at,
          from,
          to,
        }),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return { format: SignedKind.denials, region: listRegion, version: last?.version ?? 0, issuedAt, denials };
  }

  /** {@link listFor}, signed; once per version. */
  signedFor(region: RegionCode): Envelope {
    const listRegion = denyListRegionOf(region);
    const version = this.versionFor(region);
    const known = this.#signed.get(listRegion);
    if (known?.version === version) return known.envelope;
    const envelope = this.#signer.sign(SignedKind.denials, canonicalText(this.listFor(region)));
    this.#signed.set(listRegion, { version, envelope });
    return envelope;
  }

  /** What was denied at a place by the list of a version: what a device that held it went by. */
  listAt(region: RegionCode, version: number): Denial[] {
    if (version === 0) return [];
    return this.#concerning(region)
      .filter((denial) => denial.version <= version)
      .map(({ kind, subject, from, to, liftVersion }) => ({
        kind,
        subject,
        from,
        to: liftVersion !== null && liftVersion <= version ? to : null,
      }));
  }

  /** What is or was denied at a place at some time in `[from, to)`, whoever had heard of it. */
  affecting(region: RegionCode, from: number, to: number): Denial[] {
    return denialsFor(
      this.#concerning(region).filter((one) => one.from < to && (one.to === null || one.to > from)),
      region,
    );
  }

  #concerning(region: RegionCode): StoredDenial[] {
    return [...this.#denials.values()].filter((denial) => isWithin(region, denial.region));
  }

  #lastOf(listRegion: RegionCode): DenyChange | null {
    const known = this.#last.get(listRegion);
    if (known !== undefined) return known;
    const last = this.#changes
      .filter((change) => isListed(listRegion, change.region))
      .reduce<DenyChange | null>(
        (high, one) => (high === null || one.version > high.version ? one : high),
        null,
      );
    this.#last.set(listRegion, last);
    return last;
  }
}

/** Lifted ones stay for as long as a timeline may still begin before their lift. */
function isCarried({ to }: StoredDenial, at: Instant): boolean {
  return to === null || to > at - LIFTED_KEPT_DAYS * DAY_S;
}
