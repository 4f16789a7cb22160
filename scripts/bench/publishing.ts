import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { buildCenter } from '../../server/app.ts';
import { systemClock } from '../../server/infra/clock.ts';
import { parseConfig } from '../../server/infra/config.ts';
import { openDatabase } from '../../server/infra/database/database.ts';
import { systemRandom } from '../../server/infra/random.ts';
import { openSigner } from '../../server/infra/signer.ts';
import { canonicalText } from '../../shared/core/canonical.ts';
import type { RegionCode } from '../../shared/core/ids.ts';
import { SignedKind } from '../../shared/core/signed.ts';
import { preparePlans } from '../../shared/plan/compile.ts';
import { encodePlan } from '../../shared/plan/plan-bytes.ts';
import { Child } from '../demo/child.ts';
import { ROOT } from '../setup/command.ts';
import { DAY, madeContent, worldOf } from './made-world.ts';
import type { MadeContent } from './made-world.ts';
import { addContents, addScreens, screenNumber } from './many-screens.ts';
import type { MadeDevice, PlacedScreen } from './many-screens.ts';
import { makeResult } from './report.ts';
import type { Result } from './report.ts';
import { readyOf, residentBytes } from './rig.ts';

/** One province to measure a publish on. */
export interface Province {
  readonly screens: number;
  /** How many distinct plans its screens have. */
  readonly kinds: number;
  /** How many devices are really connected. */
  readonly connected: number;
  /** Whether the goals are this one's. */
  readonly target: boolean;
}

/** Schedules that reach every screen. */
const SHARED = 20;
/** Connections per client process. */
const PER_CLIENT = 2_500;
const NAIVE_SCREENS = 200;
const PATIENCE_MS = 600_000;
const MIB = 1024 ** 2;

const publishedSchema = z.object({
  kind: z.literal('published'),
  atMs: z.number(),
  tookMs: z.number(),
  cpuMs: z.number(),
  blockedMs: z.number(),
  blockedP99Ms: z.number(),
  assigned: z.number(),
  plans: z.number(),
  screens: z.number(),
});
const announcedSchema = z.object({ kind: z.literal('announced'), atMs: z.number() });

/**
 * A province-wide change on a real center in its own process, on a real SQLite file: from its commit
 * until every screen's new plan and assignment are stored, and the last connected device has its own.
 */
