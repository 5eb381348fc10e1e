import { presentMs } from "./agent-time.js";
import type { SequencingProblem } from "./sequencing-problem.js";
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
/** Share of a busy time that may be rounding where a window is just as long. */
const ROUNDING = 1e-12;

/**
 * Prices of time that change with time, for agents and then pools, in equal intervals up to a latest end. With them each task takes at least what it
 * costs on its cheapest pair at its cheapest start within the pair's window; where all tasks together cost more than all that there is, no schedule
 * ends by then. This is the Lagrangian dual of the program with a variable for each pair and start (Christofides, Alvarez-Valdes, Tamarit, EJOR 29, 1987).
 */
export class TimePrices {
  /** Starts tried so far, in moves. */
  numMoves = 0;
  readonly #numRows: number;
  /** By row and interval; a last interval of no price stands behind the others. */
  readonly #price: Float64Array;
  /** Cost of a row's time ahead of each interval. */
  readonly #before: Float64Array;
  readonly #load: Float64Array;
  readonly #meanLoad: Float64Array;
  readonly #capacity: Float64Array;
  /** Prices and costs of an agent and the pools of a task together. */
  readonly #ownPrice: Float64Array;
  readonly #ownBefore: Float64Array;
  #widthMs = 0;
  #start = 0;
  #isFirst = true;

