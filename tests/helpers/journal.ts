import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalText } from '../../shared/core/canonical.ts';
import type { BootId, DeviceId, ScheduleId, Sha256 } from '../../shared/core/ids.ts';
import { type Envelope, SignedKind, signingInput } from '../../shared/core/signed.ts';
import {
  BATCH_MAX,
  type Batch,
  type ClockOffset,
  type JournalRecord,
  chainNext,
  chainStart,
} from '../../shared/telemetry/record.schema.ts';

/** A device made of its key alone: it journals what a test tells it and signs like a real one. */
export interface SimDevice {
  readonly id: DeviceId;
  /** Raw public key, base64url. */
  readonly publicKey: string;
  readonly keyId: string;
  signEnvelope(kind: SignedKind, text: string): Envelope;
  /** The signed enrolment to POST to /api/enrolment. */
  enrolment(): Envelope;
  /** Starts a boot; each names the one before it. */
  boot(options: SimBootOptions): SimBoot;
}

export interface SimBootOptions {
  /** Center time of the engine start, milliseconds. */
  readonly startMs: number;
  /** Half the width of the offset bounds; `null`: this boot never meets the center. */
  readonly boundMs?: number | null;
  /** The machine's wall clock minus center time. */
  readonly wallErrorMs?: number;
  readonly panelReadable?: boolean;
  readonly osBoot?: string;
  /** Leaves the previous boot unnamed. */
  readonly forgetsPrevious?: boolean;
}

type Omitted = 'seq' | 'mono' | 'wall' | 'off';
type Draft<Record_ extends JournalRecord> = Record_ extends JournalRecord ? Omit<Record_, Omitted> : never;

/** One boot of a simulated device. All instants are center time in milliseconds. */
export interface SimBoot {
  readonly boot: BootId;
  readonly records: readonly JournalRecord[];
  /** Appends any record, made at `atMs`. */
  add(draft: Draft<JournalRecord>, atMs: number): JournalRecord;
  power(fromMs: number, toMs: number, painted?: number): JournalRecord;
  panel(fromMs: number, toMs: number, state: 'on' | 'off'): JournalRecord;
  run(fromMs: number, toMs: number, plan: Sha256): JournalRecord;
  exception(
    fromMs: number,
    toMs: number,
    plan: Sha256,
    cause: 'late' | 'failed' | 'stood-in' | 'cut' | 'frozen',
  ): JournalRecord;
  lost(boot: BootId, fromSeq: number, toSeq: number, atMs: number): JournalRecord;
  /** A power and a run record over the same stretch: an ordinary stretch on air. */
  onAir(fromMs: number, toMs: number, plan: Sha256): void;
  /** The unsigned batch of records `first … last`. */
  batch(first?: number, last?: number): Batch;
  /** The signed batch of records `first … last`. */
  envelope(first?: number, last?: number): Envelope;
  mono(atMs: number): number;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const proof = '0'.repeat(64) as Sha256;

/** @param seed any text: the same text is the same device. */
export function makeSimDevice(seed: string): SimDevice {
  const secret = createHash('sha256').update(`device ${seed}`).digest();
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, secret]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(key).export({ format: 'jwk' }).x as string;
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex');
  const id = hash.slice(0, 32) as DeviceId;
  const keyId = hash.slice(0, 16);
  const boots: SimBoot[] = [];
  const signEnvelope = (kind: SignedKind, text: string): Envelope => ({
    text,
    keyId,
    signature: sign(null, signingInput(kind, text), key).toString('base64url'),
  });
  return {
    id,
    publicKey,
    keyId,
    signEnvelope,
    enrolment: () =>
      signEnvelope(
        SignedKind.enrolment,
        canonicalText({
          format: 'kepu-enrolment/1',
          publicKey,
          renderer: 'headless',
          version: 'test',
          hardware: `simulated ${seed}`,
          nonce: hash.slice(32),
        }),
      ),
    boot(options) {
      const made = makeSimBoot(
        { id, seed, signEnvelope, previous: boots.at(-1), number: boots.length },
        options,
      );
      boots.push(made);
      return made;
    },
  };
}

interface BootOwner {
  readonly id: DeviceId;
  readonly seed: string;
  readonly number: number;
  readonly previous: SimBoot | undefined;
  signEnvelope(kind: SignedKind, text: string): Envelope;
}

function makeSimBoot(owner: BootOwner, options: SimBootOptions): SimBoot {
  const { startMs, wallErrorMs = 0 } = options;
  const name = `${owner.seed} boot ${owner.number}`;
  const boot = createHash('sha256').update(name).digest('hex').slice(0, 32) as BootId;
  const records: JournalRecord[] = [];
  const hashes: Sha256[] = [];
  const boundMs = options.boundMs === undefined ? 20 : options.boundMs;
  const mono = (atMs: number) => Math.round(atMs - startMs);
  const offsetAt = (at: number): ClockOffset | null =>
    boundMs === null ? null : { lo: startMs - boundMs, hi: startMs + boundMs, at };

  const add = (draft: Draft<JournalRecord>, atMs: number): JournalRecord => {
    const at = mono(atMs);
    const record = {
      ...draft,
      seq: records.length + 1,
      mono: at,
      wall: atMs + wallErrorMs,
      off: offsetAt(at),
    } as JournalRecord;
    hashes.push(chainNext(hashes.at(-1) ?? chainStart(owner.id, boot), record));
    records.push(record);
    return record;
  };
  const interval = (fromMs: number, toMs: number) => ({ from: mono(fromMs), to: mono(toMs) });

  const previous =
    owner.previous === undefined || options.forgetsPrevious === true
      ? null
      : { boot: owner.previous.boot, lastSeq: owner.previous.records.length };
  add(
    {
      kind: 'boot',
      osBoot: options.osBoot ?? name,
      previous,
      panelReadable: options.panelReadable ?? false,
      renderer: 'headless',
      version: 'test',
    },
    startMs,
  );

  const self: SimBoot = {
    boot,
    records,
    mono,
    add,
    power: (fromMs, toMs, painted = 1_000) =>
      add({ kind: 'power', ...interval(fromMs, toMs), painted }, toMs),
    panel: (fromMs, toMs, state) => add({ kind: 'panel', ...interval(fromMs, toMs), state }, toMs),
    run: (fromMs, toMs, plan) =>
      add({ kind: 'run', ...interval(fromMs, toMs), plan, items: 1, frames: 1_000, proof }, toMs),
    exception: (fromMs, toMs, plan, cause) =>
      add(
        {
          kind: 'exception',
          ...interval(fromMs, toMs),
          cause,
          plan,
          schedule: 'test' as ScheduleId,
          asset: null,
          detail: '',
        },
        toMs,
      ),
    lost: (of, fromSeq, toSeq, atMs) => add({ kind: 'lost', boot: of, fromSeq, toSeq }, atMs),
    onAir(fromMs, toMs, plan) {
      self.power(fromMs, toMs);
      self.run(fromMs, toMs, plan);
    },
    batch: (first = 1, last = Math.min(records.length, first + BATCH_MAX - 1)) => ({
      format: 'kepu-batch/1',
      device: owner.id,
      boot,
      previous: hashes[first - 2] ?? chainStart(owner.id, boot),
      records: records.slice(first - 1, last),
    }),
    envelope: (first, last) => owner.signEnvelope(SignedKind.batch, canonicalText(self.batch(first, last))),
  };
  return self;
}
