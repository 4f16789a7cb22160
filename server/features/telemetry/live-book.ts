import type { DeviceId, ScreenId } from '../../../shared/core/ids.ts';
import type { Beat } from '../../../shared/telemetry/live.schema.ts';
import type { LiveScreen } from '../../../shared/telemetry/live-screen.schema.ts';
import type { Contact } from './telemetry.port.ts';

/** So many missed ticks make a screen offline. */
export const MISSED_TICKS = 3;
/** Ticks received at most this far apart are one contact (ACCOUNTING.md rule 11). */
export const CONTACT_GAP_MS = 90_000;

/**
 * The live state of every screen and the contact it proves, in memory. State only: nothing here is
 * ever accounted as on (rule 11).
 */
export class LiveBook {
  readonly #live = new Map<ScreenId, LiveScreen>();
  readonly #contacts = new Map<DeviceId, Contact>();
  readonly #changed = new Map<string, Contact>();

  get live(): ReadonlyMap<ScreenId, LiveScreen> {
    return this.#live;
  }

  /** Goes on with contacts that a restart of the center interrupted. */
  resume(contacts: readonly Contact[]): void {
    for (const contact of contacts) {
      const known = this.#contacts.get(contact.device);
      if (known === undefined || known.toMs < contact.toMs) this.#contacts.set(contact.device, contact);
    }
  }

  /** Takes a beat received at `nowMs`. @returns the screen's new live state. */
  beat(
    from: { readonly screen: ScreenId; readonly device: DeviceId },
    beat: Beat,
    nowMs: number,
  ): LiveScreen {
    const { screen, device } = from;
    const before = this.#live.get(screen);
    const state: LiveScreen = {
      screen,
      device,
      online: true,
      sinceMs: before?.online === true && before.device === device ? before.sinceMs : nowMs,
      lastBeatMs: nowMs,
      showing: beat.showing,
      painted: beat.painted,
      plan: beat.plan,
      pending: beat.pending,
      panel: beat.panel,
    };
    this.#live.set(screen, state);
    this.#touch(device, beat, nowMs);
    return state;
  }

  /** Marks those offline whose beats stopped. `tickMs` is each screen's tick. @returns who changed. */
  sweep(nowMs: number, tickMs: (screen: ScreenId) => number): LiveScreen[] {
    const gone: LiveScreen[] = [];
    for (const state of this.#live.values()) {
      if (!state.online || nowMs - state.lastBeatMs <= MISSED_TICKS * tickMs(state.screen)) continue;
      gone.push(this.#setOffline(state, nowMs));
    }
    return gone;
  }

  /** The screen's box was taken away: what it showed is no longer anybody's. */
  forget(screen: ScreenId): void {
    this.#live.delete(screen);
  }

  /** Contacts that are new or grew since the last call. */
  takeChangedContacts(): Contact[] {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    return changed;
  }

  #touch(device: DeviceId, { boot }: Beat, nowMs: number): void {
    const known = this.#contacts.get(device);
    // A clock set back does not shorten a contact.
    const joins =
      known !== undefined &&
      known.boot === boot &&
      nowMs >= known.toMs &&
      nowMs - known.toMs <= CONTACT_GAP_MS;
    const contact = joins ? { ...known, toMs: nowMs } : { device, boot, fromMs: nowMs, toMs: nowMs };
    this.#contacts.set(device, contact);
    this.#changed.set(`${device} ${boot} ${contact.fromMs}`, contact);
  }

  #setOffline(state: LiveScreen, nowMs: number): LiveScreen {
    const offline = { ...state, online: false, sinceMs: nowMs };
    this.#live.set(state.screen, offline);
    return offline;
  }
}
