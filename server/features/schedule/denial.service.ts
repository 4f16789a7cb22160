import { AppError } from '../../../shared/core/errors.ts';
import type { DenialId, DeviceId, RegionCode, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { instantOfMs } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import { isWithin, parentOf } from '../../../shared/region/tier.ts';
import type {
  DenialCreation,
  DenialPreview,
  DenialRow,
  DenyList,
} from '../../../shared/schedule/denial.schema.ts';
import { isListed } from '../../../shared/schedule/denial.schema.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import { DenialBook } from './denial-book.ts';
import { DenialDelivery } from './denial-delivery.ts';
import type { DenialGreeting } from './denial-delivery.ts';
import { makeDenialView } from './denial-view.ts';
import type { DenialView } from './denial-view.ts';
import type { DenialLink, DenialStore, DenyListSigner, ReachOf, StoredDenial } from './denial.port.ts';
import { makeTurn } from './turn.ts';

export interface DenialDeps {
  readonly store: DenialStore;
  readonly reachOf: ReachOf;
  readonly region: RegionService;
  readonly screen: ScreenService;
  readonly audit: AuditService;
  readonly signer: DenyListSigner;
  readonly link: DenialLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** News of a denial are gathered this long. */
const GATHER_MS = 500;
/** Of the denials those whose count of devices somebody may watch. */
const COUNTED = 50;

/** A change that devices were told of, or more devices that hold one. */
export interface DenialNews {
  readonly denial: DenialId;
  readonly region: RegionCode;
}

/**
 * Takedown (撤播) and stop-all (一键停播): issued at once by one person, lifted by two, told to every
 * connected player at once and to the others when they come back (DESIGN.md section 9).
 */
export class DenialService {
  readonly #deps: DenialDeps;
  readonly #book: DenialBook;
  readonly #delivery: DenialDelivery;
  readonly #view: DenialView;
  /** Commits and what the book says of them: a list of a version is the same whoever was first. */
  readonly #inTurn = makeTurn();
  readonly #changed = new Set<(region: RegionCode) => void>();
  readonly #news = new Set<(news: DenialNews) => void>();
  #gathered = new Map<DenialId, RegionCode>();
  #gathering: NodeJS.Timeout | null = null;

  constructor(deps: DenialDeps) {
    this.#deps = deps;
    this.#book = new DenialBook(deps.signer);
    this.#delivery = new DenialDelivery({
      book: this.#book,
      store: deps.store,
      link: deps.link,
      clock: deps.clock,
      log: deps.log,
      regionOf: async (screen) => (await deps.screen.get(screen))?.region ?? null,
      onHeld: (regions) => this.#heldBy(regions),
    });
    this.#view = makeDenialView({
      book: this.#book,
      store: deps.store,
      region: deps.region,
      connected: this.#delivery.connected,
    });
  }

  async start(): Promise<void> {
    const { denials, changes } = await this.#deps.store.load();
    this.#book.fill(denials, changes);
  }

  async stop(): Promise<void> {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    await this.#inTurn(async () => undefined);
    await this.#delivery.settled();
  }

  /** Calls `listener` with the region of each issue or lift, once devices are being told. */
  onChange(listener: (region: RegionCode) => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  /** Calls `listener` when a denial was issued or lifted, or more devices hold it. */
  onNews(listener: (news: DenialNews) => void): () => void {
    this.#news.add(listener);
    return () => this.#news.delete(listener);
  }

  /** The deny-list version that a place's device must hold. */
  versionFor(region: RegionCode): number {
    return this.#book.versionFor(region);
  }

  /** The list that a place's device goes by. */
  listFor(region: RegionCode): DenyList {
    return this.#book.listFor(region);
  }

  /** What a device went by that held a version of its list. */
  listAt(region: RegionCode, version: number): Denial[] {
    return this.#book.listAt(region, version);
  }

  /** What is or was denied at a place at some time in `[from, to)`, Unix seconds. */
  affecting(region: RegionCode, from: number, to: number): Denial[] {
    return this.#book.affecting(region, from, to);
  }

  /** The signed list of a device's screen. */
  async envelopeFor(screen: ScreenId): Promise<Envelope> {
    return this.#book.signedFor((await this.#deps.screen.require(screen)).region);
  }

  /** A device connected; its list goes out before anything else does. */
  async greet(greeting: DenialGreeting): Promise<void> {
    await this.#delivery.greet(greeting, (region, above) => this.#raise(region, above));
  }

  gone(device: DeviceId): void {
    this.#delivery.gone(device);
  }

  /** What a denial would do. @throws AppError REGION_UNKNOWN, SCHEDULE_UNKNOWN, ASSET_UNKNOWN */
  async preview({ kind, subject, region }: Omit<DenialCreation, 'reason'>): Promise<DenialPreview> {
    const { screen, reachOf } = this.#deps;
    const { name, issuer, reportedTo } = await this.#judge(kind, subject, region);
    const { rows } = await screen.list({ region });
    const inService = rows.filter((one) => one.retiredOn === null);
    const reaches =
      kind === 'stop-all'
        ? () => true
        : await reachOf(kind === 'asset' ? { kind, id: subject as Sha256 } : { kind, id: subject });
    const reached = inService.filter((one) => reaches(one));
    const { connected } = this.#delivery;
    return {
      screens: inService.length,
      reached: reached.length,
      connected: reached.filter(({ device }) => device !== null && connected.has(device)).length,
      name,
      issuer,
      upward: reportedTo !== null,
    };
  }

  /**
   * Denies at once, in the name of the highest region over which the caller may: what a higher tier
   * denies in a lower one is not the lower one's to lift. The caller holds `denial.issue` over the region.
   * @throws AppError REGION_UNKNOWN, SCHEDULE_UNKNOWN, ASSET_UNKNOWN, DENIAL_TWICE, DENIALS_TOO_MANY
   */
  async issue(creation: DenialCreation, actor: Actor): Promise<DenialRow> {
    const { store, audit, clock, random, log } = this.#deps;
    const { kind, subject, region, reason } = creation;
    const { name, reportedTo } = await this.#judge(kind, subject, region);
    const issuer = issuerOver(actor, region);
    const nowMs = clock.nowMs();
    const from = instantOfMs(nowMs);
    if (this.#book.roomLeft(from, { region, issuer }) <= 0) throw new AppError('DENIALS_TOO_MANY');
    const id = `x-${randomBase32(random, 16)}` as DenialId;
    const denial = {
      id,
      kind,
      subject,
      name,
      region,
      issuer,
      reason,
      reportedTo,
      from,
      to: null,
      liftVersion: null,
      issuedBy: actor.account,
      issuedByName: actor.name,
      issuedAtMs: nowMs,
      liftAsked: null,
      liftedByName: null,
    };
    const notes = (version: number) => {
      const detail = { kind, subject, name, region, issuer, reason, version };
      const issued = audit.draft({ actor, action: 'denial.issue', subject: id, detail });
      if (reportedTo === null) return [issued];
      const upward = { ...detail, denial: id };
      return [issued, audit.draft({ actor, action: 'denial.upward', subject: reportedTo, detail: upward })];
    };
    const version = await this.#inTurn(async () => {
      const number = await store.issue(denial, notes);
      this.#book.put({ ...denial, version: number });
      this.#book.step({ version: number, region, at: from });
      return number;
    });
    await this.#spread(id, region, version);
    log.info({ denial: id, kind, region, version }, 'denied');
    return this.#view.row(this.require(id), actor);
  }

  /**
   * Asks for a lift, or confirms what another person asked for. The caller holds `denial.lift` over
   * the denial's issuer.
   * @throws AppError DENIAL_UNKNOWN, DENIAL_LIFTED, SECOND_PERSON_NEEDED, CONFLICT
   */
  async lift(id: DenialId, reason: string, actor: Actor): Promise<DenialRow> {
    const { store, audit, clock, log } = this.#deps;
    const denial = this.#inForce(id);
    const atMs = clock.nowMs();
    if (denial.liftAsked === null) {
      const asked = { by: actor.account, byName: actor.name, atMs, reason };
      const note = audit.draft({ actor, action: 'denial.lift-asked', subject: id, detail: { reason } });
      await this.#inTurn(async () => {
        await store.ask(id, asked, note);
        this.#book.put({ ...denial, liftAsked: asked });
      });
      this.#tell({ denial: id, region: denial.region });
      return this.#view.row(this.require(id), actor);
    }
    if (denial.liftAsked.by === actor.account) throw new AppError('SECOND_PERSON_NEEDED');
    // A clock that was set back must not make a denial that never was.
    const to = Math.max(instantOfMs(atMs), denial.from) as Instant;
    const lift = { by: actor.account, byName: actor.name, atMs, to };
    const { region } = denial;
    const notes = (version: number) => [
      audit.draft({ actor, action: 'denial.lift', subject: id, detail: { reason, version } }),
    ];
    const version = await this.#inTurn(async () => {
      const number = await store.lift(id, lift, notes);
      this.#book.put({ ...denial, to, liftVersion: number, liftedByName: actor.name });
      this.#book.step({ version: number, region, at: to });
      return number;
    });
    await this.#spread(id, region, version);
    log.info({ denial: id, version }, 'a denial was lifted');
    return this.#view.row(this.require(id), actor);
  }

  /** Withdraws the ask for a lift. @throws AppError DENIAL_UNKNOWN, DENIAL_LIFTED, CONFLICT */
  async keep(id: DenialId, actor: Actor): Promise<DenialRow> {
    const denial = this.#inForce(id);
    const note = this.#deps.audit.draft({ actor, action: 'denial.kept', subject: id });
    await this.#inTurn(async () => {
      await this.#deps.store.keep(id, note);
      this.#book.put({ ...denial, liftAsked: null });
    });
    this.#tell({ denial: id, region: denial.region });
    return this.#view.row(this.require(id), actor);
  }

  /** Denials as people see them. */
  get view(): DenialView {
    return this.#view;
  }

  /** @throws AppError DENIAL_UNKNOWN */
  require(id: DenialId): StoredDenial {
    const denial = this.#book.get(id);
    if (denial === undefined) throw new AppError('DENIAL_UNKNOWN');
    return denial;
  }

  /** What is denied, whose it is, and which higher region is told of it. */
  async #judge(
    kind: DenialCreation['kind'],
    subject: string,
    region: RegionCode,
  ): Promise<{ name: string; issuer: RegionCode | null; reportedTo: RegionCode | null }> {
    if (this.#deps.region.find(region)?.code !== region)
      throw new AppError('REGION_UNKNOWN', { code: region });
    // A stop-all stops whatever is on, also what comes from above.
    if (kind === 'stop-all') return { name: '一键停播', issuer: null, reportedTo: parentOf(region) };
    const found = await this.#deps.store.subject(kind, subject, region);
    if (found === null)
      throw kind === 'asset'
        ? new AppError('ASSET_UNKNOWN', { sha256: subject })
        : new AppError('SCHEDULE_UNKNOWN', { id: subject });
    const { name, issuer } = found;
    const isHigher = issuer !== region && isWithin(region, issuer);
    return { name, issuer, reportedTo: isHigher ? issuer : null };
  }

  #inForce(id: DenialId): StoredDenial {
    const denial = this.require(id);
    if (denial.to !== null) throw new AppError('DENIAL_LIFTED');
    return denial;
  }

  /** After the commit: every connected device is on its way to the new list before anybody else hears. */
  async #spread(denial: DenialId | null, region: RegionCode, version: number): Promise<void> {
    const told = await this.#delivery.spread(region);
    this.#deps.log.info({ version, region, told }, 'deny lists sent');
    if (denial !== null) this.#tell({ denial, region });
    for (const listener of this.#changed) listener(region);
  }

  /** A device holds a number that this center has not given out: what is issued from here on must be above it. */
  async #raise(region: RegionCode, above: number): Promise<void> {
    const { store, clock, audit, log } = this.#deps;
    const at = instantOfMs(clock.nowMs());
    log.error({ region, above }, 'a device holds a later deny list than this center has issued');
    const notes = (version: number) => [
      audit.draft({ actor: null, action: 'denial.raised', subject: region, detail: { above, version } }),
    ];
    const version = await this.#inTurn(async () => {
      // Another device of the same list may have been first.
      if (this.#book.counter >= above) return null;
      const number = await store.raise(region, above, at, notes);
      this.#book.step({ version: number, region, at });
      return number;
    });
    if (version !== null) await this.#spread(null, region, version);
  }

  /** The page of a denial, or of its lift, counts who holds it. */
  #heldBy(regions: readonly RegionCode[]): void {
    for (const { id, region } of this.#book.all().slice(0, COUNTED))
      if (regions.some((list) => isListed(list, region))) this.#tell({ denial: id, region });
  }

  /** Listeners hear of one denial at most twice a second, however many devices answer. */
  #tell({ denial, region }: DenialNews): void {
    this.#gathered.set(denial, region);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      const gathered = this.#gathered;
      this.#gathered = new Map();
      for (const [id, at] of gathered)
        for (const listener of this.#news) listener({ denial: id, region: at });
    }, GATHER_MS);
  }
}

/** The highest region, `code` or above it, in whose name `actor` denies. @throws AppError FORBIDDEN. */
function issuerOver(actor: Actor, code: RegionCode): RegionCode {
  const held = scopeOf(actor, 'denial.issue').filter((region) => isWithin(code, region));
  const [highest] = held.sort((a, b) => a.length - b.length);
  if (highest === undefined) throw new AppError('FORBIDDEN', { ability: 'denial.issue' });
  return highest;
}
