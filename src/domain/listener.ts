import { setImmediate as turn } from "node:timers/promises";

/** Ears of one piece of work. */
export interface Ears<Event> {
  /** Tells the listener. @throws what it throws, or what an earlier promise of its was rejected with */
  readonly hear: (event: Event) => void;
  /** Does the work. @throws the work's error, or what a promise of the listener was rejected with until the end */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Hears what a caller's listener returns too. An async one that fails is rejected where nobody waits for it, which would end the process: what
 * it is rejected with is thrown at the next event, as by one that is not async. Nobody waits for the promises themselves, which may wait for the end
 * of the work; one that is rejected after it becomes a warning of the process.
 *
 * @param name of the option, for the warning
 */
export function listenTo<Event>(name: string, listener: (event: Event) => unknown): Ears<Event> {
  const untold: unknown[] = [];
  let [hasFailed, hasEnded] = [false, false];
  const check = (): void => {
    if (untold.length > 0) throw untold.shift();
  };
  const fail = (error: unknown): void => {
    if (hasEnded) process.emitWarning(`${name} failed after the work it listened to had ended: ${String(error)}`);
    // Of one that fails at each event the first error says it all, and what ends the work may be told of.
    else if (!hasFailed) untold.push(error);
    hasFailed = true;
  };
  return {
    hear(event) {
      check();
      const answer = listener(event);
      if (isPromise(answer)) Promise.resolve(answer).catch(fail);
    },
    async during(work) {
      try {
        const value = await work();
        // What is rejected with the last event has its turn.
        await turn();
        check();
        return value;
      } finally {
        hasEnded = true;
      }
    },
  };
}

function isPromise(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === "object" && answer !== null && "then" in answer;
}
