/** Tables of the journal, contact, required hours, exemptions and roll-ups. */
export interface TelemetryTables {}