export async function measureFanOut(province: Province, say: (line: string) => void): Promise<Result[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kepu-bench-'));
  const children: Child[] = [];
  try {
    say(`${province.screens} screens, ${province.kinds} plans…`);
    const made = await makeProvince(folder, province);
    await mkdir(path.join(folder, 'logs'));
    const start = (name: string, args: readonly string[]) => {
      const entry = path.join(ROOT, 'scripts', 'bench', name);
      const logFile = path.join(folder, 'logs', `${name}-${children.length}.log`);
      const child = Child.start({ name, entry, args, logFile });
      children.push(child);
      return child;
    };
    const center = start('publishing-center.ts', [folder]);
    const url = await readyOf(center);
    const clients: Child[] = [];
    for (let at = 0; at < made.devices.length; at += PER_CLIENT) {
      const file = path.join(folder, `devices-${at}.json`);
      await writeFile(file, JSON.stringify(made.devices.slice(at, at + PER_CLIENT)));
      const client = start('device-clients.ts', [url, file, made.centerKey]);
      await readyOf(client);
      clients.push(client);
    }
    say('publish…');
    for (const client of clients) client.send({ kind: 'expect' });
    const announced = clients.map((client) => said(client, announcedSchema));
    const publish = said(center, publishedSchema);
    center.send({ kind: 'publish' });
    const [published, ...heard] = await Promise.all([publish, ...announced]);
    if (published.assigned !== province.screens || published.screens !== province.screens)
      throw new Error(`not every screen was assigned: ${JSON.stringify(published)}`);
    if (published.plans !== province.kinds)
      throw new Error(`${published.plans} plans were made, not ${province.kinds}`);
    const lastHeardMs = Math.max(published.tookMs, ...heard.map(({ atMs }) => atMs - published.atMs));
    return resultsOf(province, {
      ...published,
      lastHeardMs,
      peakBytes: peakBytes(center.pid ?? 0),
      restBytes: residentBytes(center.pid ?? 0),
      naiveS: province.target ? await naiveS(folder, made.contents, made.places) : null,
    });
  } finally {
    for (const child of children.toReversed()) await child.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Measured extends z.infer<typeof publishedSchema> {
  readonly lastHeardMs: number;
  readonly peakBytes: number;
  readonly restBytes: number;
  /** The naive way's time for all screens, seconds. */
  readonly naiveS: number | null;
}

function resultsOf({ screens, kinds, connected, target }: Province, measured: Measured): Result[] {
  const of = `${screens} screens, ${kinds} plans`;
  const all = makeResult({
    metric: `province-wide change, ${of}: computed, stored, assigned, announced (${connected} connected)`,
    value: measured.lastHeardMs / 1_000,
    unit: 's',
    ...(target && { goal: { atMost: 10 } }),
    ...(measured.naiveS !== null && {
      peer: { name: `screen by screen (${NAIVE_SCREENS} scaled)`, value: measured.naiveS },
    }),
  });
  const cpu = makeResult({
    metric: `the center's processor time for it, ${of}`,
    value: measured.cpuMs / 1_000,
    unit: 's',
  });
  if (!target && kinds < screens) return [all, cpu];
  return [
    all,
    cpu,
    makeResult({
      metric: `peak memory of the center, ${of}`,
      value: measured.peakBytes / MIB,
      unit: 'MiB',
      ...(target && { goal: { atMost: 1_024 } }),
      peer: { name: 'after it', value: measured.restBytes / MIB },
    }),
    makeResult({
      metric: `longest the event loop was held, ${of}`,
      value: measured.blockedMs,
      unit: 'ms',
      peer: { name: 'p99', value: measured.blockedP99Ms },
    }),
  ];
}

interface MadeProvince {
  readonly devices: readonly MadeDevice[];
  readonly centerKey: string;
  readonly contents: readonly MadeContent[];
  readonly places: readonly PlacedScreen[];
}

/** A database with screens in Henan's villages, and schedules on five tiers that part them into kinds. */
async function makeProvince(folder: string, { screens, kinds, connected }: Province): Promise<MadeProvince> {
  const center = await buildCenter({
    config: parseConfig({ KEPU_DATA: folder, KEPU_PORT: '0' }),
    clock: systemClock,
    random: systemRandom,
    log: pino({ level: 'silent' }),
  });
  await center.services.plans.settled();
  await center.stop();
  const atMs = systemClock.nowMs();
  const db = await openDatabase(folder);
  try {
    const rows = await db.selectFrom('regions').select('code').where('tier', '=', 'village').execute();
    const villages = rows.map(({ code }) => code as RegionCode).sort();
    const places = placesOf(villages, screens, kinds);
    const contents = contentsOf(kinds);
    await addContents(db, contents, atMs);
    const devices = await addScreens(db, places, { connecting: connected, atMs });
    return { devices, contents, places, centerKey: openSigner(folder).publicKey.keyId };
  } finally {
    await db.destroy();
  }
}

/** A tag per binary digit of a screen's kind: what parts the screens of like regions. */
function placesOf(villages: readonly RegionCode[], screens: number, kinds: number): PlacedScreen[] {
  const stride = Math.max(1, Math.floor(villages.length / screens));
  return Array.from({ length: screens }, (_, index) => ({
    region: villages[(index * stride) % villages.length] as RegionCode,
    tags: digitsOf(index % kinds, kinds).map((digit) => `甲${digit}`),
  }));
}

function digitsOf(kind: number, kinds: number): number[] {
  return Array.from({ length: bitsOf(kinds) }, (_, bit) => bit).filter((bit) => ((kind >> bit) & 1) === 1);
}

function bitsOf(kinds: number): number {
  return Math.max(1, Math.ceil(Math.log2(kinds)));
}

/** Twenty schedules of the province's, and one for each digit of the kinds. */
function contentsOf(kinds: number): MadeContent[] {
  const province = '41' as RegionCode;
  return [
    ...Array.from({ length: SHARED }, (_, index) => madeContent(province, index)),
    ...Array.from({ length: bitsOf(kinds) }, (_, bit) =>
      madeContent(province, 100 + bit, { audience: { tags: [`甲${bit}`] } }),
    ),
  ];
}

/** Each screen by itself: its plan made and hashed anew, its assignment signed, one transaction per screen. */
async function naiveS(
  folder: string,
  contents: readonly MadeContent[],
  places: readonly PlacedScreen[],
): Promise<number> {
  const db = await openDatabase(folder);
  const signer = openSigner(folder);
  const planner = preparePlans(worldOf(contents), DAY);
  const startedMs = performance.now();
  try {
    for (const [index, place] of places.slice(0, NAIVE_SCREENS).entries()) {
      const { bytes, digest } = encodePlan(planner.plan({ ...place, groups: [] }));
      const text = canonicalText({ screen: screenNumber(index), plan: digest, region: place.region });
      const { signature } = signer.sign(SignedKind.assignment, text);
      await db
        .insertInto('plans')
        .values({ digest, text: new TextDecoder().decode(bytes), made_at_ms: 0 })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
      await db
        .updateTable('assignments')
        .set({ text, signature })
        .where('screen', '=', screenNumber(index))
        .where('superseded_at_ms', 'is', null)
        .execute();
    }
  } finally {
    await db.destroy();
  }
  return ((performance.now() - startedMs) / 1_000 / NAIVE_SCREENS) * places.length;
}

/** The next message of this shape. */
function said<Schema extends z.ZodType>(child: Child, schema: Schema): Promise<z.output<Schema>> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${child.name} said nothing`)), PATIENCE_MS);
    child.onMessage((raw) => {
      const message = schema.safeParse(raw);
      if (!message.success) return;
      clearTimeout(late);
      resolve(message.data);
    });
    void child.ended.then((code) =>
      reject(new Error(`${child.name} ended with ${code}: ${child.lastErrors.join('\n')}`)),
    );
  });
}

/** Highest resident memory that a process ever had, in bytes (proc(5)); Linux only. */
function peakBytes(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (found === null) throw new Error(`no VmHWM for ${pid}`);
  return Number(found[1]) * 1024;
}
