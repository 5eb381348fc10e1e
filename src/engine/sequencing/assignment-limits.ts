import { isWithin } from "../../../models/index.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Limits on who runs what, beside all times. Bounds on the makespan ignore them and stay valid. */
export interface AssignmentLimits {
  /** Most busy time on each slot of an agent, by agent; Infinity where there is no limit. */
  readonly slotLoadMs: Float64Array;
  /** Most tasks of each agent; Infinity where there is no limit. */
  readonly maxTasks: Float64Array;
  /** For each row, Σ value of the chosen pairs ≤ limit: a budget, or a goal that is settled already. */
  readonly rows: readonly LimitRow[];
}

export interface LimitRow {
  /** One number per pair, of any sign. */
  readonly value: Float64Array;
  /** Largest sum of these numbers over the pairs in use. */
  readonly limit: number;
}

/** Where loads are counted: by slot, or for each agent over all its slots. */
type LoadPlace = "slot" | "agent";

/**
 * How much of its limits an assignment uses, as its tasks move. A move is allowed where each limit that it presses on is kept
 * afterwards, so that no broken limit gets worse.
 */
export class LimitUse {
  readonly load: Float64Array;
  readonly count: Int32Array;
  readonly sums: Float64Array;
  /** Limits by place of load. */
  readonly loadLimit: Float64Array;

  constructor(
    readonly problem: SequencingProblem,
    readonly limits: AssignmentLimits,
    place: LoadPlace,
  ) {
    const { slotAgent, slotStart } = problem;
    this.loadLimit =
      place === "slot"
        ? Float64Array.from(slotAgent, (agent) => limits.slotLoadMs[agent]!)
        : limits.slotLoadMs.map((limit, agent) => (slotStart[agent + 1]! - slotStart[agent]!) * limit);
    this.load = new Float64Array(this.loadLimit.length);
    this.count = new Int32Array(problem.numAgents);
    this.sums = new Float64Array(limits.rows.length);
  }

  /** Begins without any task. */
  clear(): void {
    this.load.fill(0);
    this.count.fill(0);
    this.sums.fill(0);
  }

  /** Counts an assignment afresh: the pair of each task, and the place of its load. */
  reset(pairOf: Int32Array, placeOf: Int32Array): void {
    this.clear();
    for (let task = 0; task < pairOf.length; task++) this.add(pairOf[task]!, placeOf[task]!);
  }

  add(pair: number, place: number): void {
    this.#change(pair, place, 1);
  }

  remove(pair: number, place: number): void {
    this.#change(pair, place, -1);
  }

  /** Whether one more task fits. Rows are left out: what remains of them depends on the tasks still to come. */
  fits(pair: number, place: number): boolean {
    const { pairAgent, busyMs } = this.problem;
    const agent = pairAgent[pair]!;
    return (
      this.count[agent]! < this.limits.maxTasks[agent]! &&
      isWithin(this.load[place]! + busyMs[pair]!, this.loadLimit[place]!)
    );
  }

  /** Whether a task may change its pair and the place of its load. */
  allows(oldPair: number, oldPlace: number, pair: number, place: number): boolean {
    const { pairAgent, busyMs } = this.problem;
    const agent = pairAgent[pair]!;
    if (agent !== pairAgent[oldPair]! && this.count[agent]! >= this.limits.maxTasks[agent]!) return false;
    if (place !== oldPlace && !isWithin(this.load[place]! + busyMs[pair]!, this.loadLimit[place]!)) return false;
    return this.#allowsRows(oldPair, pair, -1, -1);
  }

  /** Whether two tasks may exchange their places: the first goes from its old place to the other's, with a new pair, and so does the other. */
  allowsExchange(
    oldOne: number,
    one: number,
    oldOther: number,
    other: number,
    place: number,
    otherPlace: number,
  ): boolean {
    const { busyMs } = this.problem;
    const change = busyMs[one]! - busyMs[oldOther]!;
    if (change > 0 && !isWithin(this.load[otherPlace]! + change, this.loadLimit[otherPlace]!)) return false;
    const otherChange = busyMs[other]! - busyMs[oldOne]!;
    if (otherChange > 0 && !isWithin(this.load[place]! + otherChange, this.loadLimit[place]!)) return false;
    return this.#allowsRows(oldOne, one, oldOther, other);
  }

  /** By how much each limit is exceeded, relative to it, in all. */
  get excess(): number {
    const { maxTasks, rows } = this.limits;
    let excess = 0;
    this.load.forEach((used, place) => (excess += excessOf(used, this.loadLimit[place]!)));
    this.count.forEach((used, agent) => (excess += excessOf(used, maxTasks[agent]!)));
    this.sums.forEach((used, row) => (excess += excessOf(used, rows[row]!.limit)));
    return excess;
  }

  #allowsRows(oldOne: number, one: number, oldOther: number, other: number): boolean {
    const { rows } = this.limits;
    for (let row = 0; row < rows.length; row++) {
      const { value, limit } = rows[row]!;
      const change = value[one]! - value[oldOne]! + (other < 0 ? 0 : value[other]! - value[oldOther]!);
      if (change > 0 && !isWithin(this.sums[row]! + change, limit)) return false;
    }
    return true;
  }

  #change(pair: number, place: number, sign: 1 | -1): void {
    const { pairAgent, busyMs } = this.problem;
    const { rows } = this.limits;
    this.load[place]! += sign * busyMs[pair]!;
    this.count[pairAgent[pair]!]! += sign;
    for (let row = 0; row < rows.length; row++) this.sums[row]! += sign * rows[row]!.value[pair]!;
  }
}

/** By how much a limit is exceeded, relative to it; 0 where it is kept. */
export function excessOf(used: number, limit: number): number {
  return isWithin(used, limit) ? 0 : (used - limit) / Math.max(1, Math.abs(limit));
}

/** Whether an assignment keeps all limits. O(tasks · rows + slots). */
export function keepsLimits(problem: SequencingProblem, pairOf: Int32Array, slotOf: Int32Array): boolean {
  if (problem.limits === null) return true;
  const use = new LimitUse(problem, problem.limits, "slot");
  use.reset(pairOf, slotOf);
  return use.excess === 0;
}
