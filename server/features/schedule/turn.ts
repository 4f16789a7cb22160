/** Runs a piece of work once everything handed in before it has ended. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs what is handed to it one after another; a failure is the caller's and does not stop the next. */
export function makeTurn(): InTurn {
  let tail: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = tail.then(work);
    // The caller hears of a failure by its own promise.
    tail = turn.catch(() => undefined);
    return turn;
  };
}
