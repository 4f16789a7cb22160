import { expect, it } from 'vitest';
import { DenialBook } from '../../../../server/features/schedule/denial-book.ts';
import type { StoredDenial } from '../../../../server/features/schedule/denial.port.ts';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { Instant } from '../../../../shared/core/time.ts';
import { DENY_LIST_MAX } from '../../../../shared/schedule/denial.schema.ts';

const NOW = 1_800_000_000 as Instant;
const [PROVINCE, CITY, COUNTY, SIBLING] = ['41', '4101', '410122', '411224'] as RegionCode[] as [
  RegionCode,
  RegionCode,
  RegionCode,
  RegionCode,
];

function denial(version: number, region: RegionCode): StoredDenial {
  return {
    id: `x-${String(version).padStart(16, 'a')}` as StoredDenial['id'],
    kind: 'asset',
    subject: String(version),
    region,
    issuer: region,
    from: NOW,
    to: null,
    name: '',
    reason: '',
    reportedTo: null,
    version,
    liftVersion: null,
    issuedBy: 'a-' as StoredDenial['issuedBy'],
    issuedByName: '',
    issuedAtMs: 0,
    liftAsked: null,
    liftedByName: null,
  };
}

it('a county that denies without end fills its own list to the places of the tiers above, and no other', () => {
  const book = new DenialBook({
    sign: () => {
      throw new Error('nothing is signed here');
    },
  });
  const room = (region: RegionCode, issuer = region) => book.roomLeft(NOW, { region, issuer });
  const empty = room(COUNTY);
  expect(room(PROVINCE)).toBe(DENY_LIST_MAX);
  book.fill(
    Array.from({ length: empty }, (_, version) => denial(version + 1, COUNTY)),
    [],
  );
  expect(room(COUNTY)).toBe(0);
  expect(room('410122103' as RegionCode)).toBeLessThan(0);
  expect(room(SIBLING)).toBe(empty);
  // Whoever stands above still stops everything there, in its own region or in that one alone.
  for (const issuer of [CITY, PROVINCE])
    for (const region of [COUNTY, issuer]) expect(room(region, issuer)).toBeGreaterThan(0);
  // Another city’s lists do not carry it.
  expect(room('4112' as RegionCode)).toBe(DENY_LIST_MAX - 1_000);
});
