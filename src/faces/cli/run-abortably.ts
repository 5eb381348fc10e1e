import type { Termination } from "../../domain/index.js";
import { EXIT, type Environment, type ExitCode } from "./environment.js";
import type { Notes } from "./notes.js";

/** What is said of work that Ctrl-C ends early. */
export interface InterruptWords {
  /** At once: what the command does now. */
  readonly ending: string;
  /** Once the work has ended: what its answer lacks. Default: nothing is said. */
  readonly missing?: string;
}

/** Of work that answers one question after another. */
export const ANSWERS_CUT: InterruptWords = {
  ending: "finishing with what is done",
  missing: "what was not begun by then is missing",
};
/** Of one plan. */
export const PLAN_CUT: InterruptWords = { ending: "finishing with the best plan so far" };

/** Work that the first Ctrl-C ends early and that hands over what it has then. */
export async function runAbortably<T>(
  environment: Environment,
  notes: Notes,
  { ending, missing }: InterruptWords,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly answer: T; readonly wasInterrupted: boolean }> {
  return environment.abortable(async (signal, begin) => {
    const tell = (): void => notes.warn(`interrupted, ${ending}; again to stop at once`);
    signal.addEventListener("abort", tell, { once: true });
    begin();
    const answer = await work(signal);
    if (signal.aborted && missing !== undefined) notes.warn(`interrupted: ${missing}`);
    return { answer, wasInterrupted: signal.aborted };
  });
}

const EXIT_OF: Readonly<Record<Termination, ExitCode>> = {
  optimal: EXIT.done,
  feasible: EXIT.done,
  infeasible: EXIT.infeasible,
  no_solution: EXIT.noSolution,
  error: EXIT.bug,
};

/** Exit code of a command that plans one wave. */
export function exitOfPlan(termination: Termination, wasInterrupted: boolean): ExitCode {
  return wasInterrupted ? EXIT.interrupted : EXIT_OF[termination];
}
