import type { Sha256 } from '../../shared/core/ids.ts';
import type { Assignment } from '../../shared/plan/assignment.schema.ts';
import type { Enrolment } from '../../shared/screen/protocol.ts';
import type { Beat, Showing } from '../../shared/telemetry/live.schema.ts';
import { AssetKeeper } from './cache/asset-keeper.ts';
import type { BlobCache } from './cache/blob-cache.ts';
import type { ClockKeeper } from './clock/clock-keeper.ts';
import { DenyKeeper } from './denials/deny-keeper.ts';
import { Director } from './director/director.ts';
import { PowerWatch } from './director/power-watch.ts';
import type { EngineStatus } from './engine-status.ts';
import { Housekeeping } from './housekeeping.ts';
import { EnrolmentLoop } from './identity/enrolment.ts';
import type { DeviceKey } from './identity/device-key.ts';
import type { Journal } from './journal/journal.ts';
import { Uploader } from './journal/uploader.ts';
import { CenterHttp } from './link/center-http.ts';
import { Session } from './link/session.ts';
import { noticeOf } from './notices.ts';
import type { Waiting } from './notices.ts';
import { PlanKeeper } from './plan/plan-keeper.ts';
import type { LoadedPlan, PlanLibrary } from './plan/plan-library.ts';
import type { EnginePorts, StageEvents, StagePort } from './ports.ts';
import { mayTakeGlass, unwantedAssets, wantedAssets } from './readiness.ts';
import type { StateStore } from './state-store.ts';

export interface PlayerOptions {
  readonly ports: EnginePorts;
  readonly key: DeviceKey;
  readonly state: StateStore;
  readonly clock: ClockKeeper;
  readonly journal: Journal;
  readonly cache: BlobCache;
  readonly library: PlanLibrary;
  readonly stage: StagePort;
  readonly centerUrl: string;
  readonly dataFolder: string;
  readonly renderer: Enrolment['renderer'];
  readonly hardware: string;
  readonly version: string;
  readonly osBoot: string;
}

/** How long after the center disowned us we ask for a pairing code again. */
const UNCLAIMED_MS = 5_000;

