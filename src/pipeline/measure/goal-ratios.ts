import { GOAL_KEYS, type GoalKey, type GoalWeights, type StrategyName } from "../../domain/index.js";
import { clamp, confidenceTrajectory } from "./accuracy.js";
import type { WaveStats } from "./measured-wave.js";
import type { PlannedActual, WaveOutcome } from "./wave-outcome.js";

/** No wave counts for more than twice its plan, so that one lucky wave cannot decide. */
const RATIO_MAX = 2;

/** What a mission asks for where nobody says otherwise. */
export const DEFAULT_MISSION: GoalWeights = { success: 0.5, throughput: 0.3, retries: 0.1, confidence: 0.1 };

export const STRATEGY_OF_GOAL: Readonly<Record<GoalKey, Exclude<StrategyName, "mix">>> = {
  success: "maximize_success",
  throughput: "maximize_throughput",
  balance: "balance_load",
  retries: "minimize_retries",
  confidence: "confidence_optimization",
  cost: "minimize_cost",
};

/**
 * Achieved over planned on one goal, in [0, 2]; 1 = as planned, more = better.
 *
 * success: successes / ΣP. throughput: planned / actual makespan. balance: planned / actual load of the busiest agent.
 * retries: (1 + planned) / (1 + actual) a task. cost: planned / actual. confidence: 1 + (actual − planned) /
 * max(|planned|, .01). Null where the wave could not be measured.
 */
function goalRatio(goal: GoalKey, outcome: WaveOutcome): number | null {
  const { tasks, successes, makespanMs, largestLoadMs, retries, cost, confidenceDelta } = outcome;
  if (tasks === 0) return null;
  switch (goal) {
    case "success":
      return quotient(successes.actual, successes.planned);
    case "throughput":
      return saving(makespanMs);
    case "balance":
      return saving(largestLoadMs);
    case "retries":
      return clamp((tasks + retries.planned) / (tasks + retries.actual), 0, RATIO_MAX);
    case "cost":
      return saving(cost);
    case "confidence": {
      const { planned, actual } = confidenceDelta;
      return planned === null || actual === null ? null : confidenceTrajectory(planned, actual);
    }
  }
}

/** Weighted mean of the ratios of the goals that could be measured, in [0, 2]; null where none could. */
function weightedRatio(weights: GoalWeights, outcome: WaveOutcome): number | null {
  let total = 0;
  let totalWeight = 0;
  for (const goal of GOAL_KEYS) {
    const weight = weights[goal] ?? 0;
    const ratio = weight > 0 ? goalRatio(goal, outcome) : null;
    if (ratio === null) continue;
    total += weight * ratio;
    totalWeight += weight;
  }
  return totalWeight > 0 ? total / totalWeight : null;
}

/** Achieved over planned on the goal of the wave's own strategy, in [0, 2]; `mix` by its weights. */
export function ownGoalRatio({ strategy, weights, ended }: WaveStats): number | null {
  if (strategy === "mix") return weightedRatio(weights, ended);
  const goal = GOAL_KEYS.find((key) => STRATEGY_OF_GOAL[key] === strategy)!;
  return goalRatio(goal, ended);
}

/** Of a quantity to be kept small. */
function saving({ planned, actual }: PlannedActual): number {
  return quotient(planned, actual);
}

/** a / b in [0, 2]; as planned where both are 0. */
function quotient(a: number, b: number): number {
  if (b > 0) return clamp(a / b, 0, RATIO_MAX);
  return a > 0 ? RATIO_MAX : 1;
}
