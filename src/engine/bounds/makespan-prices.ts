import { inverseMeanUse } from "./capacity-prices.js";
import type { GeneralizedAssignment } from "./generalized-assignment.js";
import { ascendPrices, type AscentOptions, type Lists, type PriceOracle } from "./price-ascent.js";
import { SafeSum } from "./safe-sum.js";

/**
 * Unrelated parallel agents, R || Cmax: give each task to one agent so that the last one ends as early as can be. Pairs are
 * laid out as in a `GeneralizedAssignment`. An agent has identical slots and starts at its release time; where it has no
 * task it does not count.
 */
export interface MakespanProblem {
  readonly numTasks: number;
  readonly numAgents: number;
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
  /** Busy time of each pair, ≥ 0. */
  readonly use: Float64Array;
  /** Parallel tasks of each agent, ≥ 1. */
  readonly slots: ArrayLike<number>;
  /** Earliest start on each agent, ≥ 0, in the unit of `use`. */
  readonly availableFrom: Float64Array;
}

export interface MakespanPrices {
  /** μ[j] ≥ 0, with Σ slots · μ = 1. */
  readonly prices: Float64Array;
  /** Certified lower bound on the makespan, rounded up where all times are whole; Infinity where a task has no pair. */
  readonly bound: number;
  readonly steps: number;
}

/**
 * Multipliers of the rows that hold agents to a makespan C. Whatever μ ≥ 0, a plan that ends by C satisfies
 *
 *   Σ_i min_j μ_j p[i,j]  ≤  Σ_j μ_j load_j  ≤  Σ_j μ_j slots_j max(0, C − release_j),
 *
 * since an agent that is used ends by C and the others bear no load. So the least C of this inequality is a bound; without
 * releases it is that of the linear relaxation (Lenstra, Shmoys, Tardos, Math. Programming 46, 1990). No task ends before
 * its earliest end anywhere, and tasks that one slot must take one after another are left to stronger bounds.
 */
export function priceMakespan(problem: MakespanProblem, options: AscentOptions): MakespanPrices {
  const relaxation: GeneralizedAssignment = {
    ...problem,
    cost: new Float64Array(problem.use.length),
    capacity: new Float64Array(problem.numAgents).fill(Infinity),
  };
  const oracle = new MakespanOracle(problem);
  const { prices, bound, steps } = ascendPrices(relaxation, oracle, inverseMeanUse(problem), options);
  let total = 0;
  for (let agent = 0; agent < prices.length; agent++) total += prices[agent]! * problem.slots[agent]!;
  const best = Math.max(bound, latestEarliestEnd(problem));
  const isWhole = problem.use.every(Number.isInteger) && problem.availableFrom.every(Number.isInteger);
  return {
    prices: total > 0 ? prices.map((price) => price / total) : prices,
    bound: isWhole ? Math.ceil(best - 1e-6) : best,
    steps,
  };
}

/** The bound that any μ ≥ 0 gives, not rounded up, and certainly not above the exact value. O(pairs). */
export function evaluateMakespanPrices(problem: MakespanProblem, prices: Float64Array): number {
  const { numTasks, pairStart, pairAgent, use } = problem;
  const total = new SafeSum();
  for (let task = 0; task < numTasks; task++) {
    let least = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const price = prices[pairAgent[pair]!]! * use[pair]!;
      if (price < least) least = price;
    }
    if (least === Infinity) return Infinity;
    total.add(least);
  }
  const end = new Rooms(problem).endOf(prices, total.lowerEnd(1), 1);
  return end * (1 - 4 * problem.numAgents * Number.EPSILON);
}

/** max_i min_j (release_j + p[i,j]). */
function latestEarliestEnd({ numTasks, pairStart, pairAgent, use, availableFrom }: MakespanProblem): number {
  let latest = 0;
  for (let task = 0; task < numTasks; task++) {
    let earliest = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      earliest = Math.min(earliest, availableFrom[pairAgent[pair]!]! + use[pair]!);
    }
    latest = Math.max(latest, earliest);
  }
  return latest;
}

/** The room agents have until a makespan, as a function of it. */
class Rooms {
  readonly #order: Int32Array;

  constructor(private readonly problem: MakespanProblem) {
    const { availableFrom } = problem;
    this.#order = Int32Array.from(availableFrom.keys());
    this.#order.sort((a, b) => availableFrom[a]! - availableFrom[b]! || a - b);
  }

  /** Least C with Σ_j μ_j slots_j max(0, C − release_j) ≥ stride · value. O(agents). */
  endOf(prices: Float64Array, value: number, stride: number): number {
    const { slots, availableFrom } = this.problem;
    if (!(value > 0)) return 0;
    const order = this.#order;
    let [rate, held] = [0, 0];
    for (let k = 0; k < order.length; k++) {
      const agent = order[k]!;
      const worth = prices[agent]! * slots[agent]!;
      rate += worth;
      held += worth * availableFrom[agent]!;
      const next = k + 1 < order.length ? availableFrom[order[k + 1]!]! : Infinity;
      if (rate > 0 && rate * next - held >= stride * value) return (stride * value + held) / rate;
    }
    return 0;
  }
}

class MakespanOracle implements PriceOracle {
  readonly scale: Float64Array;
  readonly #rooms: Rooms;

  constructor(private readonly problem: MakespanProblem) {
    this.scale = inverseMeanUse(problem).map((inverse) => inverse ** 2);
    this.#rooms = new Rooms(problem);
  }

  certify(prices: Float64Array): number {
    return evaluateMakespanPrices(this.problem, prices);
  }

  /** The makespan at these prices; the excess is (load − room) / rate, in which rate = Σ of the prices that set it. */
  evaluate(prices: Float64Array, { start, agent, use }: Lists, stride: number, excess: Float64Array): number {
    const { numTasks, numAgents, slots, availableFrom } = this.problem;
    excess.fill(0);
    let value = 0;
    for (let task = 0; task < numTasks; task += stride) {
      const last = start[task + 1]!;
      let least = Infinity;
      let chosen = -1;
      for (let k = start[task]!; k < last; k++) {
        const price = prices[agent[k]!]! * use[k]!;
        if (price < least) {
          least = price;
          chosen = k;
        }
      }
      if (chosen < 0) continue;
      excess[agent[chosen]!]! += use[chosen]! * stride;
      value += least;
    }
    const end = this.#rooms.endOf(prices, value, stride);
    let rate = 0;
    for (let j = 0; j < numAgents; j++) {
      const room = slots[j]! * Math.max(0, end - availableFrom[j]!);
      excess[j]! -= room;
      if (room > 0) rate += prices[j]! * slots[j]!;
    }
    for (let j = 0; rate > 0 && j < numAgents; j++) excess[j]! /= rate;
    return end;
  }
}
