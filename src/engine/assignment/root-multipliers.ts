import type { WorkMeter } from "../bounds/work-meter.js";
import type { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";

const FIRST_THETA = 0.5;
const LAST_THETA = 1e-3;
const SHRINKAGE = 0.6;
const PATIENCE = 20;
/** Share of the way to the target that counts as progress. */
const LEAST_PROGRESS = 1e-4;
/**
 * Where the climb starts, from the cheapest agent's price of a task (0) to the second's (1), and how far the target stands above the
 * linear bound, relative. A far target spends the first hundreds of steps on coming back, which is most of the work on large waves. Measured
 * on whole costs, whose target is at least a unit away.
 */
const WHOLE_COSTS = { start: 0.5, margin: 3e-4, leastMargin: 1 } as const;
const REAL_COSTS = { start: 1, margin: 5e-3, leastMargin: 0 } as const;
/** Shares of that margin by which the target is kept above the best value, and set when it has come nearer. */
const LEAST_SHARE = 0.4;
const NEXT_SHARE = 0.8;

export interface RootMultipliers {
  readonly lambda: Float64Array;
  readonly value: number;
  readonly numSteps: number;
}

/**
 * Climbs the knapsack Lagrangian by the subgradient method. The Polyak target is kept above the best value: one that is
 * reached would end the climb too early.
 *
 * @param start multipliers to begin with
 * @param startBound a bound that they are near to: that of the linear relaxation, or their own
 * @param highest end as soon as the bound rules out every cost up to it
 */
export function climbRoot(
  lagrangian: KnapsackLagrangian,
  start: Float64Array,
  options: {
    readonly startBound: number;
    readonly isWholeCost: boolean;
    readonly highest: () => number;
    readonly meter: WorkMeter;
    readonly workLimit: number;
    readonly onComplete: (agentOf: Int32Array) => void;
    /** Share of the way to the target that a first step goes. Default: 0.5. */
    readonly firstTheta?: number;
  },
): RootMultipliers {
  const { startBound, meter, workLimit, firstTheta = FIRST_THETA } = options;
  const shape = options.isWholeCost ? WHOLE_COSTS : REAL_COSTS;
  const scale = Math.max(1, Math.abs(startBound), shape.leastMargin / shape.margin);
  const [leastMargin, nextMargin] = [LEAST_SHARE * shape.margin * scale, NEXT_SHARE * shape.margin * scale];
  lagrangian.setLambda(start);
  const lambda = lagrangian.lambda.slice();
  let [best, theta, sinceBest, target] = [-Infinity, firstTheta, 0, startBound + shape.margin * scale];
  let numSteps = 0;
  while (theta >= LAST_THETA) {
    numSteps += 1;
    const value = lagrangian.evaluate();
    if (lagrangian.isComplete()) options.onComplete(lagrangian.readAgents());
    if (value > best) {
      sinceBest = value > best + LEAST_PROGRESS * (target - best) ? 0 : sinceBest + 1;
      best = value;
      lambda.set(lagrangian.lambda);
      if (best > target - leastMargin) target = best + nextMargin;
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

/**
 * The prices of the two cheapest agents of each task, mixed: the second's keeps about two agents interested, the first's proves the linear bound.
 *
 * @param prices of the capacity rows
 */
export function multipliersFromPrices(
  { state }: KnapsackLagrangian,
  prices: Float64Array,
  isWholeCost: boolean,
): Float64Array {
  const share = (isWholeCost ? WHOLE_COSTS : REAL_COSTS).start;
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
    lambda[task] = Number.isFinite(second) ? (1 - share) * least + share * second : least;
  }
  return lambda;
}
