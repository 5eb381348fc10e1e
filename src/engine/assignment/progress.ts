import { type GeneralizedAssignment, pairOf } from "../bounds/generalized-assignment.js";
import { OPTIMALITY_TOLERANCE } from "../bounds/gap.js";
import type { SideRows } from "../tree/side-rows.js";
import type { WorkMeter } from "../bounds/work-meter.js";

/** Where a search stands, told as it changes. */
export interface SearchListener {
  /** A better assignment: agent of each task, and its cost. */
  onIncumbent?(agentOf: Int32Array, cost: number, stage: string): void;
  /** A higher lower bound. */
  onBound?(bound: number, stage: string): void;
  /** A stage that was not reached before. */
  onStage?(stage: string): void;
}

/** Rounding of a bound that is forgiven before it is rounded up to whole costs. */
const WHOLE_TOLERANCE = 1e-6;
/** Least improvement of real-valued costs that counts, relative: well within what makes a bound meet a value. */
const REAL_IMPROVEMENT = OPTIMALITY_TOLERANCE / 2;

/** What an assignment of the problem means to its owner. */
export interface CostRules {
  /** Added to every cost of the problem. */
  readonly offset: number;
  /** Whether all costs, offset included, are whole numbers in the end, so that bounds round up. */
  readonly isWholeCost: boolean;
  /** No allowed assignment costs more: a bound above it says that there is none. */
  readonly most: number;
  /** Rows that assignments must keep beside capacities; null where there are none. */
  readonly sideRows: SideRows | null;
  /** Cost of a complete assignment, null where it is not allowed; never below what the problem and the offset say. */
  judge(agentOf: Int32Array): number | null;
  /** An allowed assignment near the last one that was not, once; null where there is none. */
  takeRepaired(): Int32Array | null;
}

/** The rules of a problem that stands for itself. */
export function plainRules(problem: GeneralizedAssignment): CostRules {
  return {
    offset: 0,
    most: dearestCost(problem, 0),
    sideRows: null,
    isWholeCost: problem.cost.every(Number.isInteger),
    judge: (agentOf) => assignmentCost(problem, agentOf),
    takeRepaired: () => null,
  };
}

/** Incumbent, bound and work of one search on a generalized assignment. */
export class SearchProgress {
  agentOf: Int32Array | null = null;
  cost = Infinity;
  /** No assignment costs less; Infinity where none exists. */
  bound = -Infinity;
  #stage = "start";
  readonly #stages = new Set<string>();
  /** Whether uses and capacities are whole numbers. */
  readonly isWholeUse: boolean;

  constructor(
    readonly problem: GeneralizedAssignment,
    readonly meter: WorkMeter,
    readonly rules: CostRules & { readonly gap: number },
    private readonly listener: SearchListener,
  ) {
    this.isWholeUse =
      problem.use.every(Number.isInteger) && problem.capacity.every((c) => c === Infinity || Number.isInteger(c));
  }

  get stage(): string {
    return this.#stage;
  }

  set stage(stage: string) {
    this.#stage = stage;
    if (this.#stages.has(stage)) return;
    this.#stages.add(stage);
    this.listener.onStage?.(stage);
  }

  get isWholeCost(): boolean {
    return this.rules.isWholeCost;
  }

  get isOptimal(): boolean {
    if (this.bound === Infinity) return true;
    return this.isWholeCost ? this.bound > this.highestOfInterest : this.bound >= this.highestOfInterest;
  }

  /** Costs above it are no improvement; Infinity while there is no incumbent. */
  get highestOfInterest(): number {
    return this.cost - this.improvement;
  }

  /** By how much a cost must fall to count. */
  get improvement(): number {
    return this.isWholeCost ? 1 : REAL_IMPROVEMENT * Math.max(1, Math.abs(Number.isFinite(this.cost) ? this.cost : 1));
  }

  get tolerance(): number {
    return this.isWholeCost ? WHOLE_TOLERANCE : 0;
  }

  get isDone(): boolean {
    const { gap } = this.rules;
    const isClose = gap > 0 && this.cost - this.bound <= gap * Math.max(Math.abs(this.cost), Math.abs(this.bound));
    return this.isOptimal || isClose || this.meter.isSpent();
  }

  /** Judges a complete assignment and keeps it where it is cheaper than the incumbent; its cost, null where not allowed. */
  readonly offer = (agentOf: Int32Array): number | null => {
    const cost = this.rules.judge(agentOf);
    if (cost === null) {
      const repaired = this.rules.takeRepaired();
      if (repaired !== null) this.offer(repaired);
      return null;
    }
    if (!(cost < this.cost)) return cost;
    this.cost = cost;
    this.agentOf = agentOf.slice();
    this.listener.onIncumbent?.(this.agentOf, cost, this.stage);
    return cost;
  };

  /**
   * Takes a lower bound from a relaxation; whole costs round it up. One that no assignment can reach says that there is none. Beyond
   * the incumbent it says no more than that nothing of
   * interest is left: pairs that only worse assignments use may have been dropped.
   */
  offerBound(value: number): void {
    if (value > this.rules.most) value = Infinity;
    const isWhole = this.isWholeCost && Number.isFinite(value);
    const ofInterest = this.isWholeCost ? this.cost : this.highestOfInterest;
    const bound = Math.min(isWhole ? Math.ceil(value - WHOLE_TOLERANCE) : value, ofInterest);
    if (!(bound > this.bound)) return;
    this.bound = bound;
    this.listener.onBound?.(bound, this.stage);
  }

  /** Takes a proof that nothing costs `highest` or less. */
  ruleOut(highest: number): void {
    this.offerBound(this.isWholeCost ? Math.floor(highest) + 1 : highest);
  }
}

/** The most that any choice of agents can cost, with room for rounding. O(pairs). */
export function dearestCost({ numTasks, pairStart, cost }: GeneralizedAssignment, offset: number): number {
  let [sum, size] = [offset, Math.abs(offset)];
  for (let task = 0; task < numTasks; task++) {
    let most = -Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) most = Math.max(most, cost[pair]!);
    sum += most;
    size += Math.abs(most);
  }
  return sum + 1e-6 * Math.max(1, size);
}

/** Cost of a complete assignment, summed in task order. O(tasks · log pairs of a task). */
function assignmentCost(problem: GeneralizedAssignment, agentOf: Int32Array): number {
  let sum = 0;
  for (let task = 0; task < problem.numTasks; task++) sum += problem.cost[pairOf(problem, task, agentOf[task]!)]!;
  return sum;
}
