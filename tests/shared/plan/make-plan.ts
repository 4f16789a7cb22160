import type { Asset } from '../../../shared/asset/asset.schema.ts';
import { sha256Hex } from '../../../shared/core/canonical.ts';
import { sha256Schema } from '../../../shared/core/ids.ts';
import { assetSchema } from '../../../shared/asset/asset.schema.ts';
import { planSchema, RULES_VERSION } from '../../../shared/plan/plan.schema.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { assignmentSchema } from '../../../shared/plan/assignment.schema.ts';
import type { Assignment } from '../../../shared/plan/assignment.schema.ts';

export const CLIP = sha256Schema.parse(sha256Hex('clip'));

export function makeAsset(patch: Partial<Record<keyof Asset, unknown>> = {}): Asset {
  return assetSchema.parse({
    sha256: CLIP,
    kind: 'video',
    mime: 'video/mp4',
    sizeBytes: 1_000,
    title: '防溺水',
    durationS: 30,
    parts: [],
    ...patch,
  });
}

export function makePlan(patch: Partial<Record<keyof Plan, unknown>> = {}): Plan {
  return planSchema.parse({
    format: 'kepu-plan/1',
    rulesVersion: RULES_VERSION,
    tierWeights: { province: 40, city: 20, county: 20, township: 10, village: 10 },
    reserved: [],
    schedules: [
      {
        id: 'henan-daily',
        name: '全省轮播',
        class: 'rotation',
        region: '41',
        playlist: 'henan-daily',
        days: 'every',
        excludeDates: [],
        windows: [{ start: '08:00', end: '20:00' }],
        validity: { from: '2026-11-01', to: null },
        priority: 0,
        weight: 1,
        once: false,
      },
    ],
    playlists: {
      'henan-daily': { name: '全省', items: [{ asset: CLIP, durationS: 30, fit: 'contain' }] },
    },
    assets: { [CLIP]: { ...makeAsset(), approvals: [] } },
    holidays: { off: [], work: [] },
    ...patch,
  });
}

export function makeAssignment(patch: Partial<Record<keyof Assignment, unknown>> = {}): Assignment {
  return assignmentSchema.parse({
    format: 'kepu-assignment/1',
    screen: 's-aaaaaaaaaaaaaaaa',
    screenName: '县科技馆门口',
    device: 'd'.repeat(32),
    region: '410122',
    regionNames: ['河南省', '郑州市', '中牟县'],
    demo: false,
    plan: CLIP,
    settings: {
      requiredHours: [{ start: '08:00', end: '20:00' }],
      volume: 60,
      tickS: 30,
      closeS: 3_600,
      cacheBytes: 1_000_000,
    },
    denyListVersion: 0,
    counter: 5,
    issuedAt: 1_800_000_000,
    expiresAt: 1_802_592_000,
    ...patch,
  });
}
