import { MOST_INTERVALS } from "./certificate-work.js";
import type { Pricing } from "./bound-certificate.js";
import { presence } from "./check-presence.js";
import type { Option } from "./check-slot-rules.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Share of the largest sum at hand by which costs must exceed what there is, so that no rounding proves anything or takes anything away. */
const LEAST_EXCESS = 1e-9;

/**
 * All tasks cost more than all agents and pools have up to a latest end (`overpriced`), each on its cheapest pair at its cheapest start within the window at
 * prices by row and equal interval and by dependency and interval; or the options without starts that cost more beyond the least of their task than what all tasks
 * leave. `invalid` where the prices are not such, or their sums beyond all numbers. Written apart from the search: every cost is added up interval by interval.
 */
export function applyPricing(
  problem: SequencingProblem,
  options: readonly (Option | null)[],
  latestEndMs: number,
  { timePrices, orderPrices }: Pricing,
  tolerance: number,
): "overpriced" | "invalid" | (Option | null)[] {
  const { numTasks, numAgents, pools } = problem;
  const numRows = numAgents + (pools?.limit.length ?? 0);
  const numIntervals = timePrices.length / numRows;
  if (
    !(numIntervals >= 1 && numIntervals <= MOST_INTERVALS) ||
    !Number.isInteger(numIntervals) ||
    !(latestEndMs < Infinity)
  )
    return "invalid";
  if (orderPrices.length !== problem.successors.length * numIntervals) return "invalid";
  for (const prices of [timePrices, orderPrices])
    if (!prices.every((price) => price >= 0 && price < Infinity)) return "invalid";
  const costs = new PricedStarts(
    problem,
    latestEndMs / numIntervals,
    numIntervals,
    { timePrices, orderPrices },
    tolerance,
  );
  const margin = LEAST_EXCESS * costs.size();
  if (!(margin < Infinity)) return "invalid";
  const least = new Float64Array(numTasks).fill(Infinity);
  const starts = options.map((option) => (option === null ? [] : costs.startsOf(option)));
  options.forEach((option, k) => {
    if (option !== null)
      for (const { cost } of starts[k]!.flat()) least[option.task] = Math.min(least[option.task]!, cost);
  });
  const work = least.reduce((sum, one) => sum + one, 0);
  const room = costs.room();
  if (work > room + margin) return "overpriced";
  const slack = room + margin - work;
  return options.map((option, k) =>
    option === null ? null : affordable(option, starts[k]!, least[option.task]! + slack),
  );
}

interface PricedStart {
  readonly start: number;
  readonly cost: number;
}

/** The option from its first to its last start that costs no more than `most`; null where none does. Between two neighbours costs change evenly. */
function affordable(option: Option, stays: readonly (readonly PricedStart[])[], most: number): Option | null {
  let [first, last] = [Infinity, -Infinity];
  for (const stay of stays) {
    stay.forEach((here, k) => {
      if (here.cost > most) return;
      first = Math.min(first, crossing(here, stay[k - 1], most));
      last = Math.max(last, crossing(here, stay[k + 1], most));
    });
  }
  if (first > last) return null;
  return { ...option, from: Math.max(option.from, first), to: Math.min(option.to, last + option.busy) };
}

/** Where the cost rises to `most` on the way from one start to its neighbour; the start itself where there is none. */
function crossing(here: PricedStart, neighbour: PricedStart | undefined, most: number): number {
  if (neighbour === undefined) return here.start;
  if (neighbour.cost <= most) return neighbour.start;
  return here.start + ((most - here.cost) / (neighbour.cost - here.cost)) * (neighbour.start - here.start);
}

