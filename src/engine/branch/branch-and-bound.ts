import {
  type Assignment,
  DEFERRED,
  finestStep,
  type Goal,
  type Instance,
  isIntegral,
  isPlaceable,
  isTimed,
  settledSlack,
} from "../../../models/index.js";
import { OPTIMALITY_TOLERANCE } from "../bounds/gap.js";
import { dependenciesFirst } from "../search/construct.js";
import { PlanState } from "../search/plan-state.js";
import { Scoring } from "../search/scoring.js";
import type { BranchingOutcome, BranchingTask } from "./branching-task.js";
import { CountingBound } from "./counting-bound.js";
import { twinAgents } from "./twin-agents.js";

/** Nodes between two looks at the clock. */
const NODES_PER_LOOK = 1024;

/**
 * Depth-first branch and bound with fixed Lagrangian prices (Fisher, Management Science 27, 1981): one task a level, its
 * places by ascending price. A partial plan is left when the prices of what is placed and the cheapest of what is not reach
 * the best value known, when a settled goal is out of reach, or, for goals of times, when the slots cannot hold as many
 * tasks as are still to come. Of interchangeable empty slots one is tried. Exhausted means proven; a node limit does not.
 */
export function branchAndBound(task: BranchingTask): Generator<void, BranchingOutcome> {
  return new Branching(task).steps();
}

class Branching {
  readonly #instance: Instance;
  readonly #state: PlanState;
  readonly #scoring: Scoring;
  readonly #score: Float64Array;
  readonly #order: readonly number[];
  /** Cheapest prices of the tasks from each level on. */
  readonly #restPrice: Float64Array;
  /** The same for each linear settled goal, minimised; null for goals of times. */
  readonly #settledRest: readonly (Float64Array | null)[];
  readonly #settledLimit: readonly number[];
  readonly #signs: readonly number[];
  readonly #placesOf: readonly Int32Array[];
  readonly #counting: CountingBound | null;
  readonly #twinOf: Int32Array;
  /** Of each level: price of what is placed above it, and how far its task's places have been tried. */
  readonly #prices: Float64Array;
  readonly #pairCursor: Int32Array;
  readonly #slotCursor: Int32Array;
  #cutoff: number;
  #numNodes = 0;
  #wasStopped = false;
  #plan: Assignment | null = null;

