import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExceptionInterval } from '../../../player/engine/journal/intervals.ts';
import type { Journal } from '../../../player/engine/journal/journal.ts';
import type { BootId, Sha256 } from '../../../shared/core/ids.ts';
import { chainNext, chainStart } from '../../../shared/telemetry/record.schema.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { makeClock } from '../../helpers/clock.ts';
import { makeFolder } from './fixtures.ts';
import { DEVICE, journalForTest, PLAN } from './journal-fixture.ts';

/** All records, by boot, in order, with their chain checked. */
function readAll(journal: Journal): Map<BootId, JournalRecord[]> {
  const boots = new Map<BootId, JournalRecord[]>();
  for (const { boot, lastSeq, head } of journal.pendingBoots()) {
    const records: JournalRecord[] = [];
    while (records.length < lastSeq) {
      const stretch = journal.recordsAfter(boot, records.length, 500);
      expect(stretch?.previous).toBe(records.reduce<Sha256>(chainNext, chainStart(DEVICE, boot)));
      records.push(...(stretch?.records ?? []));
    }
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    expect(records.reduce<Sha256>(chainNext, chainStart(DEVICE, boot))).toBe(head);
    boots.set(boot, records);
  }
  return boots;
}

describe('the journal', () => {
  it('keeps what it promised through kill -9 at any moment, in one chain, with no number used twice', async () => {
    const folder = makeFolder();
    const promised = new Map<string, number>();
    for (let round = 0; round < 5; round += 1) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'journal-writer.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        // Somewhere among the writes, another place each round.
        if (said.length > 200 + 977 * round) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.once('close', resolve));
      const boot = /^boot (\w+)$/m.exec(said)?.[1] ?? '';
      promised.set(boot, Number([...said.matchAll(/^seq (\d+)\n/gm)].at(-1)?.[1] ?? 0));
    }
    const { journal } = journalForTest(folder);
    const boots = readAll(journal);
    expect(boots.size).toBe(6);
    for (const [boot, seq] of promised) expect(boots.get(boot as BootId)?.length).toBeGreaterThanOrEqual(seq);
    const ordered = [...boots.entries()];
    ordered.slice(1).forEach(([, records], index) => {
      const [before, held] = ordered[index] as [BootId, JournalRecord[]];
      expect(records[0]).toMatchObject({ kind: 'boot', previous: { boot: before, lastSeq: held.length } });
    });
    journal.end();
  });

  it('closes what a power cut left open at its last tick, under the boot that opened it', () => {
    const folder = makeFolder();
    const clock = makeClock();
    const first = journalForTest(folder, clock);
    first.power.paint(100);
    first.run.paint(100, 50);
    const frozen = new ExceptionInterval(1, 20_000, {
      cause: 'frozen',
      plan: PLAN,
      denyList: 0,
      schedule: null,
      asset: null,
      detail: '',
    });
    clock.advance(25_000);
    first.journal.open(frozen);
    clock.advance(5_000);
    first.journal.tick();
    clock.advance(20_000);
    first.journal.end();

    const { journal } = journalForTest(folder, clock);
    const [records] = [...readAll(journal).values()] as [JournalRecord[]];
    expect(records).toMatchObject([
      { kind: 'boot' },
      { kind: 'exception', cause: 'frozen', from: 20_000, to: 30_000, mono: 30_000 },
      { kind: 'power', from: 0, to: 30_000, painted: 100 },
      { kind: 'run', from: 0, to: 30_000, items: 1, frames: 100 },
    ]);
    journal.end();
  });

  it('closes and reopens at one instant, so that intervals neither overlap nor leave a gap', () => {
    const folder = makeFolder();
    const clock = makeClock();
    const { journal, power, run } = journalForTest(folder, clock);
    clock.advance(10_000);
    power.paint(7);
    journal.closeAll(true);
    clock.advance(5_000);
    run.paint(3, 12_000);
    journal.closeAll(false);
    const [records] = [...readAll(journal).values()] as [JournalRecord[]];
    expect(records.slice(1)).toMatchObject([
      { kind: 'run', from: 0, to: 10_000, items: 0, frames: 0 },
      { kind: 'power', from: 0, to: 10_000, painted: 7 },
      { kind: 'run', from: 10_000, to: 15_000, items: 1, frames: 3 },
      { kind: 'power', from: 10_000, to: 15_000, painted: 0 },
    ]);
    journal.end();
    const next = journalForTest(folder, clock);
    expect([...readAll(next.journal).values()][0]).toHaveLength(5);
    next.journal.end();
  });

  it('keeps what the center holds for 35 days, then only where each chain ended', () => {
    const folder = makeFolder();
    const clock = makeClock();
    const old = journalForTest(folder, clock);
    const oldBoot = old.journal.boot;
    old.journal.closeAll(false);
    old.journal.end();
    const { journal } = journalForTest(folder, clock);
    journal.setAcked(oldBoot, 3);
    clock.advance(34 * 86_400_000);
    expect(journal.prune()).toBe(0);
    clock.advance(2 * 86_400_000);
    expect(journal.prune()).toBe(3);
    // The center came back from an older backup still and asks again: gone for good, and said so.
    journal.setAcked(oldBoot, 1);
    expect(journal.recordsAfter(oldBoot, 1, 500)).toBeNull();
    journal.declareLost(oldBoot, 2, 3);
    const own = journal.recordsAfter(journal.boot, 0, 500)?.records ?? [];
    expect(own[0]).toMatchObject({ kind: 'boot', previous: { boot: oldBoot, lastSeq: 3 } });
    expect(own.at(-1)).toMatchObject({ kind: 'lost', boot: oldBoot, fromSeq: 2, toSeq: 3 });
    journal.end();
  });

  it('begins anew beside a file that is no database any more', () => {
    const folder = makeFolder();
    writeFileSync(
      join(folder, 'journal.db'),
      'nothing that SQLite could read, and longer than its header is',
    );
    const { journal } = journalForTest(folder);
    expect(readAll(journal).size).toBe(1);
    journal.end();
  });
});
