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
  readonly #budgetRoom: number;
  /** Tasks that wait for each task, in ascending order. */
  readonly dependents: readonly number[][];

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
    this.#budgetRoom = withTolerance(instance.budget);
    this.linear = Float64Array.from(goals, (goal) => valueOfEmptyPlan(goal));
    this.#dated = Array.from({ length: numSlots }, () => []);
    this.dependents = dependentsOf(instance);
  }

  /** Slots of an agent, as indices into the arrays over slots. */
  firstSlot(agent: number): number {
    return this.slotStart[agent]!;
  }

  /** Where a placed task is, as an index into the arrays over slots. */
  slotAt(task: number): number {
    return this.slotStart[this.agentOf[task]!]! + this.slotOf[task]!;
  }

  /** How busy the slot of a placed task is without it. An emptied slot is at exactly 0, so that rounding never makes an idle slot look busy. */
  busyMsWithout(task: number): number {
    const slot = this.slotAt(task);
    return this.slotCount[slot] === 1 ? 0 : this.slotBusyMs[slot]! - this.instance.busyMs[this.pairOf[task]!]!;
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
    this.addToGoals(pair, 1);
  }

  /** Takes the task out of the plan; it must be placed. */
  remove(task: number): void {
    const { instance } = this;
    const pair = this.pairOf[task]!;
    const agent = this.agentOf[task]!;
    const slot = this.slotAt(task);
    this.slotBusyMs[slot] = this.busyMsWithout(task);
    this.slotCount[slot]! -= 1;
    if (instance.deadlineMs[task]! < Infinity) removeFrom(this.#dated[slot]!, task);
    this.agentCount[agent]! -= 1;
    this.agentBusyMs[agent] = this.agentCount[agent] === 0 ? 0 : this.agentBusyMs[agent]! - instance.busyMs[pair]!;
    this.costInUse -= instance.cost[pair]!;
    this.addToGoals(pair, -1);
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
    if (this.costInUse + instance.cost[pair]! > this.#budgetRoom) return false;
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      if (this.agentOf[instance.dependsOn[d]!] === DEFERRED) return false;
    }
    return this.#keepsDeadlines(pair, slot, DEFERRED);
  }

  /**
   * Whether two placed tasks may change places, each as the pair given for it: rows (2)–(6). Counts of tasks stay, and so does what waits for
   * what.
   */
  canSwap(pair: number, otherPair: number): boolean {
    const { cost, pairTask } = this.instance;
    const [task, other] = [pairTask[pair]!, pairTask[otherPair]!];
    const costNow = this.costInUse - cost[this.pairOf[task]!]! - cost[this.pairOf[other]!]!;
    if (costNow + cost[pair]! + cost[otherPair]! > this.#budgetRoom) return false;
    return this.#canReplace(other, pair) && this.#canReplace(task, otherPair);
  }

  /** Whether the slot of a placed task has time for a pair of its agent instead. */
  #canReplace(out: number, pair: number): boolean {
    const { busyMs, pairAgent } = this.instance;
    if (this.busyMsWithout(out) + busyMs[pair]! > this.#loadRoom[pairAgent[pair]!]!) return false;
    return this.#keepsDeadlines(pair, this.slotOf[out]!, out);
  }

  /** Whether no placed task depends on this one, so that it may be deferred. */
  canDefer(task: number): boolean {
    return this.dependents[task]!.every((dependent) => this.agentOf[dependent] === DEFERRED);
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

  /** Replaces the whole plan. O(pairs of placed tasks). */
  restore({ agentOf, slotOf }: Assignment): void {
    const { numTasks, pairStart, pairAgent } = this.instance;
    this.#clear();
    for (let task = 0; task < numTasks; task++) {
      const agent = agentOf[task]!;
      if (agent === DEFERRED) continue;
      const end = pairStart[task + 1]!;
      let pair = pairStart[task]!;
      while (pair < end && pairAgent[pair] !== agent) pair++;
      if (pair < end) this.place(pair, slotOf[task]!);
    }
  }

  #clear(): void {
    for (const places of [this.agentOf, this.slotOf, this.pairOf]) places.fill(DEFERRED);
    for (const sums of [this.slotBusyMs, this.slotCount, this.agentBusyMs, this.agentCount]) sums.fill(0);
    for (const dated of this.#dated) dated.length = 0;
    this.costInUse = 0;
    this.goals.forEach((goal, k) => (this.linear[k] = valueOfEmptyPlan(goal)));
  }

  /** What the task of a pair adds to the goals where it is placed as that pair, or takes from them. */
  addToGoals(pair: number, sign: 1 | -1): void {
    const { goals, linear } = this;
    for (let k = 0; k < goals.length; k++) {
      const { perPair, perDeferral } = goals[k]!;
      if (perPair !== null) linear[k]! += sign * perPair[pair]!;
      if (perDeferral !== null) linear[k]! -= sign * perDeferral[this.instance.pairTask[pair]!]!;
    }
  }

  /** Whether every task of a slot that has a deadline keeps it with one pair more, and without the task `out` where that is there. */
  #keepsDeadlines(pair: number, slot: number, out: number): boolean {
    const { availableFromMs, busyMs, deadlineMs, pairAgent, pairTask } = this.instance;
    const agent = pairAgent[pair]!;
    let limit = deadlineMs[pairTask[pair]!]!;
    if (limit === Infinity) return true;
    const start = availableFromMs[agent]!;
    const dated = this.#dated[this.slotStart[agent]! + slot]!;
    let due = busyMs[pair]!;
    // Sums before the task's own deadline do not contain it; they were kept before and are kept still.
    for (let k = 0; k < dated.length; k++) {
      const other = dated[k]!;
      if (other === out) continue;
      const deadline = deadlineMs[other]!;
      if (deadline > limit) {
        if (due > withTolerance(Math.max(0, limit - start))) return false;
        limit = deadline;
      }
      due += busyMs[this.pairOf[other]!]!;
    }
    return due <= withTolerance(Math.max(0, limit - start));
  }

  #addDated(task: number, dated: number[]): void {
    const { deadlineMs } = this.instance;
    let at = dated.length;
    dated.push(task);
    for (; at > 0 && isDueAfter(deadlineMs, dated[at - 1]!, task); at--) dated[at] = dated[at - 1]!;
    dated[at] = task;
  }
}

/** Without what `splice` allocates: this is most of a move in a wave with deadlines. */
function removeFrom(dated: number[], task: number): void {
  for (let at = dated.indexOf(task) + 1; at < dated.length; at++) dated[at - 1] = dated[at]!;
  dated.pop();
}

function valueOfEmptyPlan(goal: Goal): number {
  let sum = goal.constant;
  for (const coefficient of goal.perDeferral ?? []) sum += coefficient;
  return sum;
}

/** A limit with the slack of our own comparisons. */
export function withTolerance(limit: number): number {
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