  constructor(private readonly task: BranchingTask) {
    const { instance, goal, settled, prices, incumbent } = task;
    this.#instance = instance;
    this.#state = new PlanState(instance, [goal, ...settled.map((one) => one.goal)]);
    this.#scoring = new Scoring(this.#state);
    this.#score = new Float64Array(this.#scoring.length);
    this.#signs = this.#state.goals.map(({ sense }) => (sense === "min" ? 1 : -1));
    this.#order = taskOrder(this.#state, task);
    this.#placesOf = this.#order.map((index) => pairsByPrice(instance, prices.pairPrices, index));
    this.#restPrice = suffixSums(this.#order, (index) => this.#cheapest(index));
    this.#settledRest = settled.map(({ goal: one }) =>
      isTimed(one) ? null : suffixSums(this.#order, linearFloor(instance, one)),
    );
    this.#settledLimit = settled.map((one) => {
      const sign = one.goal.sense === "min" ? 1 : -1;
      return (
        sign * one.value +
        settledSlack(instance, one.goal, one.value) +
        Math.min(tolerance(one.value), finestStep(one.goal))
      );
    });
    const mustPlace = this.#order.every((i) => !isPlaceable(instance, i) || prices.deferralPrices[i] === Infinity);
    const startMs = goal.makespan > 0 ? instance.availableFromMs : new Float64Array(instance.numAgents);
    const counts = isPureTime(goal) && mustPlace;
    this.#counting = counts ? new CountingBound(instance, this.#state, this.#order, startMs) : null;
    this.#twinOf = twinAgents(instance);
    this.#prices = new Float64Array(this.#order.length + 1);
    this.#pairCursor = new Int32Array(this.#order.length);
    this.#slotCursor = new Int32Array(this.#order.length);
    const value = this.#signs[0]! * goal.evaluate(incumbent);
    this.#cutoff = this.#below(value);
  }

  /** Yields now and then, so that the caller can let others run. */
  *steps(): Generator<void, BranchingOutcome> {
    const depth = this.#order.length;
    this.#prices[0] = this.task.prices.base;
    let level = this.#enters(0) && depth > 0 ? 0 : -1;
    if (depth === 0) this.#leaf();
    while (level >= 0 && !this.#isSpent()) {
      if (this.#numNodes % NODES_PER_LOOK === 0) yield;
      if (!this.#advance(level)) {
        level -= 1;
        if (level >= 0) this.#undo(level);
      } else if (!this.#enters(level + 1)) this.#undo(level);
      else if (level + 1 < depth) level += 1;
      else {
        this.#leaf();
        this.#undo(level);
      }
    }
    const isExhausted = !this.#wasStopped && this.#numNodes < this.task.nodeLimit;
    return { isExhausted, plan: this.#plan, numNodes: this.#numNodes, wasStopped: this.#wasStopped };
  }

  /** The value a plan must not exceed to count as better than `value`. */
  #below(value: number): number {
    return isIntegral(this.#instance, this.task.goal) ? value - 1 + 1e-6 : value - tolerance(value);
  }

  /** Opens a node: false where nothing below it can be better. */
  #enters(level: number): boolean {
    this.#numNodes += 1;
    if (level < this.#order.length) [this.#pairCursor[level], this.#slotCursor[level]] = [0, 0];
    if (this.#prices[level]! + this.#restPrice[level]! > this.#cutoff || this.#cannotKeepSettled(level)) return false;
    return this.#counting === null || this.#counting.hasRoom(level, this.#cutoff / this.#timeWeight());
  }

  /** Moves the task of this level to its next place worth a node; last of all, where allowed, to none. */
  #advance(level: number): boolean {
    const task = this.#order[level]!;
    const pairs = this.#placesOf[level]!;
    while (this.#pairCursor[level]! < pairs.length) {
      const pair = pairs[this.#pairCursor[level]!]!;
      const price = this.#prices[level]! + this.task.prices.pairPrices[pair]!;
      // Places come by ascending price: where one is too dear, all that follow are.
      if (price + this.#restPrice[level + 1]! > this.#cutoff) this.#pairCursor[level] = pairs.length;
      else if (this.#placeInNextSlot(level, pair)) {
        this.#prices[level + 1] = price;
        return true;
      } else {
        this.#pairCursor[level]! += 1;
        this.#slotCursor[level] = 0;
      }
    }
    const deferral = this.task.prices.deferralPrices[task]!;
    if (this.#pairCursor[level]! > pairs.length || deferral === Infinity) return false;
    this.#pairCursor[level]! += 1;
    this.#prices[level + 1] = this.#prices[level]! + deferral;
    return true;
  }

  /** Of slots that are empty alike one is tried, and of agents that are empty alike. */
  #placeInNextSlot(level: number, pair: number): boolean {
    const state = this.#state;
    const agent = this.#instance.pairAgent[pair]!;
    const slots = this.#instance.slots[agent]!;
    if (state.agentCount[agent] === 0 && this.#hasEmptyTwin(agent)) return false;
    const first = state.firstSlot(agent);
    while (this.#slotCursor[level]! < slots) {
      const slot = this.#slotCursor[level]!;
      this.#slotCursor[level] = state.slotCount[first + slot] === 0 ? slots : slot + 1;
      if (!state.canPlace(pair, slot)) continue;
      state.place(pair, slot);
      if (!this.#isTooLate(first + slot, agent)) return true;
      state.remove(this.#order[level]!);
    }
    return false;
  }

  #undo(level: number): void {
    const task = this.#order[level]!;
    if (this.#state.agentOf[task] !== DEFERRED) this.#state.remove(task);
  }

  #leaf(): void {
    this.#scoring.read(this.#score);
    if (this.#score[0]! > this.#cutoff) return;
    for (let k = 0; k < this.#settledLimit.length; k++) if (this.#score[k + 1]! > this.#settledLimit[k]!) return;
    this.#plan = this.#state.snapshot();
    this.#cutoff = this.#below(this.#score[0]!);
  }

  #cannotKeepSettled(level: number): boolean {
    for (let k = 0; k < this.#settledLimit.length; k++) {
      const rest = this.#settledRest[k];
      if (rest === null || rest === undefined) continue;
      if (this.#placedLinear(k + 1) + rest[level]! > this.#settledLimit[k]!) return true;
    }
    return false;
  }

  /** Contribution of the placed tasks to a linear goal, minimised: the state counts unvisited tasks as deferred. */
  #placedLinear(goalIndex: number): number {
    return this.#signs[goalIndex]! * this.#state.linear[goalIndex]!;
  }

  /** Whether a slot's load alone already breaks a goal of times. */
  #isTooLate(slot: number, agent: number): boolean {
    const busy = this.#state.slotBusyMs[slot]!;
    const end = this.#instance.availableFromMs[agent]! + busy;
    if (isPureTime(this.task.goal)) {
      const { makespan, maxLoad } = this.task.goal;
      if (makespan * end > this.#cutoff || maxLoad * busy > this.#cutoff) return true;
    }
    return this.task.settled.some(({ goal }, k) => {
      if (!isPureTime(goal)) return false;
      return goal.makespan * end > this.#settledLimit[k]! || goal.maxLoad * busy > this.#settledLimit[k]!;
    });
  }

  #hasEmptyTwin(agent: number): boolean {
    const twin = this.#twinOf[agent]!;
    return twin !== DEFERRED && this.#state.agentCount[twin] === 0;
  }

  #cheapest(task: number): number {
    const { pairPrices, deferralPrices } = this.task.prices;
    let best = deferralPrices[task]!;
    const last = this.#instance.pairStart[task + 1]!;
    for (let pair = this.#instance.pairStart[task]!; pair < last; pair++) best = Math.min(best, pairPrices[pair]!);
    return best;
  }

  #timeWeight(): number {
    return Math.max(this.task.goal.makespan, this.task.goal.maxLoad);
  }

  #isSpent(): boolean {
    if (this.#numNodes % NODES_PER_LOOK === 0 && this.task.shouldStop()) this.#wasStopped = true;
    return this.#wasStopped || this.#numNodes >= this.task.nodeLimit;
  }
}

function tolerance(value: number): number {
  return OPTIMALITY_TOLERANCE * Math.max(1, Math.abs(value));
}

/** Whether the goal is one time and nothing else. */
function isPureTime(goal: Goal): boolean {
  return (
    isTimed(goal) && goal.perPair === null && goal.perDeferral === null && goal.minLoad === 0 && goal.constant === 0
  );
}

/**
 * Goals of times: longest task first, so that the slots fill early. Sums: largest difference between the two best prices
 * first, so that wrong turns cost early. Tasks that others depend on come before them.
 */
function taskOrder(state: PlanState, { instance, goal, prices }: BranchingTask): number[] {
  const key = new Float64Array(instance.numTasks);
  for (let task = 0; task < instance.numTasks; task++) {
    let [best, second, shortest] = [prices.deferralPrices[task]!, Infinity, Infinity];
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const price = prices.pairPrices[pair]!;
      if (price < best) [best, second] = [price, best];
      else if (price < second) second = price;
      shortest = Math.min(shortest, instance.busyMs[pair]!);
    }
    key[task] = isTimed(goal) ? shortest : second - best;
  }
  const order = Array.from(key.keys()).sort((a, b) => (key[a] === key[b] ? a - b : key[b]! - key[a]!));
  return dependenciesFirst(state, order);
}

function pairsByPrice(instance: Instance, pairPrices: Float64Array, task: number): Int32Array {
  const from = instance.pairStart[task]!;
  const pairs = Int32Array.from({ length: instance.pairStart[task + 1]! - from }, (_, k) => from + k);
  return pairs.sort((a, b) => pairPrices[a]! - pairPrices[b]! || a - b);
}

/** The least a task can add to a linear goal over leaving it out, minimised. */
function linearFloor(instance: Instance, goal: Goal): (task: number) => number {
  const sign = goal.sense === "min" ? 1 : -1;
  return (task) => {
    let least = 0;
    const deferral = goal.perDeferral?.[task] ?? 0;
    const last = instance.pairStart[task + 1]!;
    for (let pair = instance.pairStart[task]!; pair < last; pair++) {
      least = Math.min(least, sign * ((goal.perPair?.[pair] ?? 0) - deferral));
    }
    return least;
  };
}

function suffixSums(order: readonly number[], value: (task: number) => number): Float64Array {
  const sums = new Float64Array(order.length + 1);
  for (let level = order.length - 1; level >= 0; level--) sums[level] = sums[level + 1]! + value(order[level]!);
  return sums;
}
