import { DEFERRED, canTakeTasks, type Goal, isWithin, startChances } from "../../../models/index.js";
import type { PartialPlan } from "./partial-plan.js";
import { timingOf } from "./plan-decoder.js";

/** Share of a weight by which sums of weights may differ from rounding. */
const ROUNDING = 1e-9;

/**
 * Bounds on every goal over all ways to decide the open tasks of a partial plan, minimised: the goal's own value or less, the negative value or
 * less where it is maximised. Each goal is bounded for itself; O(pairs + dependencies) a goal.
 */
export class PartialBounds {
  readonly #mostSuccess: Float64Array;
  readonly #leastSuccess: Float64Array;
  readonly #canTake: Uint8Array;
  readonly #leastBusy: Float64Array;
  readonly #mostBusy: Float64Array;

  constructor(
    private readonly partial: PartialPlan,
    private readonly goals: readonly Goal[],
  ) {
    const { instance } = partial;
    const extreme = (values: Float64Array, better: (a: number, b: number) => number, start: number): Float64Array => {
      const result = new Float64Array(instance.numTasks).fill(start);
      values.forEach((value, pair) => {
        const task = instance.pairTask[pair]!;
        result[task] = better(result[task]!, value);
      });
      return result;
    };
    this.#mostSuccess = extreme(instance.success, Math.max, 0);
    this.#leastSuccess = extreme(instance.success, Math.min, 1);
    this.#leastBusy = extreme(instance.busyMs, Math.min, Infinity);
    this.#mostBusy = extreme(instance.busyMs, Math.max, 0);
    this.#canTake = canTakeTasks(instance);
  }

  /**
   * One bound for each goal; null where no plan follows.
   *
   * @param maxDeferred deferred weight from which on a plan is of no interest
   */
  evaluate(maxDeferred: number): number[] | null {
    const { instance, order } = this.partial;
    const mayDefer = this.#deferrable(maxDeferred);
    if (mayDefer === null) return null;
    const ends = this.#leastEnds(mayDefer);
    if (ends === null) return null;
    const open = Array.from(order).filter((task) => !this.partial.isDecided(task));
    const pairs = open.map((task) => this.#openPairs(task));
    for (const [k, task] of open.entries()) {
      const isStuck = pairs[k]!.length === 0 && mayDefer[task] === 0;
      if (isStuck && instance.pairStart[task]! < instance.pairStart[task + 1]!) return null;
      if (isStuck && instance.deferral.kind === "forbidden") return null;
    }
    const chances = this.#chances();
    return this.goals.map((goal) => this.#bound(goal, open, pairs, mayDefer, chances, ends));
  }

  #openPairs(task: number): number[] {
    const { instance } = this.partial;
    const pairs: number[] = [];
    if (this.partial.isForcedOut(task)) return pairs;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      if (this.partial.isOpen(pair)) pairs.push(pair);
    }
    return pairs;
  }

