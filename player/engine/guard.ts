import type { CenterLink, Log, StageEvents, StagePort, Timers } from './ports.ts';

/**
 * The edges at which the engine is called from outside. A bug there, or a full disk, is logged once
 * and costs that one event: a screen nobody visits must never stand still because something threw.
 */
export interface Edges {
  readonly timers: Timers;
  readonly link: CenterLink;
  readonly stage: StagePort;
}

/** Wraps every way in. */
export function guardEdges({ timers, link, stage }: Edges, log: Log): Edges {
  const guard =
    <Arguments extends readonly unknown[]>(where: string, task: (...given: Arguments) => void) =>
    (...given: Arguments): void => {
      try {
        task(...given);
      } catch (error) {
        log.error('an engine event failed', { where, reason: error instanceof Error ? error.stack : error });
      }
    };
  return {
    timers: { after: (delayMs, task) => timers.after(delayMs, guard('timer', task)) },
    link: {
      open: (events) =>
        link.open({
          message: guard('link message', (event, payload, answer) => events.message(event, payload, answer)),
          closed: guard('link closed', (reason) => events.closed(reason)),
        }),
    },
    stage: {
      show: (scene) => stage.show(scene),
      listen: (events) => stage.listen(guardStage(events, guard)),
    },
  };
}

function guardStage(
  events: StageEvents,
  guard: <Arguments extends readonly unknown[]>(
    where: string,
    task: (...given: Arguments) => void,
  ) => (...given: Arguments) => void,
): StageEvents {
  return {
    nowMs: () => events.nowMs(),
    ready: guard('stage ready', (ready) => events.ready(ready)),
    painted: guard('stage painted', (painted) => events.painted(painted)),
    progress: guard('stage progress', (progress) => events.progress(progress)),
    failed: guard('stage failed', (failure) => events.failed(failure)),
    gone: guard('stage gone', () => events.gone()),
  };
}
