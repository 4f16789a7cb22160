import { describe, expect, it } from 'vitest';
import { ContentBook } from '../../../../server/features/assessment/content-book.ts';
import { DenialBook } from '../../../../server/features/schedule/denial-book.ts';
import type { StoredDenial } from '../../../../server/features/schedule/denial.port.ts';
import { measure } from '../../../../shared/assessment/intervals.ts';
import { sha256Hex } from '../../../../shared/core/canonical.ts';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { Instant } from '../../../../shared/core/time.ts';
import { encodePlan } from '../../../../shared/plan/plan-bytes.ts';
import { createResolver } from '../../../../shared/schedule/resolve.ts';
import { makeAsset, makePlan } from '../../../shared/plan/make-plan.ts';

const [A, B] = [sha256Hex('a'), sha256Hex('b')] as const;
const [base] = makePlan().schedules;
const plan = makePlan({
  schedules: [{ ...base, windows: [{ start: '00:00', end: '24:00' }] }],
  playlists: {
    'henan-daily': {
      name: '全省',
      items: [A, B].map((asset) => ({ asset, durationS: 30, fit: 'contain' })),
    },
  },
  assets: Object.fromEntries([A, B].map((sha256) => [sha256, { ...makeAsset({ sha256 }), approvals: [] }])),
});
const { digest } = encodePlan(plan);
const HERE = '410122103' as RegionCode;
/** 10:00 in Henan: items of 30 s begin at every half minute. */
const TEN = Date.parse('2026-11-20T10:00:00+08:00') / 1000;

function denied(patch: Partial<StoredDenial>): StoredDenial {
  return {
    id: `x-${'a'.repeat(16)}` as StoredDenial['id'],
    kind: 'asset',
    subject: A,
    region: '41' as RegionCode,
    issuer: '41' as RegionCode,
    from: (TEN + 600) as Instant,
    to: null,
    name: '',
    reason: '',
    reportedTo: null,
    version: 1,
    liftVersion: null,
    issuedBy: 'a-' as StoredDenial['issuedBy'],
    issuedByName: '',
    issuedAtMs: 0,
    liftAsked: null,
    liftedByName: null,
    ...patch,
  };
}

async function bookWith(...denials: StoredDenial[]) {
  const known = new DenialBook({ sign: () => ({ text: '', keyId: '', signature: '' }) });
  known.fill(denials, []);
  const book = new ContentBook({ plan: async () => plan }, known);
  expect(await book.prepare([digest])).toEqual([]);
  return (denyList: number, from: number, to: number) =>
    measure(book.contentOf({ plan: digest, denyList, start: TEN + from, end: TEN + to }, HERE));
}

describe('what a run is worth', () => {
  it('is all of it where nothing is denied', async () => {
    const worth = await bookWith();
    expect(worth(0, 0, 1_200)).toBe(1_200);
  });

  it('under the list it names is what that timeline showed: the rest in place of what is denied', async () => {
    const worth = await bookWith(denied({}));
    expect(worth(0, 0, 600)).toBe(600);
    // B alone, again and again.
    expect(worth(1, 600, 1_200)).toBe(600);
  });

  it('of a device that had not heard is nothing while what was denied was on, from the denial’s instant on', async () => {
    const worth = await bookWith(denied({}));
    const of = (asset: string) =>
      createResolver(plan)
        .timeline((TEN + 600) as Instant, (TEN + 1_200) as Instant)
        .filter((entry) => entry.asset === asset)
        .reduce((sum, { start, end }) => sum + Math.min(end, TEN + 1_200) - Math.max(start, TEN + 600), 0);
    expect(of(A) + of(B)).toBe(600);
    expect(worth(0, 600, 1_200)).toBe(of(B));
    expect(worth(0, 0, 1_200)).toBe(600 + of(B));
  });

  it('counts again from the lift on, also on a device that has not heard of that', async () => {
    const lift = { to: (TEN + 900) as Instant, liftVersion: 2 };
    const stop = await bookWith(denied({ kind: 'stop-all', subject: '', ...lift }));
    // It showed what it should not have shown: only what was shown after the lift counts.
    expect(stop(0, 600, 1_200)).toBe(300);
    // It held the stop and not the lift: its own filler was on.
    expect(stop(1, 600, 1_200)).toBe(0);
    expect(stop(2, 600, 1_200)).toBe(300);
  });

  it('is not touched by what was denied beside the place', async () => {
    const worth = await bookWith(denied({ region: '410122104' as RegionCode }));
    expect(worth(1, 600, 1_200)).toBe(600);
  });
});
