import type { Assignment } from './assignment.schema.ts';

/** An assignment but for what the moment of issuing adds. */
export type AssignmentContent = Omit<Assignment, 'counter' | 'issuedAt' | 'expiresAt'>;

/** What the moment of issuing adds. */
export type AssignmentIssue = Pick<Assignment, 'counter' | 'issuedAt' | 'expiresAt'>;

/**
 * Writes the canonical text (RFC 8785) of one content at any issue: what is said of it is made into
 * text once. Written out in the order of its names, because a province's fifty thousand are written
 * at once and sorting names is most of the general way.
 */
export function assignmentWriter(said: AssignmentContent): (issue: AssignmentIssue) => string {
  const { settings } = said;
  const first = `"demo":${said.demo},"denyListVersion":${said.denyListVersion},"device":"${said.device}"`;
  const last = JSON.stringify({
    plan: said.plan,
    region: said.region,
    regionNames: said.regionNames,
    screen: said.screen,
    screenName: said.screenName,
    settings: {
      cacheBytes: settings.cacheBytes,
      closeS: settings.closeS,
      requiredHours: settings.requiredHours.map(({ start, end }) => ({ end, start })),
      tickS: settings.tickS,
      volume: settings.volume,
    },
  } satisfies Omit<AssignmentContent, 'format' | 'demo' | 'denyListVersion' | 'device'>).slice(1);
  return ({ counter, issuedAt, expiresAt }) =>
    `{"counter":${counter},${first},"expiresAt":${expiresAt},"format":"${said.format}","issuedAt":${issuedAt},${last}`;
}

/** The canonical text of an assignment. */
export function assignmentText(said: Assignment): string {
  return assignmentWriter(said)(said);
}

/** The same of what does not change from one issue to the next: two that say the same have the same text. */
export function contentText(content: AssignmentContent): string {
  return textAtNoTime(assignmentWriter(content));
}

/** {@link contentText} by a writer that is there already. */
export function textAtNoTime(write: ReturnType<typeof assignmentWriter>): string {
  return write({ counter: 0, issuedAt: 0, expiresAt: 0 } as AssignmentIssue);
}
