import type { DeviceId, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { SignedKind } from '../../../shared/core/signed.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { instantOfMs } from '../../../shared/core/time.ts';
import type { Instant, LocalDay } from '../../../shared/core/time.ts';
import { assignmentWriter } from '../../../shared/plan/assignment-text.ts';
import type { AssignmentContent } from '../../../shared/plan/assignment-text.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import { breather } from './breath.ts';
import { ASSIGNMENT_LIFE_S, contentDigest, desiredAssignment, reasonToIssue } from './desired-assignment.ts';
import type { PlanMaker } from './plan-maker.ts';
import type {
  AssignmentSigner,
  DenyLists,
  HeldAssignment,
  IssuedAssignment,
  PlanStore,
  PlayerLink,
  RequiredHours,
} from './plan.port.ts';
import type { Attribution } from './publication.port.ts';
import type { PublicationService } from './publication.service.ts';

export interface IssuerDeps {
  readonly store: PlanStore;
  readonly publications: PublicationService;
  readonly region: RegionService;
  readonly hours: RequiredHours;
  readonly denyLists: DenyLists;
  readonly signer: AssignmentSigner;
  readonly link: PlayerLink;
  readonly clock: Clock;
}

/** An assignment that a screen is due. */
interface Due {
  readonly content: AssignmentContent;
  readonly write: ReturnType<typeof assignmentWriter>;
  readonly digest: Sha256;
  /** The screen's counter must be above this. */
  readonly above: number;
  /** Whether it had another plan, or none. */
  readonly turned: boolean;
}

/** What is due in a slice of screens. */
interface Dues {
  readonly due: Due[];
  readonly plans: Map<Sha256, Uint8Array>;
  readonly attributions: Attribution[];
}

/** What is due in a part of the screens, signed. */
interface Signed extends Dues {
  readonly assignments: readonly IssuedAssignment[];
}

/** Screens whose assignments are kept in one transaction, which holds the event loop for some milliseconds. */
const PART = 125;

/** Signs, keeps and sends assignments: each only where a screen's says something else than it should. */
export class Issuer {
  readonly #deps: IssuerDeps;

  constructor(deps: IssuerDeps) {
    this.#deps = deps;
  }

  /**
   * Issues what is due for these screens, a part of them at a time: while one part is kept and sent, the
   * next is signed.
   * @param floors counters that devices say they know, which theirs must exceed
   * @returns how many were issued
   */
  async issue(
    maker: PlanMaker,
    screens: readonly Screen[],
    floors: ReadonlyMap<ScreenId, number>,
  ): Promise<number> {
    const inService = screens.filter((screen) => isInService(screen, maker.day));
    let issued = 0;
    let signing: Promise<Signed> | null = null;
    for (let at = 0; at < inService.length; at += PART) {
      // After those of the part before: a plan is kept with the part that it was made for first.
      const dues = await this.#duesOf(maker, inService.slice(at, at + PART), floors);
      const next = this.#signed(dues);
      // Should keeping the one before fail, that is what is told.
      next.catch(() => undefined);
      if (signing !== null) issued += await this.#keep(await signing);
      signing = next;
    }
    if (signing !== null) issued += await this.#keep(await signing);
    return issued;
  }

  async #duesOf(
    maker: PlanMaker,
    screens: readonly Screen[],
    floors: ReadonlyMap<ScreenId, number>,
  ): Promise<Dues> {
    const held = await this.#deps.store.held(screens.map(({ id }) => id));
    return this.#dues(maker, screens, { held, floors });
  }

  async #signed(dues: Dues): Promise<Signed> {
    return { ...dues, assignments: await this.#sign(dues.due) };
  }

  /** Kept before they are sent: what a device holds is never unknown here. */
  async #keep({ assignments, due, plans, attributions }: Signed): Promise<number> {
    if (assignments.length === 0) return 0;
    const { store, publications } = this.#deps;
    const changed = due.filter(({ turned }) => turned).map(({ content }) => content.screen);
    const overtaken = await store.issue({ assignments, plans, changed, attributions });
    publications.touched([...overtaken, ...attributions.flatMap(({ drafts }) => drafts)]);
    await this.send(assignments);
    return assignments.length;
  }

  /** Sends to the devices that are connected, and notes them as told. */
  async send(assignments: readonly IssuedAssignment[]): Promise<void> {
    const { link, store, clock, publications } = this.#deps;
    const told = assignments.filter(({ device, envelope }) => link.send(device, envelope));
    if (told.length > 0) publications.touched(await store.reached(told, 'told', clock.nowMs(), null));
  }

  async #dues(
    maker: PlanMaker,
    screens: readonly Screen[],
    known: {
      readonly held: ReadonlyMap<ScreenId, HeldAssignment>;
      readonly floors: ReadonlyMap<ScreenId, number>;
    },
  ): Promise<Dues> {
    const nowMs = this.#deps.clock.nowMs();
    const hoursOf = await this.#deps.hours.on(maker.day);
    const breathe = breather(this.#deps.clock);
    const dues: Dues = { due: [], plans: new Map(), attributions: [] };
    for (const screen of screens) {
      await breathe();
      const made = maker.planFor(screen);
      if (screen.device === null || made === null) continue;
      const held = known.held.get(screen.id);
      const turned = held?.plan !== made.digest;
      // Where a screen has it already, it is kept already.
      if (made.bytes !== null && turned) dues.plans.set(made.digest, made.bytes);
      const content = this.#desired(screen, screen.device, { plan: made.digest, hours: hoursOf(screen) });
      const write = assignmentWriter(content);
      const digest = contentDigest(write);
      const counted = held?.counter ?? 0;
      const above = Math.max(counted, known.floors.get(screen.id) ?? 0);
      if (above === counted && reasonToIssue(held, digest, nowMs) === null) continue;
      dues.due.push({ content, write, digest, above, turned });
      const drafts = turned ? maker.publicationsFor(screen.region) : [];
      if (drafts.length > 0) dues.attributions.push({ screen: screen.id, drafts });
    }
    return dues;
  }

  #desired(
    screen: Screen,
    device: DeviceId,
    { plan, hours }: { readonly plan: Sha256; readonly hours: readonly Window[] },
  ): AssignmentContent {
    return desiredAssignment({
      screen,
      device,
      regionNames: this.#deps.region.names(screen.region),
      plan,
      requiredHours: hours,
      denyListVersion: this.#deps.denyLists.versionFor(screen.region),
    });
  }

  async #sign(due: readonly Due[]): Promise<IssuedAssignment[]> {
    const { store, signer, clock } = this.#deps;
    const issuedAtMs = clock.nowMs();
    const issuedAt = instantOfMs(issuedAtMs);
    const expiresAt = (issuedAt + ASSIGNMENT_LIFE_S) as Instant;
    // A device that stood behind another screen counts on from there, or it would refuse this one.
    const known = await store.countersOf(due.map(({ content }) => content.device));
    const counters = due.map(({ content, above }) => Math.max(above, known.get(content.device) ?? 0) + 1);
    const texts = due.map(({ write }, index) =>
      write({ counter: counters[index] as number, issuedAt, expiresAt }),
    );
    const envelopes = await signer.signAll(SignedKind.assignment, texts);
    return due.map(
      ({ content, digest }, index): IssuedAssignment => ({
        screen: content.screen,
        device: content.device,
        plan: content.plan,
        counter: counters[index] as number,
        issuedAtMs,
        expiresAtMs: expiresAt * 1000,
        content: digest,
        envelope: envelopes[index] as Envelope,
      }),
    );
  }
}

function isInService({ device, retiredOn }: Screen, day: LocalDay): boolean {
  return device !== null && (retiredOn === null || retiredOn > day);
}
