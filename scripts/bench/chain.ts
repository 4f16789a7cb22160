import { measureDensity } from './density.ts';
import { measurePublish } from './publish.ts';
import type { Report, Result } from './report.ts';
import { Rig } from './rig.ts';
import { measureDemo, measureStarts } from './starts.ts';

export interface ChainOptions {
  /** How often something is published. */
  readonly runs: number;
  /** Whether the demo's first and second run are timed too, on a fresh clone. */
  readonly demo: boolean;
  readonly say: (line: string) => void;
}

/** `npm run bench -- chain`: from publishing to the glass, on the real center, engine and Chromium. */
export async function benchChain({ runs, demo, say }: ChainOptions): Promise<Report> {
  const results: Result[] = [];
  const rig = await Rig.start();
  try {
    say('center starts…');
    results.push(...(await measureStarts(rig)));
    const center = await rig.startCenter();
    say(`publish → glass, ${runs} times…`);
    results.push(...(await measurePublish(rig, center, runs)));
    say('players per GB…');
    results.push(await measureDensity(rig, center));
  } finally {
    await rig.stop();
  }
  if (demo) {
    say('demo, first and second run…');
    results.push(...(await measureDemo()));
  }
  return { name: 'chain', results };
}
