import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { instantOfMs } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { lineageOf } from '../../../shared/region/tier.ts';
import { changesOf } from './draft-check.ts';
import type { DeskDeps, DraftDesk, OnDesk } from './draft-desk.ts';
import { demandRevision, refusalOf } from './draft-rules.ts';
import type { Act } from './life.ts';
import { demandReviewed } from './life.ts';
import { keyOf } from './document-items.ts';
import type { ContentCommit, Published } from './schedule.port.ts';
import type { InTurn } from './turn.ts';

/** Changes that an audit entry lists by name; the versions themselves stay in the store. */
const AUDITED_CHANGES = 500;
/** Errors of a report that an answer puts into words. */
const WORDED = 10;

export interface PublishingDeps extends DeskDeps {
  readonly desk: DraftDesk;
  /** One change of what is on air after another. */
  readonly inTurn: InTurn;
  readonly announce: (published: Published) => void;
}

export type Publishing = ReturnType<typeof makePublishing>;

/** Putting a draft on air: judged whole, then done in one transaction with its audit entry. */
export function makePublishing(deps: PublishingDeps) {
  const { store, air, audit, gate, clock, desk, inTurn, announce } = deps;

  /** @throws AppError for the first reason why the draft cannot be on air now. */
  async function judged({ id, revision, actor }: Act) {
    const on = await desk.open(id);
    const refusal = refusalOf('publish', actor, on.draft, on.progress);
    if (refusal?.code === 'FORBIDDEN') throw refusal;
    demandRevision(on.draft, revision);
    if (refusal !== null) throw refusal;
    if (on.draft.count === 0) throw new AppError('DRAFT_EMPTY');
    const steps = await desk.demandSound(on, actor, 'schedule.publish');
    await demandReviewed(deps, on);
    await demandUndenied(deps, on);
    return { on, steps };
  }

  async function demandBasis({ draft }: OnDesk, basis: Sha256): Promise<void> {
    if ((await air.basisOf(draft)) !== basis) throw new AppError('FEASIBILITY_STALE');
  }

  /**
   * In turn, so that the draft and what is on air are of one moment: whoever publishes what was just
   * published hears that it is, not that something is newer than it.
   * @param basis left out: that of this moment.
   */
  const judgedInTurn = (act: Act, basis?: Sha256): Promise<Sha256> =>
    inTurn(async () => {
      const { on } = await judged(act);
      if (basis === undefined) return air.basisOf(on.draft);
      await demandBasis(on, basis);
      return basis;
    });

  /**
   * Asks the feasibility report of the world of `basis`. It may take seconds, so nobody waits for it;
   * what changed meanwhile is seen afterwards.
   */
  async function demandFeasible(act: Act, basis: Sha256): Promise<void> {
    const report = await gate.errorsOf(act.id);
    if (report.basis !== basis) {
      await judgedInTurn(act, basis);
      throw new AppError('FEASIBILITY_STALE');
    }
    const worded = report.errors.slice(0, WORDED);
    if (worded.length === 0) return;
    throw new AppError('FEASIBILITY_REFUSED', {
      count: report.errors.length,
      zh: worded.map((error) => error.zh).join('；'),
      en: worded.map((error) => error.en).join('; '),
    });
  }

  async function putOnAir(on: OnDesk, steps: Steps, { actor, action }: Publisher): Promise<void> {
    const { draft, progress } = on;
    const changes = changesOf(steps);
    const { id, revision, region, hash, describes } = draft;
    const { stages } = progress.demand;
    const note = audit.draft({
      actor,
      action,
      subject: action === 'schedule.apply' ? region : id,
      detail: {
        draft: id,
        region,
        title: draft.title,
        hash,
        stages,
        total: changes.length + describes.length,
        changes: [
          ...changes.map(({ kind, id: name, change }) => `${change} ${kind} ${name}`),
          ...describes.map(({ asset }) => `described asset ${asset.sha256}`),
        ].slice(0, AUDITED_CHANGES),
      },
    });
    const atMs = clock.nowMs();
    const regions = regionsOf(on, steps);
    await store.commit({
      ...steps,
      atMs,
      by: actor.account,
      draft: { id, revision, stages, regions },
      reason: null,
      describe: describes,
      note,
    });
    announce({ draft: id, regions, atMs });
  }

  return {
    /**
     * Puts a draft on air as it was read and reported on.
     * @param basis the report's; another world in between answers FEASIBILITY_STALE.
     */
    async publish(act: Act, basis: Sha256): Promise<void> {
      await judgedInTurn(act, basis);
      await demandFeasible(act, basis);
      await inTurn(async () => {
        const { on: now, steps } = await judged(act);
        await demandBasis(now, basis);
        await putOnAir(now, steps, { actor: act.actor, action: 'draft.publish' });
      });
    },

    /** Puts the draft of an applied document on air, on the report of this moment. */
    async publishApplied(act: Act): Promise<void> {
      const basis = await judgedInTurn(act);
      await demandFeasible(act, basis);
      await inTurn(async () => {
        const { on: now, steps } = await judged(act);
        await demandBasis(now, basis);
        await putOnAir(now, steps, { actor: act.actor, action: 'schedule.apply' });
      });
    },
  };
}

type Steps = Pick<ContentCommit, 'put' | 'remove'>;

interface Publisher {
  readonly actor: Actor;
  readonly action: 'draft.publish' | 'schedule.apply';
}

/** @throws AppError ASSET_DENIED where a region that issues what the draft changes may not show its asset. */
async function demandUndenied({ denials, desk, clock }: PublishingDeps, on: OnDesk): Promise<void> {
  const assets = await desk.assetsFor(on.draft, on.air);
  const issuing = new Set(on.draft.edits.flatMap((edit) => (edit.body === null ? [] : [edit.body.region])));
  const now = instantOfMs(clock.nowMs());
  for (const region of issuing) {
    const denied = await denials.affecting(region, now, (now + 1) as Instant);
    for (const { kind, subject } of denied) {
      const found = kind === 'asset' ? assets.get(subject as Sha256) : undefined;
      if (found !== undefined)
        throw new AppError('ASSET_DENIED', { title: found.asset.title, region: desk.regionName(region) });
    }
  }
}

/** The issuing regions of what changes, before and after; the province where assets are described anew. */
function regionsOf({ draft, air }: OnDesk, { put, remove }: Steps): RegionCode[] {
  const province = draft.describes.length > 0 ? lineageOf(draft.region).slice(-1) : [];
  const before = put.flatMap(({ item }) => air.byKey.get(keyOf(item))?.version.region ?? []);
  const after = [...put.map(({ item }) => item.region), ...remove.map((item) => item.region)];
  return [...new Set([...province, ...before, ...after])];
}
