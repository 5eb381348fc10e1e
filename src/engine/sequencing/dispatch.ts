import type { Random } from "../../domain/index.js";
import { LimitUse } from "./assignment-limits.js";
import { EarliestHeap } from "./earliest-heap.js";
import { pathTimes } from "./path-times.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Weights of time lost on a slower agent, tried in turn. */
const LOSS_WEIGHTS = [4, 8, 1, 0.25, 2, 0, 0.5, 16];
/** Orders in a row, two of each, after which the weights begin again. */
export const NUM_LOSS_WEIGHTS = LOSS_WEIGHTS.length;
/**
 * From this many tasks on a task's own time counts in its way to the end, so that of tasks with the same tasks behind them the longest goes first: there
 * schedules are 1 to 15 % shorter. With fewer tasks the search makes up for it. Measured.
 */
const LEAST_TASKS_FOR_OWN_TIME = 500;
/** Largest share by which a noisy restart lengthens the way from a task to the end. */
const WAY_NOISE = 0.3;

interface DispatchRule {
  /** Of tasks that can start at the same time the one with the longest way to the end goes first. */
  readonly way: Float64Array;
  /** The agent minimises end + lossWeight · loss. */
  readonly lossWeight: number;
  /** What each pair costs more than the task's cheapest one. */
  readonly loss: Float64Array;
}

/**
 * Orders from dispatching in order of time, the first without noise, the others with noisy ways to the end; `delivery` lengthens these. What is lost
 * on a slower agent is weighed in turn with the prices of agents' time and without.
 * Each takes O(pairs · log tasks).
 */
export function* dispatchOrders(
  problem: SequencingProblem,
  delivery: Float64Array,
  prices: Float64Array,
  random: Random,
): Generator<TaskOrder, never, void> {
  const busy = meanBusy(problem);
  const { tail } = pathTimes(problem, { busy, delivery });
  const way = problem.numTasks < LEAST_TASKS_FOR_OWN_TIME ? tail : tail.map((length, task) => length + busy[task]!);
  const plainLoss = lossesOf(problem, new Float64Array(problem.numAgents).fill(1));
  const pricedLoss = lossesOf(problem, prices);
  for (let k = 0; ; k++) {
    const lossWeight = LOSS_WEIGHTS[(k >> 1) % LOSS_WEIGHTS.length]!;
    const noisy = k === 0 ? way : way.map((length) => length * (1 + WAY_NOISE * (random.unit() - 0.5)));
    const loss = k % 2 === 0 ? pricedLoss : plainLoss;
    yield new Dispatcher(problem, { way: noisy, lossWeight, loss }).run();
  }
}

/** λ_j b_ij − min_k λ_k b_ik of each pair, for prices scaled to a mean of 1. */
function lossesOf({ numTasks, pairStart, pairAgent, busyMs }: SequencingProblem, prices: Float64Array): Float64Array {
  const mean = prices.reduce((sum, price) => sum + price, 0) / prices.length;
  const loss = new Float64Array(busyMs.length);
  for (let task = 0; task < numTasks; task++) {
    const [first, end] = [pairStart[task]!, pairStart[task + 1]!];
    let least = Infinity;
    for (let pair = first; pair < end; pair++) {
      const priced = (busyMs[pair]! * prices[pairAgent[pair]!]!) / mean;
      loss[pair] = priced;
      if (priced < least) least = priced;
    }
    for (let pair = first; pair < end; pair++) loss[pair] = loss[pair]! - least;
  }
  return loss;
}

function meanBusy({ numTasks, pairStart, busyMs }: SequencingProblem): Float64Array {
  const mean = new Float64Array(numTasks);
  for (let task = 0; task < numTasks; task++) {
    const [first, end] = [pairStart[task]!, pairStart[task + 1]!];
    let sum = 0;
    for (let pair = first; pair < end; pair++) sum += busyMs[pair]!;
    mean[task] = sum / (end - first);
  }
  return mean;
}

/**
 * Places tasks in order of time: at each moment at which a slot is free or a task becomes ready, the waiting task with the longest way
 * to the end that can start, on the agent that the rule prefers, even if that one is free only later.
 */
