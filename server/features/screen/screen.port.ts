import type { BootId, DeviceId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Envelope, SignedKind } from '../../../shared/core/signed.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Hello } from '../../../shared/screen/protocol.ts';
import type { Binding, Screen, ScreenOwnSettings } from '../../../shared/screen/screen.schema.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

/** A box that made itself known, claimed or not. */
export interface DeviceRecord {
  readonly id: DeviceId;
  /** Raw Ed25519 key in base64url. */
  readonly publicKey: string;
  readonly renderer: Hello['renderer'];
  readonly version: string;
  readonly hardware: string;
  readonly enrolledAtMs: number;
  readonly pairing: { readonly code: string; readonly expiresAtMs: number } | null;
}

/** A screen as it is stored: only the settings that differ from the center's defaults. */
export interface StoredScreen extends Omit<Screen, 'settings'> {
  readonly settings: Partial<ScreenOwnSettings>;
}

export interface ScreenFilter {
  /** Only screens inside one of these subtrees. */
  readonly scope?: readonly RegionCode[] | undefined;
  /** Only screens in this subtree. */
  readonly region?: RegionCode | undefined;
  /** Part of the name, or a screen or device id. */
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly group?: string | undefined;
  readonly bound?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export interface DeviceBinding extends Binding {
  readonly screen: ScreenId;
}

/** Every change of a screen is committed with the audit entry that tells of it. */
export interface ScreenStore {
  insertScreen(screen: StoredScreen, createdAtMs: number, note: AuditDraft): Promise<void>;
  patchScreen(
    id: ScreenId,
    patch: {
      readonly name?: string | undefined;
      readonly tags?: readonly string[] | undefined;
      readonly groups?: readonly string[] | undefined;
      readonly settings?: Partial<ScreenOwnSettings> | undefined;
      readonly retiredOn?: LocalDay | undefined;
    },
    note: AuditDraft,
  ): Promise<void>;
  screen(id: ScreenId): Promise<StoredScreen | null>;
  /** Sorted by region, then id. */
  screens(filter: ScreenFilter): Promise<{ readonly rows: StoredScreen[]; readonly total: number }>;
  /** The ids of all screens in these subtrees; `null`: of all there are. */
  idsWithin(scope: readonly RegionCode[] | null): Promise<ScreenId[]>;
  /** These screens, in no order. */
  byIds(ids: readonly ScreenId[]): Promise<StoredScreen[]>;
  /** Screens not retired, per region that holds any directly. */
  countByRegion(): Promise<ReadonlyMap<RegionCode, number>>;

  device(id: DeviceId): Promise<DeviceRecord | null>;
  /** Devices whose id begins so; more than one only by an astronomic accident. */
  devicesByKeyId(keyId: string): Promise<DeviceRecord[]>;
  deviceByCode(code: string): Promise<DeviceRecord | null>;
  /**
   * Adds the device or renews what it says of itself; `false` when the code is taken. A device that was
   * bound meanwhile gets no code.
   */
  putDevice(device: DeviceRecord): Promise<boolean>;
  /** How many devices were never bound. */
  countUnclaimed(): Promise<number>;
  /** Forgets devices that were never bound and whose code expired before. @returns how many. */
  forgetUnclaimed(expiredBeforeMs: number): Promise<number>;

  /**
   * Binds the device that still shows `code` to a screen from `atMs` on, takes the code away, and ends
   * the screen's binding until then, in one transaction.
   * @throws AppError PAIRING_CODE_UNKNOWN when the code was used meanwhile, CONFLICT when another
   *   device than `replaces` is bound to the screen by now.
   */
  bind(binding: {
    readonly id: string;
    readonly screen: ScreenId;
    readonly device: DeviceId;
    readonly code: string;
    readonly replaces: DeviceId | null;
    readonly atMs: number;
    readonly note: AuditDraft;
  }): Promise<void>;
  /** Ends the binding of this device to the screen; `false` when it was over already. */
  unbind(binding: {
    readonly screen: ScreenId;
    readonly device: DeviceId;
    readonly atMs: number;
    readonly note: AuditDraft;
  }): Promise<boolean>;
  bindingOf(device: DeviceId): Promise<DeviceBinding | null>;
  /** All of a screen's bindings, or of a device's, earliest first. */
  bindings(of: { readonly screen: ScreenId } | { readonly device: DeviceId }): Promise<DeviceBinding[]>;
}

/** Verifying what devices sign. */
export interface DeviceKeys {
  verify(kind: SignedKind, envelope: Envelope, publicKeyRaw: string): boolean;
  deviceIdOf(publicKeyRaw: string): DeviceId;
}

/** Bearer tokens of devices: stateless, made with the center's secret. */
export interface DeviceTokens {
  issue(device: DeviceId, expiresAtMs: number): string;
  /** The device a token was issued to; `null` for a forged or expired one. */
  open(token: string, nowMs: number): DeviceId | null;
}

/** A device whose socket answered the challenge. */
export interface PlayerSession {
  readonly device: DeviceId;
  readonly screen: ScreenId;
  readonly boot: BootId;
  readonly hello: Hello;
  /** Center time at which it connected. */
  readonly sinceMs: number;
}
