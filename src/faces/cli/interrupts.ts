import type { Environment } from "./environment.js";

export interface Interrupts {
  /** The user pressed Ctrl-C, or the system asked us to end. */
  readonly raise: () => void;
  readonly abortable: Environment["abortable"];
}

/**
 * Turns signals into an orderly end: the first one aborts the work that has begun and can be aborted, so that it hands
 * over what it has; a second one, or one at any other time, calls `exitNow`.
 */
export function createInterrupts(exitNow: () => void): Interrupts {
  let current: AbortController | null = null;
  let isRaised = false;
  return {
    raise: () => {
      if (current === null || isRaised) {
        exitNow();
        return;
      }
      isRaised = true;
      current.abort();
    },
    abortable: async (work) => {
      const controller = new AbortController();
      try {
        return await work(controller.signal, () => (current = controller));
      } finally {
        // An interrupt that came in time is being answered by printing; another one should still end the process.
        current = null;
      }
    },
  };
}
