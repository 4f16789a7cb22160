import { setImmediate } from 'node:timers/promises';
import { canonicalText } from '../../../shared/core/canonical.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { DeviceId, RegionCode, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { SignedKind } from '../../../shared/core/signed.ts';
import { instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Place } from '../../../shared/plan/audience.ts';
import { preparePlans } from '../../../shared/plan/compile.ts';
import type { Planner, World } from '../../../shared/plan/compile.ts';
import { encodePlan } from '../../../shared/plan/plan-bytes.ts';
import type { PlanStates } from '../../../shared/plan/plan.api.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { Hello, PlanStateReport } from '../../../shared/screen/protocol.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import { ASSIGNMENT_LIFE_S, desiredAssignment, reasonToIssue } from './desired-assignment.ts';
import type { DesiredAssignment } from './desired-assignment.ts';
import { PlanShelf } from './plan-shelf.ts';
import type {
  AssignmentSigner,
  IssuedAssignment,
  PlanStore,
  PlayerLink,
  RequiredHours,
} from './plan.port.ts';

export interface PlanDeps {
  readonly store: PlanStore;
  /** Everything on air now. */
  readonly world: () => Promise<World>;
  readonly screen: ScreenService;
  readonly region: RegionService;
  readonly hours: RequiredHours;
  readonly signer: AssignmentSigner;
  readonly link: PlayerLink;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** Screens between two breaths of the event loop. */
const SLICE = 25;
/** A counter above this was not counted: no device in a long life gets there. */
const COUNTER_MAX = 2 ** 40;

/** Plans ready to be made for one world on one day. */
interface Prepared {
  readonly day: LocalDay;
  readonly planner: Planner;
  /** Digest per kind of place; `null` where no plan can be made. */
  readonly digests: Map<string, Sha256 | null>;
}

/**
 * Plans (播出单) and assignments (派单): makes the plan of every screen, signs an assignment where one
 * is due, and sends it. Work that issues runs one after another, so no screen gets two at once.
 */
export class PlanService {
  /** Plans that were made, to be read. */
  readonly shelf: PlanShelf;
  readonly #deps: PlanDeps;
  #prepared: Promise<Prepared> | null = null;
  #waiting: Promise<void> | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(deps: PlanDeps) {
    this.#deps = deps;
    this.shelf = new PlanShelf(deps.store);
  }

