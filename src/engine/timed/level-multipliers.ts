import type { WorkMeter } from "../bounds/work-meter.js";
import type { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import type { TimedLevel } from "./timed-level.js";

const FIRST_THETA = 0.5;
const LAST_THETA = 2e-3;
const SHRINKAGE = 0.6;
/** Steps without a better bound after which the step length shrinks. */
const PATIENCE = 15;
/** Where steps aim: so far above what rules the time out, relative to the time. */
const AIM = 0.001;

/**
 * Multipliers λ of the tasks, by which a level is ruled out if their bound exceeds its highest cost (Åblad, Strömberg, Spensieri,
 * OJMO 2, 2021, section 4). Deflected subgradient steps, as in `climbRoot`.
 */
export class LevelMultipliers {
  /** The best so far. */
  readonly lambda: Float64Array;
  /** Best bound less the highest cost: above 0, nothing ends by this time. */
  excess = -Infinity;

  /** @param lambda start; null: from the level's prices */
  constructor(
    private readonly level: TimedLevel,
    private readonly lagrangian: KnapsackLagrangian,
    lambda: Float64Array | null,
  ) {
    this.lambda = lambda?.slice() ?? secondCheapest(level);
  }

  /**
   * Climbs until the level is ruled out (true), steps get short or the work is spent; leaves the Lagrangian at the best
   * multipliers.
   */
  climb(meter: WorkMeter, workLimit: number, onComplete: (agentOf: Int32Array) => boolean): boolean {
    const { level, lagrangian } = this;
    const target = level.highest + AIM * level.atTime;
    let [theta, sinceBest] = [FIRST_THETA, 0];
    lagrangian.setLambda(this.lambda);
    while (theta >= LAST_THETA) {
      const excess = lagrangian.evaluate() - level.highest;
      if (lagrangian.isComplete() && onComplete(lagrangian.readAgents())) return false;
      if (excess > this.excess) {
        this.excess = excess;
        this.lambda.set(lagrangian.lambda);
        sinceBest = 0;
        if (excess > level.tolerance) return true;
      } else if (++sinceBest >= PATIENCE) {
        theta *= SHRINKAGE;
        sinceBest = 0;
        this.#return();
      }
      if (meter.isSpent(workLimit)) break;
      if (!lagrangian.step(target, theta)) break;
    }
    this.#return();
    return false;
  }

  #return(): void {
    this.lagrangian.setLambda(this.lambda);
    this.lagrangian.evaluate();
  }
}

/** The second cheapest pair of each task at the level's prices: the start that keeps about two agents interested. */
function secondCheapest({ core, priced }: TimedLevel): Float64Array {
  const { cost } = priced();
  const lambda = new Float64Array(core.numTasks);
  for (let task = 0; task < core.numTasks; task++) {
    let [least, second] = [Infinity, Infinity];
    for (let pair = core.pairStart[task]!; pair < core.pairStart[task + 1]!; pair++) {
      const price = cost[pair]!;
      if (price < least) {
        second = least;
        least = price;
      } else if (price < second) second = price;
    }
    lambda[task] = Number.isFinite(second) ? second : least;
  }
  return lambda;
}
