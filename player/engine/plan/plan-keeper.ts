import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/core/errors.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Random } from '../../../shared/core/ports.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { acceptAssignment, parseAssignment } from '../../../shared/plan/accept-assignment.ts';
import type { Assignment } from '../../../shared/plan/assignment.schema.ts';
import type { PlanStateReport } from '../../../shared/screen/protocol.ts';
import type { ClockKeeper } from '../clock/clock-keeper.ts';
import { readFileIfThere, removeFile, writeFileAtomic } from '../files/atomic-file.ts';
import { verifyCenterEnvelope } from '../identity/device-key.ts';
import type { DeviceKey } from '../identity/device-key.ts';
import type { Journal } from '../journal/journal.ts';
import { jitteredMs } from '../link/backoff.ts';
import type { CenterHttp } from '../link/center-http.ts';
import type { Cancel, Log, Timers } from '../ports.ts';
import type { StateStore } from '../state-store.ts';
import type { LoadedPlan, PlanLibrary } from './plan-library.ts';

export interface PlanKeeperOptions {
  readonly folder: string;
  readonly key: DeviceKey;
  readonly state: StateStore;
  readonly clock: ClockKeeper;
  readonly journal: Journal;
  readonly http: CenterHttp;
  readonly library: PlanLibrary;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly report: (report: PlanStateReport) => void;
  /** The assignment in force changed. */
  readonly onAssignment: (assignment: Assignment) => void;
  /** The assignment's plan is here and verified. */
  readonly onPlan: (loaded: LoadedPlan) => void;
}

/** Bytes that failed once are asked for again; a plan that this program cannot read is not. */
const HOPELESS: ReadonlySet<string> = new Set(['PLAN_RULES_UNKNOWN', 'PLAN_INVALID']);

/**
 * Takes assignments and the plans they name: verified before parsed, persisted before acted on, and
 * whatever is refused leaves the old one in force, goes into the journal and is reported.
 */
export class PlanKeeper {
  readonly #options: PlanKeeperOptions;
  readonly #folder: string;
  #assignment: Assignment | null;
  #loaded: LoadedPlan | null = null;
  #fetching: Sha256 | null = null;
  #failures = 0;
  #hopeless: Sha256 | null = null;
  #lastRefused = '';
  #cancel: Cancel | null = null;
  #stopped = false;

