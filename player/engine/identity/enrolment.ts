import { canonicalText } from '../../../shared/core/canonical.ts';
import { randomHex } from '../../../shared/core/ports.ts';
import type { Random } from '../../../shared/core/ports.ts';
import { enrolmentAnswerSchema } from '../../../shared/screen/protocol.ts';
import type { CenterKey, Enrolment, EnrolmentAnswer } from '../../../shared/screen/protocol.ts';
import { jitteredMs, uniform } from '../link/backoff.ts';
import type { CenterHttp } from '../link/center-http.ts';
import type { Cancel, Log, Timers } from '../ports.ts';
import { keyIdOf } from './device-key.ts';
import type { DeviceKey } from './device-key.ts';

export interface EnrolmentLoopOptions {
  readonly http: CenterHttp;
  readonly key: DeviceKey;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly renderer: Enrolment['renderer'];
  readonly version: string;
  readonly hardware: string;
  /** The key pinned so far, or given by configuration. */
  readonly pinned: () => CenterKey | null;
  /** Persists the center's key at first contact. */
  readonly pin: (center: CenterKey) => void;
  readonly onWaiting: (answer: Extract<EnrolmentAnswer, { state: 'waiting' }>) => void;
  readonly onClaimed: () => void;
  /** No answer, or not from the center this device trusts. */
  readonly onTrouble: (trouble: 'unreachable' | 'foreign-center') => void;
}

/** How often a waiting device asks whether somebody claimed it: 3 to 5 s at first, later 8 to 12 s. */
const POLL_MS = { first: 3_000, later: 8_000 } as const;
const POLL_SPREAD_MS = { first: 2_000, later: 4_000 } as const;
const FIRST_POLLS = 30;
/** A code on the glass stays through this many unanswered polls. */
const PATIENT_POLLS = 3;

/** Asks the center for a pairing code until somebody has claimed this device. */
export class EnrolmentLoop {
  readonly #options: EnrolmentLoopOptions;
  #cancel: Cancel | null = null;
  #running = false;
  #failures = 0;
  #polls = 0;

  constructor(options: EnrolmentLoopOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Asks at once, or `afterMs` from now. */
  start(afterMs = 0): void {
    if (this.#running) return;
    this.#running = true;
    this.#failures = 0;
    this.#polls = 0;
    if (afterMs > 0) this.#later(afterMs);
    else void this.#ask();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = null;
  }

  async #ask(): Promise<void> {
    const { http, log, onTrouble } = this.#options;
    try {
      const answer = enrolmentAnswerSchema.parse(await http.enrol(this.#sign()));
      if (!this.#running) return;
      this.#failures = 0;
      this.#take(answer);
    } catch (error) {
      if (!this.#running) return;
      this.#failures += 1;
      log.info('enrolment not answered', { reason: String(error) });
      if (this.#polls === 0 || this.#failures >= PATIENT_POLLS) onTrouble('unreachable');
      this.#later(500 + jitteredMs(this.#options.random, this.#failures));
    }
  }

  #take(answer: EnrolmentAnswer): void {
    const { pinned, pin, random, onTrouble, onWaiting, onClaimed, log } = this.#options;
    const trusted = pinned();
    const consistent = keyIdOf(answer.center.publicKey) === answer.center.keyId;
    if (!consistent || (trusted !== null && trusted.publicKey !== answer.center.publicKey)) {
      log.error('another center than the one this device trusts answers', { center: answer.center.keyId });
      onTrouble('foreign-center');
      this.#later(jitteredMs(random, 6) + POLL_MS.later);
      return;
    }
    if (trusted === null) pin(answer.center);
    if (answer.state === 'claimed') {
      this.stop();
      onClaimed();
      return;
    }
    onWaiting(answer);
    this.#polls += 1;
    const pace = this.#polls <= FIRST_POLLS ? 'first' : 'later';
    this.#later(POLL_MS[pace] + uniform(random) * POLL_SPREAD_MS[pace]);
  }

  #sign(): ReturnType<DeviceKey['sign']> {
    const { key, renderer, version, hardware, random } = this.#options;
    const enrolment: Enrolment = {
      format: 'kepu-enrolment/1',
      publicKey: key.publicKey,
      renderer,
      version,
      hardware,
      nonce: randomHex(random, 16),
    };
    return key.sign('kepu-enrolment/1', canonicalText(enrolment));
  }

  #later(delayMs: number): void {
    this.#cancel = this.#options.timers.after(delayMs, () => {
      this.#cancel = null;
      if (this.#running) void this.#ask();
    });
  }
}
