import type { PlanScore } from "../src/planner/baselines/compare-strategy.js";
import type { TrueComparison } from "./hidden-truth.js";
import type { Measurement } from "./suite.js";

/** Measurements as they stand in results/baselines.json. */

export function measurementToJson({ suiteCase, wave, strategy, comparison }: Measurement): object {
  const { goals, result, ours, baselines, rejected, betterThanOurs } = comparison;
  return {
    case: suiteCase.name,
    wave: wave.wave,
    strategy,
    goals,
    termination: result.termination,
    limit: result.limit,
    reproducible: result.reproducible,
    bound: result.objective.bound,
    ours: scoreToJson(ours),
    baselines: baselines.map(scoreToJson),
    rejected,
    better_than_ours: betterThanOurs,
  };
}

function scoreToJson({ name, deferredWeight, values, gap, wallMs }: PlanScore): object {
  return { name, deferred_weight: deferredWeight, values, gap, wall_ms: Math.round(1000 * wallMs) / 1000 };
}

export function truthToJson(caseName: string, comparison: TrueComparison): object {
  const { wave, numTasks, ours, baselines, allKnowing, allKnowingBound } = comparison;
  return {
    case: caseName,
    wave,
    num_tasks: numTasks,
    ours,
    baselines,
    all_knowing: allKnowing,
    all_knowing_bound: allKnowingBound,
  };
}
