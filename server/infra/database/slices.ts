/** Values per statement, well under the 32,766 parameters of SQLite and the 65,535 of PostgreSQL. */
const SLICE = 1_000;

/** Asks `query` for slices of `values` and joins its answers; nothing is asked for no values. */
export async function inSlices<Value, Row>(
  values: readonly Value[],
  query: (slice: readonly Value[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < values.length; at += SLICE) rows.push(...(await query(values.slice(at, at + SLICE))));
  return rows;
}