class PricedStarts {
  /** By task and interval: what a millisecond of a later start gains, and what one of a later end costs. */
  readonly #startGain: Float64Array;
  readonly #endCost: Float64Array;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly widthMs: number,
    private readonly numIntervals: number,
    private readonly pricing: Pricing,
    private readonly tolerance: number,
  ) {
    const { numTasks, successorStart, successors } = problem;
    const cells = numTasks * numIntervals;
    [this.#startGain, this.#endCost] = [new Float64Array(cells), new Float64Array(cells)];
    for (let task = 0; task < numTasks; task++) {
      for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
        for (let interval = 0; interval < numIntervals; interval++) {
          const price = pricing.orderPrices[k * numIntervals + interval]!;
          this.#endCost[task * numIntervals + interval]! += price;
          this.#startGain[successors[k]! * numIntervals + interval]! += price;
        }
      }
    }
  }

  /** The cost of all that there is. */
  room(): number {
    const { problem } = this;
    return this.#costOfAll((row, from, to) => (row < problem.numAgents ? presence(problem, row, from, to) : to - from));
  }

  /** More than what is added up on the way may come to: absences do not count, and what dependencies add is not set off against what they take off. */
  size(): number {
    const ofOrder = this.pricing.orderPrices.reduce((sum, price) => sum + price, 0);
    return this.#costOfAll((_, from, to) => to - from) + 2 * this.widthMs * ofOrder;
  }

  #costOfAll(presentMs: (row: number, from: number, to: number) => number): number {
    const { numIntervals, widthMs } = this;
    const { numAgents, slotStart, pools } = this.problem;
    let cost = 0;
    for (let row = 0; row < numAgents + (pools?.limit.length ?? 0); row++) {
      const rate = row < numAgents ? slotStart[row + 1]! - slotStart[row]! : pools!.limit[row - numAgents]!;
      for (let k = 0; k < numIntervals; k++) {
        const ms = rate * presentMs(row, k * widthMs, (k + 1) * widthMs);
        cost += this.pricing.timePrices[row * numIntervals + k]! * ms;
      }
    }
    return cost;
  }

  /** Of one task on one agent, for each stay of the agent, the starts in order at which it or its end meets a bound of its window, of the stay or of an interval. */
  startsOf(option: Option): PricedStart[][] {
    const { task, agent, busy } = option;
    const prices = this.#pricesOf(task, agent);
    return this.#stays(option).map(([from, to]) => {
      const latest = Math.max(from, to - busy);
      const starts = [from, latest];
      for (let k = 1; k < this.numIntervals; k++) {
        for (const start of [k * this.widthMs, k * this.widthMs - busy])
          if (start > from && start < latest) starts.push(start);
      }
      starts.sort((a, b) => a - b);
      return starts.map((start) => ({ start, cost: this.#cost(task, prices, start, Math.min(start + busy, to)) }));
    });
  }

  #pricesOf(task: number, agent: number): Float64Array {
    const { numIntervals } = this;
    const { timePrices } = this.pricing;
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

  /** The parts of the window between absences of the agent that are long enough, or too short by no more than rounding. */
  #stays({ agent, busy, from, to }: Option): [from: number, to: number][] {
    const { tolerance } = this;
    const { absences } = this.problem;
    const stays: [number, number][] = [];
    let begin = from;
    for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
      stays.push([begin, Math.min(to, absences!.fromMs[k]!)]);
      begin = Math.max(begin, absences!.toMs[k]!);
    }
    stays.push([begin, to]);
    return stays.filter(([start, end]) => start + busy <= end + tolerance);
  }

  #cost(task: number, prices: Float64Array, from: number, to: number): number {
    const { widthMs } = this;
    let sum = this.#upTo(this.#endCost, task, to) - this.#upTo(this.#startGain, task, from);
    const last = Math.min(prices.length - 1, Math.floor(to / widthMs));
    for (let k = Math.max(0, Math.floor(from / widthMs) - 1); k <= last; k++) {
      const inside = Math.min(to, (k + 1) * widthMs) - Math.max(from, k * widthMs);
      if (inside > 0) sum += prices[k]! * inside;
    }
    return sum;
  }

  /** What the time from 0 on costs at prices by task and interval. */
  #upTo(prices: Float64Array, task: number, time: number): number {
    const { numIntervals, widthMs } = this;
    let sum = 0;
    for (let k = 0; k < numIntervals && k * widthMs < time; k++)
      sum += prices[task * numIntervals + k]! * (Math.min(time, (k + 1) * widthMs) - k * widthMs);
    return sum;
  }
}
