import { presentMs } from "./agent-time.js";
import type { Pricing } from "./bound-certificate.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { OrderPrices } from "./order-prices.js";
import { StartCosts } from "./start-costs.js";
import type { TimeWindows } from "./time-windows.js";

/** Weight of the last loads in their moving average: single loads jump from one place to the next. */
const NEW_SHARE = 0.05;
/** Largest surplus or shortage of a load that moves its price in one step, as a share of its capacity. */
const MAX_EXCESS = 1;
/** Lowest price beside the highest, so that each can rise again. */
const LEAST_PRICE = 1e-6;
/** Digits of a price that are kept in a certificate. */
const KEPT_DIGITS = 5;
/** Starts that are tried for one move. */
const STARTS_PER_MOVE = 8;
/** Share of the largest sum at hand by which too little is taken away, so that no rounding takes too much; more than the check asks for. */
const MARGIN = 2e-9;

/**
 * Prices of time that change with time, for agents and then pools and for dependencies, in equal intervals up to a latest end. With them each task takes
 * at least what it costs on its cheapest pair at its cheapest start within the pair's window; where all tasks together cost more than all that there is, no
 * schedule ends by then. This is the Lagrangian dual of the program with a variable for each pair and start (Christofides, Alvarez-Valdes, Tamarit, EJOR
 * 29, 1987). The prices of a dependency are paid for the time from the start of its second task to the end of its first, and got back where it is the other
 * way round, as in every schedule. Since they change with time, the first task ends by any time at least as often as the second starts by then.
 */
export class TimePrices {
  readonly #numRows: number;
  /** By row and interval; a last interval of no price stands behind the others. */
  readonly #price: Float64Array;
  /** Cost of a row's time ahead of each interval. */
  readonly #before: Float64Array;
  readonly #load: Float64Array;
  readonly #meanLoad: Float64Array;
  readonly #capacity: Float64Array;
  /** The same without absences. */
  readonly #whole: Float64Array;
  readonly #order: OrderPrices;
  /** By task: the least cost, and where it is reached. */
  readonly #least: Float64Array;
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #costs: StartCosts;
  #numBooked = 0;
  /** What all tasks leave of all that there is at least, and what of sums is left out for rounding. */
  #slack = 0;
  #margin = 0;
  #widthMs = 0;
  #isFirst = true;

