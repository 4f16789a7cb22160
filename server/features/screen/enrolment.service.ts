import { AppError } from '../../../shared/core/errors.ts';
import type { DeviceId } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { SignedKind } from '../../../shared/core/signed.ts';
import type { CenterKey, Enrolment, EnrolmentAnswer } from '../../../shared/screen/protocol.ts';
import {
  enrolmentSchema,
  helloSchema,
  PAIRING_ALPHABET,
  PAIRING_CODE_LENGTH,
} from '../../../shared/screen/protocol.ts';
import type { DeviceKeys, DeviceRecord, DeviceTokens, PlayerSession, ScreenStore } from './screen.port.ts';

/** How long a pairing code is good for. */
export const PAIRING_LIFETIME_MS = 10 * 60_000;
/** How long a device's bearer token is good for; unbinding ends it at once. */
export const TOKEN_LIFETIME_MS = 7 * 24 * 3_600_000;
/** A device nobody claimed is forgotten this long after its last code expired. */
const FORGET_AFTER_MS = 24 * 3_600_000;
/**
 * Devices that may wait to be claimed: more than a province ever installs in a day. Anybody may enrol,
 * so without an end a flood of made-up keys would fill the disk.
 */
export const WAITING_MAX = 20_000;
/** How often the waiting devices are counted, and the forgotten ones swept out. */
const SWEEP_EVERY_MS = 60_000;
/** Tries at a code nobody else shows; at 10^11 codes the second is already astronomic. */
const CODE_TRIES = 5;

export interface EnrolmentServiceOptions {
  readonly store: ScreenStore;
  readonly keys: DeviceKeys;
  readonly tokens: DeviceTokens;
  readonly center: CenterKey;
  readonly clock: Clock;
  readonly random: Random;
  /** Where a phone claims a code, as an address. */
  readonly claimUrl: (code: string) => string;
  /** {@link WAITING_MAX} unless given. */
  readonly waitingMax?: number;
}

/** How devices become known: enrolment with a code on the glass, the socket's hello, bearer tokens. */
export class EnrolmentService {
  readonly #options: EnrolmentServiceOptions;
  /** Devices that wait, at most: counted at the last sweep, and those that came since. */
  #waiting = 0;
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(options: EnrolmentServiceOptions) {
    this.#options = options;
  }

  /** The key that players pin at enrolment. */
  get center(): CenterKey {
    return this.#options.center;
  }

  /**
   * Takes a device's signed enrolment: an unknown key gets a code, a waiting one its code again or a
   * new one once that expired, a bound one hears that it is claimed.
   * @throws AppError BAD_REQUEST, SIGNATURE_INVALID, DEVICES_TOO_MANY
   */
  async enrol(envelope: Envelope): Promise<EnrolmentAnswer> {
    const { store, keys, clock, center } = this.#options;
    const nowMs = clock.nowMs();
    // The key is inside the text, so this one document is parsed before it is verified.
    const enrolment = parseText(enrolmentSchema, envelope.text);
    if (!keys.verify(SignedKind.enrolment, envelope, enrolment.publicKey))
      throw new AppError('SIGNATURE_INVALID');
    const id = keys.deviceIdOf(enrolment.publicKey);
    const known = await store.device(id);
    if (known !== null && (await store.bindingOf(id)) !== null) {
      if (saysOtherwise(known, enrolment)) await this.#put(known, enrolment, null);
      return { state: 'claimed', device: id, center, nowMs };
    }
    if (known === null) await this.#makeRoom(nowMs);
    const valid = known?.pairing !== undefined && known.pairing !== null && known.pairing.expiresAtMs > nowMs;
    const pairing =
      valid && !saysOtherwise(known, enrolment)
        ? known.pairing
        : await this.#newCode({ id, known, enrolment, pairing: valid ? known.pairing : null });
    const claimUrl = this.#options.claimUrl(pairing.code);
    return {
      state: 'waiting',
      device: id,
      code: pairing.code,
      codeExpiresAtMs: pairing.expiresAtMs,
      claimUrl,
      center,
      nowMs,
    };
  }

