import { presence } from "./check-presence.js";
import type { Option } from "./check-slot-rules.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Share by which all tasks must cost more than all that there is, so that no rounding proves anything. */
const LEAST_EXCESS = 1e-9;
const ROUNDING = 1e-12;

/**
 * Whether all tasks, each on its cheapest pair at its cheapest start within the window, cost more than all agents and pools have up to a latest end,
 * at prices by row and equal interval. Written apart from the search: every cost is added up interval by interval.
 */
export function isOverpriced(
  problem: SequencingProblem,
  options: readonly (Option | null)[],
  latestEndMs: number,
  timePrices: Float64Array,
): boolean {
  const { numTasks, numAgents, slotStart, pools } = problem;
  const numRows = numAgents + (pools?.limit.length ?? 0);
  const numIntervals = timePrices.length / numRows;
  if (!(numIntervals >= 1) || !Number.isInteger(numIntervals) || !(latestEndMs < Infinity)) return false;
  if (!timePrices.every((price) => price >= 0 && price < Infinity)) return false;
  const least = new Float64Array(numTasks).fill(Infinity);
  const costs = new IntervalCosts(problem, latestEndMs / numIntervals, numIntervals, timePrices);
  for (const option of options) {
    if (option !== null) least[option.task] = Math.min(least[option.task]!, costs.leastOf(option));
  }
  const work = least.reduce((sum, one) => sum + one, 0);
  let room = 0;
  for (let row = 0; row < numRows; row++) {
    for (let k = 0; k < numIntervals; k++) {
      const [from, to] = [k * costs.widthMs, (k + 1) * costs.widthMs];
      const ms =
        row < numAgents
          ? (slotStart[row + 1]! - slotStart[row]!) * presence(problem, row, from, to)
          : pools!.limit[row - numAgents]! * (to - from);
      room += timePrices[row * numIntervals + k]! * ms;
    }
  }
  return work > room * (1 + LEAST_EXCESS);
}

class IntervalCosts {
  constructor(
    private readonly problem: SequencingProblem,
    readonly widthMs: number,
    private readonly numIntervals: number,
    private readonly timePrices: Float64Array,
  ) {}

  /** Of one task on one agent, at the cheapest of the starts at which it or its end meets a bound of its window, an absence or an interval. */
  leastOf(option: Option): number {
    const { task, agent, busy } = option;
    const prices = this.#pricesOf(task, agent);
    let least = Infinity;
    for (const [from, to] of this.#stays(option)) {
      const latest = Math.max(from, to - busy);
      const starts = [from, latest];
      for (let k = 1; k < this.numIntervals; k++) starts.push(k * this.widthMs, k * this.widthMs - busy);
      for (const start of starts) {
        if (start >= from && start <= latest) least = Math.min(least, this.#cost(prices, start, start + busy));
      }
    }
    return least;
  }

  #pricesOf(task: number, agent: number): Float64Array {
    const { numIntervals, timePrices } = this;
    const { numAgents, pools } = this.problem;
    const prices = timePrices.slice(agent * numIntervals, (agent + 1) * numIntervals);
    for (let use = pools?.useStart[task] ?? 0; use < (pools?.useStart[task + 1] ?? 0); use++) {
      const row = numAgents + pools!.usePool[use]!;
      for (let k = 0; k < numIntervals; k++) {
        prices[k]! += pools!.useAmount[use]! * timePrices[row * numIntervals + k]!;
      }
    }
    return prices;
  }

  /** The parts of the window between absences of the agent that are long enough. */
  #stays({ agent, busy, from, to }: Option): [from: number, to: number][] {
    const { absences } = this.problem;
    const stays: [number, number][] = [];
    let begin = from;
    for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
      stays.push([begin, Math.min(to, absences!.fromMs[k]!)]);
      begin = Math.max(begin, absences!.toMs[k]!);
    }
    stays.push([begin, to]);
    return stays.filter(([start, end]) => end - start >= busy * (1 - ROUNDING));
  }

  #cost(prices: Float64Array, from: number, to: number): number {
    let sum = 0;
    prices.forEach((price, k) => {
      const inside = Math.min(to, (k + 1) * this.widthMs) - Math.max(from, k * this.widthMs);
      if (inside > 0) sum += price * inside;
    });
    return sum;
  }
}
