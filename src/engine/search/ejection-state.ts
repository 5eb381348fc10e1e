import type { CandidateLists } from "../bounds/candidate-lists.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";

/** What stands for "no task" in the links and "not placed" in `agentOf`. */
export const NONE = -1;

/**
 * An assignment under change, with everything a move needs at hand: loads, the tasks of each agent as doubly linked lists,
 * and a price per unit of overload. A plan is feasible where no agent is overloaded and every task is placed.
 */
export class EjectionState {
  readonly agentOf: Int32Array;
  readonly costOf: Float64Array;
  readonly useOf: Float64Array;
  readonly load: Float64Array;
  readonly capacity: Float64Array;
  /** Objective units per unit of use above the capacity. */
  readonly penalty: Float64Array;
  /** Tasks of each agent, by falling excess. */
  readonly firstTask: Int32Array;
  readonly nextTask: Int32Array;
  readonly previousTask: Int32Array;
  readonly tasksOn: Int32Array;
  /** Count of changes at which the agent last changed; see `changes`. */
  readonly changedAt: Int32Array;
  /** cost + prices[agent] · use of each candidate, and of each task where it is. */
  readonly reduced: Float64Array;
  readonly reducedOf: Float64Array;
  /** reducedOf less the least reduced cost of the task's candidates. */
  readonly excessOf: Float64Array;
  readonly #least: Float64Array;
  readonly #largestUse: Float64Array;
  changes = 1;
  cost = 0;

  constructor(
    readonly problem: GeneralizedAssignment,
    readonly lists: CandidateLists,
    readonly prices: Float64Array,
  ) {
    const { numTasks, numAgents } = problem;
    this.reduced = Float64Array.from(lists.cost, (cost, k) => cost + prices[lists.agent[k]!]! * lists.use[k]!);
    this.reducedOf = new Float64Array(numTasks);
    this.excessOf = new Float64Array(numTasks);
    this.#least = new Float64Array(numTasks).fill(Infinity);
    this.#largestUse = new Float64Array(numAgents);
    for (let task = 0; task < numTasks; task++) {
      for (let k = lists.start[task]!; k < lists.start[task + 1]!; k++) {
        const agent = lists.agent[k]!;
        this.#least[task] = Math.min(this.#least[task]!, this.reduced[k]!);
        this.#largestUse[agent] = Math.max(this.#largestUse[agent]!, lists.use[k]!);
      }
    }
    this.agentOf = new Int32Array(numTasks).fill(NONE);
    this.costOf = new Float64Array(numTasks);
    this.useOf = new Float64Array(numTasks);
    this.load = new Float64Array(numAgents);
    this.capacity = problem.capacity.slice();
    this.penalty = new Float64Array(numAgents);
    this.firstTask = new Int32Array(numAgents).fill(NONE);
    this.nextTask = new Int32Array(numTasks).fill(NONE);
    this.previousTask = new Int32Array(numTasks).fill(NONE);
    this.tasksOn = new Int32Array(numAgents);
    this.changedAt = new Int32Array(numAgents);
  }

  /** Moves the task to the candidate with this index, from wherever it is. O(tasks of the agent). */
  moveTo(task: number, candidate: number): void {
    const { agent, cost, use } = this.lists;
    this.put(task, agent[candidate]!, cost[candidate]!, use[candidate]!);
  }

  put(task: number, agent: number, cost: number, use: number): void {
    this.#takeOut(task);
    this.agentOf[task] = agent;
    this.costOf[task] = cost;
    this.useOf[task] = use;
    this.reducedOf[task] = cost + this.prices[agent]! * use;
    this.excessOf[task] = this.reducedOf[task]! - this.#least[task]!;
    if (use > this.#largestUse[agent]!) this.#largestUse[agent] = use;
    this.cost += cost;
    this.load[agent]! += use;
    this.tasksOn[agent]! += 1;
    this.#link(task, agent);
    this.changedAt[agent] = ++this.changes;
  }

  /** Tasks of an agent stand by falling excess, so that whoever looks for one to eject may stop early. */
  #link(task: number, agent: number): void {
    const excess = this.excessOf[task]!;
    let before = NONE;
    let after = this.firstTask[agent]!;
    while (after !== NONE && this.excessOf[after]! > excess) {
      before = after;
      after = this.nextTask[after]!;
    }
    this.previousTask[task] = before;
    this.nextTask[task] = after;
    if (before === NONE) this.firstTask[agent] = task;
    else this.nextTask[before] = task;
    if (after !== NONE) this.previousTask[after] = task;
  }

  #takeOut(task: number): void {
    const agent = this.agentOf[task]!;
    if (agent === NONE) return;
    this.cost -= this.costOf[task]!;
    this.load[agent]! -= this.useOf[task]!;
    this.tasksOn[agent]! -= 1;
    const [before, after] = [this.previousTask[task]!, this.nextTask[task]!];
    if (before === NONE) this.firstTask[agent] = after;
    else this.nextTask[before] = after;
    if (after !== NONE) this.previousTask[after] = before;
    this.changedAt[agent] = ++this.changes;
  }

  /** Excess of the worst placed task on the agent; 0 where it has none. */
  worstExcess(agent: number): number {
    const first = this.firstTask[agent]!;
    return first === NONE ? 0 : this.excessOf[first]!;
  }

  /** The most a move that touches this agent once or twice can gain beyond reduced costs; see `EjectionMoves`. O(1). */
  credit(agent: number): number {
    const [price, surplus] = [this.prices[agent]!, this.penalty[agent]! - this.prices[agent]!];
    const slack = this.capacity[agent]! - this.load[agent]!;
    const worth = slack > 0 ? (price > 0 ? price * slack : 0) : surplus > 0 ? -surplus * slack : 0;
    return surplus < 0 ? worth - surplus * this.#largestUse[agent]! : worth;
  }

  /** Sets the price of overload; tasks are looked at again where it changed. */
  setPenalty(agent: number, penalty: number): void {
    if (this.penalty[agent] === penalty) return;
    this.penalty[agent] = penalty;
    this.changedAt[agent] = ++this.changes;
  }

  setCapacity(agent: number, capacity: number): void {
    if (this.capacity[agent] === capacity) return;
    this.capacity[agent] = capacity;
    this.changedAt[agent] = ++this.changes;
  }

  isOverloaded(agent: number): boolean {
    return this.load[agent]! > this.capacity[agent]!;
  }

  numOverloaded(): number {
    let count = 0;
    for (let agent = 0; agent < this.load.length; agent++) if (this.isOverloaded(agent)) count += 1;
    return count;
  }

  /** Sums cost and loads afresh, in the order of tasks, so that rounding does not pile up over many moves. O(tasks). */
  recount(): void {
    this.cost = 0;
    this.load.fill(0);
    for (let task = 0; task < this.agentOf.length; task++) {
      this.cost += this.costOf[task]!;
      this.load[this.agentOf[task]!]! += this.useOf[task]!;
    }
  }
}
