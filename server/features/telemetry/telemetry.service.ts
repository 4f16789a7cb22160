import { AppError } from '../../../shared/core/errors.ts';
import type { BootId, DeviceId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import { type Clock, type Random, randomBase32 } from '../../../shared/core/ports.ts';
import { type Envelope, SignedKind } from '../../../shared/core/signed.ts';
import type { Beat } from '../../../shared/telemetry/live.schema.ts';
import type {
  LivePage,
  LiveQuery,
  LiveScreen,
  LiveScreenRow,
} from '../../../shared/telemetry/live-screen.schema.ts';
import type { BatchAnswer } from '../../../shared/telemetry/record.schema.ts';
import { CONTACT_GAP_MS, LiveBook } from './live-book.ts';
import { livePage } from './live-page.ts';
import { readBatch } from './read-batch.ts';
import type { ContactStore, JournalStore, Screens, TelemetryScreen, Verify } from './telemetry.port.ts';

export interface TelemetryOptions {
  readonly journal: JournalStore;
  readonly contact: ContactStore;
  readonly screens: Screens;
  /** Names from the province down. */
  readonly regionNames: (region: RegionCode) => readonly string[];
  readonly verify: Verify;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: {
    warn(detail: Readonly<Record<string, unknown>>, message: string): void;
    error(detail: Readonly<Record<string, unknown>>, message: string): void;
  };
}

/** How often contact and the center's own uptime are made durable, and stopped beats are noticed. */
const FLUSH_MS = 15_000;
const SWEEP_MS = 1_000;

/** The journal's way in, and what is live. */
export class TelemetryService {
  readonly #options: TelemetryOptions;
  readonly #book = new LiveBook();
  readonly #committed = new Set<(device: DeviceId) => void>();
  readonly #beats = new Set<(state: LiveScreen) => void>();
  readonly #undo: (() => void)[] = [];
  #heard = new Map<DeviceId, number>();
  #screens = new Map<ScreenId, TelemetryScreen>();
  #screensStale = true;
  #upFromMs = 0;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  /** Takes up contacts that were open a moment ago, and begins to sweep and flush. */
  async start(): Promise<void> {
    const { contact, clock, screens } = this.#options;
    this.#upFromMs = clock.nowMs();
    this.#heard = new Map(await contact.lastHeard());
    this.#book.resume(await contact.recentContacts(this.#upFromMs - CONTACT_GAP_MS));
    this.#undo.push(
      screens.onChange(({ kind, screen }) => {
        this.#screensStale = true;
        if (kind === 'unbound') this.#book.forget(screen);
      }),
    );
    await this.#loadScreens();
    await this.flush();
    this.#every(SWEEP_MS, () => this.sweep());
    this.#every(FLUSH_MS, () => this.flush());
  }

  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo();
    await this.flush();
  }

  /** Calls `listener` after records of a device were committed. @returns how to stop that. */
  onCommitted(listener: (device: DeviceId) => void): () => void {
    this.#committed.add(listener);
    return () => this.#committed.delete(listener);
  }

  /** Calls `listener` whenever a screen's live state changed. @returns how to stop that. */
  onLive(listener: (state: LiveScreen) => void): () => void {
    this.#beats.add(listener);
    return () => this.#beats.delete(listener);
  }

  /**
   * Takes a signed batch of one device's journal, exactly once. The signature is verified before
   * anything is parsed; the answer is given only after the commit. A refused batch changes nothing.
   */
  async ingest(device: DeviceId, envelope: Envelope): Promise<BatchAnswer> {
    const { journal, screens, verify, clock, random, log } = this.#options;
    const receiptMs = clock.nowMs();
    const known = await screens.device(device);
    if (known === null) return refusal(new AppError('DEVICE_UNKNOWN'));
    if (!verify(SignedKind.batch, envelope, known.publicKey)) {
      log.warn({ device }, 'journal batch with a wrong signature refused');
      return refusal(new AppError('SIGNATURE_INVALID'));
    }
    let read: ReturnType<typeof readBatch>;
    try {
      read = readBatch(envelope.text, device);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ device, code: error.code, detail: error.message }, 'journal batch refused');
      return refusal(error);
    }
    const { boot } = read.batch;
    const alarmId = () => `al-${randomBase32(random, 16)}`;
    const result = await journal.commit({ device, boot, records: read.records, receiptMs, alarmId });
    for (const alarm of result.alarms)
      log.error({ device, boot, ...alarm }, 'journal alarm: contradicts what was committed before');
    this.#hear(device, receiptMs);
    if (result.added > 0) for (const listener of this.#committed) listener(device);
    return { ok: true, boot, mark: result.mark };
  }

  /** Takes a live beat of a connected player; `ok: false` when it speaks for another boot. */
  async beat(
    session: { readonly device: DeviceId; readonly screen: ScreenId; readonly boot: BootId },
    beat: Beat,
  ): Promise<{ ok: boolean }> {
    if (beat.boot !== session.boot) return { ok: false };
    const nowMs = this.#options.clock.nowMs();
    this.#hear(session.device, nowMs);
    this.#tell(this.#book.beat(session, beat, nowMs));
    return { ok: true };
  }

  /** What every screen that ever beat since the center started shows now. */
  live(): ReadonlyMap<ScreenId, LiveScreen> {
    return this.#book.live;
  }

  /** Last live contact or receipt of a device, center ms; `null` for one never heard from. */
  lastHeardMs(device: DeviceId): number | null {
    return this.#heard.get(device) ?? null;
  }

  /** A live state with the names a person reads; `null` while its screen is unknown. */
  row(state: LiveScreen): LiveScreenRow | null {
    const screen = this.#screens.get(state.screen);
    if (screen === undefined) return null;
    const { name, region, demo } = screen;
    return { ...state, name, region, demo, regionNames: [...this.#options.regionNames(region)] };
  }

  /** Where a screen stands, if that was looked up already. */
  regionOf(screen: ScreenId): RegionCode | null {
    return this.#screens.get(screen)?.region ?? null;
  }

  /** One page of live screens inside `scope`. */
  async page(query: LiveQuery, scope: readonly RegionCode[]): Promise<LivePage> {
    await this.#loadScreens();
    const rows = [...this.#book.live.values()].flatMap((state) => this.row(state) ?? []);
    return livePage(rows, query, { scope, nowMs: this.#options.clock.nowMs() });
  }

  /** Notices beats that stopped. */
  async sweep(): Promise<void> {
    await this.#loadScreens();
    const tickMs = (screen: ScreenId) => (this.#screens.get(screen)?.settings.tickS ?? 30) * 1_000;
    for (const state of this.#book.sweep(this.#options.clock.nowMs(), tickMs)) this.#tell(state);
  }

  /** Makes contact and the center's own uptime durable. */
  async flush(): Promise<void> {
    const { contact, clock } = this.#options;
    const uptime = { fromMs: this.#upFromMs, toMs: Math.max(this.#upFromMs, clock.nowMs()) };
    await contact.putContacts(this.#book.takeChangedContacts(), uptime);
  }

  async #loadScreens(): Promise<void> {
    if (!this.#screensStale) return;
    this.#screensStale = false;
    this.#screens = new Map((await this.#options.screens.all()).map((screen) => [screen.id, screen]));
  }

  #hear(device: DeviceId, nowMs: number): void {
    this.#heard.set(device, Math.max(nowMs, this.#heard.get(device) ?? 0));
  }

  #tell(state: LiveScreen): void {
    for (const listener of this.#beats) listener(state);
  }

  /** Runs `work` now and then, never twice at once, until stop. */
  #every(ms: number, work: () => Promise<void>): void {
    let running = false;
    const timer = setInterval(() => {
      if (running) return;
      running = true;
      work()
        .catch((error: unknown) => this.#options.log.error({ err: error }, 'telemetry upkeep failed'))
        .finally(() => {
          running = false;
        });
    }, ms);
    timer.unref();
    this.#undo.push(() => clearInterval(timer));
  }
}

function refusal(error: AppError): BatchAnswer {
  return { ok: false, code: error.code, detail: error.message, mark: null };
}