class Dispatcher {
  readonly order: Int32Array;
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly #slotFree: Float64Array;
  readonly #ready: Float64Array;
  readonly #numWaitingFor: Int32Array;
  /** Tasks that become ready later, and tasks that wait for a slot. */
  readonly #coming: EarliestHeap;
  readonly #waiting: EarliestHeap;
  readonly #use: LimitUse | null;
  #size = 0;
  #time = 0;
  #numFree = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly rule: DispatchRule,
  ) {
    const { numTasks, slotAgent, availableFromMs, releaseMs, predecessorStart } = problem;
    [this.order, this.pairOf, this.slotOf] = [
      new Int32Array(numTasks),
      new Int32Array(numTasks),
      new Int32Array(numTasks),
    ];
    this.#slotFree = Float64Array.from(slotAgent, (agent) => availableFromMs[agent]!);
    this.#ready = releaseMs.slice();
    this.#numWaitingFor = Int32Array.from(
      { length: numTasks },
      (_, i) => predecessorStart[i + 1]! - predecessorStart[i]!,
    );
    this.#use = problem.limits === null ? null : new LimitUse(problem, problem.limits, "slot");
    [this.#coming, this.#waiting] = [new EarliestHeap(numTasks), new EarliestHeap(numTasks)];
    for (let task = 0; task < numTasks; task++)
      if (this.#numWaitingFor[task] === 0) this.#coming.push(task, this.#ready[task]!, 0);
  }

  run(): TaskOrder {
    const aside: number[] = [];
    while (this.#size < this.order.length) {
      this.#admitReady();
      this.#numFree = this.#slotFree.reduce((count, free) => count + (free <= this.#time ? 1 : 0), 0);
      while (this.#numFree > 0 && this.#waiting.size > 0) {
        const task = this.#waiting.pop();
        if (!this.#place(task)) aside.push(task);
      }
      for (const task of aside) this.#waiting.push(task, -this.rule.way[task]!, 0);
      aside.length = 0;
      this.#time = this.#nextTime();
    }
    return { order: this.order, pairOf: this.pairOf, slotOf: this.slotOf };
  }

  #admitReady(): void {
    while (this.#coming.size > 0 && this.#coming.leastKey <= this.#time) {
      const task = this.#coming.pop();
      this.#waiting.push(task, -this.rule.way[task]!, 0);
    }
  }

  #nextTime(): number {
    let next = this.#coming.size > 0 ? this.#coming.leastKey : Infinity;
    if (this.#waiting.size === 0) return next;
    for (const free of this.#slotFree) if (free > this.#time && free < next) next = free;
    return next;
  }

  /** Whether the task can start now; if so it is placed. */
  #place(task: number): boolean {
    const { busyMs, successorStart, successors } = this.problem;
    const chosen = this.#choose(task, true) ?? this.#choose(task, false)!;
    const { pair, slot, earliest } = chosen;
    if (earliest > this.#time) return false;
    const end = Math.max(this.#time, this.#slotFree[slot]!) + busyMs[pair]!;
    if (this.#slotFree[slot]! <= this.#time && end > this.#time) this.#numFree--;
    this.#slotFree[slot] = end;
    this.#use?.add(pair, slot);
    [this.pairOf[task], this.slotOf[task]] = [pair, slot];
    this.order[this.#size++] = task;
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      const next = successors[k]!;
      this.#ready[next] = Math.max(this.#ready[next]!, end);
      if (--this.#numWaitingFor[next]! === 0) this.#coming.push(next, this.#ready[next]!, 0);
    }
    return true;
  }

  /** The pair that the rule prefers, of all or of those that keep loads and counts, and the earliest start on any of them; null where there is none. */
  #choose(task: number, isLimited: boolean): { pair: number; slot: number; earliest: number } | null {
    const { pairStart, pairAgent, slotStart, busyMs } = this.problem;
    const { loss, lossWeight } = this.rule;
    const [slotFree, time] = [this.#slotFree, this.#time];
    const use = isLimited ? this.#use : null;
    let [bestPair, bestSlot, bestScore, earliest] = [-1, -1, Infinity, Infinity];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      const hasOneSlot = slotStart[agent + 1]! - slotStart[agent]! === 1;
      const slot = hasOneSlot ? slotStart[agent]! : earliestSlot(this.problem, pair, slotFree);
      if (use !== null && !use.fits(pair, slot)) continue;
      const start = Math.max(time, slotFree[slot]!);
      const score = start + busyMs[pair]! + lossWeight * loss[pair]!;
      if (start < earliest) earliest = start;
      if (score < bestScore) [bestPair, bestSlot, bestScore] = [pair, slot, score];
    }
    return bestPair < 0 ? null : { pair: bestPair, slot: bestSlot, earliest };
  }
}

/** The slot of the pair's agent that is free first; of empty ones the first. */
export function earliestSlot(problem: SequencingProblem, pair: number, slotFree: Float64Array): number {
  const { slotStart, pairAgent, availableFromMs } = problem;
  const agent = pairAgent[pair]!;
  let best = slotStart[agent]!;
  for (let slot = best; slot < slotStart[agent + 1]!; slot++) {
    if (slotFree[slot]! < slotFree[best]!) best = slot;
    if (slotFree[best] === availableFromMs[agent]) break;
  }
  return best;
}
