import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { AppError } from '../../shared/core/errors.ts';

/** Everything an operator can set; parsed from KEPU_* environment variables by {@link parseConfig}. */
export interface CenterConfig {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  /** Where people and players reach the center; `null`: the address it listens on. */
  readonly publicUrl: string | null;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Whether X-Forwarded-* of a proxy in front is believed. */
  readonly trustProxy: boolean;
  readonly allowPlainHttp: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Demo mode: screens may be commissioned in the past, are required all day and marked as demo. */
  readonly demo: boolean;
  /** What a player gets as tick and closing period unless its screen says otherwise, seconds. */
  readonly tickS: number;
  readonly closeS: number;
  readonly sessionIdleMinutes: number;
  /** `required`: nobody changes what is on air, or who may, without a second factor. */
  readonly secondFactor: (typeof SECOND_FACTOR)[number];
  /** Largest single file of an asset that is taken. */
  readonly assetMaxBytes: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const SECOND_FACTOR = ['optional', 'required'] as const;

const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((n) => n >= min && n <= max);
const path = z.string().min(1);

/** One environment variable: its schema, and what it takes in words. */
interface Variable<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly zh: string;
  readonly en: string;
}
const variable = <Schema extends z.ZodType>(schema: Schema, zh: string, en: string): Variable<Schema> => ({
  schema,
  zh,
  en,
});

const yesNo = ['填 1 或 0', 'takes 1 or 0'] as const;

const VARIABLES = {
  KEPU_DATA: variable(path.default('./data'), '填数据目录的路径', 'takes the path of the data folder'),
  KEPU_HOST: variable(
    z.union([z.ipv4(), z.ipv6(), z.hostname()]).default('127.0.0.1'),
    '填监听地址，如 127.0.0.1 或 0.0.0.0',
    'takes the address to listen on, such as 127.0.0.1 or 0.0.0.0',
  ),
  KEPU_PORT: variable(whole(0, 65_535).default(8080), '填端口号 0–65535', 'takes a port number, 0 to 65535'),
  KEPU_PUBLIC_URL: variable(
    z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    '填 http:// 或 https:// 开头的网址',
    'takes an address that begins with http:// or https://',
  ),
  KEPU_TLS_CERT: variable(path.optional(), '填证书文件（PEM）的路径', 'takes the path of a PEM certificate'),
  KEPU_TLS_KEY: variable(path.optional(), '填私钥文件（PEM）的路径', 'takes the path of a PEM private key'),
  KEPU_TRUST_PROXY: variable(flag.default(false), ...yesNo),
  KEPU_ALLOW_PLAIN_HTTP: variable(flag.default(false), ...yesNo),
  KEPU_LOG_LEVEL: variable(
    z.enum(LOG_LEVELS).default('info'),
    `填 ${LOG_LEVELS.join('、')} 之一`,
    `takes one of ${LOG_LEVELS.join(', ')}`,
  ),
  KEPU_DEMO: variable(flag.default(false), ...yesNo),
  KEPU_TICK_S: variable(whole(1, 300).optional(), '填 1–300 秒', 'takes 1 to 300 seconds'),
  KEPU_CLOSE_S: variable(whole(10, 3_600).optional(), '填 10–3600 秒', 'takes 10 to 3600 seconds'),
  KEPU_ASSET_MAX_MB: variable(
    whole(1, 65_536).default(2_048),
    '填 1–65536 兆字节',
    'takes 1 to 65536 megabytes',
  ),
  KEPU_SESSION_IDLE_MINUTES: variable(whole(1, 720).default(30), '填 1–720 分钟', 'takes 1 to 720 minutes'),
  KEPU_SECOND_FACTOR: variable(
    z.enum(SECOND_FACTOR).default('optional'),
    '填 optional（自愿）或 required（必须）',
    'takes optional or required',
  ),
};

type Name = keyof typeof VARIABLES;
type Values = { -readonly [N in Name]: z.output<(typeof VARIABLES)[N]['schema']> };

/** Names of all variables, for documents and their test. */
export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly Name[];

/**
 * Reads the configuration out of an environment. An empty value counts as not set.
 * @throws AppError CONFIG_INVALID whose detail has one line per wrong or unknown KEPU_* variable.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): CenterConfig {
  const wrong: string[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of VARIABLE_NAMES) {
    const { schema, zh, en } = VARIABLES[name];
    const given = env[name] === '' ? undefined : env[name];
    const parsed = schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else wrong.push(`${name}=${given}：${zh}（${en}）`);
  }
  for (const name of Object.keys(env))
    if (name.startsWith('KEPU_') && !(name in VARIABLES))
      wrong.push(`${name}：没有这个变量，看 .env.example（unknown variable, see .env.example）`);
  if (wrong.length === 0) wrong.push(...contradictions(values as Values));
  if (wrong.length > 0) throw new AppError('CONFIG_INVALID', { detail: `\n  ${wrong.join('\n  ')}` });
  return configOf(values as Values);
}

/** Whether browsers reach the center by TLS: its own, or that of a proxy in front. */
export function isSecure(config: CenterConfig): boolean {
  return config.tls !== null || config.publicUrl?.startsWith('https:') === true;
}

function contradictions(values: Values): string[] {
  const wrong: string[] = [];
  if ((values.KEPU_TLS_CERT === undefined) !== (values.KEPU_TLS_KEY === undefined))
    wrong.push('KEPU_TLS_CERT、KEPU_TLS_KEY：要么都填，要么都不填（set both or neither）');
  const plain = values.KEPU_TLS_CERT === undefined;
  if (plain && !isLoopback(values.KEPU_HOST) && !values.KEPU_ALLOW_PLAIN_HTTP)
    wrong.push(
      `KEPU_HOST=${values.KEPU_HOST}：没有 TLS，只能监听本机；配 KEPU_TLS_CERT 和 KEPU_TLS_KEY，` +
        '或在有 TLS 的代理之后设 KEPU_ALLOW_PLAIN_HTTP=1（plain HTTP beyond loopback needs ' +
        'KEPU_ALLOW_PLAIN_HTTP=1; better set KEPU_TLS_CERT and KEPU_TLS_KEY）',
    );
  return wrong;
}

function isLoopback(host: string): boolean {
  // A name that begins with 127. may lead anywhere.
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function configOf(values: Values): CenterConfig {
  const demo = values.KEPU_DEMO;
  const { KEPU_TLS_CERT: certFile, KEPU_TLS_KEY: keyFile } = values;
  return {
    dataFolder: values.KEPU_DATA,
    host: values.KEPU_HOST,
    port: values.KEPU_PORT,
    publicUrl: values.KEPU_PUBLIC_URL ?? null,
    tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : null,
    trustProxy: values.KEPU_TRUST_PROXY,
    allowPlainHttp: values.KEPU_ALLOW_PLAIN_HTTP,
    logLevel: values.KEPU_LOG_LEVEL,
    demo,
    tickS: values.KEPU_TICK_S ?? (demo ? 5 : 30),
    closeS: values.KEPU_CLOSE_S ?? (demo ? 60 : 3_600),
    sessionIdleMinutes: values.KEPU_SESSION_IDLE_MINUTES,
    secondFactor: values.KEPU_SECOND_FACTOR,
    assetMaxBytes: values.KEPU_ASSET_MAX_MB * 1024 * 1024,
  };
}
