import { type Goal, type Instance, isTimed, label } from "../../../models/index.js";
import type { Relaxation } from "./goal-bound.js";

const MAX_STEPS = 300;
const FIRST_STEP = 0.3;
/** The step shrinks by this factor after so many steps without a better bound. */
const SHRINKAGE = 0.7;
const PATIENCE = 15;
const NO_COSTS = new Float64Array(0);

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
  const zero = rows.findIndex(({ name }) => name === label("goal", "deferral"));
  const deferral: DeferralCosts = {
    least: options.map(({ allowed, coefficient }) => (allowed ? coefficient / weight : Infinity)),
    weight: zero < 0 ? null : rows[zero]!.perDeferral,
    most: zero < 0 ? Infinity : rows[zero]!.rhs,
  };
  const best = yield* bestWeights(instance, deferral);
  rows.forEach((row, r) => {
    if (row.slotsOf !== null) multipliers[r] = weight * best[row.slotsOf]!;
  });
  if (zero >= 0) multipliers[zero] = weight * priceOfDeferral(leastCosts(instance, best), deferral);
  return multipliers;
}

/** What it costs to leave tasks out. */
interface DeferralCosts {
  /** Of each task; Infinity where it must be placed. */
  readonly least: readonly number[];
  /** Weights of which no more than `most` may be left out; null where that is no matter. */
  readonly weight: Float64Array | null;
  readonly most: number;
}

/**
 * The price of a unit of deferred weight at which the bound is highest: that of the last task which still fits into what may be left out, where those that save
 * most for their weight go first. O(tasks · log tasks).
 */
function priceOfDeferral(leastCost: Float64Array, { least, weight, most }: DeferralCosts): number {
  if (weight === null) return 0;
  const open = Array.from(leastCost.keys()).filter((task) => weight[task]! > 0 && leastCost[task]! > least[task]!);
  const saved = (task: number): number => (leastCost[task]! - least[task]!) / weight[task]!;
  open.sort((a, b) => saved(b) - saved(a) || a - b);
  let left = most;
  for (const task of open) {
    left -= weight[task]!;
    if (left < 0) return Number.isFinite(saved(task)) ? saved(task) : 0;
  }
  return 0;
}

/** The cheapest pair of each task under the weights; Infinity where it has none. */
function leastCosts({ numTasks, pairStart, pairAgent, busyMs, slots }: Instance, weights: Float64Array): Float64Array {
  const leastCost = new Float64Array(numTasks).fill(Infinity);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      leastCost[task] = Math.min(leastCost[task]!, (weights[agent]! * busyMs[pair]!) / slots[agent]!);
    }
  }
  return leastCost;
}

function* bestWeights(instance: Instance, deferral: DeferralCosts): Generator<void, Float64Array> {
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
  deferral: DeferralCosts,
  weights: Float64Array,
  loads: Float64Array,
): number {
  const { numTasks, pairStart, pairAgent, busyMs, slots } = instance;
  loads.fill(0);
  const price = priceOfDeferral(deferral.weight === null ? NO_COSTS : leastCosts(instance, weights), deferral);
  let value = price > 0 ? -price * deferral.most : 0;
  for (let task = 0; task < numTasks; task++) {
    let [least, chosen] = [deferral.least[task]! + price * (deferral.weight?.[task] ?? 0), -1];
    const last = pairStart[task + 1]!;
    for (let pair = pairStart[task]!; pair < last; pair++) {
      const agent = pairAgent[pair]!;
      const cost = (weights[agent]! * busyMs[pair]!) / slots[agent]!;
      if (cost < least) [least, chosen] = [cost, pair];
    }
    if (chosen >= 0) loads[pairAgent[chosen]!]! += busyMs[chosen]! / slots[pairAgent[chosen]!]!;
    value += least;
  }
  return value;
}
