import { z } from 'zod';
import { regionCodeSchema } from '../core/ids.ts';
import type { DenialId } from '../core/ids.ts';
import type { Publication } from '../plan/publication.api.ts';
import type { LiveScreen } from '../telemetry/live-screen.schema.ts';

/** The console's live link: a Socket.IO namespace, admitted by the session's cookie. */
export const CONSOLE_NAMESPACE = '/console';

export interface CenterToConsole {
  /** Screens within the caller's scope whose live state changed, at most once a second. */
  live: (changed: readonly LiveScreen[]) => void;
  /** A publish that the caller may read got further, at most twice a second each. */
  publication: (publication: Publication) => void;
  /** A denial was issued, lifted or reached more screens; at most twice a second each. */
  denial: (denial: DenialId) => void;
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
