import { describe, expect, it } from 'vitest';
import { parsePlayerSettings } from '../../../player/shells/player-settings.ts';
import { shellOf } from '../../../player/shells/run-shell.ts';

describe('a player’s settings', () => {
  it('come from the environment, and arguments win', () => {
    const env = { KEPU_CENTER: 'http://a.example', KEPU_PLAYER_DATA: '/tmp/a', KEPU_STAGE_PORT: '4000' };
    expect(parsePlayerSettings(['--center', 'https://b.example'], env)).toMatchObject({
      center: 'https://b.example',
      data: '/tmp/a',
      stagePort: 4_000,
      devtools: false,
    });
  });

  it('are refused with the name of each wrong one', () => {
    const wrong = () => parsePlayerSettings(['--stage-port', 'x'], { KEPU_CENTER: 'ftp://a' });
    expect(wrong).toThrow(/--center \/ KEPU_CENTER.*--stage-port \/ KEPU_STAGE_PORT/);
  });

  it('need no display on a machine that has none', () => {
    const env = { KEPU_CENTER: 'http://a.example' };
    expect(parsePlayerSettings([], env).hasDisplay).toBe(process.platform !== 'linux');
    expect(parsePlayerSettings([], { ...env, DISPLAY: ':0' }).hasDisplay).toBe(true);
  });

  it('name a shell that exists', () => {
    expect(shellOf([])).toBe('kiosk');
    expect(shellOf(['--center', 'x', '--shell', 'page'])).toBe('page');
    expect(() => shellOf(['--shell', 'toaster'])).toThrow('toaster');
  });
});
