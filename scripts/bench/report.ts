/** One measured figure, beside a peer or a limit measured in the same run where there is one. */
export interface Result {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be at most, or at least; `null` where nothing was promised. */
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | null;
  readonly met: boolean | null;
  readonly peer: { readonly name: string; readonly value: number } | null;
  /** Value over the peer's. */
  readonly ratio: number | null;
}

export interface Report {
  readonly name: string;
  /** What it was measured on. */
  readonly facts?: readonly string[];
  readonly results: readonly Result[];
}

/** A result with what follows from it. */
export function makeResult(given: {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Result['goal'];
  readonly peer?: Result['peer'];
}): Result {
  const { metric, value, unit, goal = null, peer = null } = given;
  return {
    metric,
    value: round(value),
    unit,
    goal,
    met: goal === null ? null : 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast,
    peer: peer === null ? null : { name: peer.name, value: round(peer.value) },
    ratio: peer === null || peer.value === 0 ? null : round(value / peer.value),
  };
}

/** The value that `share` of the samples do not exceed (nearest rank). @throws RangeError for no samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('no samples');
  return found;
}

/** For reading in a terminal. */
export function tableOf({ name, facts = [], results }: Report): string {
  const rows = results.map(({ metric, value, unit, goal, met, peer, ratio }) => [
    metric,
    `${value} ${unit}`,
    goal === null ? '—' : 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`,
    met === null ? '—' : met ? 'yes' : 'NO',
    peer === null ? '—' : `${peer.name} ${peer.value}`,
    ratio === null ? '—' : `${ratio}×`,
  ]);
  const all = [['metric', 'value', 'goal', 'met', 'peer', 'ratio'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [name, ...facts, ...lines].join('\n');
}

/** Three significant digits, whole above 1000. */
function round(value: number): number {
  return value >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}
