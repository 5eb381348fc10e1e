import { type Assignment, DEFERRED, type Goal, type Instance } from "../../../models/index.js";

/** Slack of our own comparisons, relative; far below the feasibility tolerance, so that no search lives off that. */
export const SEARCH_TOLERANCE = 1e-9;

/**
 * A plan under change: what every slot, agent and total holds, updated in O(1) a move, so that a search never evaluates a
 * plan from scratch. Rows are those of models/assignment.ts. Deadlines cost O(tasks of the slot with a deadline) a check.
 */
export class PlanState {
  /** Agent of each task, DEFERRED where it is left out. */
  readonly agentOf: Int32Array;
  /** Slot of that agent, from 0, DEFERRED where the task is left out. */
  readonly slotOf: Int32Array;
  /** Eligible pair in use by each task, DEFERRED where it is left out. */
  readonly pairOf: Int32Array;
  /** First slot of each agent in the arrays over slots, numAgents + 1 entries. */
  readonly slotStart: Int32Array;
  /** Busy time in each slot, milliseconds. */
  readonly slotBusyMs: Float64Array;
  /** Number of tasks in each slot. */
  readonly slotCount: Int32Array;
  /** Busy time of each agent over all its slots, milliseconds. */
  readonly agentBusyMs: Float64Array;
  /** Number of tasks of each agent. */
  readonly agentCount: Int32Array;
  /** Sum of the costs of the pairs in use. */
  costInUse = 0;
  /** Of each goal: constant + Σ perPair over placed pairs + Σ perDeferral over deferred tasks. */
  readonly linear: Float64Array;
  /** Tasks with a deadline in each slot, the most urgent first. */
  readonly #dated: readonly number[][];
  readonly #loadRoom: Float64Array;
  readonly #dependents: readonly number[][];

  /** Starts with every task deferred. */
  constructor(
    /** The instance that is planned. */
    readonly instance: Instance,
    /** Goals whose linear parts are kept up to date, in the order of `linear`. */
    readonly goals: readonly Goal[],
  ) {
    const { numTasks, numAgents } = instance;
    this.agentOf = new Int32Array(numTasks).fill(DEFERRED);
    this.slotOf = new Int32Array(numTasks).fill(DEFERRED);
    this.pairOf = new Int32Array(numTasks).fill(DEFERRED);
    this.slotStart = new Int32Array(numAgents + 1);
    for (let j = 0; j < numAgents; j++) this.slotStart[j + 1] = this.slotStart[j]! + instance.slots[j]!;
    const numSlots = this.slotStart[numAgents]!;
    this.slotBusyMs = new Float64Array(numSlots);
    this.slotCount = new Int32Array(numSlots);
    this.agentBusyMs = new Float64Array(numAgents);
    this.agentCount = new Int32Array(numAgents);
    this.#loadRoom = instance.loadLimitMs.map(withTolerance);
    this.linear = Float64Array.from(goals, (goal) => valueOfEmptyPlan(goal));
    this.#dated = Array.from({ length: numSlots }, () => []);
    this.#dependents = dependentsOf(instance);
  }

  /** Slots of an agent, as indices into the arrays over slots. */
  firstSlot(agent: number): number {
    return this.slotStart[agent]!;
  }

  /** Gives the task of the pair to a slot of its agent; the task must be deferred. */
  place(pair: number, slot: number): void {
    const { instance } = this;
    const task = instance.pairTask[pair]!;
    const agent = instance.pairAgent[pair]!;
    const busy = instance.busyMs[pair]!;
    this.agentOf[task] = agent;
    this.slotOf[task] = slot;
    this.pairOf[task] = pair;
    this.slotBusyMs[this.slotStart[agent]! + slot]! += busy;
    this.slotCount[this.slotStart[agent]! + slot]! += 1;
    if (instance.deadlineMs[task]! < Infinity) this.#addDated(task, this.#dated[this.slotStart[agent]! + slot]!);
    this.agentBusyMs[agent]! += busy;
    this.agentCount[agent]! += 1;
    this.costInUse += instance.cost[pair]!;
    this.#addToGoals(task, pair, 1);
  }

  /** Takes the task out of the plan; it must be placed. */
  remove(task: number): void {
    const { instance } = this;
    const pair = this.pairOf[task]!;
    const agent = this.agentOf[task]!;
    const slot = this.slotStart[agent]! + this.slotOf[task]!;
    const busy = instance.busyMs[pair]!;
    // An emptied slot goes back to exactly 0, so that rounding never makes an idle slot look busy.
    this.slotCount[slot]! -= 1;
    if (instance.deadlineMs[task]! < Infinity) {
      const dated = this.#dated[slot]!;
      dated.splice(dated.indexOf(task), 1);
    }
    this.slotBusyMs[slot] = this.slotCount[slot] === 0 ? 0 : this.slotBusyMs[slot]! - busy;
    this.agentCount[agent]! -= 1;
    this.agentBusyMs[agent] = this.agentCount[agent] === 0 ? 0 : this.agentBusyMs[agent]! - busy;
    this.costInUse -= instance.cost[pair]!;
    this.#addToGoals(task, pair, -1);
    this.agentOf[task] = DEFERRED;
    this.slotOf[task] = DEFERRED;
    this.pairOf[task] = DEFERRED;
  }

