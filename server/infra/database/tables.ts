import type { ContentTables } from './tables/content.ts';
import type { CoreTables } from './tables/core.ts';
import type { TelemetryTables } from './tables/telemetry.ts';

/** Every table of the center, by name. */
export interface Tables extends CoreTables, ContentTables, TelemetryTables {}
