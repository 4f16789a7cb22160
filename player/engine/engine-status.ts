import type { DeviceId, Sha256 } from '../../shared/core/ids.ts';
import type { Showing } from '../../shared/telemetry/live.schema.ts';
import type { CacheProgress } from './cache/asset-keeper.ts';

/** How a player is doing, for its shell. */
export interface EngineStatus {
  readonly device: DeviceId;
  /** In contact with the center, which took our hello. */
  readonly online: boolean;
  readonly pairingCode: string | null;
  readonly screen: string | null;
  readonly plan: Sha256 | null;
  /** Version of the deny list it holds, 0 before the first. */
  readonly denyList: number;
  readonly showing: Showing;
  /** Frames painted since this start. */
  readonly painted: number;
  /** Journal records that the center has not acknowledged. */
  readonly pending: number;
  readonly cache: CacheProgress;
}
