import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetKeeper } from '../../../player/engine/cache/asset-keeper.ts';
import { BlobCache } from '../../../player/engine/cache/blob-cache.ts';
import { ClockKeeper } from '../../../player/engine/clock/clock-keeper.ts';
import { Director } from '../../../player/engine/director/director.ts';
import { PowerWatch } from '../../../player/engine/director/power-watch.ts';
import { Journal } from '../../../player/engine/journal/journal.ts';
import { PlanLibrary } from '../../../player/engine/plan/plan-library.ts';
import type { LoadedPlan } from '../../../player/engine/plan/plan-library.ts';
import { silentLog, systemRandom } from '../../../player/engine/system-ports.ts';
import { HeadlessStage } from '../../../player/shells/headless/headless-stage.ts';
import type { StageBehaviour } from '../../../player/shells/headless/headless-stage.ts';
import { sha256Hex } from '../../../shared/core/canonical.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { encodePlan } from '../../../shared/plan/plan-bytes.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { makeAsset, makePlan } from '../../shared/plan/make-plan.ts';
import { makeFolder } from './fixtures.ts';
import { DEVICE } from './journal-fixture.ts';
import { makeTime } from './fake-time.ts';

/** What an asset of this name is made of. */
export function bytesOf(name: string): Buffer {
  return Buffer.from(`the bytes of ${name}`);
}
export function hashOf(name: string): Sha256 {
  return sha256Hex(bytesOf(name));
}

/** A round-the-clock rotation of named assets, and more schedules if given. */
export function planNamed(
  names: readonly string[],
  durationS: number,
  more: readonly object[] = [],
): LoadedPlan {
  const base = makePlan();
  const always = { windows: [{ start: '00:00', end: '24:00' }], validity: { from: '2026-11-20', to: null } };
  const all = [...new Set([...names, 'urgent'])];
  const plan: Plan = makePlan({
    schedules: [{ ...base.schedules[0], ...always }, ...more],
    playlists: {
      'henan-daily': {
        name: '全省',
        items: names.map((name) => ({ asset: hashOf(name), durationS, fit: 'contain' })),
      },
      urgent: { name: '必播', items: [{ asset: hashOf('urgent'), durationS: 10, fit: 'contain' }] },
    },
    assets: Object.fromEntries(
      all.map((name) => [
        hashOf(name),
        {
          ...makeAsset({
            sha256: hashOf(name),
            sizeBytes: bytesOf(name).length,
            title: name,
            durationS: null,
          }),
          approvals: [],
        },
      ]),
    ),
  });
  const { digest, bytes } = encodePlan(plan);
  return new PlanLibrary().load(digest, bytes);
}

/** A director on fake time, with a real journal and cache and a stage that keeps the times. */
export async function makeDirector(
  behaviour: StageBehaviour = {},
  here: readonly string[] = ['a', 'b', 'urgent'],
) {
  const folder = makeFolder();
  const time = makeTime();
  const { timers } = time;
  const journal = Journal.open(folder, DEVICE, systemRandom);
  const clock = new ClockKeeper({ clock: time.clock, osBoot: 'test', memory: null });
  journal.begin(clock, { osBoot: 'test', panelReadable: false, renderer: 'headless', version: 'test' });
  const cache = new BlobCache(join(folder, 'cache'));
  const put = async (name: string) => {
    writeFileSync(join(folder, 'cache', hashOf(name)), bytesOf(name));
    await cache.verify({ sha256: hashOf(name), sizeBytes: bytesOf(name).length });
  };
  for (const name of here) await put(name);
  const stage = new HeadlessStage({ timers, behaviour });
  const power = new PowerWatch(journal);
  const assets = new AssetKeeper({
    cache,
    timers,
    random: systemRandom,
    log: silentLog,
    source: () => null,
    onChange: () => {},
    onCorrupt: () => {},
  });
  const director = new Director({
    clock,
    journal,
    power,
    cache,
    assets,
    timers,
    log: silentLog,
    show: (scene) => stage.show(scene),
    settings: () => ({ screenName: 'test', demo: false, volume: 60 }),
    previous: null,
    onAir: () => {},
  });
  stage.listen({
    nowMs: () => clock.nowMs(),
    ready: () => {},
    painted: (painted) => director.painted(painted),
    progress: (progress) => director.progress(progress),
    failed: (failure) => director.stageFailed(failure),
    gone: () => {},
  });
  const everySecond = () => {
    director.watch();
    timers.after(1_000, everySecond);
  };
  timers.after(1_000, everySecond);
  return {
    director,
    stage,
    clock,
    put,
    run: time.run,
    /** The cue on the glass. */
    cue: (): Cue => {
      if (stage.scene?.mode !== 'playing') throw new Error('not playing');
      return stage.scene.cues[0] as Cue;
    },
    /** Ends it on the record, and answers the records. */
    finish(): JournalRecord[] {
      director.stop();
      journal.closeAll(false);
      const records = journal.recordsAfter(journal.boot, 0, 500)?.records ?? [];
      journal.end();
      return records;
    },
  };
}
