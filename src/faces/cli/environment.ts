import type { LiveScreen } from "./live-screen.js";

/** What a command may touch of the outside world; `main.ts` gives the real one, tests a recorded one. */
export interface Environment {
  readonly version: string;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Neither NO_COLOR nor a dumb terminal forbids colour. */
  readonly allowsColor: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** Writes one line to standard error at once. */
  readonly writeError: (line: string) => void;
  /** Writes to standard output at once, ahead of the outcome's own text. */
  readonly writeOutput: (text: string) => void;
  /** The live line on the terminal of standard error; null where that is no terminal. */
  readonly live: LiveScreen | null;
  /**
   * Runs work that ends early, with what it has, when the user interrupts. Before the work has called `begin`, and outside
   * of it, an interrupt ends the process.
   */
  readonly abortable: <T>(work: (signal: AbortSignal, begin: () => void) => Promise<T>) => Promise<T>;
}

export const EXIT = {
  done: 0,
  bug: 1,
  input: 2,
  infeasible: 3,
  noSolution: 4,
  verifyFailed: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command leaves behind: all of standard output, and the exit code. */
export interface Outcome {
  readonly stdout: string;
  readonly exitCode: ExitCode;
}
