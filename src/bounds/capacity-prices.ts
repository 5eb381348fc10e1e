import { type CandidateLists, selectCandidates } from "./candidate-lists.js";
import type { GeneralizedAssignment } from "./generalized-assignment.js";
import { SafeSum } from "./safe-sum.js";
import type { WorkMeter } from "./work-meter.js";

export interface CapacityPrices {
  /** u[j] ≥ 0, cost per unit of capacity; 0 where the capacity is Infinity. */
  readonly prices: Float64Array;
  /** Certified lower bound on the optimum, rounded up where all costs are whole; Infinity where a task fits nowhere. */
  readonly bound: number;
  /** Steps taken, over all rounds. */
  readonly steps: number;
}

export interface CapacityPriceOptions {
  readonly meter: WorkMeter;
  /** Units to spend at most; default: what 200 looks at every pair cost. */
  readonly workLimit?: number;
  /** Prices to start from; default 0. */
  readonly start?: Float64Array;
  /** Stop once the bound can hardly grow by this fraction any more; default 1e-6. */
  readonly tolerance?: number;
  readonly onBound?: (bound: number, prices: Float64Array) => void;
}

/** Pairs of a task that the cheap steps look at; the rest is looked at again between rounds. */
const PAIRS_PER_TASK = 12;
const FULL_STEPS = 20;
/** Pairs of the sample of tasks on which prices are first found. */
const SAMPLE_PAIRS = 2e5;
const SAMPLE_STEPS = 300;
const SAMPLE_TOLERANCE = 1e-3;
/** Units that are always granted: little problems need as many steps as large ones. */
const LEAST_WORK = 5e6;
const STEPS_PER_ROUND = 400;
const MAX_ROUNDS = 12;
const PATIENCE = 12;
/** Share of the last direction in the next (Camerini, Fratta, Maffioli, Math. Programming Study 3, 1975). */
const MEMORY = 0.6;

/**
 * Multipliers of the capacity rows: they maximise L(u) = Σ_i min_j (c[i,j] + u_j a[i,j]) − Σ_j u_j b_j, whose maximum is
 * the value of the linear relaxation (Geoffrion, Math. Programming Study 2, 1974). Deflected subgradient steps towards a
 * level above the best value seen (Polyak, USSR Comp. Math. 9, 1969; the level moves as in Goffin, Kiwiel, Math.
 * Programming 85, 1999). Large problems are first priced on every s-th task, with capacities divided by s. After a few
 * looks at all pairs, steps look only at the cheapest pairs of each task, which are
 * chosen anew in every round, as columns are in column generation. O(pairs) memory.
 */
