import { type CandidateLists, selectCandidates } from "./candidate-lists.js";
import type { GeneralizedAssignment } from "./generalized-assignment.js";
import type { WorkMeter } from "./work-meter.js";

export type Lists = Omit<CandidateLists, "pair">;

/** A concave function of the agents' prices that is a lower bound at any of them. */
export interface PriceOracle {
  /** Relative length of a step in each price, ≥ 0; 0 where it is to stay. */
  readonly scale: Float64Array;
  /**
   * Value on the pairs of `lists` and on every stride-th task, with capacities divided by the stride; writes its
   * supergradient to `excess`.
   */
  evaluate(prices: Float64Array, lists: Lists, stride: number, excess: Float64Array): number;
  /** Value on all pairs, certainly not above the exact one. */
  certify(prices: Float64Array): number;
}

export interface AscentOptions {
  readonly meter: WorkMeter;
  /** Looks to spend at most; default: what 200 looks at every pair cost. */
  readonly workLimit?: number;
  /** Stop once the bound can hardly grow by this fraction any more; default 1e-6. */
  readonly tolerance?: number;
  readonly onBound?: (bound: number, prices: Float64Array) => void;
}

export interface AscentOutcome {
  readonly prices: Float64Array;
  readonly bound: number;
  /** Steps taken, over all rounds. */
  readonly steps: number;
}

/** Pairs of a task that the cheap steps look at; the rest is looked at again between rounds. */
const PAIRS_PER_TASK = 12;
const FULL_STEPS = 20;
/** Pairs of the sample of tasks on which prices are first found. */
const SAMPLE_PAIRS = 2e5;
const SAMPLE_STEPS = 300;
const SAMPLE_TOLERANCE = 1e-3;
const STEPS_PER_ROUND = 400;
const MAX_ROUNDS = 12;
const PATIENCE = 12;
/** Share of the last direction in the next (Camerini, Fratta, Maffioli, Math. Programming Study 3, 1975). */
const MEMORY = 0.6;
/** Looks that are always granted by default: little problems need as many steps as large ones. */
const LEAST_WORK = 3e7;

/**
 * Prices that (nearly) maximise the oracle's bound: deflected subgradient steps towards a level above the best value seen
 * (Polyak, USSR Comp. Math. 9, 1969; the level moves as in Goffin, Kiwiel, Math. Programming 85, 1999). Large problems are
 * first priced on every s-th task. After a few looks at all pairs, steps look only at the cheapest pairs of each task, which
 * are chosen anew in every round, as columns are in column generation. O(pairs) memory.
 */
export function ascendPrices(
  problem: GeneralizedAssignment,
  oracle: PriceOracle,
  start: Float64Array,
  options: AscentOptions,
): AscentOutcome {
  const { meter, tolerance = 1e-6 } = options;
  const numPairs = problem.pairStart[problem.numTasks]!;
  const limit = meter.used + (options.workLimit ?? Math.max(LEAST_WORK, 200 * numPairs));
  const ascent = new Ascent(oracle, problem, start);
  const whole = wholeLists(problem);
  const stride = Math.max(1, Math.floor(numPairs / SAMPLE_PAIRS));
  let steps = ascent.climb(whole, { stride, maxSteps: SAMPLE_STEPS, tolerance: SAMPLE_TOLERANCE }, meter, limit);
  if (stride > 1) steps += ascent.climb(whole, { stride: 1, maxSteps: FULL_STEPS, tolerance }, meter, limit);
  let best = ascent.best.slice();
  let bound = oracle.certify(best);
  options.onBound?.(bound, best);
  let perTask = PAIRS_PER_TASK;
  for (let round = 0; round < MAX_ROUNDS && bound < Infinity && !meter.isSpent(limit); round++) {
    const lists = selectCandidates(problem, { prices: ascent.best }, perTask, meter);
    steps += ascent.climb(lists, { stride: 1, maxSteps: STEPS_PER_ROUND, tolerance }, meter, limit);
    const promised = ascent.bestValue;
    const value = oracle.certify(ascent.best);
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
  return { prices: best, bound, steps };
}

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
    private readonly oracle: PriceOracle,
    private readonly problem: GeneralizedAssignment,
    start: Float64Array,
  ) {
    const { numAgents } = problem;
    this.#prices = start.slice();
    this.best = this.#prices.slice();
    this.#direction = new Float64Array(numAgents);
    this.#excess = new Float64Array(numAgents);
    this.#scale = oracle.scale;
  }

  /** Steps on the given lists, from the best prices so far. Returns their number. */
  climb(lists: Lists, { stride, maxSteps, tolerance }: Climb, meter: WorkMeter, limit: number): number {
    this.#prices.set(this.best);
    this.#direction.fill(0);
    this.bestValue = -Infinity;
    this.hasConverged = false;
    let [sinceBest, gains, steps] = [0, 0, 0];
    for (; steps < maxSteps && !meter.isSpent(limit); steps++) {
      let value = this.oracle.evaluate(this.#prices, lists, stride, this.#excess);
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
        value = this.oracle.evaluate(this.#prices, lists, stride, this.#excess);
        this.#direction.fill(0);
      }
      if (!this.#move(this.bestValue + this.#reach - value)) {
        this.hasConverged = true;
        return steps;
      }
    }
    return steps;
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
