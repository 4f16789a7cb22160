import type { DraftId, RegionCode } from '../../../shared/core/ids.ts';
import type { World } from '../../../shared/plan/compile.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';

/** What would be on air if a draft were published now. @throws AppError NOT_FOUND. */
export async function worldAfter(
  schedules: Pick<ScheduleService, 'contentOf' | 'worldWith'>,
  draft: DraftId,
): Promise<{ readonly region: RegionCode; readonly after: World }> {
  const { region, edits, describes } = await schedules.contentOf(draft);
  const after = await schedules.worldWith(edits);
  // What the draft says of assets is known nowhere else before it is published.
  const told = describes.map(({ asset }) => [asset.sha256, asset] as const);
  return { region, after: { ...after, assets: new Map([...after.assets, ...told]) } };
}