export function priceCapacities(problem: GeneralizedAssignment, options: CapacityPriceOptions): CapacityPrices {
  const { meter, tolerance = 1e-6 } = options;
  const numPairs = problem.pairStart[problem.numTasks]!;
  const limit = meter.used + (options.workLimit ?? Math.max(LEAST_WORK, 200 * numPairs));
  const ascent = new Ascent(problem, options.start);
  const whole = wholeLists(problem);
  const stride = Math.floor(numPairs / SAMPLE_PAIRS);
  let steps =
    stride > 1 ? ascent.climb(whole, { stride, maxSteps: SAMPLE_STEPS, tolerance: SAMPLE_TOLERANCE }, meter, limit) : 0;
  steps += ascent.climb(whole, { stride: 1, maxSteps: FULL_STEPS, tolerance }, meter, limit);
  let best = ascent.best.slice();
  let bound = evaluateCapacityPrices(problem, best);
  options.onBound?.(bound, best);
  let perTask = PAIRS_PER_TASK;
  for (let round = 0; round < MAX_ROUNDS && bound < Infinity && !meter.isSpent(limit); round++) {
    const lists = selectCandidates(problem, { prices: ascent.best }, perTask, meter);
    steps += ascent.climb(lists, { stride: 1, maxSteps: STEPS_PER_ROUND, tolerance }, meter, limit);
    const promised = ascent.bestValue;
    const value = evaluateCapacityPrices(problem, ascent.best);
    meter.spend(numPairs);
    if (value > bound) {
      [bound, best] = [value, ascent.best.slice()];
      options.onBound?.(bound, best);
    } else {
      ascent.best.set(best);
      perTask *= 2;
    }
    if (ascent.hasConverged && promised - bound <= tolerance * Math.abs(bound)) break;
  }
  const isWholeCost = problem.cost.every(Number.isInteger);
  return { prices: best, bound: isWholeCost ? Math.ceil(bound - 1e-6) : bound, steps };
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

type Lists = Omit<CandidateLists, "pair">;

interface Climb {
  /** Only every stride-th task counts, with capacities divided by it. */
  readonly stride: number;
  readonly maxSteps: number;
  readonly tolerance: number;
}

/** All pairs as lists, without a copy. */
function wholeLists(problem: GeneralizedAssignment): Lists {
  return { start: problem.pairStart, agent: problem.pairAgent, cost: problem.cost, use: problem.use };
}

/**
 * The steps. Prices are scaled by the mean use on each agent, so that fast and slow agents move alike. The level is
 * best + `reach`: it doubles while steps keep improving and halves when they do not.
 */
class Ascent {
  readonly best: Float64Array;
  bestValue = -Infinity;
  hasConverged = false;
  readonly #prices: Float64Array;
  readonly #direction: Float64Array;
  readonly #excess: Float64Array;
  readonly #scale: Float64Array;
  #reach = 0;

  constructor(
    private readonly problem: GeneralizedAssignment,
    start: Float64Array | undefined,
  ) {
    const { numAgents } = problem;
    this.#prices = new Float64Array(numAgents);
    for (let agent = 0; start !== undefined && agent < numAgents; agent++) {
      this.#prices[agent] = problem.capacity[agent]! < Infinity ? Math.max(0, start[agent]!) : 0;
    }
    this.best = this.#prices.slice();
    this.#direction = new Float64Array(numAgents);
    this.#excess = new Float64Array(numAgents);
    this.#scale = inverseSquaredMeanUse(problem);
  }

  /** Steps on the given lists, from the best prices so far. Returns their number. */
  climb(lists: Lists, { stride, maxSteps, tolerance }: Climb, meter: WorkMeter, limit: number): number {
    this.#prices.set(this.best);
    this.#direction.fill(0);
    this.bestValue = -Infinity;
    this.hasConverged = false;
    let [sinceBest, gains, steps] = [0, 0, 0];
    for (; steps < maxSteps && !meter.isSpent(limit); steps++) {
      let value = this.#evaluate(lists, stride);
      meter.spend(lists.start[this.problem.numTasks]! / stride);
      if (this.#reach === 0) this.#reach = 0.05 * Math.abs(value) || 1;
      if (value > this.bestValue + 1e-3 * this.#reach) [sinceBest, gains] = [0, gains + 1];
      else [sinceBest, gains] = [sinceBest + 1, 0];
      if (value > this.bestValue) {
        this.bestValue = value;
        this.best.set(this.#prices);
      }
      if (gains >= 4) [this.#reach, gains] = [this.#reach * 1.5, 0];
      if (sinceBest >= PATIENCE) {
        this.#reach /= 2;
        sinceBest = 0;
        if (this.#reach <= tolerance * Math.abs(this.bestValue)) {
          this.hasConverged = true;
          this.#reach *= 16;
          return steps;
        }
        this.#prices.set(this.best);
        value = this.#evaluate(lists, stride);
        this.#direction.fill(0);
      }
      if (!this.#move(this.bestValue + this.#reach - value)) {
        this.hasConverged = true;
        return steps;
      }
    }
    return steps;
  }

  /** L(u) on the lists; leaves load − capacity of each agent in `#excess`. */
  #evaluate({ start, agent, cost, use }: Lists, stride: number): number {
    const { numTasks, numAgents, capacity } = this.problem;
    const [prices, excess] = [this.#prices, this.#excess];
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

  /** One step of the length that would gain `distance` if L were linear; false where no price can move. */
  #move(distance: number): boolean {
    const { numAgents } = this.problem;
    const [prices, direction, excess, scale] = [this.#prices, this.#direction, this.#excess, this.#scale];
    let norm = 0;
    for (let j = 0; j < numAgents; j++) {
      if (scale[j] === 0 || (prices[j] === 0 && excess[j]! <= 0)) direction[j] = 0;
      else direction[j] = excess[j]! + MEMORY * direction[j]!;
      norm += direction[j]! * direction[j]! * scale[j]!;
    }
    if (norm === 0) return false;
    const length = distance / norm;
    for (let j = 0; j < numAgents; j++) {
      if (direction[j] !== 0) prices[j] = Math.max(0, prices[j]! + length * direction[j]! * scale[j]!);
    }
    return true;
  }
}

/** 1 / (mean use of the agent's pairs)²; 0 where the capacity is Infinity or nothing is used. */
function inverseSquaredMeanUse({ numAgents, pairAgent, use, capacity }: GeneralizedAssignment): Float64Array {
  const sum = new Float64Array(numAgents);
  const count = new Int32Array(numAgents);
  for (let pair = 0; pair < pairAgent.length; pair++) {
    sum[pairAgent[pair]!]! += use[pair]!;
    count[pairAgent[pair]!]! += 1;
  }
  return sum.map((total, j) => (capacity[j]! < Infinity && total > 0 ? (count[j]! / total) ** 2 : 0));
}