  /**
   * Checks the answer to a socket's challenge.
   * @throws AppError DEVICE_UNKNOWN, SIGNATURE_INVALID, DEVICE_UNCLAIMED
   */
  async verifyHello(
    envelope: Envelope,
    nonce: string,
  ): Promise<{ readonly session: PlayerSession; readonly token: string; readonly tokenExpiresAtMs: number }> {
    const { store, keys, clock, center, tokens } = this.#options;
    const devices = await store.devicesByKeyId(envelope.keyId);
    if (devices.length === 0) throw new AppError('DEVICE_UNKNOWN');
    const device = devices.find(({ publicKey }) => keys.verify(SignedKind.hello, envelope, publicKey));
    if (device === undefined) throw new AppError('SIGNATURE_INVALID');
    const hello = parseText(helloSchema, envelope.text);
    if (hello.nonce !== nonce || hello.device !== device.id || hello.center !== center.keyId)
      throw new AppError('SIGNATURE_INVALID');
    const binding = await store.bindingOf(device.id);
    if (binding === null) throw new AppError('DEVICE_UNCLAIMED');
    if (saysOtherwise(device, { ...hello, hardware: device.hardware }))
      await this.#put(device, { ...hello, hardware: device.hardware }, null);
    const nowMs = clock.nowMs();
    const tokenExpiresAtMs = nowMs + TOKEN_LIFETIME_MS;
    return {
      session: { device: device.id, screen: binding.screen, boot: hello.boot, hello, sinceMs: nowMs },
      token: tokens.issue(device.id, tokenExpiresAtMs),
      tokenExpiresAtMs,
    };
  }

  /** The claimed device that a bearer token speaks for; `null` also once it was unbound. */
  async deviceOf(token: string): Promise<Pick<PlayerSession, 'device' | 'screen'> | null> {
    const { tokens, clock, store } = this.#options;
    const device = tokens.open(token, clock.nowMs());
    if (device === null) return null;
    const binding = await store.bindingOf(device);
    return binding === null ? null : { device, screen: binding.screen };
  }

  /** Lets one more device wait, if it may: the long expired go first, at a flood all that are expired. */
  async #makeRoom(nowMs: number): Promise<void> {
    const { store, waitingMax = WAITING_MAX } = this.#options;
    if (nowMs - this.#sweptMs >= SWEEP_EVERY_MS) {
      this.#sweptMs = nowMs;
      await store.forgetUnclaimed(nowMs - FORGET_AFTER_MS);
      this.#waiting = await store.countUnclaimed();
      // A waiting box renews its code as soon as that expires: what is expired is most likely not there.
      if (this.#waiting >= waitingMax) this.#waiting -= await store.forgetUnclaimed(nowMs);
    }
    if (this.#waiting >= waitingMax) throw new AppError('DEVICES_TOO_MANY');
    this.#waiting += 1;
  }

  async #newCode(waiting: {
    readonly id: DeviceId;
    readonly known: DeviceRecord | null;
    readonly enrolment: Enrolment;
    /** A code that stays. */
    readonly pairing: DeviceRecord['pairing'];
  }): Promise<NonNullable<DeviceRecord['pairing']>> {
    const { clock, random } = this.#options;
    const { id, known, enrolment } = waiting;
    const nowMs = clock.nowMs();
    const record = known ?? { id, publicKey: enrolment.publicKey, enrolledAtMs: nowMs };
    for (let tries = 0; tries < CODE_TRIES; tries += 1) {
      const pairing = waiting.pairing ?? {
        code: makeCode(random),
        expiresAtMs: nowMs + PAIRING_LIFETIME_MS,
      };
      if (await this.#put(record, enrolment, pairing)) return pairing;
    }
    throw new Error('no free pairing code found');
  }

  #put(
    record: Pick<DeviceRecord, 'id' | 'publicKey' | 'enrolledAtMs'>,
    said: Pick<Enrolment, 'renderer' | 'version' | 'hardware'>,
    pairing: DeviceRecord['pairing'],
  ): Promise<boolean> {
    const { id, publicKey, enrolledAtMs } = record;
    const { renderer, version, hardware } = said;
    return this.#options.store.putDevice({
      id,
      publicKey,
      enrolledAtMs,
      renderer,
      version,
      hardware,
      pairing,
    });
  }
}

function saysOtherwise(
  known: DeviceRecord,
  said: Pick<Enrolment, 'renderer' | 'version' | 'hardware'>,
): boolean {
  return (
    known.renderer !== said.renderer || known.version !== said.version || known.hardware !== said.hardware
  );
}

/** Characters drawn without bias: bytes past the last whole multiple of the alphabet are thrown away. */
function makeCode(random: Random): string {
  const limit = 256 - (256 % PAIRING_ALPHABET.length);
  let code = '';
  while (code.length < PAIRING_CODE_LENGTH)
    for (const byte of random.bytes(PAIRING_CODE_LENGTH * 2))
      if (byte < limit && code.length < PAIRING_CODE_LENGTH)
        code += PAIRING_ALPHABET.charAt(byte % PAIRING_ALPHABET.length);
  return code;
}

interface TextSchema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: Error };
}

function parseText<Value>(schema: TextSchema<Value>, text: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('BAD_REQUEST', { detail: 'text: not JSON' }, error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AppError('BAD_REQUEST', { detail: 'text' }, parsed.error);
  return parsed.data;
}
