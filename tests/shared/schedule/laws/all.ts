import { determinism, stretchAlone, tiling, twoScreens } from './answers.ts';
import { boundaries, hardStarts, midnightLaw, monotonicity } from './boundaries.ts';
import { filler, precedence } from './classes.ts';
import { crowd } from './crowd.ts';
import { daysAndWindows, everyItem, sharedWindow } from './days.ts';
import { denialsAct, liftRestores } from './denials.ts';
import { fairSchedules, fairTiers } from './fairness.ts';
import type { Law } from './law.ts';
import { oracleByTheMinute, oracleBySecond } from './oracle.ts';
import { emptyPlaylists, noNaturalLength, playlistOrder } from './playlists.ts';
import { quotas } from './quota.ts';

/** Every law of the timeline; those that take longest come first, so that two workers end together. */
export const LAWS: readonly Law[] = [
  crowd,
  oracleByTheMinute,
  oracleBySecond,
  fairTiers,
  fairSchedules,
  precedence,
  filler,
  playlistOrder,
  boundaries,
  hardStarts,
  monotonicity,
  midnightLaw,
  determinism,
  twoScreens,
  tiling,
  stretchAlone,
  denialsAct,
  liftRestores,
  daysAndWindows,
  everyItem,
  sharedWindow,
  emptyPlaylists,
  noNaturalLength,
  quotas,
];
