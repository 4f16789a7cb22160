import { z } from 'zod';

/**
 * A registry that does not carry other systems' builds of a tool makes npm leave them out of the
 * lockfile, and `npm ci` (npm 11) then refuses it: "Missing: X from lock file". What is needed is only
 * that each is named, with the systems it is for, so that npm skips it everywhere else.
 */
const packageSchema = z.looseObject({
  version: z.string().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
  license: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockfileSchema = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), packageSchema),
});
export type Lockfile = z.infer<typeof lockfileSchema>;
type LockedPackage = z.infer<typeof packageSchema>;

/** Reads a lockfile's text, every key left where it was. @throws for what is no lockfile of version 3. */
export function parseLock(text: string): Lockfile {
  const raw: unknown = JSON.parse(text);
  lockfileSchema.parse(raw);
  return raw as Lockfile;
}

export interface MissingPackage {
  /** Lockfile path of the package that wants it. */
  readonly wantedBy: string;
  readonly name: string;
  readonly range: string;
}

/** Optional packages that some package names and the lockfile has no entry for. */
export function missingOptional(lock: Lockfile): MissingPackage[] {
  return Object.entries(lock.packages).flatMap(([wantedBy, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(lock, wantedBy, name))
      .map(([name, range]) => ({ wantedBy, name, range })),
  );
}

/**
 * The lockfile with an entry for each missing optional package: version, `optional`, `os`, `cpu`,
 * `libc`; no integrity, as there is nothing here to take it from. Entries stay in npm's order.
 * @throws RangeError for a range that is no exact version, or a name that tells no system.
 */
export function completeLock(lock: Lockfile): Lockfile {
  const added = missingOptional(lock).map(({ wantedBy, name, range }): [string, LockedPackage] => {
    const wanter = lock.packages[wantedBy];
    const license = wanter?.license;
    const { cpu, os, ...rest } = platformOf(name);
    return [
      `node_modules/${name}`,
      {
        version: exactVersion(name, range),
        cpu,
        ...(wanter?.['dev'] === true ? { dev: true } : {}),
        ...rest,
        ...(license === undefined ? {} : { license }),
        optional: true,
        ...(os === undefined ? {} : { os }),
      },
    ];
  });
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(added) });
  return { ...lock, packages: Object.fromEntries(packages.toSorted(([a], [b]) => a.localeCompare(b, 'en'))) };
}

/** npm looks for a package beside the one that wants it, then in each folder above. */
function isLocked(lock: Lockfile, wantedBy: string, name: string): boolean {
  for (let at = wantedBy; ; ) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
    at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1));
  }
}

function exactVersion(name: string, range: string): string {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
    throw new RangeError(`${name}: "${range}" is not one version; add it to package-lock.json by hand`);
  return range;
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

function platformOf(name: string): { os?: string[]; cpu: string[]; libc?: string[] } {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (cpu === undefined || (os === undefined && cpu !== 'wasm32'))
    throw new RangeError(`${name}: its name tells no system; add it to package-lock.json by hand`);
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : undefined;
  return { cpu: [cpu], ...(os === undefined ? {} : { os: [os] }), ...(libc === undefined ? {} : { libc }) };
}
