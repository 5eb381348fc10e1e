import { STRATEGY_MODELS, STRATEGY_OF_GOAL, type WaveMeasure } from "../../../models/index.js";
import { GOAL_KEYS, type GoalWeights } from "../../domain/index.js";
import { clamp, confidenceTrajectory } from "./accuracy.js";
import type { WaveStats } from "./measured-wave.js";
import type { PlannedActual, WaveOutcome } from "./wave-outcome.js";

/** No wave counts for more than twice its plan, so that one lucky wave cannot decide. */
const RATIO_MAX = 2;

/**
 * Achieved over planned by one measure, in [0, 2]; 1 = as planned, more = better.
 *
 * successes: successes / ΣP. makespan, largest load and cost: planned / actual. retries: (1 + planned) / (1 + actual) a
 * task. confidence: 1 + (actual − planned) / max(|planned|, .01). Null where the wave could not be measured.
 */
function measuredRatio(measure: WaveMeasure, outcome: WaveOutcome): number | null {
  return outcome.tasks === 0 ? null : RATIOS[measure](outcome);
}

const RATIOS: Readonly<Record<WaveMeasure, (outcome: WaveOutcome) => number | null>> = {
  successes: ({ successes }) => quotient(successes.actual, successes.planned),
  makespan: ({ makespanMs }) => saving(makespanMs),
  largest_load: ({ largestLoadMs }) => saving(largestLoadMs),
  retries: ({ tasks, retries }) => clamp((tasks + retries.planned) / (tasks + retries.actual), 0, RATIO_MAX),
  cost: ({ cost }) => saving(cost),
  confidence: ({ confidenceDelta: { planned, actual } }) => {
    if (planned === null || actual === null) return null;
    return confidenceTrajectory(planned, actual);
  },
};

/** Weighted mean of the ratios of the goals that could be measured, in [0, 2]; null where none could. */
function weightedRatio(weights: GoalWeights, outcome: WaveOutcome): number | null {
  let total = 0;
  let totalWeight = 0;
  for (const goal of GOAL_KEYS) {
    const weight = weights[goal] ?? 0;
    const ratio = weight > 0 ? measuredRatio(STRATEGY_OF_GOAL[goal].measure, outcome) : null;
    if (ratio === null) continue;
    total += weight * ratio;
    totalWeight += weight;
  }
  return totalWeight > 0 ? total / totalWeight : null;
}

/** Achieved over planned on the goal of the wave's own strategy, in [0, 2]; `mix` by its weights. */
export function ownGoalRatio({ strategy, weights, ended }: WaveStats): number | null {
  if (strategy === "mix") return weightedRatio(weights, ended);
  return measuredRatio(STRATEGY_MODELS[strategy].measure, ended);
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
