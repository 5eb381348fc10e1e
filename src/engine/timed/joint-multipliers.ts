import type { WorkMeter } from "../bounds/work-meter.js";
import type { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import type { TimedLevel } from "./timed-level.js";

const FIRST_THETA = 0.5;
const LAST_THETA = 2e-3;
const SHRINKAGE = 0.6;
/** Steps without a better bound after which the step length shrinks. */
const PATIENCE = 40;
/** Where steps aim: so far above what rules the time out, relative to the time. */
const AIM = 0.003;
const NEWEST_SHARE = 0.7;
/** Length of a step in μ against one in λ, relative to what one unit of load is worth in each. */
const TIME_SCALE = 0.3;

/**
 * Multipliers λ of the tasks and μ of the agents at once, by which a level is ruled out if their bound exceeds its highest cost
 * (Åblad, Strömberg, Spensieri, OJMO 2, 2021, section 4, optimise λ alone; μ adds what the knapsacks leave uneven). Deflected
 * subgradient steps, as in `climbRoot`; μ stays on the simplex Σ_j μ_j = Σ_j μ_j(start).
 */
export class JointMultipliers {
  readonly lambda: Float64Array;
  readonly mu: Float64Array;
  /** Best bound less the highest cost: above 0, nothing ends by this time. */
  excess = -Infinity;
  readonly #towards: Float64Array;
  readonly #direction: Float64Array;
  readonly #timeDirection: Float64Array;
  readonly #overload: Float64Array;
  readonly #scale: number;
  readonly #total: number;

  constructor(
    private readonly level: TimedLevel,
    private readonly lagrangian: KnapsackLagrangian,
    lambda: Float64Array | null,
  ) {
    const { state } = lagrangian;
    const { numTimed } = level.timed;
    this.lambda = lambda?.slice() ?? secondCheapest(lagrangian);
    this.#towards = this.lambda.slice();
    this.mu = level.mu.slice();
    this.#direction = new Float64Array(state.numTasks);
    this.#timeDirection = new Float64Array(numTimed);
    this.#overload = new Float64Array(numTimed);
    const meanRoom = level.room.reduce((sum, room) => sum + room, 0) / Math.max(1, numTimed);
    this.#scale = Math.max((TIME_SCALE * meanRoom * Math.sqrt(numTimed)) / Math.sqrt(state.numTasks), Number.MIN_VALUE);
    this.#total = this.mu.reduce((sum, price) => sum + price, 0);
  }

  /**
   * Climbs until the level is ruled out (true), steps get short or the work is spent; leaves level and Lagrangian at the best
   * multipliers.
   */
  climb(meter: WorkMeter, workLimit: number, onComplete: (agentOf: Int32Array) => boolean): boolean {
    const { level, lagrangian } = this;
    let [theta, sinceBest] = [FIRST_THETA, 0];
    lagrangian.setLambda(this.lambda);
    while (theta >= LAST_THETA) {
      const excess = lagrangian.evaluate() - level.highest;
      if (lagrangian.isComplete() && onComplete(lagrangian.readAgents())) return false;
      if (excess > this.excess) {
        this.excess = excess;
        this.lambda.set(lagrangian.lambda);
        this.mu.set(level.mu);
        sinceBest = 0;
        if (excess > level.tolerance) return true;
      } else if (++sinceBest >= PATIENCE) {
        theta *= SHRINKAGE;
        sinceBest = 0;
        this.#return();
      }
      if (meter.isSpent(workLimit)) break;
      if (!this.#step(theta)) break;
    }
    this.#return();
    return false;
  }

  #return(): void {
    const { level, lagrangian } = this;
    level.mu.set(this.mu);
    level.price();
    lagrangian.reprice();
    lagrangian.setLambda(this.lambda);
    lagrangian.evaluate();
    this.#direction.fill(0);
    this.#timeDirection.fill(0);
  }

  #step(theta: number): boolean {
    const { level, lagrangian } = this;
    const [direction, timeDirection] = [this.#direction, this.#timeDirection];
    const { state, timesChosen } = lagrangian;
    let norm = 0;
    for (let task = 0; task < state.numTasks; task++) {
      const d = NEWEST_SHARE * (1 - timesChosen[task]!) + (1 - NEWEST_SHARE) * direction[task]!;
      direction[task] = d;
      norm += d * d;
    }
    this.#readOverload();
    for (let agent = 0; agent < timeDirection.length; agent++) {
      const d = (NEWEST_SHARE * this.#overload[agent]!) / this.#scale + (1 - NEWEST_SHARE) * timeDirection[agent]!;
      timeDirection[agent] = d;
      norm += d * d;
    }
    if (norm === 0) return false;
    const length = (theta * (AIM * level.atTime - (lagrangian.value - level.highest))) / norm;
    const towards = this.#towards;
    for (let task = 0; task < state.numTasks; task++)
      towards[task] = lagrangian.lambda[task]! + length * direction[task]!;
    this.#moveMu(length);
    level.price();
    lagrangian.reprice();
    lagrangian.setLambda(towards);
    return true;
  }

  /** Load less room of each timed agent, less the mean of that. */
  #readOverload(): void {
    const { level, lagrangian } = this;
    const { state, chosen, chosenCount } = lagrangian;
    const overload = this.#overload;
    let sum = 0;
    for (let agent = 0; agent < overload.length; agent++) {
      let load = -level.room[agent]!;
      const start = state.listStart[agent]!;
      for (let at = start; at < start + chosenCount[agent]!; at++) load += state.use[chosen[at]!]!;
      overload[agent] = load;
      sum += load;
    }
    const mean = sum / Math.max(1, overload.length);
    for (let agent = 0; agent < overload.length; agent++) overload[agent]! -= mean;
  }

  #moveMu(length: number): void {
    const { mu } = this.level;
    let sum = 0;
    for (let agent = 0; agent < this.#timeDirection.length; agent++) {
      mu[agent] = Math.max(0, mu[agent]! + (length * this.#timeDirection[agent]!) / this.#scale);
      sum += mu[agent]!;
    }
    if (sum > 0) for (let agent = 0; agent < this.#timeDirection.length; agent++) mu[agent]! *= this.#total / sum;
  }
}

/** The second cheapest pair of each task: the start that keeps about two agents interested. */
function secondCheapest({ state }: KnapsackLagrangian): Float64Array {
  const lambda = new Float64Array(state.numTasks);
  for (let task = 0; task < state.numTasks; task++) {
    let [least, second] = [Infinity, Infinity];
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      const price = state.cost[pair]!;
      if (price < least) {
        second = least;
        least = price;
      } else if (price < second) second = price;
    }
    lambda[task] = Number.isFinite(second) ? second : least;
  }
  return lambda;
}