  /** @param start first prices of agents, and of pools where they have any, at all times */
  constructor(
    private readonly problem: SequencingProblem,
    private readonly numIntervals: number,
    start: Float64Array,
  ) {
    const stride = numIntervals + 1;
    const { numTasks } = problem;
    this.#numRows = problem.numAgents + (problem.pools?.limit.length ?? 0);
    const cells = (): Float64Array => new Float64Array(this.#numRows * stride);
    [this.#price, this.#before, this.#capacity, this.#whole] = [cells(), cells(), cells(), cells()];
    [this.#load, this.#meanLoad] = [cells(), cells()];
    const ofTasks = (): Float64Array => new Float64Array(numTasks);
    [this.#least, this.#start, this.#end] = [ofTasks(), ofTasks(), ofTasks()];
    this.#order = new OrderPrices(problem, numIntervals);
    this.#costs = new StartCosts(numIntervals);
    for (let row = 0; row < this.#numRows; row++) {
      this.#price.fill(Math.max(LEAST_PRICE, start[row] ?? 0), row * stride, row * stride + numIntervals);
    }
  }

  /** Starts tried so far, in moves. */
  get numMoves(): number {
    return (this.#costs.numStarts + this.#numBooked + this.#order.numSteps) / STARTS_PER_MOVE;
  }

  /** Spreads the intervals over the time up to a latest end. */
  open(latestEndMs: number): void {
    const { problem, numIntervals } = this;
    const { numAgents, slotStart, pools } = problem;
    this.#widthMs = latestEndMs / numIntervals;
    this.#costs.open(this.#widthMs);
    for (let row = 0; row < this.#numRows; row++) {
      const rate = row < numAgents ? slotStart[row + 1]! - slotStart[row]! : pools!.limit[row - numAgents]!;
      for (let k = 0; k < numIntervals; k++) {
        const [from, to] = [k * this.#widthMs, (k + 1) * this.#widthMs];
        const presence = row < numAgents ? presentMs(problem, row, from, to) : to - from;
        const cell = row * (numIntervals + 1) + k;
        [this.#capacity[cell], this.#whole[cell]] = [rate * presence, rate * (to - from)];
      }
    }
    if (this.#isFirst) this.#meanLoad.set(this.#capacity);
    this.#isFirst = false;
    this.#order.spread(this.#widthMs);
  }

  /** By how much the cost of all tasks in these windows exceeds that of all that there is, as a share of it. */
  excess(windows: TimeWindows): number {
    const { problem } = this;
    const room = this.#sumUp();
    const costs = this.#costs;
    this.#load.fill(0);
    let work = 0;
    for (let task = 0; task < problem.numTasks; task++) {
      let [least, chosen, start] = [Infinity, -1, 0];
      for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
        if (windows.isAlive[pair] === 0) continue;
        this.#takePrices(windows, task, pair);
        const busy = problem.busyMs[pair]!;
        let cost = least;
        this.#eachStay(windows, pair, (from, to) => (cost = costs.leastWithin(from, to, busy, cost)));
        if (cost < least) [least, chosen, start] = [cost, pair, costs.start];
      }
      if (chosen < 0) return -1;
      work += least;
      this.#least[task] = least;
      this.#book(task, chosen, start);
    }
    this.#slack = room + this.#margin - work;
    return room > 0 ? (work - this.#margin) / room - 1 : -1;
  }

  /**
   * Takes from the windows what no schedule that ends in time can afford: starts that cost more beyond the least of their task than what all
   * tasks leave (reduced costs). `excess` has been called for these windows. @returns whether anything was taken
   */
  narrow(windows: TimeWindows): boolean {
    const { problem } = this;
    const costs = this.#costs;
    let isChanged = false;
    for (let task = 0; task < problem.numTasks; task++) {
      const most = this.#least[task]! + this.#slack;
      for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
        if (windows.isAlive[pair] === 0) continue;
        this.#takePrices(windows, task, pair);
        const busy = problem.busyMs[pair]!;
        let [first, last] = [Infinity, -Infinity];
        this.#eachStay(windows, pair, (from, to) => {
          if (!costs.affordWithin(from, to, busy, most)) return;
          first = Math.min(first, costs.first);
          last = costs.last;
        });
        if (first === Infinity) windows.kill(pair);
        else if (first > windows.earliestStart[pair]! || last + busy < windows.latestEnd[pair]!) {
          windows.raiseStart(pair, first);
          windows.lowerEnd(pair, last + busy);
        } else continue;
        isChanged = true;
      }
    }
    return isChanged;
  }

  /** Raises the prices where the loads of late exceed what there is, and lowers the others; those of dependencies where these are broken. */
  step(size: number): void {
    const [price, mean, stride] = [this.#price, this.#meanLoad, this.numIntervals + 1];
    this.#order.step(this.#start, this.#end, size);
    let dearest = 0;
    for (let cell = 0; cell < price.length; cell++) {
      const capacity = this.#capacity[cell]!;
      mean[cell]! += NEW_SHARE * (this.#load[cell]! - mean[cell]!);
      const excess = capacity > 0 ? mean[cell]! / capacity - 1 : 0;
      price[cell]! *= Math.exp(size * Math.max(-MAX_EXCESS, Math.min(MAX_EXCESS, excess)));
      if (price[cell]! > dearest) dearest = price[cell]!;
    }
    for (let cell = 0; cell < price.length; cell++) {
      const isBehind = cell % stride === this.numIntervals;
      price[cell] = isBehind ? 0 : Math.max(LEAST_PRICE, price[cell]! / dearest);
    }
    this.#order.divide(dearest);
  }

  /** Takes prices of few digits for those at hand. @returns them */
  round(): Pricing {
    const { numIntervals } = this;
    const timePrices = new Float64Array(this.#numRows * numIntervals);
    for (let row = 0; row < this.#numRows; row++) {
      for (let k = 0; k < numIntervals; k++)
        timePrices[row * numIntervals + k] = this.#price[row * (numIntervals + 1) + k]!;
    }
    const pricing = { timePrices: timePrices.map(keepDigits), orderPrices: this.#order.price.map(keepDigits) };
    this.take(pricing);
    return pricing;
  }

  /** Takes given prices for those at hand. */
  take({ timePrices, orderPrices }: Pricing): void {
    const { numIntervals } = this;
    for (let row = 0; row < this.#numRows; row++) {
      const own = timePrices.subarray(row * numIntervals, (row + 1) * numIntervals);
      this.#price.set(own, row * (numIntervals + 1));
    }
    this.#order.take(orderPrices);
  }

  /** Adds costs up to each interval. @returns the cost of all that there is */
  #sumUp(): number {
    const [price, before, stride] = [this.#price, this.#before, this.numIntervals + 1];
    let room = 0;
    let size = 2 * this.#widthMs * this.#order.sum;
    for (let cell = 0; cell < price.length; cell++) {
      before[cell] = cell % stride === 0 ? 0 : before[cell - 1]! + this.#widthMs * price[cell - 1]!;
      room += this.#capacity[cell]! * price[cell]!;
      size += this.#whole[cell]! * price[cell]!;
    }
    this.#margin = MARGIN * size;
    return room;
  }

  /** The parts of a pair's window between absences of its agent. */
  #eachStay(windows: TimeWindows, pair: number, visit: (from: number, to: number) => void): void {
    const { pairAgent, absences } = this.problem;
    const agent = pairAgent[pair]!;
    const to = windows.latestEnd[pair]!;
    let from = windows.earliestStart[pair]!;
    for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
      visit(from, Math.min(to, absences!.fromMs[k]!));
      from = Math.max(from, absences!.toMs[k]!);
    }
    visit(from, to);
  }

  /** Costs of a pair's agent and the pools of its task together, at the bounds of all intervals that meet its window. */
  #takePrices({ earliestStart, latestEnd }: TimeWindows, task: number, pair: number): void {
    const { numAgents, pools, pairAgent } = this.problem;
    const agent = pairAgent[pair]!;
    const first = Math.floor(earliestStart[pair]! / this.#widthMs);
    const last = Math.min(this.numIntervals + 1, Math.floor(latestEnd[pair]! / this.#widthMs) + 2);
    const stride = this.numIntervals + 1;
    const { ofEnd, ofStart } = this.#costs;
    const order = this.#order;
    for (let k = first; k <= last; k++) {
      const before = this.#before[agent * stride + Math.min(k, stride - 1)]!;
      ofEnd[k] = before + order.ofEnd[task * (stride + 1) + k]!;
      ofStart[k] = before + order.ofStart[task * (stride + 1) + k]!;
    }
    for (let use = pools?.useStart[task] ?? 0; use < (pools?.useStart[task + 1] ?? 0); use++) {
      const [from, amount] = [(numAgents + pools!.usePool[use]!) * stride, pools!.useAmount[use]!];
      for (let k = first; k <= last; k++) {
        const before = amount * this.#before[from + Math.min(k, stride - 1)]!;
        ofEnd[k]! += before;
        ofStart[k]! += before;
      }
    }
  }

  #book(task: number, pair: number, start: number): void {
    const { pairAgent, busyMs, pools, numAgents } = this.problem;
    const [load, width, stride] = [this.#load, this.#widthMs, this.numIntervals + 1];
    const end = start + busyMs[pair]!;
    [this.#start[task], this.#end[task]] = [start, end];
    for (let k = Math.floor(start / width); k < this.numIntervals && k * width < end; k++) {
      const inside = Math.min(end, (k + 1) * width) - Math.max(start, k * width);
      load[pairAgent[pair]! * stride + k]! += inside;
      for (let use = pools?.useStart[task] ?? 0; use < (pools?.useStart[task + 1] ?? 0); use++) {
        load[(numAgents + pools!.usePool[use]!) * stride + k]! += pools!.useAmount[use]! * inside;
      }
      this.#numBooked++;
    }
  }
}

function keepDigits(price: number): number {
  return price === 0 ? 0 : Number(price.toPrecision(KEPT_DIGITS));
}
