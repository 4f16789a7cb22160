import { AppError } from '../../../shared/core/errors.ts';
import type { ScheduleId } from '../../../shared/core/ids.ts';
import { can } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import type { PublishingDeps } from './publishing.ts';

/**
 * Taking a schedule off the air at once, by its issuer or a tier above: what is shown less needs no
 * review. Its history keeps who, when and why.
 */
export function makeWithdrawing(deps: PublishingDeps) {
  const { store, air, audit, clock, inTurn, announce } = deps;

  /**
   * @param version the version on air that was read.
   * @throws AppError SCHEDULE_UNKNOWN where it is not on air; DRAFT_OUTDATED where another version is.
   */
  return async function withdraw(
    id: ScheduleId,
    { version, reason }: { readonly version: number; readonly reason: string },
    actor: Actor,
  ): Promise<void> {
    await inTurn(async () => {
      const held = (await air.now()).byKey.get(`schedule ${id}`)?.version;
      if (held === undefined) throw new AppError('SCHEDULE_UNKNOWN', { id });
      if (!can(actor, 'schedule.publish', held.region))
        throw new AppError('FORBIDDEN', { ability: 'schedule.publish' });
      if (held.version !== version) throw new AppError('DRAFT_OUTDATED', { id, version: held.version });
      const note = audit.draft({
        actor,
        action: 'schedule.withdraw',
        subject: id,
        detail: { region: held.region, version, reason },
      });
      const atMs = clock.nowMs();
      await store.commit({
        atMs,
        by: actor.account,
        draft: null,
        reason,
        put: [],
        remove: [held],
        describe: [],
        note,
      });
      announce({ draft: null, regions: [held.region], atMs });
    });
  };
}
