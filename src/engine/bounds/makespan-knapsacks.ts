import type { MakespanProblem } from "./makespan-prices.js";
import type { WorkMeter } from "./work-meter.js";

/** Cells of a table up to which an agent's knapsack is solved; what it gains by its price bounds the others. Measured. */
const MAX_CELLS = 3e6;
/** Steps of the rate, between 0 and 1, by which items are sorted. */
const RATE_STEPS = 2 ** 30;
/** Looks that it takes to sort a pair among those of its agent. */
const SORT_LOOKS = 12;
/** Cells of a table that take as long as one look. */
const CELLS_PER_LOOK = 2;
/** What a time must exceed to count as ruled out, relative to it: far above the rounding of either side. */
const TOLERANCE = 1e-7;

/** A time by which nothing ends, and the multipliers of the tasks that show it. */
export interface RuledOutTime {
  readonly atTime: number;
  /** λ ≥ 0 of each task. */
  readonly lambda: Float64Array;
}

export interface KnapsackTimesOptions {
  readonly meter: WorkMeter;
  /** μ[j] of `priceMakespan`. */
  readonly prices: Float64Array;
  /** Certified lower bound on the makespan. */
  readonly bound: number;
  /** Looks to spend at most, about. */
  readonly workLimit: number;
}

/**
 * The latest whole time that knapsacks rule out at the multipliers λ_i = min_j μ_j p[i,j] of the linear relaxation: nothing ends by C where
 *
 *   Σ_i λ_i  >  Σ_j slots_j max { Σ_{i ∈ S} λ_i : Σ_{i ∈ S} p[i,j] ≤ C − release_j }.
 *
 * The relaxation gives each agent μ_j (C − release_j) instead, as if it could be filled to the brim: slow agents, into which few tasks fit, cannot be.
 * Of tasks that take as long on an agent only the first ⌊room / p⌋ by λ matter to it.
 *
 * @returns null where times are not whole, or knapsacks rule out no time from the bound on
 */
export function ruleOutByKnapsacks(problem: MakespanProblem, options: KnapsackTimesOptions): RuledOutTime | null {
  const { bound, meter, workLimit } = options;
  const isWhole = problem.use.every(Number.isInteger) && problem.availableFrom.every(Number.isInteger);
  if (!isWhole || !Number.isFinite(bound) || problem.numTasks === 0) return null;
  if (SORT_LOOKS * problem.use.length > workLimit) return null;
  const limit = meter.used + workLimit;
  const knapsacks = new AgentKnapsacks(problem, options, limit);
  let [low, high, next] = [bound - 1, Infinity, bound];
  let [lowExcess, highExcess] = [Infinity, 0];
  if (!(knapsacks.excessAt(bound, true) > TOLERANCE * bound)) return null;
  while (next > low && next < high && !meter.isSpent(limit)) {
    const excess = knapsacks.excessAt(next, false);
    if (excess > TOLERANCE * next) [low, lowExcess] = [next, excess];
    else [high, highExcess] = [next, excess];
    // One unit of time is worth Σ slots · μ = 1 to all agents together.
    const step = high === Infinity ? lowExcess : ((high - low) * lowExcess) / (lowExcess - highExcess);
    next = Math.max(low + 1, Math.min(high - 1, low + Math.floor(step)));
  }
  return low < bound ? null : { atTime: low, lambda: knapsacks.lambda };
}

/** What all agents can gain by a time, at given multipliers of the tasks, compared with the price of their time. */
class AgentKnapsacks {
  readonly lambda: Float64Array;
  readonly #sum: number;
  /** Items of agent j, by rising loss per use: #first[j] … #first[j + 1] − 1. */
  readonly #first: Int32Array;
  readonly #use: Float64Array;
  /** μ p − λ ≥ 0: what an item loses, compared with the price of its time. */
  readonly #loss: Float64Array;
  /** Least loss of a selection with just this use. */
  #least = new Float64Array(0);
  /** What the items of this use lose together that were looked at so far. */
  #lost = new Float64Array(0);