  /** 1 for each task that may be deferred by a plan of interest; null where there is no such plan. */
  #deferrable(maxDeferred: number): Uint8Array | null {
    const { instance } = this.partial;
    const { numTasks, weight, pairStart, deferral } = instance;
    const mayDefer = new Uint8Array(numTasks);
    if (deferral.kind === "forbidden") return mayDefer;
    if (deferral.kind === "priced") return mayDefer.fill(1);
    let deferred = 0;
    const isOut = (task: number): boolean =>
      this.partial.isDecided(task) ? this.partial.pairOf[task] === DEFERRED : this.partial.isForcedOut(task);
    for (let task = 0; task < numTasks; task++) {
      if (isOut(task) && pairStart[task]! < pairStart[task + 1]!) deferred += weight[task]!;
    }
    const slack = ROUNDING * Math.max(1, maxDeferred === Infinity ? 1 : maxDeferred);
    if (deferred > maxDeferred + slack) return null;
    for (let task = 0; task < numTasks; task++) {
      const isNone = pairStart[task] === pairStart[task + 1];
      mayDefer[task] = Number(isNone || isOut(task) || deferred + weight[task]! <= maxDeferred + slack);
    }
    return mayDefer;
  }

  /** Least end of every task by paths, NaN where it need not be placed; null where a decided task is late. */
  #leastEnds(mayDefer: Uint8Array): Float64Array | null {
    const { partial } = this;
    const { instance, order, pairOf } = partial;
    const { pairStart, pairAgent, busyMs, availableFromMs, dependsStart, dependsOn, deadlineMs } = instance;
    const { releaseMs, availableUntilMs } = timingOf(instance);
    const ends = new Float64Array(instance.numTasks);
    const counted = new Float64Array(instance.numTasks).fill(NaN);
    for (const task of order) {
      let ready = releaseMs[task]!;
      for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) ready = Math.max(ready, ends[dependsOn[d]!]!);
      const endOn = (pair: number): number => Math.max(ready, availableFromMs[pairAgent[pair]!]!) + busyMs[pair]!;
      if (partial.isDecided(task)) {
        const pair = pairOf[task]!;
        if (pair === DEFERRED) continue;
        ends[task] = endOn(pair);
        if (!isWithin(ends[task]!, Math.min(deadlineMs[task]!, availableUntilMs[pairAgent[pair]!]!))) return null;
        counted[task] = ends[task]!;
        continue;
      }
      let least = Infinity;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) least = Math.min(least, endOn(pair));
      ends[task] = least;
      if (mayDefer[task] === 1) continue;
      if (!isWithin(least, deadlineMs[task]!)) return null;
      counted[task] = least;
    }
    return counted;
  }

  /** Most and least chance of each task to start. */
  #chances(): { readonly most: Float64Array; readonly least: Float64Array } | null {
    if (!this.goals.some(({ chanced }) => chanced !== undefined)) return null;
    const { instance, pairOf } = this.partial;
    const known = (extreme: Float64Array): Float64Array =>
      extreme.map((value, task) => {
        if (!this.partial.isDecided(task)) return value;
        return pairOf[task] === DEFERRED ? 0 : instance.success[pairOf[task]!]!;
      });
    return {
      most: startChances(instance, known(this.#mostSuccess)),
      least: startChances(instance, known(this.#leastSuccess)),
    };
  }

  #bound(
    goal: Goal,
    open: readonly number[],
    pairs: readonly (readonly number[])[],
    mayDefer: Uint8Array,
    chances: { readonly most: Float64Array; readonly least: Float64Array } | null,
    ends: Float64Array,
  ): number {
    if (goal.linearity === "nothing") return -Infinity;
    const { order, pairOf } = this.partial;
    const { pairTask } = this.partial.instance;
    const sign = goal.sense === "min" ? 1 : -1;
    const placed = goal.chanced === undefined ? goal.perPair : goal.chanced.perPlaced;
    const started = goal.chanced?.perStarted;
    const termOf = (pair: number): number => {
      const plain = sign * (placed?.[pair] ?? 0);
      if (started === undefined || chances === null) return plain;
      const one = sign * started[pair]!;
      return plain + one * (one > 0 ? chances.least : chances.most)[pairTask[pair]!]!;
    };
    const deferralOf = (task: number): number => sign * (goal.perDeferral?.[task] ?? 0);
    let bound = sign * goal.constant;
    for (const task of order) {
      if (this.partial.isDecided(task)) bound += pairOf[task] === DEFERRED ? deferralOf(task) : termOf(pairOf[task]!);
    }
    open.forEach((task, k) => {
      let least = mayDefer[task] === 1 || pairs[k]!.length === 0 ? deferralOf(task) : Infinity;
      for (const pair of pairs[k]!) least = Math.min(least, termOf(pair));
      bound += least;
    });
    return bound + this.#timesBound(goal, sign, open, mayDefer, ends);
  }

  #timesBound(goal: Goal, sign: 1 | -1, open: readonly number[], mayDefer: Uint8Array, ends: Float64Array): number {
    const [makespan, maxLoad, minLoad] = [sign * goal.makespan, sign * goal.maxLoad, sign * goal.minLoad];
    if (makespan < 0 || maxLoad < 0 || minLoad > 0) return -Infinity;
    let bound = 0;
    if (makespan > 0) bound += makespan * ends.reduce((most, end) => (end > most ? end : most), this.#leastLoadEnd());
    if (maxLoad > 0) bound += maxLoad * this.#leastMaxLoad(open, mayDefer);
    if (minLoad < 0) bound += minLoad * this.#mostMinLoad(open);
    return bound;
  }

  /** No plan ends before each agent has done what is decided for it. */
  #leastLoadEnd(): number {
    const { instance, loadMs, slotsMatter } = this.partial;
    let least = 0;
    loadMs.forEach((loads, agent) => {
      for (const load of loads) {
        if (load > 0) {
          least = Math.max(least, instance.availableFromMs[agent]! + load / (slotsMatter ? 1 : instance.slots[agent]!));
        }
      }
    });
    return least;
  }

  #leastMaxLoad(open: readonly number[], mayDefer: Uint8Array): number {
    const { instance, loadMs, slotsMatter } = this.partial;
    let [most, total, numSlots] = [0, 0, 0];
    loadMs.forEach((loads, agent) => {
      if (this.#canTake[agent] === 1) numSlots += instance.slots[agent]!;
      for (const load of loads) {
        total += load;
        most = Math.max(most, load / (slotsMatter ? 1 : instance.slots[agent]!));
      }
    });
    for (const task of open) if (mayDefer[task] === 0) total += this.#leastBusy[task]!;
    return numSlots === 0 ? most : Math.max(most, (total / numSlots) * (1 - ROUNDING));
  }

  #mostMinLoad(open: readonly number[]): number {
    const { instance, loadMs } = this.partial;
    let [total, numSlots] = [0, 0];
    loadMs.forEach((loads, agent) => {
      if (this.#canTake[agent] === 1) numSlots += instance.slots[agent]!;
      for (const load of loads) total += load;
    });
    for (const task of open) total += this.#mostBusy[task]!;
    return numSlots === 0 ? 0 : (total / numSlots) * (1 + ROUNDING);
  }
}
