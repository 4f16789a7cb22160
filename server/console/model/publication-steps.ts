import type { Publication } from '../../../shared/plan/publication.api.ts';

/** A step of a publish on its way to the glass. */
export interface FunnelStep {
  readonly key: 'screens' | 'told' | 'fetched' | 'verified' | 'onAir';
  readonly zh: string;
  readonly count: number;
  /** Of all screens that it changed, 0 … 1. */
  readonly share: number;
  /** How many stand at this step and not at the next. */
  readonly behind: number;
}

const STEPS = [
  { key: 'screens', zh: '要换播出单' },
  { key: 'told', zh: '已通知' },
  { key: 'fetched', zh: '已取到' },
  { key: 'verified', zh: '已校验' },
  { key: 'onAir', zh: '已上屏' },
] as const;

/** How many screens reached each step. A later step stands for the earlier ones. */
export function funnel({ counts }: Pick<Publication, 'counts'>): FunnelStep[] {
  return STEPS.map(({ key, zh }, index) => {
    const next = STEPS[index + 1];
    return {
      key,
      zh,
      count: counts[key],
      share: counts.screens === 0 ? 0 : counts[key] / counts.screens,
      behind: next === undefined ? 0 : Math.max(0, counts[key] - counts[next.key]),
    };
  });
}

export const PUBLICATION_STATE_ZH: Readonly<Record<Publication['state'], string>> = {
  computing: '正在算播出单',
  delivering: '正在下发',
  done: '已结束',
};

/** Screens that are neither on the glass nor out of the running. */
export function stillOpen({ counts }: Pick<Publication, 'counts'>): number {
  return Math.max(0, counts.screens - counts.onAir - counts.refused - counts.overtaken);
}

/** Newer news of a publish never go back: a late answer must not undo what the live link brought. */
export function newer(known: Publication | null, next: Publication): Publication {
  if (known === null || known.draft !== next.draft) return next;
  const sum = ({ counts }: Publication) =>
    counts.told + counts.fetched + counts.verified + counts.onAir + counts.refused + counts.overtaken;
  const isComputing = (one: Publication) => one.state === 'computing';
  if (isComputing(known) !== isComputing(next)) return isComputing(known) ? next : known;
  return sum(next) >= sum(known) ? next : known;
}
