import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { RegionCode } from '../../shared/core/ids.ts';
import { regionCodeSchema } from '../../shared/core/ids.ts';
import type { LocalDay } from '../../shared/core/time.ts';
import type { Region } from '../../shared/region/region.schema.ts';
import { parentOf, tierOf } from '../../shared/region/tier.ts';
import type { RegionAlias, RegionData } from '../features/region/region.port.ts';

const FOLDER = new URL('../features/region/data/', import.meta.url);
const DIVISIONS = 'henan-divisions.json';
const VILLAGES = 'henan-villages.csv.gz';
/** Raised when the reading below changes what comes out of the same files. */
const READER_VERSION = 1;

const divisionSchema = z.object({
  code: z.string().regex(/^41\d{4}(\d{3})?$/),
  name: z.string().min(1),
  statOnly: z.boolean().default(false),
});
const divisionsSchema = z.object({
  cities: z.array(divisionSchema),
  counties: z.array(divisionSchema),
  towns: z.array(divisionSchema),
});

/** 县级市 and 县 that became 区 of 洛阳 by the State Council's reply of 2021-03-18. */
const ALIASES: readonly RegionAlias[] = [
  alias('410381', '偃师市', '410307'),
  alias('410322', '孟津县', '410308'),
];

/** Province 41 with its cities, counties, townships and villages, as files of the project. */
export const henan = {
  /** Names the bytes of the files and the way they are read. */
  version(): string {
    const hash = createHash('sha256').update(`${READER_VERSION}`);
    for (const name of [DIVISIONS, VILLAGES]) hash.update(readFileSync(new URL(name, FOLDER)));
    return hash.digest('hex');
  },

  async read(): Promise<RegionData> {
    const text = readFileSync(new URL(DIVISIONS, FOLDER), 'utf8');
    const divisions = divisionsSchema.parse(JSON.parse(text));
    const upper = [
      region('41', '河南省', false),
      // Cities are 4 digits here; 419000 is no region but the shelf 济源 stands on.
      ...divisions.cities
        .filter(({ code }) => code !== '419000')
        .map(({ code, name, statOnly }) => region(code.slice(0, 4), name, statOnly)),
      ...[...divisions.counties, ...divisions.towns].map(({ code, name, statOnly }) =>
        region(code, name, statOnly),
      ),
    ];
    const flagged = new Set(upper.filter(({ statOnly }) => statOnly).map(({ code }) => code));
    const villages = readVillages(flagged);
    return { version: henan.version(), regions: [...upper, ...villages], aliases: ALIASES };
  },
};

/** A village is flagged where its township is. */
function readVillages(flagged: ReadonlySet<RegionCode>): Region[] {
  const lines = gunzipSync(readFileSync(new URL(VILLAGES, FOLDER)))
    .toString('utf8')
    .split(/\r?\n/);
  return lines.slice(1).flatMap((line) => {
    const [code, name] = line.split(',');
    if (code === undefined || name === undefined) return [];
    return [region(code, name, flagged.has(code.slice(0, 9) as RegionCode))];
  });
}

function region(digits: string, name: string, statOnly: boolean): Region {
  const code = regionCodeSchema.parse(digits);
  return { code, name, tier: tierOf(code), parent: parentOf(code), statOnly };
}

function alias(code: string, name: string, now: string): RegionAlias {
  return {
    code: code as RegionCode,
    name,
    region: now as RegionCode,
    validFrom: null,
    validTo: '2021-03-17' as LocalDay,
  };
}
