import { ModelError } from "../domain/errors.js";
import type { Heuristics, History } from "../domain/history.js";
import type { FullProblem, Problem } from "../domain/problem.js";

/** Stands here until the room is built. */
const notLinked = (): never => {
  throw new ModelError("not linked yet");
};

export const fillEstimates: (
  problem: Problem,
  history: History,
  heuristics: Heuristics,
  options: { readonly maxRetries: number },
) => FullProblem = notLinked;
