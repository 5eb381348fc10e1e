import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { AssignmentTree } from "../tree/assignment-tree.js";
import { KnapsackLagrangian } from "../tree/knapsack-lagrangian.js";
import { PartialAssignment } from "../tree/partial-assignment.js";
import { roomUntil, type TimedProblem } from "./timed-problem.js";

/** Rounding that is forgiven before a level counts as ruled out, relative to the time. */
const TOLERANCE = 1e-9;

/**
 * The question whether some assignment ends by a time C, as a generalized assignment problem: capacities are the rooms until C, costs
 * are those of the priced rows alone, so that every assignment that ends by C costs at most `highest`. A lower bound above it rules C out.
 *
 * The rows of times are capacities and have no price: with multipliers λ of the tasks and μ ≥ 0 of those rows, the bound is
 *
 *   Σ_i λ_i − Σ_j max{ Σ_i (λ_i − cost[i,j]) x[i,j] + μ_j (C − Σ_i use[i,j] x[i,j]) : Σ_i use[i,j] x[i,j] ≤ C },
 *
 * which is largest at μ = 0, whatever λ is. Prices serve as a guide for searches, and to leave out, from the start, the pairs that no such
 * assignment can use by the cheapest choice of every other task.
 */
export class TimedLevel {
  readonly core: GeneralizedAssignment;
  /** μ of each agent; 0 for those that are not timed. */
  readonly mu: Float64Array;
  readonly isWholeUse: boolean;
  /** False where some task has nowhere to go, or the prices alone rule the time out. */
  readonly isPossible: boolean;

  constructor(
    readonly timed: TimedProblem,
    readonly atTime: number,
    mu: Float64Array,
    meter: WorkMeter,
  ) {
    const { assignment } = timed;
    this.mu = mu;
    const capacity = Float64Array.from(mu, (_, agent) => roomUntil(timed, agent, atTime));
    const pairs = this.#usefulPairs(capacity);
    this.isPossible = pairs !== null;
    this.core = extract(assignment, pairs ?? new Int32Array(0), capacity);
    this.isWholeUse =
      this.core.use.every(Number.isInteger) && capacity.every((room) => room === Infinity || Number.isInteger(room));
    meter.spend(2 * assignment.use.length);
  }

  /** No assignment that ends by C costs more. */
  get highest(): number {
    return this.timed.costLimit;
  }

  /** Costs have the size of times: they are prices of the rows of times, or multiply rows like them. */
  get tolerance(): number {
    return TOLERANCE * Math.max(Math.abs(this.highest), this.atTime, Number.MIN_VALUE);
  }

  /** The core with the prices of the rows of times in its costs, as a guide. O(pairs). */
  readonly priced = (): GeneralizedAssignment => {
    const { core, mu } = this;
    return { ...core, cost: core.cost.map((cost, pair) => cost + mu[core.pairAgent[pair]!]! * core.use[pair]!) };
  };

  startTree(meter: WorkMeter, judge: (agentOf: Int32Array) => number | null): LevelTree {
    const state = new PartialAssignment(this.core);
    const lagrangian = new KnapsackLagrangian(state, this.isWholeUse, meter);
    return { state, lagrangian, tree: new AssignmentTree(lagrangian, meter, judge) };
  }

  #usefulPairs(capacity: Float64Array): Int32Array | null {
    const { numTimed, availableFrom, assignment } = this.timed;
    const { numTasks, pairStart, pairAgent, cost, use } = assignment;
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
    let slack = this.highest + this.tolerance - sum;
    for (let agent = 0; agent < numTimed; agent++) {
      slack += this.mu[agent]! * Math.max(0, this.atTime - availableFrom[agent]!);
    }
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

/** The problem on some of its pairs, given in ascending order. */
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
    cost: Float64Array.from(pairs, (pair) => problem.cost[pair]!),
    capacity,
  };
}
