import { z } from 'zod';
import { regionCodeSchema } from '../core/ids.ts';
import type { LiveScreen } from '../telemetry/live-screen.schema.ts';

/** The console's live link: a Socket.IO namespace, admitted by the session's cookie. */
export const CONSOLE_NAMESPACE = '/console';

export interface CenterToConsole {
  /** Screens within the caller's scope whose live state changed, at most once a second. */
  live: (changed: readonly LiveScreen[]) => void;
  /** The session is over; log in again. */
  ended: () => void;
}

export const watchSchema = z.strictObject({
  /** Only screens in this subtree; `null`: all that the caller may see. */
  region: regionCodeSchema.nullable(),
});

export interface ConsoleToCenter {
  watch: (watch: z.input<typeof watchSchema>) => void;
}
