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
  /** Work done, in starts tried. */
  numSteps = 0;
  /** As `price`: the share of the interval by which the dependency was broken of late. */
  readonly #meanOverlap: Float64Array;
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
  }

  /** Raises prices where dependencies are broken of late by the starts and ends of all tasks, and lowers the others. */
  step(start: Float64Array, end: Float64Array, size: number): void {
    const { price, numIntervals } = this;
    const { numTasks, successorStart, successors } = this.problem;
    const [mean, width] = [this.#meanOverlap, this.#widthMs];
    for (let task = 0; task < numTasks; task++) {
      for (let entry = successorStart[task]!; entry < successorStart[task + 1]!; entry++) {
        const [ending, starting] = [end[task]! / width, start[successors[entry]!]! / width];
        const sign = ending > starting ? 1 : -1;
        const [from, to] = [Math.min(ending, starting), Math.max(ending, starting)];
        for (let k = 0, cell = entry * numIntervals; k < numIntervals; k++, cell++) {
          const overlap = sign * Math.max(0, Math.min(to, k + 1) - Math.max(from, k));
          mean[cell]! += NEW_SHARE * (overlap - mean[cell]!);
          price[cell] = Math.max(0, price[cell]! + ORDER_STEP * size * mean[cell]!);
        }
      }
    }
    this.numSteps += price.length / PRICES_PER_START;
  }

  /** Divides all prices by a number. */
  divide(by: number): void {
    for (let cell = 0; cell < this.price.length; cell++) this.price[cell]! /= by;
    this.spread(this.#widthMs);
  }

  /** Adds the prices up by task and time, for intervals of a width. */
  spread(widthMs: number): void {
    const { ofEnd, ofStart, price, numIntervals } = this;
    const { numTasks, successorStart, successors } = this.problem;
    const stride = numIntervals + 2;
    this.#widthMs = widthMs;
    ofEnd.fill(0);
    ofStart.fill(0);
    for (let task = 0; task < numTasks; task++) {
      for (let entry = successorStart[task]!; entry < successorStart[task + 1]!; entry++) {
        const [end, start] = [task * stride, successors[entry]! * stride];
        let sum = 0;
        for (let k = 0; k < numIntervals; k++) {
          sum += widthMs * price[entry * numIntervals + k]!;
          ofEnd[end + k + 1]! += sum;
          ofStart[start + k + 1]! += sum;
        }
        ofEnd[end + numIntervals + 1]! += sum;
        ofStart[start + numIntervals + 1]! += sum;
      }
    }
  }
}
