import { AppError } from '../../../shared/core/errors.ts';
import type { DeviceId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import type { DayNumber, LocalDay } from '../../../shared/core/time.ts';
import { dayNumberOfLocalDay, instantOfMs, localDayAt, localDayOf } from '../../../shared/core/time.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { isWithin, lineageOf } from '../../../shared/region/tier.ts';
import type {
  Binding,
  Screen,
  ScreenCreation,
  ScreenOwnSettings,
  ScreenPatch,
} from '../../../shared/screen/screen.schema.ts';
import { readPairingCode } from '../../../shared/screen/screen.schema.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { DeviceBinding, DeviceRecord, ScreenFilter, ScreenStore, StoredScreen } from './screen.port.ts';

export interface ScreenServiceOptions {
  readonly store: ScreenStore;
  readonly region: RegionService;
  readonly audit: AuditService;
  readonly clock: Clock;
  readonly random: Random;
  /** What holds where a screen sets nothing of its own. */
  readonly defaults: ScreenOwnSettings;
  /** Whether demo screens are taken, commissioned in the past. */
  readonly demo: boolean;
}

/** What happened to a screen, told after it was committed. */
export interface ScreenChange {
  readonly kind: 'created' | 'changed' | 'retired' | 'claimed' | 'unbound';
  readonly screen: ScreenId;
  /** The device that was claimed or unbound. */
  readonly device: DeviceId | null;
}

/** Screens, and the devices bound to them. */
export class ScreenService {
  readonly #options: ScreenServiceOptions;
  readonly #listeners = new Set<(change: ScreenChange) => void>();
  /** Screens per subtree, of all that are not retired; dropped at every change. */
  #counts: Promise<ReadonlyMap<RegionCode, number>> | null = null;

  constructor(options: ScreenServiceOptions) {
    this.#options = options;
  }

  /** Calls `listener` after every change. @returns how to stop that. */
  onChange(listener: (change: ScreenChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async get(id: ScreenId): Promise<Screen | null> {
    const screen = await this.#options.store.screen(id);
    return screen === null ? null : this.#whole(screen);
  }

  /** @throws AppError NOT_FOUND */
  async require(id: ScreenId): Promise<Screen> {
    const screen = await this.get(id);
    if (screen === null) throw new AppError('NOT_FOUND', { what: id });
    return screen;
  }

  async list(filter: ScreenFilter): Promise<{ readonly rows: Screen[]; readonly total: number }> {
    const { rows, total } = await this.#options.store.screens(filter);
    return { rows: rows.map((row) => this.#whole(row)), total };
  }

  async all(): Promise<Screen[]> {
    return (await this.list({})).rows;
  }

  /** The ids of all screens in these subtrees (`null`: of all), so that whoever needs them all takes them a few at a time. */
  async idsWithin(scope: readonly RegionCode[] | null): Promise<ScreenId[]> {
    return this.#options.store.idsWithin(scope);
  }

  /** These screens, in no order; those that are not known are left out. */
  async byIds(ids: readonly ScreenId[]): Promise<Screen[]> {
    return (await this.#options.store.byIds(ids)).map((screen) => this.#whole(screen));
  }

  /**
   * Screens in service in the subtree of `region`, counting only what lies inside `scope`.
   */
  async count(region: RegionCode, scope: readonly RegionCode[]): Promise<number> {
    this.#counts ??= this.#countSubtrees();
    const counts = await this.#counts;
    if (scope.some((held) => isWithin(region, held))) return counts.get(region) ?? 0;
    return scope
      .filter((held) => isWithin(held, region))
      .filter((held, at, all) => !all.some((other, i) => i !== at && covers(other, i, held, at)))
      .reduce((sum, held) => sum + (counts.get(held) ?? 0), 0);
  }

  /**
   * Adds a screen. It counts from the day after `commissionedOn` (ACCOUNTING.md rule 15).
   * @throws AppError REGION_UNKNOWN, REGION_HOLDS_NO_SCREENS, COMMISSIONED_IN_PAST, BAD_REQUEST
   */
  async create(creation: ScreenCreation, actor: Actor | null): Promise<Screen> {
    const { store, region, audit, clock, random, demo } = this.#options;
    const at = region.find(creation.region);
    if (at === undefined) throw new AppError('REGION_UNKNOWN', { code: creation.region });
    if (!region.holdsScreens(at.code)) throw new AppError('REGION_HOLDS_NO_SCREENS', { code: at.code });
    if (creation.demo && !demo)
      throw new AppError('BAD_REQUEST', {
        detail: '演示屏只能建在演示中心（demo screens need KEPU_DEMO=1）',
      });
    const today = this.#today();
    const commissionedOn = creation.commissionedOn ?? today;
    if (commissionedOn < today && !creation.demo) throw new AppError('COMMISSIONED_IN_PAST', { today });
    const screen: StoredScreen = {
      id: `s-${randomBase32(random, 16)}` as ScreenId,
      name: creation.name,
      region: at.code,
      tags: unique(creation.tags),
      groups: unique(creation.groups),
      demo: creation.demo,
      commissionedOn,
      retiredOn: null,
      settings: given(creation.settings),
      device: null,
    };
    const note = audit.draft({
      actor,
      action: 'screen.create',
      subject: screen.id,
      detail: { name: screen.name, region: screen.region, commissionedOn, demo: screen.demo },
    });
    await store.insertScreen(screen, clock.nowMs(), note);
    this.#tell({ kind: 'created', screen: screen.id, device: null });
    return this.#whole(screen);
  }

  /** Changes name, tags, groups or settings. @throws AppError NOT_FOUND */
  async patch(id: ScreenId, patch: ScreenPatch, actor: Actor | null): Promise<Screen> {
    const { store, audit } = this.#options;
    const stored = await store.screen(id);
    if (stored === null) throw new AppError('NOT_FOUND', { what: id });
    const changes = {
      name: patch.name,
      tags: patch.tags && unique(patch.tags),
      groups: patch.groups && unique(patch.groups),
      settings: patch.settings && { ...stored.settings, ...given(patch.settings) },
    };
    const note = audit.draft({ actor, action: 'screen.change', subject: id, detail: { ...patch } });
    await store.patchScreen(id, changes, note);
    this.#tell({ kind: 'changed', screen: id, device: stored.device });
    return this.require(id);
  }

  /** Takes a screen out of service from 00:00 of `on`, tomorrow at the earliest (ACCOUNTING.md rule 15). */
  async retire(id: ScreenId, on: LocalDay | undefined, actor: Actor | null): Promise<Screen> {
    const { store, audit } = this.#options;
    const screen = await this.require(id);
    if (screen.retiredOn !== null) throw new AppError('SCREEN_RETIRED');
    const tomorrow = localDayOf((dayNumberOfLocalDay(this.#today()) + 1) as DayNumber);
    const retiredOn = on ?? tomorrow;
    if (retiredOn < tomorrow) throw new AppError('RULE_NOT_IN_FUTURE');
    const note = audit.draft({ actor, action: 'screen.retire', subject: id, detail: { retiredOn } });
    await store.patchScreen(id, { retiredOn }, note);
    this.#tell({ kind: 'retired', screen: id, device: screen.device });
    return this.require(id);
  }

  /**
   * Binds the device that shows `typed` on its glass to a screen, from now on.
   * @throws AppError PAIRING_CODE_INVALID, PAIRING_CODE_UNKNOWN, SCREEN_RETIRED, and CONFLICT where a
   * device is bound already and `replace` was not asked for.
   */
  async claim(
    id: ScreenId,
    typed: string,
    actor: Actor | null,
    { replace = false }: { readonly replace?: boolean } = {},
  ): Promise<Screen> {
    const { store, audit, clock, random } = this.#options;
    const code = readPairingCode(typed);
    if (code === null) throw new AppError('PAIRING_CODE_INVALID');
    const screen = await this.require(id);
    if (screen.retiredOn !== null && screen.retiredOn <= this.#today()) throw new AppError('SCREEN_RETIRED');
    const nowMs = clock.nowMs();
    const device = await store.deviceByCode(code);
    if (device?.pairing === undefined || device.pairing === null || device.pairing.expiresAtMs <= nowMs)
      throw new AppError('PAIRING_CODE_UNKNOWN');
    if (screen.device !== null && !replace)
      throw new AppError('CONFLICT', {
        detail: `大屏已绑终端 ${screen.device}，换机请勾选「替换」（bound to ${screen.device}; ask to replace it）`,
      });
    const bindingId = `b-${randomBase32(random, 16)}`;
    const before = screen.device;
    const detail = { device: device.id, replaced: before };
    const note = audit.draft({ actor, action: 'screen.claim', subject: id, detail });
    const binding = { id: bindingId, screen: id, device: device.id, code, replaces: before };
    await store.bind({ ...binding, atMs: nowMs, note });
    if (before !== null) this.#tell({ kind: 'unbound', screen: id, device: before });
    this.#tell({ kind: 'claimed', screen: id, device: device.id });
    return this.require(id);
  }

  /** Takes the box away from its screen; it shows a new pairing code. @throws AppError NOT_FOUND */
  async unbind(id: ScreenId, actor: Actor | null): Promise<Screen> {
    const { store, audit, clock } = this.#options;
    const { device } = await this.require(id);
    const note = audit.draft({ actor, action: 'screen.unbind', subject: id, detail: { device } });
    if (device === null || !(await store.unbind({ screen: id, device, atMs: clock.nowMs(), note })))
      throw new AppError('NOT_FOUND', { what: '绑定的终端（bound device）' });
    this.#tell({ kind: 'unbound', screen: id, device });
    return this.require(id);
  }

  /** Who stood behind a screen, earliest first. */
  async bindings(screen: ScreenId): Promise<readonly Binding[]> {
    return this.#options.store.bindings({ screen });
  }

  /** Every screen a device was ever bound to, earliest first. */
  async bindingsOfDevice(device: DeviceId): Promise<readonly DeviceBinding[]> {
    return this.#options.store.bindings({ device });
  }

  /** The screen that a device is bound to now. */
  async bindingOf(device: DeviceId): Promise<DeviceBinding | null> {
    return this.#options.store.bindingOf(device);
  }

  async device(id: DeviceId): Promise<DeviceRecord | null> {
    return this.#options.store.device(id);
  }

  #today(): LocalDay {
    return localDayAt(instantOfMs(this.#options.clock.nowMs()));
  }

  #whole(screen: StoredScreen): Screen {
    return { ...screen, settings: { ...this.#options.defaults, ...screen.settings } };
  }

  #tell(change: ScreenChange): void {
    this.#counts = null;
    for (const listener of this.#listeners) listener(change);
  }

  async #countSubtrees(): Promise<ReadonlyMap<RegionCode, number>> {
    const counts = new Map<RegionCode, number>();
    for (const [region, count] of await this.#options.store.countByRegion())
      for (const above of lineageOf(region)) counts.set(above, (counts.get(above) ?? 0) + count);
    return counts;
  }
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

/** Of two overlapping grants only the wider one counts, of two equal ones the first. */
function covers(other: RegionCode, otherAt: number, held: RegionCode, heldAt: number): boolean {
  return isWithin(held, other) && (other !== held || otherAt < heldAt);
}

/** Without the keys that are there but undefined. */
function given(settings: ScreenCreation['settings']): Partial<ScreenOwnSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
