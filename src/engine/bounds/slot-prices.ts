import { type Goal, type Instance, isTimed } from "../../../models/index.js";
import type { Relaxation } from "./goal-bound.js";

const MAX_STEPS = 300;
const FIRST_STEP = 0.3;
/** The step shrinks by this factor after so many steps without a better bound. */
const SHRINKAGE = 0.7;
const PATIENCE = 15;

/**
 * Multipliers of the rows that hold agents against a time, without a linear program: multiplicative weights on the simplex
 * (Arora, Hazan, Kale, Theory of Computing 8, 2012). An agent that the cheapest choice of every task overloads becomes
 * dearer, an idle one cheaper; the best weights seen are kept. All 0 for goals that are not one time alone.
 * O(steps · pairs); yields after each step.
 */
export function* priceSlots(
  instance: Instance,
  goal: Goal,
  { rows, options }: Relaxation,
): Generator<void, Float64Array> {
  const multipliers = new Float64Array(rows.length);
  if (!isTimed(goal) || goal.perPair !== null || goal.minLoad !== 0) return multipliers;
  const weight = Math.max(goal.makespan, goal.maxLoad);
  const best = yield* bestWeights(
    instance,
    options.map(({ allowed, coefficient }) => (allowed ? coefficient / weight : Infinity)),
  );
  rows.forEach((row, r) => {
    if (row.slotsOf !== null) multipliers[r] = weight * best[row.slotsOf]!;
  });
  return multipliers;
}

function* bestWeights(instance: Instance, deferral: readonly number[]): Generator<void, Float64Array> {
  const { numAgents, slots } = instance;
  const numSlots = slots.reduce((sum, count) => sum + count, 0);
  const weights = Float64Array.from(slots, (count) => count / numSlots);
  const loads = new Float64Array(numAgents);
  let best = weights.slice();
  let [bestValue, step, sinceBest] = [-Infinity, FIRST_STEP, 0];
  for (let k = 0; k < MAX_STEPS; k++) {
    yield;
    const value = cheapestLoads(instance, deferral, weights, loads);
    if (value > bestValue) [bestValue, best, sinceBest] = [value, weights.slice(), 0];
    else sinceBest += 1;
    if (sinceBest > PATIENCE) {
      [step, sinceBest] = [step * SHRINKAGE, 0];
      weights.set(best);
      cheapestLoads(instance, deferral, weights, loads);
    }
    if (!(bestValue > 0)) return best;
    let sum = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      weights[agent]! *= Math.exp((step * (loads[agent]! - bestValue)) / bestValue);
      sum += weights[agent]!;
    }
    for (let agent = 0; agent < numAgents; agent++) weights[agent]! /= sum;
  }
  return best;
}

/** Σ_i of the cheapest choice under the weights; writes the mean load of each agent's slots under these choices. */
function cheapestLoads(
  instance: Instance,
  deferral: readonly number[],
  weights: Float64Array,
  loads: Float64Array,
): number {
  const { numTasks, pairStart, pairAgent, busyMs, slots } = instance;
  loads.fill(0);
  let value = 0;
  for (let task = 0; task < numTasks; task++) {
    let [least, chosen] = [deferral[task]!, -1];
    const last = pairStart[task + 1]!;
    for (let pair = pairStart[task]!; pair < last; pair++) {
      const agent = pairAgent[pair]!;
      const price = (weights[agent]! * busyMs[pair]!) / slots[agent]!;
      if (price < least) [least, chosen] = [price, pair];
    }
    if (chosen >= 0) loads[pairAgent[chosen]!]! += busyMs[chosen]! / slots[pairAgent[chosen]!]!;
    value += least;
  }
  return value;
}
