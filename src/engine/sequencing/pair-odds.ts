import type { Random } from "../../domain/index.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** How fast the odds of a pair fall with its cost above the least of its task, as a share of that: at 1.5 times the least an eighth is left. */
const STEEPNESS = 4;
/** Lowest price beside the highest: an agent with time to spare costs a little. */
const LEAST_PRICE = 1e-3;

/** Draws pairs, the cheap ones at prices of the agents' time more often: of changes to dear ones next to none are accepted. */
export class PairOdds {
  /** By pair: what its busy time costs, in mean least costs of a task. */
  readonly cost: Float64Array;
  /** By pair: its share of the odds of its task's pairs, and that of all up to it. */
  readonly #share: Float64Array;
  readonly #upTo: Float64Array;

  constructor(
    private readonly problem: SequencingProblem,
    prices: Float64Array,
  ) {
    const { numTasks, pairStart, pairAgent, busyMs } = problem;
    const lowest = LEAST_PRICE * prices.reduce((most, price) => Math.max(most, price), 0);
    this.cost = busyMs.map((busy, pair) => busy * Math.max(lowest, prices[pairAgent[pair]!]!));
    this.#upTo = new Float64Array(busyMs.length);
    this.#share = new Float64Array(busyMs.length);
    let total = 0;
    for (let task = 0; task < numTasks; task++) {
      const [from, to] = [pairStart[task]!, pairStart[task + 1]!];
      const least = this.cost.subarray(from, to).reduce((low, cost) => Math.min(low, cost), Infinity);
      total += least;
      let sum = 0;
      for (let pair = from; pair < to; pair++) {
        const odds = least > 0 ? Math.exp(STEEPNESS * (1 - this.cost[pair]! / least)) : 1;
        sum += odds;
        this.#share[pair] = odds;
        this.#upTo[pair] = sum;
      }
      for (let pair = from; pair < to; pair++) {
        this.#share[pair]! /= sum;
        this.#upTo[pair]! /= sum;
      }
    }
    const mean = total / Math.max(1, numTasks);
    if (mean > 0) for (let pair = 0; pair < this.cost.length; pair++) this.cost[pair]! /= mean;
  }

  /** A pair of the task. */
  draw(task: number, random: Random): number {
    const { pairStart } = this.problem;
    const last = pairStart[task + 1]! - 1;
    const share = random.unit();
    let pair = pairStart[task]!;
    while (pair < last && this.#upTo[pair]! < share) pair++;
    return pair;
  }

  /** A pair of the task that takes at most so long and is not a given one, by the odds among those; −1 where there is none. O(pairs of the task). */
  drawWithin(task: number, mostBusyMs: number, except: number, random: Random): number {
    const { pairStart, busyMs } = this.problem;
    const [from, to] = [pairStart[task]!, pairStart[task + 1]!];
    let sum = 0;
    for (let pair = from; pair < to; pair++)
      if (busyMs[pair]! <= mostBusyMs && pair !== except) sum += this.#share[pair]!;
    if (sum === 0) return -1;
    let left = sum * random.unit();
    let drawn = -1;
    for (let pair = from; pair < to && left >= 0; pair++) {
      if (busyMs[pair]! > mostBusyMs || pair === except) continue;
      drawn = pair;
      left -= this.#share[pair]!;
    }
    return drawn;
  }
}
