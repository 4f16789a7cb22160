import type { Assignment } from './assignment.schema.ts';

/** An assignment but for what the moment of issuing adds. */
export type AssignmentContent = Omit<Assignment, 'counter' | 'issuedAt' | 'expiresAt'>;

/**
 * The canonical text (RFC 8785) of an assignment. Written out in the order of its names, because a
 * province's fifty thousand are written at once and sorting names is most of the general way.
 */
export function assignmentText(said: Assignment): string {
  const { settings } = said;
  return JSON.stringify({
    counter: said.counter,
    demo: said.demo,
    denyListVersion: said.denyListVersion,
    device: said.device,
    expiresAt: said.expiresAt,
    format: said.format,
    issuedAt: said.issuedAt,
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
  } satisfies Assignment);
}

/** The same of what does not change from one issue to the next: two that say the same have the same text. */
export function contentText(content: AssignmentContent): string {
  return assignmentText({ ...content, counter: 0, issuedAt: 0, expiresAt: 0 } as Assignment);
}
