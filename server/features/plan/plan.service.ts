import type { AppError } from '../../../shared/core/errors.ts';
import type { DeviceId, DraftId, RegionCode, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { Place } from '../../../shared/plan/audience.ts';
import type { World } from '../../../shared/plan/compile.ts';
import type { PlanStates } from '../../../shared/plan/plan.api.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { Hello, PlanStateReport } from '../../../shared/screen/protocol.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import { Issuer } from './issuer.ts';
import type { IssuerDeps } from './issuer.ts';
import { PlanMaker } from './plan-maker.ts';
import { PlanShelf } from './plan-shelf.ts';
import type { PublicationStore, Unfinished } from './publication.port.ts';

export interface PlanDeps extends IssuerDeps {
  /** Everything on air now. */
  readonly world: () => Promise<World>;
  readonly published: Pick<PublicationStore, 'unfinished' | 'finish'>;
  readonly screen: ScreenService;
  readonly log: {
    info(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** What changed of what is on air. */
export interface WhatChanged {
  /** Issuing regions of what changed: no screen outside them is concerned. */
  readonly regions: readonly RegionCode[];
}

/** Screens that take one turn together: what else waits for its turn waits for some tenths of a second. */
const SLICE = 1_000;
/** A counter above this was not counted: no device in a long life gets there. */
const COUNTER_MAX = 2 ** 40;

/** A run that was asked for and has not begun. */
interface Waiting {
  everywhere: boolean;
  readonly regions: Set<RegionCode>;
  readonly reasons: Set<string>;
  readonly done: Promise<void>;
}

/**
 * Plans (播出单) and assignments (派单): makes the plan of every screen, signs an assignment where one
 * is due, and sends it. Runs over many screens go one after another, a slice of screens at a time;
 * each slice, and whatever concerns one screen alone, takes a turn, so no screen gets two at once.
 */
export class PlanService {
  /** Plans that were made, to be read. */
  readonly shelf: PlanShelf;
  readonly #deps: PlanDeps;
  readonly #issuer: Issuer;
  #maker: Promise<PlanMaker> | null = null;
  #waiting: Waiting | null = null;
  #runs: Promise<unknown> = Promise.resolve();
  #tail: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(deps: PlanDeps) {
    this.#deps = deps;
    this.#issuer = new Issuer(deps);
    this.shelf = new PlanShelf(deps.store);
  }

  /**
   * Brings every screen to the plan it should have now. Calls that come while a run waits share it.
   * @returns when a run that began after the call is done.
   */
  recompute(reason: string): Promise<void> {
    return this.#run(null, reason);
  }

  /** {@link recompute} for whoever cannot wait: a failure is logged, and the next run makes it good. */
  trigger(reason: string): void {
    this.#unattended(reason, () => this.recompute(reason));
  }

  /**
   * What is on air changed: the screens inside the regions concerned get the plan they should have
   * now, those whose device is connected first. A failure is logged; the next run makes it good.
   */
  published({ regions }: WhatChanged): void {
    this.#unattended('published', () => this.#run(regions, 'published'));
  }

  /** Brings one screen to the plan it should have now: it was claimed, moved or changed. */
  async screenChanged(id: ScreenId): Promise<void> {
    await this.#inTurn(() => this.#issueTo(id, new Map()));
  }

  /** Until all issuing that was asked for is done. */
  async settled(): Promise<void> {
    for (;;) {
      const [runs, tail] = [this.#runs, this.#tail];
      await Promise.all([runs, tail]);
      if (runs === this.#runs && tail === this.#tail) return;
    }
  }

  /** Lets the slice under way end; what is left undone is done at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.settled();
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
      await this.#inTurn(() => this.#issueTo(screen, new Map([[screen, counted]])));
      return;
    }
    if (hello.counter < current.counter || hello.plan !== current.plan) await this.#issuer.send([current]);
  }

  /** A device says how far it got with a plan of its screen; of other plans nothing is noted. */
  async report(place: { device: DeviceId; screen: ScreenId }, said: PlanStateReport): Promise<boolean> {
    const { store } = this.#deps;
    if (!(await store.wasAssigned(place.screen, said.plan))) return false;
    await this.#reached({ ...place, plan: said.plan }, said);
    return true;
  }

  /** A device's current assignment, noted as told; `null` before its first. */
  async assignmentFor({ device, screen }: { device: DeviceId; screen: ScreenId }): Promise<Envelope | null> {
    const current = (await this.#deps.store.current([screen])).get(screen);
    if (current === undefined || current.device !== device) return null;
    await this.#reached(current, { state: 'told', code: null });
    return current.envelope;
  }

  /** A plan that was ever made, or `null`. */
  async plan(digest: Sha256): Promise<Plan | null> {
    return this.shelf.plan(digest);
  }

  /** The plan that a place gets now, assigned or not; `null` where none can be made. */
  async planAt(place: Place): Promise<Sha256 | null> {
    return this.#inTurn(async () => {
      const made = (await this.#currentMaker()).planFor(place);
      if (made === null) return null;
      if (made.bytes !== null)
        await this.#deps.store.addPlan(made.digest, made.bytes, this.#deps.clock.nowMs());
      return made.digest;
    });
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

  #unattended(reason: string, work: () => Promise<void>): void {
    if (this.#stopping) return;
    work().catch((err: unknown) => this.#deps.log.error({ err, reason }, 'plans could not be recomputed'));
  }

  /** Joins the run that waits, or makes one wait. @param regions `null` for all */
  #run(regions: readonly RegionCode[] | null, reason: string): Promise<void> {
    this.#maker = null;
    if (this.#waiting === null) {
      const done = this.#runs.then(() => this.#runWaiting());
      // Whoever asked hears of a failure by his own promise.
      this.#runs = done.catch(() => undefined);
      this.#waiting = { everywhere: false, regions: new Set(), reasons: new Set(), done };
    }
    this.#waiting.everywhere ||= regions === null;
    for (const region of regions ?? []) this.#waiting.regions.add(region);
    this.#waiting.reasons.add(reason);
    return this.#waiting.done;
  }

  async #runWaiting(): Promise<void> {
    const { published, screen, clock, log, publications } = this.#deps;
    const asked = this.#waiting;
    this.#waiting = null;
    if (asked === null || this.#stopping) return;
    // Also what a center that died left undone.
    const unfinished = await published.unfinished();
    const regions = new Set([...asked.regions, ...unfinished.flatMap((one) => one.regions)]);
    // A world from before they were published must not be taken for one that holds them.
    this.#maker = null;
    const screens = this.#connectedFirst(await screen.idsWithin(asked.everywhere ? null : [...regions]));
    let issued = 0;
    for (let at = 0; at < screens.length && !this.#stopping; at += SLICE)
      issued += await this.#inTurn(() => this.#issueSlice(screens.slice(at, at + SLICE)));
    if (this.#stopping) return;
    const drafts: DraftId[] = unfinished.map(({ draft }) => draft);
    await published.finish(drafts, clock.nowMs());
    publications.touched(drafts);
    log.info({ reasons: [...asked.reasons], screens: screens.length, issued }, 'plans recomputed');
  }

  /** Who listens now is served first: on the screens of the others it is not seen yet anyway. */
  #connectedFirst(screens: readonly ScreenId[]): ScreenId[] {
    const connected = this.#deps.link.screens();
    return [
      ...screens.filter((screen) => connected.has(screen)),
      ...screens.filter((screen) => !connected.has(screen)),
    ];
  }

  async #issueTo(id: ScreenId, floors: ReadonlyMap<ScreenId, number>): Promise<number> {
    return this.#issueSlice([id], floors);
  }

  async #issueSlice(
    ids: readonly ScreenId[],
    floors: ReadonlyMap<ScreenId, number> = new Map(),
  ): Promise<number> {
    const maker = await this.#currentMaker();
    try {
      return await this.#issuer.issue(maker, await this.#deps.screen.byIds(ids), floors);
    } catch (error) {
      // It may remember plans as made that were not kept.
      this.#maker = null;
      throw error;
    }
  }

  /** One after another; a failure is the caller's and does not stop the next. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#tail.then(work);
    // The caller hears of a failure by its own promise.
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #currentMaker(): Promise<PlanMaker> {
    const day = localDayAt(instantOfMs(this.#deps.clock.nowMs()));
    const known = await this.#maker?.catch(() => null);
    if (known !== null && known !== undefined && known.day === day) return known;
    this.#maker = this.#makeMaker();
    return this.#maker;
  }

  async #makeMaker(): Promise<PlanMaker> {
    const { world, published, clock, log } = this.#deps;
    // The world and the publishes in it, read together: one that goes on air in between is neither or both.
    let before: readonly Unfinished[];
    let publications: readonly Unfinished[] = await published.unfinished();
    let onAir: World;
    do {
      before = publications;
      onAir = await world();
      publications = await published.unfinished();
    } while (publications.map(({ draft }) => draft).join() !== before.map(({ draft }) => draft).join());
    return new PlanMaker({
      world: onAir,
      day: localDayAt(instantOfMs(clock.nowMs())),
      publications,
      onImpossible: (err: AppError, region) => log.error({ err, region }, 'no plan can be made'),
    });
  }

  async #reached(
    place: { readonly device: DeviceId; readonly screen: ScreenId; readonly plan: Sha256 },
    { state, code }: { readonly state: PlanStateReport['state'] | 'told'; readonly code: string | null },
  ): Promise<void> {
    const { store, clock, publications } = this.#deps;
    const { device, screen, plan } = place;
    publications.touched(await store.reached([{ device, screen, plan }], state, clock.nowMs(), code));
  }
}

/** Who said hello, and what. */
export interface Greeting {
  readonly device: DeviceId;
  readonly screen: ScreenId;
  readonly hello: Pick<Hello, 'counter' | 'plan'>;
}
