import { InputError } from "../domain/errors.js";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../domain/history.js";
import { STRATEGIES } from "../domain/problem.js";
import { EXIT, type Outcome } from "./environment.js";
import { loadEngine } from "./load-engine.js";
import type { ShowModelFlags } from "./show-model-options.js";

/** `phase19 show-model`: the first program of a strategy as CPLEX-LP text. */
export async function runShowModel(flags: ShowModelFlags): Promise<Outcome> {
  const { files, prediction, optimizer } = await loadEngine();
  const problem = await files.readProblem(flags.problem);
  const { strategy = problem.options.strategy } = flags;
  if (strategy === undefined) {
    throw new InputError("phase19 show-model", `needs --strategy, one of ${STRATEGIES.join(", ")}`);
  }
  const options = optimizer.resolveOptions(problem.options, { strategy });
  const full = prediction.fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, options);
  const text = optimizer.buildModelText(full, options);
  return { stdout: text.endsWith("\n") ? text : `${text}\n`, exitCode: EXIT.done };
}
