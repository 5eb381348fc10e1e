import { STRATEGY_OF_GOAL, type WaveMeasure } from "../../../models/index.js";
import { GOAL_KEYS, type GoalWeights, type WaveRecord, type WaveReference } from "../../domain/index.js";
import { measureWave } from "../measure/measured-wave.js";
import type { WaveOutcome } from "../measure/wave-outcome.js";

/**
 * The reward of a wave, in [0, 1]: what it achieved of the mission, measured alike whatever strategy planned it.
 *
 *   R = Σ_g w_g · x_g / (1 + x_g) / Σ_g w_g
 *
 * x_g > 0 is how many times better than the reference the wave did on goal g of the mission (the other way round where
 * less is better), by the measure of the goal's strategy; x / (1 + x) is the logistic of log x, so that twice as good and
 * half as good are equally far from ½:
 *
 *   successes    successes / ΣP_ref                          deferred tasks count as not succeeded
 *   makespan     (successes / C) / (ΣP_ref / T_ref)          C the actual makespan
 *   largest_load T_ref / L_max                               L_max the largest busy time a slot
 *   retries      (A_ref / n) / (attempts / tasks run)
 *   confidence   (c + δ) / (c + δ_ref)                       c the tasks' mean confidence, δ their mean gain
 *   cost         (cost_ref / n) / (cost / tasks run)
 *
 * The reference (`WaveReference`) is of the wave, not of the plan: it makes hard waves comparable with easy ones, and no
 * strategy earns anything by what it promised. A goal nobody could measure is left out of both sums.
 */
export function rewardOf(record: WaveRecord, mission: GoalWeights): number | null {
  const { reference } = record;
  // A wave without a plan says nothing of its strategy: any other might have found it as infeasible.
  if (reference === undefined || record.tasks.length === 0) return null;
  const { ended, started } = measureWave(record).stats;
  if (ended.tasks < started.tasks) return null;
  let total = 0;
  let totalWeight = 0;
  for (const goal of GOAL_KEYS) {
    const weight = mission[goal] ?? 0;
    const share = weight > 0 ? SHARES[STRATEGY_OF_GOAL[goal].measure](ended, reference) : null;
    if (share === null) continue;
    total += weight * share;
    totalWeight += weight;
  }
  return totalWeight > 0 ? total / totalWeight : null;
}

/** x / (1 + x) by one measure, as a / (a + b) with x = a / b; null where it was not measured. */
const SHARES: Readonly<Record<WaveMeasure, (outcome: WaveOutcome, reference: WaveReference) => number | null>> = {
  successes: (outcome, reference) => share(outcome.successes.actual, reference.successes),
  makespan: (outcome, reference) =>
    share(outcome.successes.actual * reference.spanMs, reference.successes * outcome.makespanMs.actual),
  largest_load: (outcome, reference) => share(reference.spanMs, outcome.largestLoadMs.actual),
  retries: ({ tasks, retries }, reference) =>
    share(reference.attempts * tasks, (tasks + retries.actual) * reference.tasks),
  confidence: ({ confidenceDelta: { actual } }, { confidence, confidenceDelta }) => {
    if (actual === null) return null;
    return share(Math.max(0, confidence + actual), Math.max(0, confidence + confidenceDelta));
  },
  cost: (outcome, reference) => share(reference.cost * outcome.tasks, outcome.cost.actual * reference.tasks),
};

/** a / (a + b), ½ where both are 0. */
function share(a: number, b: number): number {
  return a + b > 0 ? a / (a + b) : 0.5;
}
