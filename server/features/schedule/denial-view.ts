import type { DeviceId, RegionCode } from '../../../shared/core/ids.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { can } from '../../../shared/identity/abilities.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { DenialRow, DenialScreen } from '../../../shared/schedule/denial.schema.ts';
import { denyListRegionOf } from '../../../shared/schedule/denial.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { DenialBook } from './denial-book.ts';
import type { DenialStore, StoredDenial } from './denial.port.ts';

export interface DenialViewDeps {
  readonly book: DenialBook;
  readonly store: DenialStore;
  readonly region: RegionService;
  /** Devices that are connected now. */
  readonly connected: { has(device: DeviceId): boolean };
}

/** What is to be shown of all denials. */
export interface DenialFilter {
  /** Regions in whose subtrees, or above which, a denial holds. */
  readonly scope: readonly RegionCode[];
  readonly region: RegionCode | undefined;
  readonly state: DenialRow['state'] | undefined;
  readonly limit: number;
  readonly offset: number;
}

export type DenialView = ReturnType<typeof makeDenialView>;

/** Denials as people see them: what is in force, who said so, how far it got, and who may lift it. */
export function makeDenialView({ book, store, region, connected }: DenialViewDeps) {
  const nameOf = (code: RegionCode): string => region.find(code)?.name ?? code;

  /** A denial as `actor` sees it. */
  async function row(denial: StoredDenial, actor: Actor): Promise<DenialRow> {
    const { id, kind, subject, name, issuer, reason, from, to, version, liftVersion, liftAsked } = denial;
    const counts = await store.counts(denial.region, liftVersion ?? version);
    return {
      id,
      kind,
      subject,
      name,
      region: denial.region,
      regionName: nameOf(denial.region),
      issuer,
      issuerName: nameOf(issuer),
      reason,
      upward: denial.reportedTo !== null,
      from,
      to,
      state: stateOf(denial),
      issuedByName: denial.issuedByName,
      issuedAtMs: denial.issuedAtMs,
      liftAskedByName: liftAsked?.byName ?? null,
      liftAskedAtMs: liftAsked?.atMs ?? null,
      liftReason: liftAsked?.reason ?? null,
      liftedByName: denial.liftedByName,
      version,
      liftVersion,
      ...counts,
      mayLift: to === null && can(actor, 'denial.lift', issuer) && liftAsked?.by !== actor.account,
    };
  }

  return {
    row,

    /** A page of the denials that hold in a scope, in a part of it or above it; the newest first. */
    async list(filter: DenialFilter, actor: Actor): Promise<{ rows: DenialRow[]; total: number }> {
      const { scope, state, limit, offset } = filter;
      const found = book
        .all()
        .filter(
          (one) =>
            scope.some((held) => isRelated(one.region, held)) &&
            (filter.region === undefined || isRelated(one.region, filter.region)) &&
            (state === undefined || stateOf(one) === state),
        );
      const rows: DenialRow[] = [];
      for (const one of found.slice(offset, offset + limit)) rows.push(await row(one, actor));
      return { rows, total: found.length };
    },

    /** A page of the screens that a denial concerns, and whether each device holds it. */
    async screens(
      denial: StoredDenial,
      page: { readonly held: boolean | undefined; readonly limit: number; readonly offset: number },
    ): Promise<{ rows: DenialScreen[]; total: number }> {
      const version = denial.liftVersion ?? denial.version;
      const { rows, total } = await store.screens({ region: denial.region, version, ...page });
      return {
        total,
        rows: rows.map(({ screen, name, region: place, device, held }) => {
          const ours = held !== null && held.region === denyListRegionOf(place) ? held : null;
          return {
            screen,
            name,
            region: place,
            regionName: nameOf(place),
            device,
            held: ours !== null && ours.version >= version,
            version: ours?.version ?? 0,
            heldAtMs: ours?.atMs ?? null,
            connected: connected.has(device),
          };
        }),
      };
    },
  };
}

function stateOf({ to, liftAsked }: StoredDenial): DenialRow['state'] {
  if (to !== null) return 'lifted';
  return liftAsked === null ? 'in-force' : 'lifting';
}

/** Whether one lies in the other's subtree: what holds above holds here too. */
function isRelated(one: RegionCode, other: RegionCode): boolean {
  return isWithin(one, other) || isWithin(other, one);
}