  constructor(options: PlanKeeperOptions) {
    this.#options = options;
    this.#folder = join(options.folder, 'plans');
    mkdirSync(this.#folder, { recursive: true });
    this.#assignment = readAccepted(options.state);
  }

  /** The assignment in force. */
  get assignment(): Assignment | null {
    return this.#assignment;
  }

  /** Whether the assignment's plan is still on its way. */
  get waiting(): boolean {
    return this.#assignment !== null && this.#loaded?.digest !== this.#assignment.plan;
  }

  /** Reads a plan kept on disk; `null` where it is not there, or rotten (then it is deleted). */
  loadKept(digest: Sha256): LoadedPlan | null {
    const { library } = this.#options;
    const bytes = readFileIfThere(this.#path(digest));
    if (bytes === null) return null;
    try {
      return library.load(digest, bytes);
    } catch (error) {
      this.#refusePlan(digest, error);
      removeFile(this.#path(digest));
      return null;
    }
  }

  /** Judges what came as an assignment. */
  offer(payload: unknown): void {
    const { state, key, clock } = this.#options;
    const envelope = envelopeSchema.safeParse(payload);
    const { center, counter, assignment: accepted } = state.get();
    if (!envelope.success || center === null) {
      this.#refuseAssignment('ASSIGNMENT_INVALID', 'not a signed document');
      return;
    }
    const verdict = acceptAssignment({
      text: envelope.data.text,
      verified: verifyCenterEnvelope('kepu-assignment/1', envelope.data, center),
      device: key.device,
      acceptedCounter: counter,
      acceptedText: accepted?.text ?? null,
      now: clock.now(),
    });
    if (!verdict.ok) this.#refuseAssignment(verdict.code, verdict.detail);
    else if (verdict.repeated) this.pursue();
    else this.#accept(envelope.data, verdict.assignment);
  }

  /** Goes on towards the assignment's plan: from disk, or from the center. */
  pursue(): void {
    const digest = this.#assignment?.plan;
    if (digest === undefined || this.#stopped || digest === this.#hopeless) return;
    if (this.#loaded?.digest === digest || this.#fetching === digest) return;
    const kept = this.#options.library.get(digest) ?? this.loadKept(digest);
    if (kept !== null) this.#adopt(kept);
    else if (this.#options.http.hasToken && this.#cancel === null) void this.#fetch(digest);
  }

  /** There is a way to the center again. */
  hurry(): void {
    this.#failures = 0;
    this.#cancel?.();
    this.#cancel = null;
    this.pursue();
  }

  /** Deletes plans that are neither on air nor assigned. */
  tidy(onAir: Sha256 | null): void {
    for (const name of readdirSync(this.#folder))
      if (name !== onAir && name !== this.#assignment?.plan) removeFile(join(this.#folder, name));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #accept(envelope: Envelope, assignment: Assignment): void {
    const { state, clock, log, onAssignment } = this.#options;
    // Persisted before it is acted on: a crash must not let a lower counter in.
    state.update({ counter: assignment.counter, assignment: envelope });
    clock.notBefore(assignment.issuedAt);
    this.#assignment = assignment;
    this.#hopeless = null;
    this.#failures = 0;
    this.#cancel?.();
    this.#cancel = null;
    log.info('assignment accepted', { counter: assignment.counter, plan: assignment.plan });
    onAssignment(assignment);
    this.pursue();
  }

  async #fetch(digest: Sha256): Promise<void> {
    const { http, library, log } = this.#options;
    this.#fetching = digest;
    try {
      const bytes = await http.plan(digest);
      if (this.#stopped) return;
      this.#report(digest, 'fetched');
      const loaded = library.load(digest, bytes);
      writeFileAtomic(this.#path(digest), bytes);
      this.#fetching = null;
      if (this.#assignment?.plan === digest) this.#adopt(loaded);
    } catch (error) {
      if (this.#stopped) return;
      this.#fetching = null;
      if (error instanceof AppError) this.#refusePlan(digest, error);
      else log.info('plan not here yet', { plan: digest, reason: String(error) });
      this.#retryLater();
    } finally {
      if (this.#fetching === digest) this.#fetching = null;
    }
    // The assignment may have changed meanwhile.
    if (this.#assignment?.plan !== digest) this.pursue();
  }

  #adopt(loaded: LoadedPlan): void {
    this.#loaded = loaded;
    this.#report(loaded.digest, 'verified');
    // Another engine of this process may have brought it: a restart needs it here as well.
    if (!existsSync(this.#path(loaded.digest))) writeFileAtomic(this.#path(loaded.digest), loaded.bytes);
    this.#options.onPlan(loaded);
  }

  #retryLater(): void {
    this.#failures += 1;
    this.#cancel = this.#options.timers.after(250 + jitteredMs(this.#options.random, this.#failures), () => {
      this.#cancel = null;
      this.pursue();
    });
  }

  #refusePlan(digest: Sha256, error: unknown): void {
    const code = error instanceof AppError ? error.code : 'PLAN_INVALID';
    if (HOPELESS.has(code)) this.#hopeless = digest;
    const { journal, log, report } = this.#options;
    log.warn('plan refused', { plan: digest, code });
    // Bytes that keep coming back wrong are one refusal, not one per try.
    if (this.#lastRefused === digest + code) return;
    this.#lastRefused = digest + code;
    const detail = `${digest}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 200);
    journal.record({ kind: 'refusal', what: 'plan', code, detail });
    report({ plan: digest, state: 'refused', code });
  }

  #refuseAssignment(code: string, detail: string): void {
    const { journal, log, report } = this.#options;
    log.warn('assignment refused', { code, detail });
    // The same one knocking again is one refusal.
    if (this.#lastRefused === code + detail) return;
    this.#lastRefused = code + detail;
    journal.record({ kind: 'refusal', what: 'assignment', code, detail: detail.slice(0, 200) });
    const kept = this.#assignment?.plan;
    if (kept !== undefined) report({ plan: kept, state: 'refused', code });
  }

  #report(plan: Sha256, state: PlanStateReport['state']): void {
    this.#options.report({ plan, state, code: null });
  }

  #path(digest: Sha256): string {
    return join(this.#folder, digest);
  }
}

/** The assignment that the state holds, if the center this device trusts really signed it. */
function readAccepted(state: StateStore): Assignment | null {
  const { center, assignment } = state.get();
  if (center === null || assignment === null) return null;
  if (!verifyCenterEnvelope('kepu-assignment/1', assignment, center)) return null;
  return parseAssignment(assignment.text);
}
