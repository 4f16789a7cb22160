import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../shared/core/ports.ts';
import type { OneTimeCodes } from '../features/identity/identity.port.ts';

/** What every authenticator app does, and some do nothing else (RFC 6238 with RFC 4226's six digits). */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const PERIOD_MS = PARAMETERS.period * 1_000;
/** RFC 4226 section 4 asks for 160 bits. */
const SECRET_BYTES = 20;
/** RFC 6238 section 5.2: at most one step for a clock that is off and a slow thumb. */
const WINDOW = 1;
/** How the account is named in the app. */
const ISSUER = '科普大屏播控';

/** One-time codes by time (RFC 6238). */
export function oneTimeCodes(random: Random): OneTimeCodes {
  return {
    makeSecret: () => new Secret({ buffer: new Uint8Array(random.bytes(SECRET_BYTES)).buffer }).base32,
    uri: (secret, login) =>
      new TOTP({ ...PARAMETERS, issuer: ISSUER, label: login, secret: Secret.fromBase32(secret) }).toString(),
    stepOf(secret, code, nowMs) {
      if (!/^\d{6}$/.test(code)) return null;
      const delta = TOTP.validate({
        ...PARAMETERS,
        token: code,
        secret: Secret.fromBase32(secret),
        timestamp: nowMs,
        window: WINDOW,
      });
      return delta === null ? null : Math.floor(nowMs / PERIOD_MS) + delta;
    },
  };
}
