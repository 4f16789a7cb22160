import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDeviceTokens } from '../../../server/infra/device-tokens.ts';
import { lockFolder } from '../../../server/infra/instance-lock.ts';
import { CENTER_KEY_FILE, openSigner, verifyEnvelope } from '../../../server/infra/signer.ts';
import type { DeviceId } from '../../../shared/core/ids.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kepu-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the center’s key', () => {
  it('is made once, readable by its owner alone, and stays the same', () => {
    const first = openSigner(folder);
    expect(statSync(join(folder, CENTER_KEY_FILE)).mode & 0o777).toBe(0o600);
    expect(openSigner(folder).publicKey).toEqual(first.publicKey);
  });

  it('is not replaced when its file cannot be read as a key', () => {
    writeFileSync(join(folder, CENTER_KEY_FILE), 'torn');
    expect(() => openSigner(folder)).toThrow();
  });

  it('signs what its public key verifies, and nothing near it', () => {
    const signer = openSigner(folder);
    const { publicKey } = signer.publicKey;
    const envelope = signer.sign('kepu-assignment/1', '{"a":1}');
    expect(verifyEnvelope('kepu-assignment/1', envelope, publicKey)).toBe(true);
    expect(verifyEnvelope('kepu-hello/1', envelope, publicKey)).toBe(false);
    expect(verifyEnvelope('kepu-assignment/1', { ...envelope, text: '{"a":2}' }, publicKey)).toBe(false);
    expect(verifyEnvelope('kepu-assignment/1', { ...envelope, keyId: '0'.repeat(16) }, publicKey)).toBe(
      false,
    );
    expect(verifyEnvelope('kepu-assignment/1', envelope, 'A'.repeat(43))).toBe(false);
    expect(verifyEnvelope('kepu-assignment/1', envelope, 'no key')).toBe(false);
  });
});

describe('many signatures at once', () => {
  const texts = Array.from({ length: 300 }, (_, index) => `{"a":${index}}`);

  it('are those that signing one by one gives, in the order of their texts, batch after batch', async () => {
    const signer = openSigner(folder);
    const batches = [texts, texts.toReversed(), texts.slice(0, 2), []];
    const signed = await Promise.all(batches.map((batch) => signer.signAll('kepu-assignment/1', batch)));
    // Ed25519 is deterministic.
    expect(signed).toEqual(
      batches.map((batch) => batch.map((text) => signer.sign('kepu-assignment/1', text))),
    );
    await signer.stop();
  });

  it('are refused when the center stops meanwhile, and made when it is asked again', async () => {
    const signer = openSigner(folder);
    const asked = signer.signAll('kepu-assignment/1', texts);
    const refused = expect(asked).rejects.toThrow('the signing thread ended');
    await signer.stop();
    await refused;
    expect(await signer.signAll('kepu-assignment/1', texts)).toHaveLength(texts.length);
    await signer.stop();
  });
});

describe('a device’s bearer token', () => {
  const device = 'ab'.repeat(16) as DeviceId;

  it('speaks for its device until it expires, also after a restart', () => {
    const token = openDeviceTokens(folder).issue(device, 2_000);
    const tokens = openDeviceTokens(folder);
    expect(tokens.open(token, 1_999)).toBe(device);
    expect(tokens.open(token, 2_000)).toBeNull();
  });

  it('is refused when anything in it was changed, or another center made it', () => {
    const tokens = openDeviceTokens(folder);
    const token = tokens.issue(device, 2_000);
    expect(tokens.open(token.replace('.2000.', '.9000.'), 1_000)).toBeNull();
    expect(tokens.open(`cd${token.slice(2)}`, 1_000)).toBeNull();
    expect(tokens.open('', 1_000)).toBeNull();
    const other = mkdtempSync(join(tmpdir(), 'kepu-keys-'));
    expect(openDeviceTokens(other).open(token, 1_000)).toBeNull();
    rmSync(other, { recursive: true });
  });
});

describe('the lock of the data folder', () => {
  it('lets one in, and the next once it is released', () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'INSTANCE_RUNNING' }));
    lock.release();
    lockFolder(folder).release();
  });
});
