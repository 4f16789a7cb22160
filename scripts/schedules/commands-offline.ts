import { writeFile } from 'node:fs/promises';
import type { RegionCode } from '../../shared/core/ids.ts';
import { CLASS_WORDS } from '../../shared/schedule/explain-words.ts';
import type { Call } from './cli.ts';
import {
  dayOf,
  load,
  loadRight,
  placeOf,
  playlistsOf,
  printJson,
  report,
  session,
  today,
  UsageError,
} from './cli.ts';
import { dayReport } from './day-report.ts';
import { explainInstant, whyOffline } from './explain-offline.ts';
import { instantText, parseInstant, regionNames } from './offline.ts';
import { entryLine } from './words.ts';
import { schemaText } from './schema.ts';

/** Checks files; with `--center` also against the playlists on air above them. */
export async function lint({ paths, values }: Call): Promise<number> {
  const names = await regionNames();
  const { document, problems } = await load(paths, {
    hasRegion: (code) => names.has(code),
    today: today(),
    ...(values.center !== undefined && { playlists: await playlistsOf(await session(values)) }),
  });
  if (values.json === true) {
    printJson(problems);
    return document === null ? 1 : 0;
  }
  const code = report(problems);
  if (document !== null) {
    const { schedules, playlists, assets } = document;
    console.log(`通过：${schedules.length} 条排期，${playlists.length} 个节目单，${assets.length} 个素材`);
  }
  return code;
}

/** A day of a place, resolved from the files alone. */
export async function timeline({ paths, values }: Call): Promise<number> {
  const { document, screens } = await loadRight(paths);
  const day = dayReport(document, placeOf(values, screens), dayOf(values));
  if (values.json === true) printJson(day);
  else for (const entry of day.entries) console.log(entryLine(entry));
  return 0;
}

/** What is on at an instant and why, or why a schedule is (not) on on a day, from the files alone. */
export async function explainOffline({ paths, values }: Call): Promise<number> {
  const { document, screens } = await loadRight(paths);
  const place = placeOf(values, screens);
  const names = await regionNames();
  const regionName = (code: RegionCode) => names.get(code) ?? code;
  if (values.schedule !== undefined) {
    const why = whyOffline(document, { id: values.schedule, place, day: dayOf(values), regionName });
    if (values.json === true) printJson(why);
    else for (const { zh } of why.words) console.log(zh);
    return 0;
  }
  const at = values.at === undefined ? null : parseInstant(values.at);
  if (at === null) throw new UsageError('explain 要写 --at "2026-11-23 12:00:05"，或 --schedule 和 --day');
  const answer = explainInstant(document, { place, at, regionName });
  if (values.json === true) {
    printJson(answer);
    return 0;
  }
  console.log(`${instantText(at)}  ${entryLine(answer.entry)}`);
  for (const { zh } of answer.words) console.log(zh);
  for (const { schedule, name, region, words, class: kind } of answer.others)
    console.log(`  ${CLASS_WORDS[kind].zh} ${schedule}（${regionName(region)} · ${name}）：${words.zh}`);
  return 0;
}

/** Where the JSON Schema for editors lies. */
export const SCHEMA_PATH = 'schedules/schedule-file.schema.json';

/** Writes the JSON Schema again. */
export async function schema({ values }: Call): Promise<number> {
  const path = values.out ?? SCHEMA_PATH;
  await writeFile(path, schemaText());
  console.log(`写好 ${path}`);
  return 0;
}
