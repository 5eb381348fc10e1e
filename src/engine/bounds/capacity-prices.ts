import { SafeSum } from "./safe-sum.js";
import type { GeneralizedAssignment } from "./generalized-assignment.js";
import { ascendPrices, type AscentOptions, type Lists, type PriceOracle } from "./price-ascent.js";

export interface CapacityPrices {
  /** u[j] ≥ 0, cost per unit of capacity; 0 where the capacity is Infinity. */
  readonly prices: Float64Array;
  /** Certified lower bound on the optimum, rounded up where all costs are whole; Infinity where a task fits nowhere. */
  readonly bound: number;
  readonly steps: number;
}

export interface CapacityPriceOptions extends AscentOptions {
  /** Prices to start from; default 0. */
  readonly start?: Float64Array;
}

/**
 * Multipliers of the capacity rows: they maximise L(u) = Σ_i min_j (c[i,j] + u_j a[i,j]) − Σ_j u_j b_j, whose maximum is
 * the value of the linear relaxation (Geoffrion, Math. Programming Study 2, 1974); pairs that need more than an agent's
 * whole capacity are left out of it. See `ascendPrices`.
 */
export function priceCapacities(problem: GeneralizedAssignment, options: CapacityPriceOptions): CapacityPrices {
  const { numAgents, capacity } = problem;
  const start = new Float64Array(numAgents);
  for (let agent = 0; options.start !== undefined && agent < numAgents; agent++) {
    start[agent] = capacity[agent]! < Infinity ? Math.max(0, options.start[agent]!) : 0;
  }
  const { prices, bound, steps } = ascendFromLevel(problem, start, options);
  return { prices, bound: problem.cost.every(Number.isInteger) ? Math.ceil(bound - 1e-6) : bound, steps };
}

/** Prices of all agents alike that an ascent may begin at, in mean ranges of a task's costs for the mean use: these powers of 2. */
const LEVELS = { lowest: -6, highest: 3 } as const;

/**
 * Where many agents take a task at its least cost, L stays at L(0) until each of them has a price, and no step leads away from 0: the ascent then begins again
 * at the best level of prices alike.
 */
function ascendFromLevel(problem: GeneralizedAssignment, start: Float64Array, options: CapacityPriceOptions) {
  const first = ascendPrices(problem, new CapacityOracle(problem), start, options);
  if (options.start !== undefined || first.bound > evaluateCapacityPrices(problem, start)) return first;
  const level = bestLevel(problem, first.bound);
  return level === null ? first : ascendPrices(problem, new CapacityOracle(problem), level, options);
}

/** The level of prices of most value, null where none has more than `known`. O(levels · pairs). */
function bestLevel(problem: GeneralizedAssignment, known: number): Float64Array | null {
  const { numTasks, pairStart, cost, capacity } = problem;
  let range = 0;
  for (let task = 0; task < numTasks; task++) {
    const own = cost.subarray(pairStart[task], pairStart[task + 1]);
    if (own.length > 0)
      range += (own.reduce((a, b) => Math.max(a, b)) - own.reduce((a, b) => Math.min(a, b))) / numTasks;
  }
  const unit = inverseMeanUse(problem).map((inverse, agent) => (capacity[agent]! < Infinity ? range * inverse : 0));
  let [best, bestValue]: [Float64Array | null, number] = [null, known];
  for (let power = LEVELS.lowest; power <= LEVELS.highest; power++) {
    const prices = unit.map((price) => price * 2 ** power);
    const value = evaluateCapacityPrices(problem, prices);
    if (value > bestValue) [best, bestValue] = [prices, value];
  }
  return best;
}

/** L(u) for any u ≥ 0, not rounded up, and certainly not above the exact value. O(pairs). */
export function evaluateCapacityPrices(problem: GeneralizedAssignment, prices: Float64Array): number {
  const { numTasks, numAgents, pairStart, pairAgent, cost, use, capacity } = problem;
  const total = new SafeSum();
  for (let agent = 0; agent < numAgents; agent++) {
    if (prices[agent]! > 0) total.add(-prices[agent]! * capacity[agent]!);
  }
  for (let task = 0; task < numTasks; task++) {
    let least = Infinity;
    const last = pairStart[task + 1]!;
    for (let pair = pairStart[task]!; pair < last; pair++) {
      const agent = pairAgent[pair]!;
      if (use[pair]! > capacity[agent]!) continue;
      const price = cost[pair]! + prices[agent]! * use[pair]!;
      if (price < least) least = price;
    }
    if (least === Infinity) return Infinity;
    total.add(least);
  }
  return total.lowerEnd(2);
}

class CapacityOracle implements PriceOracle {
  readonly scale: Float64Array;

  constructor(private readonly problem: GeneralizedAssignment) {
    const { capacity } = problem;
    this.scale = inverseMeanUse(problem).map((inverse, j) => (capacity[j]! < Infinity ? inverse ** 2 : 0));
  }

  certify(prices: Float64Array): number {
    return evaluateCapacityPrices(this.problem, prices);
  }

  /** The excess is load − capacity. */
  evaluate(prices: Float64Array, { start, agent, cost, use }: Lists, stride: number, excess: Float64Array): number {
    const { numTasks, numAgents, capacity } = this.problem;
    let value = 0;
    for (let j = 0; j < numAgents; j++) {
      excess[j] = -capacity[j]! / stride;
      if (prices[j]! > 0) value += prices[j]! * excess[j]!;
    }
    for (let task = 0; task < numTasks; task += stride) {
      const last = start[task + 1]!;
      let least = Infinity;
      let chosen = -1;
      for (let k = start[task]!; k < last; k++) {
        const price = cost[k]! + prices[agent[k]!]! * use[k]!;
        if (price < least) {
          least = price;
          chosen = k;
        }
      }
      if (chosen < 0) continue;
      excess[agent[chosen]!]! += use[chosen]!;
      value += least;
    }
    return value;
  }
}

/**
 * 1 / (mean use of the agent's pairs): prices in this unit move alike on fast and slow agents. 0 where nothing is used.
 */
export function inverseMeanUse({
  numAgents,
  pairAgent,
  use,
}: Pick<GeneralizedAssignment, "numAgents" | "pairAgent" | "use">): Float64Array {
  const sum = new Float64Array(numAgents);
  const count = new Int32Array(numAgents);
  for (let pair = 0; pair < pairAgent.length; pair++) {
    sum[pairAgent[pair]!]! += use[pair]!;
    count[pairAgent[pair]!]! += 1;
  }
  return sum.map((total, j) => (total > 0 ? count[j]! / total : 0));
}
