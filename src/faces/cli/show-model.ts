import { EMPTY_HISTORY, InputError, NO_HEURISTICS, STRATEGIES } from "../../domain/index.js";
import { EXIT, type Outcome } from "./environment.js";
import type { ShowModelFlags } from "./show-model-options.js";

/** `phase19 show-model`: the first program of a strategy as CPLEX-LP text. */
export async function runShowModel(flags: ShowModelFlags): Promise<Outcome> {
  const planner = await import("../../planner/index.js");
  const problem = await planner.readProblem(flags.problem);
  const { strategy = problem.options.strategy } = flags;
  if (strategy === undefined) {
    throw new InputError("phase19 show-model", `needs --strategy, one of ${STRATEGIES.join(", ")}`);
  }
  const options = planner.resolveOptions(problem.options, { strategy });
  const full = planner.fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, options);
  const text = planner.buildModelText(full, options);
  return { stdout: text.endsWith("\n") ? text : `${text}\n`, exitCode: EXIT.done };
}