  /** Whether the unplaced task of this pair may go to this slot now: rows (2)–(6). */
  canPlace(pair: number, slot: number): boolean {
    const { instance } = this;
    const task = instance.pairTask[pair]!;
    const agent = instance.pairAgent[pair]!;
    if (this.agentCount[agent]! + 1 > instance.maxTasks[agent]!) return false;
    if (this.slotBusyMs[this.slotStart[agent]! + slot]! + instance.busyMs[pair]! > this.#loadRoom[agent]!) return false;
    if (this.costInUse + instance.cost[pair]! > withTolerance(instance.budget)) return false;
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      if (this.agentOf[instance.dependsOn[d]!] === DEFERRED) return false;
    }
    return this.#keepsDeadlines(pair, slot);
  }

  /** Whether no placed task depends on this one, so that it may be deferred. */
  canDefer(task: number): boolean {
    return this.#dependents[task]!.every((dependent) => this.agentOf[dependent] === DEFERRED);
  }

  /** The agent whose fullest slot ends last. */
  latestAgent(): number {
    let [latest, end] = [0, -1];
    for (let agent = 0; agent < this.instance.numAgents; agent++) {
      for (let slot = this.slotStart[agent]!; slot < this.slotStart[agent + 1]!; slot++) {
        const slotEnd = this.slotCount[slot] === 0 ? 0 : this.instance.availableFromMs[agent]! + this.slotBusyMs[slot]!;
        if (slotEnd > end) [latest, end] = [agent, slotEnd];
      }
    }
    return latest;
  }

  /** A copy of the plan as it is now. */
  snapshot(): Assignment {
    return { agentOf: this.agentOf.slice(), slotOf: this.slotOf.slice() };
  }

  /** Replaces the whole plan. O(pairs). */
  restore({ agentOf, slotOf }: Assignment): void {
    const { instance } = this;
    for (let task = 0; task < instance.numTasks; task++) if (this.agentOf[task] !== DEFERRED) this.remove(task);
    this.costInUse = 0;
    this.goals.forEach((goal, k) => (this.linear[k] = valueOfEmptyPlan(goal)));
    for (let pair = 0; pair < instance.numPairs; pair++) {
      const task = instance.pairTask[pair]!;
      if (agentOf[task] === instance.pairAgent[pair]) this.place(pair, slotOf[task]!);
    }
  }

  #addToGoals(task: number, pair: number, sign: 1 | -1): void {
    for (let k = 0; k < this.goals.length; k++) {
      const { perPair, perDeferral } = this.goals[k]!;
      if (perPair !== null) this.linear[k]! += sign * perPair[pair]!;
      if (perDeferral !== null) this.linear[k]! -= sign * perDeferral[task]!;
    }
  }

  #keepsDeadlines(pair: number, slot: number): boolean {
    const { instance } = this;
    const task = instance.pairTask[pair]!;
    const deadline = instance.deadlineMs[task]!;
    if (deadline === Infinity) return true;
    const agent = instance.pairAgent[pair]!;
    const start = instance.availableFromMs[agent]!;
    const dated = this.#dated[this.slotStart[agent]! + slot]!;
    let due = instance.busyMs[pair]!;
    let k = 0;
    // Sums before the task's own deadline do not contain it; they were kept before and are kept still.
    for (; k < dated.length && instance.deadlineMs[dated[k]!]! <= deadline; k++) {
      due += instance.busyMs[this.pairOf[dated[k]!]!]!;
    }
    if (due > withTolerance(Math.max(0, deadline - start))) return false;
    for (; k < dated.length; k++) {
      due += instance.busyMs[this.pairOf[dated[k]!]!]!;
      const limit = instance.deadlineMs[dated[k]!]!;
      const isLastOfDeadline = k + 1 === dated.length || instance.deadlineMs[dated[k + 1]!]! > limit;
      if (isLastOfDeadline && due > withTolerance(Math.max(0, limit - start))) return false;
    }
    return true;
  }

  #addDated(task: number, dated: number[]): void {
    const { deadlineMs } = this.instance;
    let at = dated.length;
    while (at > 0 && isDueAfter(deadlineMs, dated[at - 1]!, task)) at--;
    dated.splice(at, 0, task);
  }
}

function valueOfEmptyPlan(goal: Goal): number {
  let sum = goal.constant;
  for (const coefficient of goal.perDeferral ?? []) sum += coefficient;
  return sum;
}

function withTolerance(limit: number): number {
  return limit + SEARCH_TOLERANCE * Math.max(1, Math.abs(limit));
}

/** Whether task a is due after task b, or with it and has the higher index: one order, so that sums come out alike. */
function isDueAfter(deadlineMs: Float64Array, a: number, b: number): boolean {
  return deadlineMs[a]! > deadlineMs[b]! || (deadlineMs[a] === deadlineMs[b] && a > b);
}

function dependentsOf(instance: Instance): number[][] {
  const dependents = Array.from({ length: instance.numTasks }, (): number[] => []);
  for (let task = 0; task < instance.numTasks; task++) {
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      dependents[instance.dependsOn[d]!]!.push(task);
    }
  }
  return dependents;
}