  /** @param start first prices of agents, and of pools where they have any, at all times */
  constructor(
    private readonly problem: SequencingProblem,
    private readonly numIntervals: number,
    start: Float64Array,
  ) {
    const stride = numIntervals + 1;
    this.#numRows = problem.numAgents + (problem.pools?.limit.length ?? 0);
    const cells = (): Float64Array => new Float64Array(this.#numRows * stride);
    [this.#price, this.#before, this.#capacity] = [cells(), cells(), cells()];
    [this.#load, this.#meanLoad] = [cells(), cells()];
    [this.#ownPrice, this.#ownBefore] = [new Float64Array(stride), new Float64Array(stride)];
    for (let row = 0; row < this.#numRows; row++) {
      this.#price.fill(Math.max(LEAST_PRICE, start[row] ?? 0), row * stride, row * stride + numIntervals);
    }
  }

  /** Spreads the intervals over the time up to a latest end. */
  open(latestEndMs: number): void {
    const { problem, numIntervals } = this;
    const { numAgents, slotStart, pools } = problem;
    this.#widthMs = latestEndMs / numIntervals;
    for (let row = 0; row < this.#numRows; row++) {
      const rate = row < numAgents ? slotStart[row + 1]! - slotStart[row]! : pools!.limit[row - numAgents]!;
      for (let k = 0; k < numIntervals; k++) {
        const [from, to] = [k * this.#widthMs, (k + 1) * this.#widthMs];
        const presence = row < numAgents ? presentMs(problem, row, from, to) : to - from;
        this.#capacity[row * (numIntervals + 1) + k] = rate * presence;
      }
    }
    if (this.#isFirst) this.#meanLoad.set(this.#capacity);
    this.#isFirst = false;
  }

  /** By how much the cost of all tasks in these windows exceeds that of all that there is, as a share of it. */
  excess(windows: TimeWindows): number {
    const { problem } = this;
    const room = this.#sumUp();
    this.#load.fill(0);
    let work = 0;
    for (let task = 0; task < problem.numTasks; task++) {
      let [least, chosen, start] = [Infinity, -1, 0];
      for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
        if (windows.isAlive[pair] === 0) continue;
        const cost = this.#leastCost(windows, task, pair, least);
        if (cost < least) [least, chosen, start] = [cost, pair, this.#start];
      }
      if (chosen < 0) return -1;
      work += least;
      this.#book(task, chosen, start);
    }
    return room > 0 ? work / room - 1 : -1;
  }

  /** Raises the prices where the loads of late exceed what there is, and lowers the others. */
  step(size: number): void {
    const [price, mean, stride] = [this.#price, this.#meanLoad, this.numIntervals + 1];
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
  }

  /** Takes prices of few digits for those at hand. @returns them, by row and interval */
  round(): Float64Array {
    const { numIntervals } = this;
    const rounded = new Float64Array(this.#numRows * numIntervals);
    for (let row = 0; row < this.#numRows; row++) {
      for (let k = 0; k < numIntervals; k++) {
        const cell = row * (numIntervals + 1) + k;
        this.#price[cell] = Number(this.#price[cell]!.toPrecision(KEPT_DIGITS));
        rounded[row * numIntervals + k] = this.#price[cell]!;
      }
    }
    return rounded;
  }

  /** Adds costs up to each interval. @returns the cost of all that there is */
  #sumUp(): number {
    const [price, before, stride] = [this.#price, this.#before, this.numIntervals + 1];
    let room = 0;
    for (let cell = 0; cell < price.length; cell++) {
      before[cell] = cell % stride === 0 ? 0 : before[cell - 1]! + this.#widthMs * price[cell - 1]!;
      room += this.#capacity[cell]! * price[cell]!;
    }
    return room;
  }

  /** The least cost of a pair within its window, where it is below `known`; leaves its start. */
  #leastCost(windows: TimeWindows, task: number, pair: number, known: number): number {
    const { pairAgent, busyMs, absences } = this.problem;
    const [agent, busy] = [pairAgent[pair]!, busyMs[pair]!];
    this.#takePrices(task, agent);
    const to = windows.latestEnd[pair]!;
    let [least, from] = [known, windows.earliestStart[pair]!];
    for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
      least = this.#leastWithin(from, Math.min(to, absences!.fromMs[k]!), busy, least);
      from = Math.max(from, absences!.toMs[k]!);
    }
    return this.#leastWithin(from, to, busy, least);
  }

  #takePrices(task: number, agent: number): void {
    const { numAgents, pools } = this.problem;
    const stride = this.numIntervals + 1;
    const [price, before] = [this.#ownPrice, this.#ownBefore];
    for (let k = 0; k < stride; k++) {
      price[k] = this.#price[agent * stride + k]!;
      before[k] = this.#before[agent * stride + k]!;
    }
    for (let use = pools?.useStart[task] ?? 0; use < (pools?.useStart[task + 1] ?? 0); use++) {
      const [from, amount] = [(numAgents + pools!.usePool[use]!) * stride, pools!.useAmount[use]!];
      for (let k = 0; k < stride; k++) {
        price[k]! += amount * this.#price[from + k]!;
        before[k]! += amount * this.#before[from + k]!;
      }
    }
  }

  /** Costs change evenly between starts and ends at the bounds of intervals, so that one of these or of the window's is cheapest. */
  #leastWithin(from: number, to: number, busy: number, known: number): number {
    const latest = to - busy;
    if (!(latest >= from - ROUNDING * busy)) return known;
    const [price, before, width, last] = [this.#ownPrice, this.#ownBefore, this.#widthMs, this.numIntervals];
    let least = known;
    for (const start of [from, Math.max(from, latest)]) {
      const cost = this.#costUpTo(start + busy) - this.#costUpTo(start);
      if (cost < least) [least, this.#start] = [cost, start];
    }
    const whole = Math.floor(busy / width);
    const rest = busy - whole * width;
    const [firstStart, lastStart] = [Math.floor(from / width) + 1, Math.min(last - whole, Math.floor(latest / width))];
    for (let k = firstStart; k <= lastStart; k++) {
      const cost = before[k + whole]! + rest * price[k + whole]! - before[k]!;
      if (cost < least) [least, this.#start] = [cost, k * width];
    }
    const firstEnd = Math.max(whole + 1, Math.floor((from + busy) / width) + 1);
    const lastEnd = Math.min(last, Math.floor(to / width));
    for (let k = firstEnd; k <= lastEnd; k++) {
      const cost = before[k]! - before[k - whole]! + rest * price[k - whole - 1]!;
      if (cost < least) [least, this.#start] = [cost, k * width - busy];
    }
    this.numMoves += (2 + Math.max(0, lastStart - firstStart) + Math.max(0, lastEnd - firstEnd)) / STARTS_PER_MOVE;
    return least;
  }

  #costUpTo(time: number): number {
    const k = Math.min(this.numIntervals, Math.floor(time / this.#widthMs));
    return this.#ownBefore[k]! + (time - k * this.#widthMs) * this.#ownPrice[k]!;
  }

  #book(task: number, pair: number, start: number): void {
    const { pairAgent, busyMs, pools, numAgents } = this.problem;
    const [load, width, stride] = [this.#load, this.#widthMs, this.numIntervals + 1];
    const end = start + busyMs[pair]!;
    for (let k = Math.floor(start / width); k < this.numIntervals && k * width < end; k++) {
      const inside = Math.min(end, (k + 1) * width) - Math.max(start, k * width);
      load[pairAgent[pair]! * stride + k]! += inside;
      for (let use = pools?.useStart[task] ?? 0; use < (pools?.useStart[task + 1] ?? 0); use++) {
        load[(numAgents + pools!.usePool[use]!) * stride + k]! += pools!.useAmount[use]! * inside;
      }
    }
  }
}