  /**
   * Brings every screen to the plan it should have now. Calls that come while one waits share it.
   * @returns when a run that began after the call is done.
   */
  recompute(reason: string): Promise<void> {
    this.#prepared = null;
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = null;
      const screens = await this.#deps.screen.all();
      const issued = await this.#assign(screens, new Map());
      this.#deps.log.info({ reason, screens: screens.length, issued }, 'plans recomputed');
    });
    return this.#waiting;
  }

  /** {@link recompute} for whoever cannot wait: a failure is logged, and the next run makes it good. */
  trigger(reason: string): void {
    if (this.#stopping) return;
    this.recompute(reason).catch((err: unknown) =>
      this.#deps.log.error({ err, reason }, 'plans could not be recomputed'),
    );
  }

  /** Brings one screen to the plan it should have now: it was claimed, moved or changed. */
  async screenChanged(id: ScreenId): Promise<void> {
    await this.#inTurn(async () => {
      const screen = await this.#deps.screen.get(id);
      if (screen !== null) await this.#assign([screen], new Map());
    });
  }

  /** Until all issuing that was asked for is done. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  /** Lets the slice under way end; what is left undone is done at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#tail;
  }

  /**
   * A device connected: it is sent its assignment if it has an older one, or has not got its plan on
   * air. One that counts further than we do met us before we came back from a backup: it gets a new
   * one above its counter.
   */
  async greet({ device, screen, hello }: Greeting): Promise<void> {
    const current = (await this.#deps.store.current([screen])).get(screen);
    const counted = hello.counter < COUNTER_MAX ? hello.counter : 0;
    const ahead = counted > (current?.counter ?? 0);
    if (current === undefined || current.device !== device || ahead) {
      await this.#inTurn(async () => {
        const known = await this.#deps.screen.get(screen);
        if (known !== null) await this.#assign([known], new Map([[screen, counted]]));
      });
      return;
    }
    if (hello.counter < current.counter || hello.plan !== current.plan) await this.#send([current]);
  }

  /** A device says how far it got with a plan of its screen; of other plans nothing is noted. */
  async report(place: { device: DeviceId; screen: ScreenId }, said: PlanStateReport): Promise<boolean> {
    const { store, clock } = this.#deps;
    if (!(await store.wasAssigned(place.screen, said.plan))) return false;
    await store.reached([{ ...place, plan: said.plan }], said.state, clock.nowMs(), said.code);
    return true;
  }

  /** A device's current assignment, noted as told; `null` before its first. */
  async assignmentFor({ device, screen }: { device: DeviceId; screen: ScreenId }): Promise<Envelope | null> {
    const { store, clock } = this.#deps;
    const current = (await store.current([screen])).get(screen);
    if (current === undefined || current.device !== device) return null;
    await store.reached([current], 'told', clock.nowMs(), null);
    return current.envelope;
  }

  /** A plan that was ever made, or `null`. */
  async plan(digest: Sha256): Promise<Plan | null> {
    return this.shelf.plan(digest);
  }

  /** The plan that a place gets now, assigned or not; `null` where none can be made. */
  async planAt(place: Place): Promise<Sha256 | null> {
    return this.#digestFor(await this.#prepare(), place);
  }

  /** How far the current plans got on the screens of a region. */
  async states(filter: { region: RegionCode; limit: number; offset: number }): Promise<PlanStates> {
    const { counts, rows } = await this.#deps.store.states(filter);
    return {
      counts,
      rows: rows.map((row) => ({
        ...row,
        regionName: this.#deps.region.find(row.region)?.name ?? row.region,
      })),
    };
  }

  /** One after another; a failure is the caller's and does not stop the next. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#tail.then(work);
    // The caller hears of a failure by its own promise.
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #prepare(): Promise<Prepared> {
    const day = localDayAt(instantOfMs(this.#deps.clock.nowMs()));
    const known = await this.#prepared?.catch(() => null);
    if (known !== null && known !== undefined && known.day === day) return known;
    this.#prepared = this.#deps.world().then((world) => ({
      day,
      planner: preparePlans(world, day),
      digests: new Map<string, Sha256 | null>(),
    }));
    return this.#prepared;
  }

  /** The digest of a place's plan, made and kept when it is the first of its kind. */
  async #digestFor({ planner, digests }: Prepared, place: Place): Promise<Sha256 | null> {
    const kind = planner.alike(place);
    const known = digests.get(kind);
    if (known !== undefined) return known;
    try {
      const { bytes, digest } = encodePlan(planner.plan(place));
      await this.#deps.store.addPlan(digest, new TextDecoder().decode(bytes), this.#deps.clock.nowMs());
      digests.set(kind, digest);
      return digest;
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      // One place that cannot be planned must not keep the rest of the province on yesterday's plan.
      this.#deps.log.error({ err, region: place.region }, 'no plan can be made');
      digests.set(kind, null);
      return null;
    }
  }

  /** Issues what is due for these screens. @returns how many were issued. */
  async #assign(screens: readonly Screen[], floors: ReadonlyMap<ScreenId, number>): Promise<number> {
    const prepared = await this.#prepare();
    const hoursOf = await this.#deps.hours.on(prepared.day);
    const inService = screens.filter(
      (screen) => screen.device !== null && (screen.retiredOn === null || screen.retiredOn > prepared.day),
    );
    let issued = 0;
    for (let at = 0; at < inService.length && !this.#stopping; at += SLICE) {
      const slice = inService.slice(at, at + SLICE);
      const current = await this.#deps.store.current(slice.map((screen) => screen.id));
      const due: Due[] = [];
      for (const screen of slice) {
        const plan = await this.#digestFor(prepared, screen);
        if (screen.device === null || plan === null) continue;
        const desired = desiredAssignment({
          screen,
          device: screen.device,
          regionNames: this.#deps.region.names(screen.region),
          plan,
          requiredHours: hoursOf(screen),
        });
        const held = current.get(screen.id);
        const above = Math.max(held?.counter ?? 0, floors.get(screen.id) ?? 0);
        const now = instantOfMs(this.#deps.clock.nowMs());
        if (above > (held?.counter ?? 0) || reasonToIssue(held, desired, now) !== null)
          due.push({ desired, above });
      }
      if (due.length > 0) await this.#issue(due);
      issued += due.length;
      await setImmediate();
    }
    return issued;
  }

  /** Signs, keeps, and only then sends: what a device holds is never unknown here. */
  async #issue(due: readonly Due[]): Promise<void> {
    const { store, signer, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const now = instantOfMs(nowMs);
    // A device that stood behind another screen counts on from there, or it would refuse this one.
    const counters = await store.countersOf(due.map(({ desired }) => desired.device));
    const issued = due.map(({ desired, above }): IssuedAssignment => {
      const counter = Math.max(above, counters.get(desired.device) ?? 0) + 1;
      const expiresAt = now + ASSIGNMENT_LIFE_S;
      const text = canonicalText({ ...desired, counter, issuedAt: now, expiresAt });
      return {
        screen: desired.screen,
        device: desired.device,
        plan: desired.plan,
        counter,
        issuedAtMs: nowMs,
        expiresAtMs: expiresAt * 1000,
        envelope: signer.sign(SignedKind.assignment, text),
      };
    });
    await store.issue(issued);
    await this.#send(issued);
  }

  async #send(assignments: readonly IssuedAssignment[]): Promise<void> {
    const { link, store, clock } = this.#deps;
    const told = assignments.filter(({ device, envelope }) => link.send(device, envelope));
    if (told.length > 0) await store.reached(told, 'told', clock.nowMs(), null);
  }
}

/** Who said hello, and what. */
export interface Greeting {
  readonly device: DeviceId;
  readonly screen: ScreenId;
  readonly hello: Pick<Hello, 'counter' | 'plan'>;
}

interface Due {
  readonly desired: DesiredAssignment;
  /** The counter must be above this. */
  readonly above: number;
}
