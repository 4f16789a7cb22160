import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { DeviceId } from '../../shared/core/ids.ts';
import type { DeviceTokens } from '../features/screen/screen.port.ts';
import { readOrCreateSecret } from './secret-file.ts';

/** Tokens `device.expiry.HMAC-SHA-256`, made with a secret kept in the data folder. */
export function openDeviceTokens(folder: string): DeviceTokens {
  const secret = readOrCreateSecret(join(folder, 'device-token.secret'), () =>
    randomBytes(32).toString('base64url'),
  );
  const sealOf = (claim: string) => createHmac('sha256', secret).update(claim).digest();
  return {
    issue(device, expiresAtMs) {
      const claim = `${device}.${expiresAtMs}`;
      return `${claim}.${sealOf(claim).toString('base64url')}`;
    },
    open(token, nowMs) {
      const match = /^(([0-9a-f]{32})\.(\d{1,16}))\.([A-Za-z0-9_-]{43})$/.exec(token);
      if (match === null) return null;
      const [, claim = '', device = '', expiresAtMs = '', seal = ''] = match;
      if (!timingSafeEqual(Buffer.from(seal, 'base64url'), sealOf(claim))) return null;
      return Number(expiresAtMs) > nowMs ? (device as DeviceId) : null;
    },
  };
}
