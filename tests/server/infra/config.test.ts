import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig, VARIABLE_NAMES } from '../../../server/infra/config.ts';
import type { AppError } from '../../../shared/core/errors.ts';

function refused(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    return String((error as AppError).params.detail);
  }
  throw new Error('was taken');
}

describe('configuration', () => {
  it('has defaults that need nothing set, on loopback only', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      tls: null,
      demo: false,
      tickS: 30,
      closeS: 3_600,
    });
  });

  it('takes an empty value as not set', () => {
    expect(parseConfig({ KEPU_PORT: '', KEPU_PUBLIC_URL: '' }).port).toBe(8080);
  });

  it('ticks faster in the demo unless told otherwise', () => {
    expect(parseConfig({ KEPU_DEMO: '1' })).toMatchObject({ tickS: 5, closeS: 60 });
    expect(parseConfig({ KEPU_DEMO: '1', KEPU_TICK_S: '7' }).tickS).toBe(7);
  });

  it('has one line per wrong variable, in Chinese and English', () => {
    const lines = refused({ KEPU_PORT: '99999', KEPU_DEMO: 'ja', KEPU_HOST: 'a b' }).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join('\n')).toMatch(/KEPU_PORT=99999：填端口号 0–65535（takes a port number/);
    for (const line of lines) expect(line).toMatch(/\p{Script=Han}.*（[a-z].*）/u);
  });

  it.each(['1e3', ' 80', '-1', '80.5', '0x50'])('takes no port written %s', (port) => {
    expect(refused({ KEPU_PORT: port })).toContain('KEPU_PORT');
  });

  it('reports a KEPU_ variable it does not know, and leaves others alone', () => {
    expect(refused({ KEPU_PROT: '80', PATH: '/bin' })).toMatch(/^\s*KEPU_PROT：/);
  });

  it('serves plain HTTP beyond loopback only when told so', () => {
    expect(refused({ KEPU_HOST: '0.0.0.0' })).toContain('KEPU_ALLOW_PLAIN_HTTP');
    expect(parseConfig({ KEPU_HOST: '0.0.0.0', KEPU_ALLOW_PLAIN_HTTP: '1' }).host).toBe('0.0.0.0');
    expect(parseConfig({ KEPU_HOST: '::', KEPU_TLS_CERT: 'c', KEPU_TLS_KEY: 'k' }).tls).toEqual({
      certFile: 'c',
      keyFile: 'k',
    });
  });

  it('wants a certificate and a key, or neither', () => {
    expect(refused({ KEPU_TLS_CERT: 'c' })).toContain('KEPU_TLS_KEY');
  });

  it('takes a public address without its last slash, and no other scheme', () => {
    expect(parseConfig({ KEPU_PUBLIC_URL: 'https://kepu.example/' }).publicUrl).toBe('https://kepu.example');
    expect(refused({ KEPU_PUBLIC_URL: 'ftp://kepu.example' })).toContain('KEPU_PUBLIC_URL');
  });

  it('is documented in .env.example, whole and with values that are taken', () => {
    const text = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const shown = [...text.matchAll(/^#? ?(KEPU_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    expect(shown.map(([name]) => name).sort()).toEqual([...VARIABLE_NAMES].sort());
    expect(() => parseConfig(Object.fromEntries(shown))).not.toThrow();
  });
});
