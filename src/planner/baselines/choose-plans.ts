import { goalChain, STRATEGY_MODELS } from "../../../models/index.js";
import { type FullProblem, ModelError } from "../../domain/index.js";
import { runChain, Session, type SolveContext } from "../../engine/index.js";
import { buildInstance } from "../instance/build-instance.js";
import { DEFAULT_OPTIONS } from "../solve/options.js";
import { heuristicPlans } from "../heuristics/heuristic-plans.js";

/** The agent of each task, in the order of the problem's, as several ways to plan choose it. */
export interface ChosenPlans {
  readonly ours: Int32Array;
  readonly heuristics: readonly { readonly name: string; readonly agentOf: Int32Array }[];
}

/** Enough to prove the optimum of an assignment problem of this size. */
const WORK_LIMIT = 20_000;
const OPTIONS = { ...DEFAULT_OPTIONS, strategy: "maximize_success", workLimit: WORK_LIMIT } as const;
/** The work limit ends the search, so that the same numbers give the same plans. */
const NO_CLOCK: SolveContext = { now: () => 0, clock: () => 0, fixedNow: true };

/**
 * The plan with the most expected successes, and that of every heuristic, within the limits that the agents state.
 *
 * @throws ModelError where these leave no plan
 */
export async function choosePlans(problem: FullProblem): Promise<ChosenPlans> {
  const instance = buildInstance(problem, OPTIONS);
  const model = STRATEGY_MODELS[OPTIONS.strategy];
  const { plan } = await runChain(new Session(OPTIONS, NO_CLOCK), instance, model, { withSecond: false });
  if (plan === null) throw new ModelError("no plan of these tasks was found");
  const { goals, firstIndex } = goalChain(instance, model);
  const found = heuristicPlans(problem, instance, goals.slice(0, firstIndex + 1), OPTIONS.seed);
  return { ours: plan.agentOf, heuristics: Array.from(found, ({ name, plan: { agentOf } }) => ({ name, agentOf })) };
}
