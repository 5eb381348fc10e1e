import type { Environment } from "./environment.js";

export interface Interrupts {
  /** The user pressed Ctrl-C, or the system asked us to end. */
  readonly raise: () => void;
  readonly abortable: Environment["abortable"];
}

/** What an interrupt does besides aborting the work. */
export interface InterruptEnds {
  /** Ends the process, after a word on what that leaves. */
  readonly exitNow: (word: string) => void;
  /** Says why the process goes on. */
  readonly tell: (word: string) => void;
}

const NOT_BEGUN = "interrupted before there was a result";
const CLOSING = "interrupted while the result is being written, which is finished first; again to stop at once";
const TWICE = "stopped at once: what was not written by now is missing";

/**
 * Turns signals into an orderly end: the first one aborts the work that has begun and can be aborted, so that it hands over what it has;
 * one that comes when the work has ended lets what it came to be written. A second one, or one before the work, ends the process.
 */
export function createInterrupts({ exitNow, tell }: InterruptEnds): Interrupts {
  let current: AbortController | null = null;
  let isRaised = false;
  let isClosing = false;
  return {
    raise: () => {
      if (isRaised) return exitNow(TWICE);
      if (current === null && !isClosing) return exitNow(NOT_BEGUN);
      isRaised = true;
      if (current === null) tell(CLOSING);
      else current.abort();
    },
    abortable: async (work) => {
      const controller = new AbortController();
      try {
        const answer = await work(controller.signal, () => (current = controller));
        isClosing = current !== null;
        return answer;
      } finally {
        current = null;
      }
    },
  };
}
