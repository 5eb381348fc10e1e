import { mixModel, STRATEGY_MODELS, type StrategyModel } from "../../../models/index.js";
import {
  CUSTOM_STRATEGY,
  type FullProblem,
  GOAL_KEYS,
  type GoalKey,
  requireNamed,
  type ResultDocument,
  type SolveOptions,
} from "../../domain/index.js";
import { type CustomStrategy, customModel } from "../instance/custom-strategy.js";
import type { CheckList } from "./report.js";

/** The model of the strategy that the caller defined, and gives again. */
export function customOf(
  result: ResultDocument,
  problem: FullProblem,
  custom: CustomStrategy,
  list: CheckList,
): StrategyModel | null {
  const isCustom = result.strategy === CUSTOM_STRATEGY;
  return list.check("custom strategy", isCustom, result.strategy) ? customModel(custom, problem) : null;
}

/** The model of the strategy; a mix is rebuilt from its stated payoff table, which must be that of the weights asked for. */
export function modelOf(
  result: ResultDocument,
  { strategy, weights }: SolveOptions,
  list: CheckList,
): StrategyModel | null {
  const { terms, value } = result.objective;
  const named = requireNamed(result, "verified without it; give the same strategy to verify of the library");
  if (named !== strategy) return null;
  if (named !== "mix") {
    list.check("objective.terms", terms === undefined, terms === undefined ? "none" : "only a mix has terms");
    return STRATEGY_MODELS[named];
  }
  const asked = GOAL_KEYS.filter((key) => (weights[key] ?? 0) > 0);
  const isEmpty = value === null && terms?.length === 0;
  const fits =
    terms?.length === asked.length &&
    terms.every(({ name, weight }, k) => name === asked[k] && weight === weights[name]);
  if (!list.check("objective.terms", isEmpty || fits, `${terms?.map(({ name }) => name).join(", ") ?? "missing"}`)) {
    return null;
  }
  return mixModel(terms!.map((term) => ({ ...term, key: term.name as GoalKey })));
}
