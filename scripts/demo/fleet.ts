import path from 'node:path';
import { z } from 'zod';
import type { ScreenId } from '../../shared/core/ids.ts';
import { ROOT } from '../setup/command.ts';
import type { CenterApi } from '../center/center-api.ts';
import { Child } from './child.ts';
import type { ClaimAnswer } from './fleet-main.ts';
import { claimScreen } from './screens.ts';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('claim'), index: z.int(), code: z.string() }),
  z.object({
    kind: z.literal('status'),
    count: z.int(),
    running: z.int(),
    online: z.int(),
    playing: z.int(),
  }),
]);
export type FleetState = Omit<Extract<z.infer<typeof messageSchema>, { kind: 'status' }>, 'kind'>;

/** The same troubles at every run. */
const SEED = 41;

export interface FleetOptions {
  readonly api: CenterApi;
  readonly screens: readonly ScreenId[];
  readonly dataFolder: string;
  /** Nothing happens to any of them. */
  readonly calm?: boolean;
  readonly onState: (state: FleetState) => void;
}

/** Starts one headless player per screen in a process of its own, and claims each as its code shows. */
export function startFleetProcess({ api, screens, dataFolder, calm = false, onState }: FleetOptions): Child {
  const child = Child.start({
    name: '无画面播放器',
    entry: path.join(ROOT, 'scripts', 'demo', 'fleet-main.ts'),
    args: [
      api.url,
      String(screens.length),
      path.join(dataFolder, 'fleet'),
      String(SEED),
      ...(calm ? ['calm'] : []),
    ],
    logFile: path.join(dataFolder, 'logs', 'fleet.log'),
  });
  child.onMessage((raw) => {
    const message = messageSchema.safeParse(raw);
    if (!message.success) return;
    if (message.data.kind === 'status') onState(message.data);
    else void answerClaim({ api, child, screen: screens[message.data.index], ...message.data });
  });
  return child;
}

async function answerClaim(claim: {
  readonly api: CenterApi;
  readonly child: Child;
  readonly screen: ScreenId | undefined;
  readonly index: number;
  readonly code: string;
}): Promise<void> {
  const { api, child, screen, index, code } = claim;
  let error: string | null = null;
  try {
    if (screen === undefined) throw new RangeError(`no screen for player ${index}`);
    await claimScreen(api, screen, code);
  } catch (cause) {
    error = String(cause);
  }
  child.send({ kind: 'claim-answer', index, code, error } satisfies ClaimAnswer);
}
