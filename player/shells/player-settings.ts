import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../shared/core/errors.ts';
import { centerKeySchema } from '../../shared/screen/protocol.ts';
import { findChromium } from './kiosk/find-chromium.ts';

/** What every shell is told, by arguments or environment; arguments win. */
const settingsSchema = z.object({
  /** `KEPU_CENTER`, `--center`: where the center is. */
  center: z.url({ protocol: /^https?$/ }),
  /** `KEPU_PLAYER_DATA`, `--data`: the player's folder; one player per folder. */
  data: z.string().min(1),
  /** `KEPU_CENTER_KEY`, `--center-key`: `<keyId>:<publicKey>`; without it the first center is pinned. */
  centerKey: z
    .string()
    .transform((text) => centerKeySchema.parse({ keyId: text.split(':')[0], publicKey: text.split(':')[1] }))
    .optional(),
  /** `KEPU_CHROMIUM`, `--chromium`: the browser of the kiosk shell; searched for where not given. */
  chromium: z.string().optional(),
  /** `KEPU_STAGE_PORT`, `--stage-port`: the stage's loopback port; free choice where not given. */
  stagePort: z.coerce.number().int().min(0).max(65_535).optional(),
  /** `KEPU_DEVTOOLS`, `--devtools`: `1` lets tests and repair look into the kiosk's browser, on loopback. */
  devtools: z
    .enum(['0', '1'])
    .default('0')
    .transform((text) => text === '1'),
  /** Whether the kiosk has a display: the environment's, and on systems without X or Wayland always. */
  hasDisplay: z.boolean(),
});
export type PlayerSettings = z.output<typeof settingsSchema>;

const NAMES: Readonly<
  Record<Exclude<keyof PlayerSettings, 'hasDisplay'>, readonly [argument: string, variable: string]>
> = {
  center: ['center', 'KEPU_CENTER'],
  data: ['data', 'KEPU_PLAYER_DATA'],
  centerKey: ['center-key', 'KEPU_CENTER_KEY'],
  chromium: ['chromium', 'KEPU_CHROMIUM'],
  stagePort: ['stage-port', 'KEPU_STAGE_PORT'],
  devtools: ['devtools', 'KEPU_DEVTOOLS'],
};

/** What each takes, for who typed it. */
const TAKES: Readonly<Record<keyof typeof NAMES, string>> = {
  center: "填播控中心的网址，如 https://bokong.example.cn（takes the center's address）",
  data: '填文件夹（takes a folder）',
  centerKey: '填 编号:公钥（takes keyId:publicKey）',
  chromium: '填浏览器程序的路径（takes a path）',
  stagePort: '填端口号 0–65535（takes a port number）',
  devtools: '填 1 或 0（takes 1 or 0）',
};

/**
 * Reads a player's settings.
 * @throws AppError CONFIG_INVALID naming each wrong one and where it is set.
 */
export function parsePlayerSettings(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PlayerSettings {
  const options = Object.fromEntries(
    [...Object.values(NAMES).map(([argument]) => argument), 'shell'].map((name) => [
      name,
      { type: 'string' as const },
    ]),
  );
  const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
  const found = Object.fromEntries(
    Object.entries(NAMES).map(([name, [argument, variable]]) => [name, values[argument] ?? env[variable]]),
  );
  const parsed = settingsSchema.safeParse({
    data: 'data/player',
    chromium: findChromium(env['PATH'] ?? '') ?? undefined,
    hasDisplay: hasDisplay(env),
    ...withoutUndefined(found),
  });
  if (!parsed.success) throw new AppError('CONFIG_INVALID', { detail: describe(parsed.error) });
  return { ...parsed.data, data: resolve(parsed.data.data) };
}

/** The built stage page. */
export const STAGE_FOLDER = join(import.meta.dirname, '../../dist/stage');

function hasDisplay(env: Readonly<Record<string, string | undefined>>): boolean {
  const needsServer = process.platform !== 'darwin' && process.platform !== 'win32';
  return !needsServer || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const name = String(issue.path[0]) as keyof typeof NAMES;
      const [argument, variable] = NAMES[name];
      return `--${argument} / ${variable}：${TAKES[name]}`;
    })
    .join('；');
}
