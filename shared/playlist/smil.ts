import type { Asset } from '../asset/asset.schema.ts';
import type { PlaylistId, RegionCode, Sha256 } from '../core/ids.ts';
import { z } from 'zod';
import type { LocalDay } from '../core/time.ts';
import { draftEditSchema } from '../schedule/draft.api.ts';
import { scheduleIdSchema, playlistIdSchema } from '../core/ids.ts';
import type { Playlist, Schedule, ScheduleClass } from '../schedule/schedule.schema.ts';

/** Our own attributes stand in this namespace; other players pass over them. */
export const KEPU_NAMESPACE = 'urn:kepu:smil:1';
export const SMIL_NAMESPACE = 'http://www.w3.org/ns/SMIL';

/** The classes in the order of priorityClass, the one that interrupts the others first. */
export const CLASS_ORDER: readonly ScheduleClass[] = ['mandatory', 'rotation', 'filler'];

/** What a SMIL document holds for us. */
export interface SmilProgramme {
  readonly playlists: readonly Playlist[];
  readonly schedules: readonly Schedule[];
}

/** Something that is not kept as it stands. */
export const smilFindingSchema = z.strictObject({
  severity: z.enum(['warning', 'info']),
  /** In the SMIL text, from 1; 0 where it is about what was left out of one. */
  line: z.int().min(0),
  zh: z.string(),
  en: z.string(),
});
export type SmilFinding = z.infer<typeof smilFindingSchema>;

/** Answer to a SMIL document: what a draft of it would hold. */
export const smilImportSchema = z.strictObject({
  edits: z.array(draftEditSchema),
  findings: z.array(smilFindingSchema),
});

/** The programme under ids that are not among `taken`: those that are get the next free number. */
export function freshIds(
  { playlists, schedules }: SmilProgramme,
  taken: { readonly playlists: ReadonlySet<string>; readonly schedules: ReadonlySet<string> },
): SmilProgramme {
  const renamed = namesFor(playlists, taken.playlists);
  const scheduled = namesFor(schedules, taken.schedules);
  const playlistOf = (id: string) => playlistIdSchema.parse(renamed.get(id) ?? id);
  return {
    playlists: playlists.map((one) => ({ ...one, id: playlistOf(one.id) })),
    schedules: schedules.map((one) => ({
      ...one,
      id: scheduleIdSchema.parse(scheduled.get(one.id) ?? one.id),
      playlist: playlistOf(one.playlist),
    })),
  };
}

function namesFor(
  things: readonly { readonly id: string }[],
  taken: ReadonlySet<string>,
): Map<string, string> {
  const used = new Set([...taken, ...things.map(({ id }) => id).filter((id) => !taken.has(id))]);
  const names = new Map<string, string>();
  for (const { id } of things) {
    if (!taken.has(id)) continue;
    let number = 2;
    while (used.has(`${id}-${number}`)) number += 1;
    names.set(id, `${id}-${number}`);
    used.add(`${id}-${number}`);
  }
  return names;
}

export interface SmilImportOptions {
  /** Who issues what is imported. */
  readonly region: RegionCode;
  /** First day of what names none. */
  readonly today: LocalDay;
  /** Described assets, by hash. */
  readonly assets: ReadonlyMap<Sha256, Asset>;
  /** Which asset a file name in `src` means. */
  readonly files?: ReadonlyMap<string, Sha256>;
  /** Id of a playlist that has none; further ones are numbered. */
  readonly id?: PlaylistId;
}
