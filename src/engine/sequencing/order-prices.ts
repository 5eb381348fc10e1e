import type { SequencingProblem } from "./sequencing-problem.js";

/** Weight of the last overlaps in their moving average: single ones jump from one place to the next. */
const NEW_SHARE = 0.05;
/** Step of a dependency's price, beside that of an agent, where its second task starts too soon by all of an interval. */
const ORDER_STEP = 0.2;
/** Prices that are changed in the time that a start takes to try. */
const PRICES_PER_START = 4;

/** Prices of the dependencies, by interval of time, and what they add to the cost of each task's end and start (time-prices.ts). */
export class OrderPrices {
  /** By entry of the problem's `successors` and interval: what a millisecond costs by which the first task ends after the second starts. */
  readonly price: Float64Array;
  /** By task and bound of the intervals, the last one twice: what dependencies charge for an end there, and pay for a start. */
  readonly ofEnd: Float64Array;
  readonly ofStart: Float64Array;
  /** Of all entries, for a millisecond in each interval. */
  sum = 0;
  /** Work done, in starts tried. */
  numSteps = 0;
  /** As `price`: the share of the interval by which the dependency was broken of late. */
  readonly #meanOverlap: Float64Array;
  /** By entry of `successors`: the first and the last interval in which the dependency was ever broken. Elsewhere it has no price. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  #widthMs = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly numIntervals: number,
  ) {
    const { numTasks, successors } = problem;
    const prices = (): Float64Array => new Float64Array(successors.length * numIntervals);
    const bounds = (): Float64Array => new Float64Array(numTasks * (numIntervals + 2));
    [this.price, this.#meanOverlap] = [prices(), prices()];
    [this.ofEnd, this.ofStart] = [bounds(), bounds()];
    this.#first = new Int32Array(successors.length).fill(numIntervals);
    this.#last = new Int32Array(successors.length).fill(-1);
  }

  /** Raises prices where dependencies are broken of late by the starts and ends of all tasks, and lowers the others. */
  step(start: Float64Array, end: Float64Array, size: number): void {
    const { price, numIntervals } = this;
    const { numTasks, successorStart, successors } = this.problem;
    const [mean, width, first, last] = [this.#meanOverlap, this.#widthMs, this.#first, this.#last];
    for (let task = 0; task < numTasks; task++) {
      for (let entry = successorStart[task]!; entry < successorStart[task + 1]!; entry++) {
        const [ending, starting] = [end[task]! / width, start[successors[entry]!]! / width];
        const sign = ending > starting ? 1 : -1;
        if (sign > 0) this.#widen(entry, Math.floor(starting), Math.floor(ending));
        const [from, to] = [Math.min(ending, starting), Math.max(ending, starting)];
        for (let k = first[entry]!; k <= last[entry]!; k++) {
          const cell = entry * numIntervals + k;
          const overlap = sign * Math.max(0, Math.min(to, k + 1) - Math.max(from, k));
          mean[cell]! += NEW_SHARE * (overlap - mean[cell]!);
          price[cell] = Math.max(0, price[cell]! + ORDER_STEP * size * mean[cell]!);
        }
        this.numSteps += Math.max(0, last[entry]! - first[entry]!) / PRICES_PER_START;
      }
    }
  }

  /** Divides all prices by a number. */
  divide(by: number): void {
    const { price, numIntervals } = this;
    for (let entry = 0; entry < this.#first.length; entry++) {
      for (let k = this.#first[entry]!; k <= this.#last[entry]!; k++) price[entry * numIntervals + k]! /= by;
    }
    this.spread(this.#widthMs);
  }

  /** Takes given prices for those at hand. */
  take(prices: Float64Array): void {
    const { numIntervals } = this;
    this.price.set(prices);
    prices.forEach((price, cell) => {
      const k = cell % numIntervals;
      if (price > 0) this.#widen((cell - k) / numIntervals, k, k);
    });
    this.spread(this.#widthMs);
  }

  /** Adds the prices up by task and time, for intervals of a width. */
  spread(widthMs: number): void {
    const { ofEnd, ofStart, price, numIntervals } = this;
    const { numTasks, successorStart, successors } = this.problem;
    const stride = numIntervals + 2;
    this.#widthMs = widthMs;
    this.sum = 0;
    ofEnd.fill(0);
    ofStart.fill(0);
    for (let task = 0; task < numTasks; task++) {
      for (let entry = successorStart[task]!; entry < successorStart[task + 1]!; entry++) {
        const [end, start] = [task * stride, successors[entry]! * stride];
        for (let k = this.#first[entry]!; k <= this.#last[entry]!; k++) {
          const cost = widthMs * price[entry * numIntervals + k]!;
          this.sum += price[entry * numIntervals + k]!;
          ofEnd[end + k + 1]! += cost;
          ofStart[start + k + 1]! += cost;
        }
      }
    }
    for (const values of [ofEnd, ofStart]) {
      for (let cell = 1; cell < values.length; cell++) if (cell % stride > 0) values[cell]! += values[cell - 1]!;
    }
  }

  #widen(entry: number, from: number, to: number): void {
    this.#first[entry] = Math.min(this.#first[entry]!, from);
    this.#last[entry] = Math.max(this.#last[entry]!, Math.min(this.numIntervals - 1, to));
  }
}
