import { setImmediate } from 'node:timers/promises';
import type { DeviceId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { denyListRegionOf, isListed } from '../../../shared/schedule/denial.schema.ts';
import type { DenialBook } from './denial-book.ts';
import type { DenialLink, DenialStore, HeldList } from './denial.port.ts';

export interface DenialDeliveryOptions {
  readonly book: DenialBook;
  readonly store: DenialStore;
  readonly link: DenialLink;
  readonly clock: Clock;
  readonly regionOf: (screen: ScreenId) => Promise<RegionCode | null>;
  /** Devices in these regions hold more than before. */
  readonly onHeld: (regions: readonly RegionCode[]) => void;
  readonly log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Who said hello, and which list it holds. */
export interface DenialGreeting {
  readonly device: DeviceId;
  readonly screen: ScreenId;
  readonly hello: { readonly denyListVersion: number };
}

/** Devices told between two breaths of the event loop. */
const SLICE = 200;
/** A version above this was not counted by any center. */
const VERSION_MAX = 2 ** 40;

/** Brings lists to connected devices at once, and keeps who holds which. */
export class DenialDelivery {
  readonly #options: DenialDeliveryOptions;
  readonly #connected = new Map<DeviceId, RegionCode>();
  #heard: HeldList[] = [];
  #writing: Promise<void> | null = null;

  constructor(options: DenialDeliveryOptions) {
    this.#options = options;
  }

  /** Regions of the screens whose devices are connected, by device. */
  get connected(): ReadonlyMap<DeviceId, RegionCode> {
    return this.#connected;
  }

  /** A device said hello: it is sent its list before anything else, unless it holds that very version. */
  async greet({ device, screen, hello }: DenialGreeting, raise: Raise): Promise<void> {
    const { book, regionOf, clock, link } = this.#options;
    const region = await regionOf(screen);
    if (region === null || !link.isConnected(device)) return;
    this.#connected.set(device, region);
    const claimed = hello.denyListVersion < VERSION_MAX ? hello.denyListVersion : 0;
    // Nobody was ever given a number that we have not counted: we came back from a backup.
    if (claimed > book.counter) await raise(denyListRegionOf(region), claimed);
    const version = book.versionFor(region);
    if (hello.denyListVersion !== version) void this.#tell(device, region);
    else this.#hold({ device, region: denyListRegionOf(region), version, atMs: clock.nowMs() });
  }

  gone(device: DeviceId): void {
    this.#connected.delete(device);
  }

  /**
   * Sends the new lists to every connected device that a change in `denied` concerns, those inside it
   * first. One list is signed per county.
   * @returns how many were sent.
   */
  async spread(denied: RegionCode): Promise<number> {
    const concerned = [...this.#connected].filter(([, region]) => isListed(denyListRegionOf(region), denied));
    const inside = concerned.filter(([, region]) => region.startsWith(denied));
    const beside = concerned.filter(([, region]) => !region.startsWith(denied));
    let told = 0;
    for (const [device, region] of [...inside, ...beside]) {
      void this.#tell(device, region);
      told += 1;
      if (told % SLICE === 0) await setImmediate();
    }
    return told;
  }

  /** Until everything heard so far is stored. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Answers once the device persisted what it was sent, or will not. Never rejects. */
  async #tell(device: DeviceId, region: RegionCode): Promise<void> {
    const { book, link, clock, log } = this.#options;
    try {
      const version = await link.deny(device, book.signedFor(region));
      if (version === null) return;
      this.#hold({ device, region: denyListRegionOf(region), version, atMs: clock.nowMs() });
    } catch (err) {
      log.error({ err, device }, 'a deny list could not be sent');
    }
  }

  /** Answers come by the thousand: they are stored together, one transaction after another. */
  #hold(held: HeldList): void {
    this.#heard.push(held);
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    const { store, log, onHeld } = this.#options;
    await setImmediate();
    while (this.#heard.length > 0) {
      const heard = this.#heard;
      this.#heard = [];
      try {
        await store.noteHeld(heard);
        onHeld([...new Set(heard.map(({ region }) => region))]);
      } catch (err) {
        // The device says it again at its next hello.
        log.error({ err, devices: heard.length }, 'deny lists that devices hold were not noted');
      }
    }
    this.#writing = null;
  }
}

/** Raises the counter above a number that a device was once given. */
export type Raise = (region: RegionCode, above: number) => Promise<void>;
