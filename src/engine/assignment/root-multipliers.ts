import type { WorkMeter } from "../bounds/work-meter.js";
import type { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";

const FIRST_THETA = 0.5;
const LAST_THETA = 1e-3;
const SHRINKAGE = 0.6;
const PATIENCE = 20;
/** Share of the way to the target that counts as progress. */
const LEAST_PROGRESS = 1e-4;
/** Where the target stands at first, above the linear bound, and by how much it is kept above the best value. */
const FIRST_MARGIN = 0.005;
const LEAST_MARGIN = 0.002;
const NEXT_MARGIN = 0.004;

export interface RootMultipliers {
  readonly lambda: Float64Array;
  readonly value: number;
  readonly numSteps: number;
}

/**
 * Climbs the knapsack Lagrangian from prices of the capacity rows by the subgradient method. The Polyak target is kept above
 * the best value: one that is reached would end the climb too early.
 *
 * @param linearBound bound of the linear relaxation
 * @param highest end as soon as the bound rules out every cost up to it
 */
export function climbRoot(
  lagrangian: KnapsackLagrangian,
  prices: Float64Array,
  options: {
    readonly linearBound: number;
    readonly highest: () => number;
    readonly meter: WorkMeter;
    readonly workLimit: number;
    readonly onComplete: (agentOf: Int32Array) => void;
  },
): RootMultipliers {
  const { linearBound, meter, workLimit } = options;
  const scale = Math.max(1, Math.abs(linearBound));
  lagrangian.setLambda(secondSmallest(lagrangian, prices));
  const lambda = lagrangian.lambda.slice();
  let [best, theta, sinceBest, target] = [-Infinity, FIRST_THETA, 0, linearBound + FIRST_MARGIN * scale];
  let numSteps = 0;
  while (theta >= LAST_THETA) {
    numSteps += 1;
    const value = lagrangian.evaluate();
    if (lagrangian.isComplete()) options.onComplete(lagrangian.readAgents());
    if (value > best) {
      sinceBest = value > best + LEAST_PROGRESS * (target - best) ? 0 : sinceBest + 1;
      best = value;
      lambda.set(lagrangian.lambda);
      if (best > target - LEAST_MARGIN * scale) target = best + NEXT_MARGIN * scale;
    } else sinceBest += 1;
    if (sinceBest >= PATIENCE) {
      theta *= SHRINKAGE;
      sinceBest = 0;
      lagrangian.setLambda(lambda);
      lagrangian.evaluate();
    }
    if (best > options.highest() || meter.isSpent(workLimit)) break;
    if (!lagrangian.step(target, theta)) break;
  }
  return { lambda, value: best, numSteps };
}

/** The second cheapest agent of each task at the prices: the start that keeps about two agents interested. */
function secondSmallest({ state }: KnapsackLagrangian, prices: Float64Array): Float64Array {
  const lambda = new Float64Array(state.numTasks);
  for (let task = 0; task < state.numTasks; task++) {
    let [least, second] = [Infinity, Infinity];
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      if (state.isAlive[pair] === 0) continue;
      const price = state.cost[pair]! + prices[state.pairAgent[pair]!]! * state.use[pair]!;
      if (price < least) {
        second = least;
        least = price;
      } else if (price < second) second = price;
    }
    lambda[task] = Number.isFinite(second) ? second : least;
  }
  return lambda;
}
