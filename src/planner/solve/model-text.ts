import { formatLp, goalChain, STRATEGY_MODELS } from "../../../models/index.js";
import { type FullProblem, InputError, type SolveOptions } from "../../domain/index.js";
import { applyLoadLimit } from "../../engine/index.js";
import { buildInstance } from "../instance/build-instance.js";

/**
 * The program of a strategy's first goal as CPLEX-LP text, with deferral still open. A mix has no program before its
 * payoff table is known.
 *
 * @throws InputError for `mix`
 */
export function buildModelText(problem: FullProblem, options: SolveOptions): string {
  if (options.strategy === "mix") {
    throw new InputError(
      "--strategy",
      "mix is scaled by a payoff table that only solving gives; show its single goals instead",
    );
  }
  const model = STRATEGY_MODELS[options.strategy];
  const { instance } = applyLoadLimit(buildInstance(problem, options), options.loadLimit);
  const { goals, firstIndex } = goalChain(instance, model);
  return formatLp(model.build(instance, { goal: goals[firstIndex]!, settled: [] }).program);
}