  constructor(
    private readonly problem: MakespanProblem,
    private readonly options: KnapsackTimesOptions,
    private readonly limit: number,
  ) {
    const { prices, meter } = options;
    const { numTasks, pairStart, pairAgent, use } = problem;
    this.lambda = new Float64Array(numTasks);
    const losses = use.map((one, pair) => prices[pairAgent[pair]!]! * one);
    for (let task = 0; task < numTasks; task++) {
      let least = Infinity;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) least = Math.min(least, losses[pair]!);
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) losses[pair]! -= least;
      this.lambda[task] = least;
    }
    this.#sum = this.lambda.reduce((sum, one) => sum + one, 0);
    const { first, pairs } = pairsByAgent(problem);
    this.#first = first;
    this.#use = new Float64Array(use.length);
    this.#loss = new Float64Array(use.length);
    const keys = new Float64Array(numTasks);
    prices.forEach((price, agent) => {
      const own = pairs.subarray(first[agent]!, first[agent + 1]!);
      // In the order of keys that hold the rate and, below it, the place.
      for (let k = 0; k < own.length; k++) {
        const pair = own[k]!;
        const rate = price > 0 && use[pair]! > 0 ? losses[pair]! / (price * use[pair]!) : 0;
        keys[k] = Math.floor(rate * RATE_STEPS) * own.length + k;
      }
      const sorted = keys.subarray(0, own.length).sort();
      for (let k = 0; k < own.length; k++) {
        const pair = own[sorted[k]! % own.length]!;
        this.#use[first[agent]! + k] = use[pair]!;
        this.#loss[first[agent]! + k] = losses[pair]!;
      }
    });
    meter.spend(SORT_LOOKS * use.length);
  }

  /**
   * Σ_i λ_i less what all agents can gain by a time: above 0, nothing ends by it. Where `isQuick` an upper bound on it, and a lower one once the work is done:
   * what is left then gains its price.
   */
  excessAt(time: number, isQuick: boolean): number {
    const { numAgents, slots, availableFrom } = this.problem;
    const { prices } = this.options;
    let excess = this.#sum;
    for (let agent = 0; agent < numAgents; agent++) {
      const room = Math.max(0, time - availableFrom[agent]!);
      const most = this.#greedyLoss(agent, room);
      const loss = isQuick ? most : this.#leastLoss(agent, room, most);
      excess -= slots[agent]! * (prices[agent]! * room - loss);
    }
    return excess;
  }

  /** Σ loss + μ · (room left) of the selection that takes what fits, in the order of items. */
  #greedyLoss(agent: number, room: number): number {
    const [first, last] = [this.#first[agent]!, this.#first[agent + 1]!];
    let [left, lost, at] = [room, 0, first];
    for (; at < last && left > 0; at++) {
      if (this.#use[at]! > left) continue;
      left -= this.#use[at]!;
      lost += this.#loss[at]!;
    }
    this.options.meter.spend(at - first);
    return lost + this.options.prices[agent]! * left;
  }

  /** The least of these over all selections that fit, no more than `most`; 0 where the table is too large or the work is done. */
  #leastLoss(agent: number, room: number, most: number): number {
    if (this.options.meter.isSpent(this.limit)) return 0;
    const price = this.options.prices[agent]!;
    const items = this.#select(agent, room, most);
    const size = room + 1;
    if (items.length * size > MAX_CELLS) return 0;
    if (this.#least.length < size) this.#least = new Float64Array(2 * size);
    const least = this.#least.fill(Infinity, 0, size);
    least[0] = 0;
    let [reach, cells] = [0, size];
    for (const item of items) {
      const [loss, use] = [this.#loss[item]!, this.#use[item]!];
      reach = Math.min(room, reach + use);
      for (let c = reach; c >= use; c--) {
        const value = least[c - use]! + loss;
        if (value < least[c]!) least[c] = value;
      }
      cells += reach;
    }
    this.options.meter.spend(cells / CELLS_PER_LOOK);
    let best = most;
    for (let c = 0; c <= reach; c++) best = Math.min(best, least[c]! + price * (room - c));
    return best;
  }

  /** Items that some selection has which loses no more than `most`: of equal uses the first, while they do not lose more together. */
  #select(agent: number, room: number, most: number): number[] {
    const [first, last] = [this.#first[agent]!, this.#first[agent + 1]!];
    if (this.#lost.length <= room) this.#lost = new Float64Array(2 * room + 2);
    const lost = this.#lost.fill(0, 0, room + 1);
    const items: number[] = [];
    for (let at = first; at < last; at++) {
      const [use, loss] = [this.#use[at]!, this.#loss[at]!];
      if (use > room) continue;
      lost[use]! += loss;
      if (lost[use]! <= most) items.push(at);
    }
    this.options.meter.spend(last - first);
    return items;
  }
}

/** Pairs of agent j: pairs[first[j]] … pairs[first[j + 1] − 1]. */
function pairsByAgent({ numAgents, pairAgent }: MakespanProblem): { first: Int32Array; pairs: Int32Array } {
  const first = new Int32Array(numAgents + 1);
  for (const agent of pairAgent) first[agent + 1]! += 1;
  for (let agent = 0; agent < numAgents; agent++) first[agent + 1]! += first[agent]!;
  const next = first.slice();
  const pairs = new Int32Array(pairAgent.length);
  pairAgent.forEach((agent, pair) => (pairs[next[agent]!++] = pair));
  return { first, pairs };
}
