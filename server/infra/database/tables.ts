import type { ContentTables } from './tables/content.ts';
import type { CoreTables } from './tables/core.ts';
import type { DenialTables } from './tables/denials.ts';
import type { PublicationTables } from './tables/publications.ts';
import type { LifeTables } from './tables/life.ts';
import type { TelemetryTables } from './tables/telemetry.ts';

/** Every table of the center, by name. */
export interface Tables
  extends CoreTables,
    ContentTables,
    DenialTables,
    LifeTables,
    TelemetryTables,
    PublicationTables {}
