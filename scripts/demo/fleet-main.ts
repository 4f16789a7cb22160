import { once } from 'node:events';
import process from 'node:process';
import { z } from 'zod';
import { startFleet } from '../../player/shells/headless/fleet.ts';

/**
 * The demo's fleet as a process of its own: `fleet-main.ts <center> <count> <folder> <seed> [calm]`. It asks
 * its parent to claim each new device, as an operator would who reads the codes on the glass.
 */
export type FleetMessage =
  | { readonly kind: 'claim'; readonly index: number; readonly code: string }
  | {
      readonly kind: 'status';
      readonly count: number;
      readonly running: number;
      readonly online: number;
      readonly playing: number;
    };

/** The parent's answer to a claim; `error` says why it was refused. */
export const claimAnswerSchema = z.object({
  kind: z.literal('claim-answer'),
  index: z.int(),
  code: z.string(),
  error: z.string().nullable(),
});
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;

const STATUS_EVERY_MS = 1_000;

if (import.meta.main) await main();

async function main(): Promise<void> {
  const [center, count, dataDir, seed, mood] = process.argv.slice(2);
  if (center === undefined || dataDir === undefined)
    throw new RangeError('fleet-main.ts <center> <count> <folder> <seed>');
  const ended = Promise.race([
    once(process, 'SIGTERM'),
    once(process, 'SIGINT'),
    once(process, 'disconnect'),
  ]);
  const waiting = new Map<string, (error: string | null) => void>();
  process.on('message', (raw) => {
    const answer = claimAnswerSchema.safeParse(raw);
    if (answer.success) waiting.get(answer.data.code)?.(answer.data.error);
  });
  const tell = (message: FleetMessage) => {
    if (process.connected) process.send?.(message);
  };
  const fleet = await startFleet({
    center,
    count: Number(count),
    dataDir,
    seed: Number(seed),
    calm: mood === 'calm',
    claim: (code, index) =>
      new Promise((resolve, reject) => {
        waiting.set(code, (error) => {
          waiting.delete(code);
          if (error === null) resolve();
          else reject(new Error(error));
        });
        tell({ kind: 'claim', index, code });
      }),
  });
  const saying = setInterval(() => tell({ kind: 'status', ...fleet.status() }), STATUS_EVERY_MS);
  await ended;
  clearInterval(saying);
  await fleet.stop();
  process.exit(0);
}
