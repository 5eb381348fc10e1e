import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { AssignmentTree } from "../tree/assignment-tree.js";
import { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import { PartialAssignment } from "../tree/partial-assignment.js";
import { roomUntil, type TimedProblem } from "./timed-problem.js";

/** Rounding that is forgiven before a level counts as ruled out, relative to its highest cost. */
const TOLERANCE = 1e-9;

/**
 * The question whether some assignment ends by a time C, as a generalized assignment problem: capacities are the rooms until C,
 * costs are μ_j use[i,j] on top of the priced rows. Every assignment that ends by C costs at most
 *
 *   highest = Σ_j μ_j max(0, C − availableFrom_j) + costLimit,
 *
 * so a lower bound above it rules C out, whatever μ ≥ 0. Pairs that no such assignment can use, by the cheapest choice of every
 * other task, are left out from the start.
 */
export class TimedLevel {
  readonly core: GeneralizedAssignment;
  /** Price of the rows left to the judge, by pair of the core. */
  readonly base: Float64Array;
  /** μ of each agent; 0 for those that are not timed. */
  readonly mu: Float64Array;
  /** max(0, C − availableFrom) of each timed agent, 0 for the others. */
  readonly room: Float64Array;
  readonly isWholeUse: boolean;
  /** False where some task has nowhere to go, or the prices alone rule the time out. */
  readonly isPossible: boolean;

  constructor(
    readonly timed: TimedProblem,
    readonly atTime: number,
    mu: Float64Array,
    meter: WorkMeter,
  ) {
    const { numTimed, availableFrom, assignment } = timed;
    this.mu = mu.slice();
    this.room = Float64Array.from(mu, (_, j) => (j < numTimed ? Math.max(0, atTime - availableFrom[j]!) : 0));
    const capacity = Float64Array.from(mu, (_, agent) => roomUntil(timed, agent, atTime));
    const pairs = this.#usefulPairs(capacity);
    this.isPossible = pairs !== null;
    const kept = pairs ?? new Int32Array(0);
    this.base = Float64Array.from(kept, (pair) => assignment.cost[pair]!);
    this.core = extract(assignment, kept, capacity);
    this.isWholeUse =
      this.core.use.every(Number.isInteger) && capacity.every((room) => room === Infinity || Number.isInteger(room));
    this.price();
    meter.spend(2 * assignment.use.length);
  }

  /** No assignment that ends by C costs more. */
  get highest(): number {
    let sum = this.timed.costLimit;
    for (let agent = 0; agent < this.timed.numTimed; agent++) sum += this.mu[agent]! * this.room[agent]!;
    return sum;
  }

  get tolerance(): number {
    return TOLERANCE * Math.max(Math.abs(this.highest), Math.abs(this.timed.costLimit), Number.MIN_VALUE);
  }

  /** Brings the costs in line with μ. */
  price(): void {
    const { cost, use, pairAgent } = this.core;
    for (let pair = 0; pair < cost.length; pair++) {
      cost[pair] = this.base[pair]! + this.mu[pairAgent[pair]!]! * use[pair]!;
    }
  }

  startTree(meter: WorkMeter, judge: (agentOf: Int32Array) => number | null): LevelTree {
    const state = new PartialAssignment(this.core);
    const lagrangian = new KnapsackLagrangian(state, this.isWholeUse, meter);
    return { state, lagrangian, tree: new AssignmentTree(lagrangian, meter, judge) };
  }

  #usefulPairs(capacity: Float64Array): Int32Array | null {
    const { numTasks, pairStart, pairAgent, cost, use } = this.timed.assignment;
    const least = new Float64Array(numTasks);
    let sum = 0;
    for (let task = 0; task < numTasks; task++) {
      let cheapest = Infinity;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const agent = pairAgent[pair]!;
        if (use[pair]! <= capacity[agent]!) cheapest = Math.min(cheapest, cost[pair]! + this.mu[agent]! * use[pair]!);
      }
      if (cheapest === Infinity) return null;
      least[task] = cheapest;
      sum += cheapest;
    }
    const slack = this.highest + this.tolerance - sum;
    if (slack < 0) return null;
    const pairs: number[] = [];
    for (let task = 0; task < numTasks; task++) {
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const agent = pairAgent[pair]!;
        const price = cost[pair]! + this.mu[agent]! * use[pair]!;
        if (use[pair]! <= capacity[agent]! && price - least[task]! <= slack) pairs.push(pair);
      }
    }
    return Int32Array.from(pairs);
  }
}

export interface LevelTree {
  readonly state: PartialAssignment;
  readonly lagrangian: KnapsackLagrangian;
  readonly tree: AssignmentTree;
}

/** The problem on some of its pairs, given in ascending order; costs are left at 0. */
function extract(problem: GeneralizedAssignment, pairs: Int32Array, capacity: Float64Array): GeneralizedAssignment {
  const { numTasks, numAgents } = problem;
  const pairStart = new Int32Array(numTasks + 1);
  let task = 0;
  for (let k = 0; k < pairs.length; k++) {
    while (pairs[k]! >= problem.pairStart[task + 1]!) pairStart[++task] = k;
  }
  pairStart.fill(pairs.length, task + 1);
  return {
    numTasks,
    numAgents,
    pairStart,
    pairAgent: Int32Array.from(pairs, (pair) => problem.pairAgent[pair]!),
    use: Float64Array.from(pairs, (pair) => problem.use[pair]!),
    cost: new Float64Array(pairs.length),
    capacity,
  };
}