/** One player: the parts of the engine, and what each of them tells the others. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #http: CenterHttp;
  readonly #session: Session;
  readonly #uploader: Uploader;
  readonly #assets: AssetKeeper;
  readonly #plans: PlanKeeper;
  readonly #denials: DenyKeeper;
  readonly #power: PowerWatch;
  readonly #director: Director;
  readonly #enrolment: EnrolmentLoop;
  readonly #housekeeping: Housekeeping;
  #waiting: Waiting = { kind: 'starting' };
  #shownNotice = '';
  /** Verified plans that wait for their assets: the one that was on air before the restart, and the assigned one. */
  #resumed: LoadedPlan | null = null;
  #coming: { readonly loaded: LoadedPlan; readonly sinceMono: number } | null = null;

  constructor(options: PlayerOptions) {
    this.#options = options;
    const { ports, key, state, clock, journal, cache } = options;
    const { timers, random, log } = ports;
    const common = { key, clock, timers, random, log };
    journal.begin(clock, {
      osBoot: options.osBoot,
      panelReadable: ports.panel.readable,
      renderer: options.renderer,
      version: options.version,
    });
    this.#http = new CenterHttp(options.centerUrl, ports.http, timers);
    this.#power = new PowerWatch(journal);
    this.#session = new Session({
      ...common,
      link: ports.link,
      boot: journal.boot,
      renderer: options.renderer,
      version: options.version,
      osBoot: options.osBoot,
      center: () => state.get().center,
      has: () => ({
        counter: state.get().counter,
        plan: state.get().onAir,
        denyListVersion: this.#denials.version,
      }),
      events: {
        online: (token) => this.#online(token),
        offline: () => {},
        assignment: (envelope) => this.#plans.offer(envelope),
        denials: (envelope) => this.#denials.offer(envelope),
        unclaimed: () => this.#unclaimed(),
      },
    });
    this.#uploader = new Uploader({
      ...common,
      journal,
      send: (batch) => (this.#session.online ? this.#session.journal(batch) : this.#http.journal(batch)),
      canSend: () => this.#session.online || this.#http.hasToken,
    });
    this.#assets = new AssetKeeper({
      ...common,
      cache,
      source: () => (this.#http.hasToken ? this.#http.asset : null),
      onChange: () => this.#assetsChanged(),
      onCorrupt: (sha256, where) => this.#corrupt(sha256, where),
    });
    this.#plans = new PlanKeeper({
      ...common,
      journal,
      state,
      folder: options.dataFolder,
      http: this.#http,
      library: options.library,
      report: (report) => this.#session.planState(report),
      onAssignment: (assignment) => this.#assigned(assignment),
      onPlan: (loaded) => this.#planReady(loaded),
    });
    this.#denials = new DenyKeeper({
      ...common,
      journal,
      state,
      folder: options.dataFolder,
      http: this.#http,
      assignment: () => this.#plans.assignment,
      onList: () => this.#obey(),
    });
    this.#director = new Director({
      ...common,
      journal,
      cache,
      power: this.#power,
      assets: this.#assets,
      show: (scene) => options.stage.show(scene),
      settings: () => this.#settings(),
      previous: state.get().onAir,
      onAir: (digest) => this.#tookGlass(digest),
    });
    this.#enrolment = new EnrolmentLoop({
      ...common,
      http: this.#http,
      renderer: options.renderer,
      version: options.version,
      hardware: options.hardware,
      pinned: () => state.get().center,
      pin: (center) => state.update({ center }),
      onWaiting: (answer) => this.#wait({ kind: 'pairing', answer, met: clock.met }),
      onClaimed: () => {
        this.#wait({ kind: 'no-plan' });
        this.#session.start();
      },
      onTrouble: (trouble) =>
        this.#wait({ kind: trouble === 'unreachable' ? 'connecting' : 'foreign-center' }),
    });
    this.#housekeeping = new Housekeeping({
      journal,
      timers,
      log,
      panel: ports.panel,
      settings: () => this.#plans.assignment?.settings ?? null,
      everySecond: () => this.#everySecond(),
      everyTick: () => this.#beat(),
      everyHour: () => this.#wantAssets(),
    });
  }

  start(): void {
    const { stage, state, journal, clock } = this.#options;
    stage.listen(this.#stageEvents());
    journal.onAppend(() => this.#uploader.nudge());
    this.#wait({ kind: 'starting' });
    const { assignment } = this.#plans;
    if (assignment !== null) clock.notBefore(assignment.issuedAt);
    const { onAir } = state.get();
    this.#resumed = onAir === null || assignment === null ? null : this.#plans.loadKept(onAir);
    this.#plans.pursue();
    this.#wantAssets();
    this.#housekeeping.start();
    if (assignment === null) this.#enrolment.start();
    else this.#session.start();
    this.#everySecond();
  }

  /** Undoes `start`; `abrupt` writes nothing any more, as a power cut would. */
  stop(abrupt: boolean): void {
    this.#housekeeping.stop();
    this.#enrolment.stop();
    this.#plans.stop();
    this.#denials.stop();
    this.#assets.stop();
    this.#uploader.stop();
    if (abrupt) this.#director.halt();
    else {
      this.#director.stop();
      this.#options.journal.closeAll(false);
    }
    this.#session.stop();
    this.#options.journal.end();
  }

  status(): EngineStatus {
    const waiting = this.#waiting;
    return {
      device: this.#options.key.device,
      online: this.#session.online,
      pairingCode: waiting.kind === 'pairing' && this.#enrolment.running ? waiting.answer.code : null,
      screen: this.#plans.assignment?.screen ?? null,
      plan: this.#director.plan?.digest ?? null,
      denyList: this.#denials.version,
      showing: this.#showing(),
      painted: this.#power.painted,
      pending: this.#options.journal.pendingCount(),
      cache: this.#assets.progress(),
    };
  }

  #stageEvents(): StageEvents {
    return {
      nowMs: () => this.#options.clock.nowMs(),
      ready: (ready) => this.#options.ports.log.info('stage ready', { ...ready }),
      painted: (painted) => this.#director.painted(painted),
      progress: (progress) => this.#director.progress(progress),
      failed: (failure) => this.#director.stageFailed(failure),
      gone: () => this.#options.ports.log.warn('no stage is connected'),
    };
  }

  #online(token: string): void {
    this.#http.useToken(token);
    this.#enrolment.stop();
    this.#uploader.hurry();
    this.#assets.hurry();
    this.#denials.hurry();
    this.#plans.hurry();
    const plan = this.#director.plan?.digest;
    if (plan !== undefined) this.#session.planState({ plan, state: 'on-air', code: null });
    this.#beat();
    this.#director.refresh();
    void this.#pullAssignment();
  }

  /** The push is a doorbell; what counts is what the center has now. */
  async #pullAssignment(): Promise<void> {
    try {
      const envelope = await this.#http.assignment();
      if (this.#housekeeping.running && envelope !== null) this.#plans.offer(envelope);
    } catch (error) {
      this.#options.ports.log.info('assignment not pulled', { reason: String(error) });
    }
  }

  /** What plays goes on playing; the pairing code shows only where nothing does. */
  #unclaimed(): void {
    this.#http.useToken(null);
    this.#session.stop();
    this.#enrolment.start(UNCLAIMED_MS);
  }

  #assigned(assignment: Assignment): void {
    this.#assets.evict(assignment.settings.cacheBytes);
    this.#denials.pursue();
    this.#obey();
    this.#director.refresh();
    // A plan that comes back before its successor took the glass is on air already.
    if (this.#director.plan?.digest === assignment.plan)
      this.#session.planState({ plan: assignment.plan, state: 'on-air', code: null });
    if (this.#plans.waiting) this.#wait({ kind: 'no-plan' });
  }

  #planReady(loaded: LoadedPlan): void {
    this.#coming = { loaded, sinceMono: this.#options.clock.monoMs() };
    this.#wantAssets();
    this.#considerPlans();
  }

  #tookGlass(digest: Sha256): void {
    const { state } = this.#options;
    if (state.get().onAir !== digest) state.update({ onAir: digest });
    this.#plans.tidy(digest);
    this.#wantAssets();
    this.#session.planState({ plan: digest, state: 'on-air', code: null });
    this.#beat();
  }

  #assetsChanged(): void {
    this.#considerPlans();
    this.#director.refresh();
  }

  #corrupt(sha256: Sha256, where: 'disk' | 'download'): void {
    const { journal, ports } = this.#options;
    ports.log.warn('asset bytes do not match their hash', { asset: sha256, where });
    const detail = `${sha256} from ${where}`;
    journal.record({ kind: 'refusal', what: 'asset', code: 'ASSET_BYTES_DIFFER', detail });
    this.#director.refresh();
  }

  /** What the list in force denies leaves the glass first, then the disk. */
  #obey(): void {
    const ruling = this.#denials.ruling();
    // A list of the county we came to is on its way: until then the one we left holds.
    if (ruling === null) return;
    this.#director.obey((loaded) => this.#options.library.under(loaded, ruling));
    this.#wantAssets();
    this.#considerPlans();
    this.#beat();
  }

  /** A plan under the list in force, or as it is while nothing may take the glass. */
  #ruled(loaded: LoadedPlan | null): LoadedPlan | null {
    const ruling = this.#denials.ruling();
    return loaded === null || ruling === null ? loaded : this.#options.library.under(loaded, ruling);
  }

  #wantAssets(): void {
    const coming = this.#ruled(this.#coming?.loaded ?? null);
    const onAir = this.#director.plan ?? this.#ruled(this.#resumed);
    const now = this.#options.clock.now();
    this.#assets.want(wantedAssets(onAir, coming, now));
    this.#assets.deny(
      unwantedAssets(
        [onAir, coming].filter((plan) => plan !== null),
        now,
      ),
    );
    const budget = this.#plans.assignment?.settings.cacheBytes;
    if (budget !== undefined) this.#assets.evict(budget);
  }

  /** Puts a waiting plan on air as soon as what it needs is here. */
  #considerPlans(): void {
    if (this.#coming !== null && this.#director.plan?.digest === this.#coming.loaded.digest)
      this.#coming = null;
    const coming = this.#coming;
    const onAir = this.#director.plan;
    if (
      coming !== null &&
      this.#denials.isCurrent &&
      this.#mayTakeGlass(coming.loaded, {
        waitedMs: this.#options.clock.monoMs() - coming.sinceMono,
        somethingOnAir: onAir !== null || this.#resumed !== null,
      })
    ) {
      this.#coming = null;
      this.#activate(coming.loaded);
    } else if (
      this.#resumed !== null &&
      onAir === null &&
      this.#denials.ruling() !== null &&
      this.#mayTakeGlass(this.#resumed, {
        waitedMs: this.#options.clock.monoMs(),
        somethingOnAir: false,
      })
    )
      this.#activate(this.#resumed);
  }

  #mayTakeGlass(loaded: LoadedPlan, waited: { waitedMs: number; somethingOnAir: boolean }): boolean {
    return mayTakeGlass(this.#ruled(loaded) ?? loaded, {
      ...waited,
      now: this.#options.clock.now(),
      isReady: (asset) => this.#assets.isReady(asset),
    });
  }

  #activate(loaded: LoadedPlan): void {
    this.#resumed = null;
    this.#director.activate(this.#ruled(loaded) ?? loaded);
  }

  #everySecond(): void {
    this.#considerPlans();
    this.#director.watch();
    if (this.#director.plan === null && (this.#coming ?? this.#resumed) !== null)
      this.#wait({ kind: 'fetching', progress: this.#assets.progress() });
  }

  #wait(waiting: Waiting): void {
    this.#waiting = waiting;
    if (this.#director.plan !== null) return;
    const { key, version } = this.#options;
    const scene = noticeOf(waiting, { device: key.device, version });
    const text = JSON.stringify(scene);
    if (text === this.#shownNotice) return;
    this.#shownNotice = text;
    this.#options.stage.show(scene);
  }

  #showing(): Showing {
    const showing = this.#director.showing();
    if (showing !== null) return showing;
    const reasons = {
      starting: 'starting',
      connecting: 'starting',
      'foreign-center': 'unclaimed',
      pairing: 'unclaimed',
      'no-plan': 'no-plan',
      fetching: 'fetching',
    } as const;
    return { kind: 'waiting', reason: reasons[this.#waiting.kind] };
  }

  #beat(): void {
    const { clock, journal } = this.#options;
    const beat: Beat = {
      boot: journal.boot,
      mono: clock.monoMs(),
      wall: clock.wallMs(),
      plan: this.#director.plan?.digest ?? null,
      showing: this.#showing(),
      painted: this.#power.painted,
      panel: this.#housekeeping.panelState,
      pending: journal.pendingCount(),
    };
    this.#session.beat(beat);
  }

  #settings(): { screenName: string; demo: boolean; volume: number } {
    const assignment = this.#plans.assignment;
    return {
      screenName: assignment?.screenName ?? '',
      demo: assignment?.demo ?? false,
      volume: assignment?.settings.volume ?? 0,
    };
  }
}
