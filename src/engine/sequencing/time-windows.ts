import { skipAbsences, skipAbsencesBack } from "./agent-time.js";
import { propagateAgent } from "./agent-propagation.js";
import { SlotTasks } from "./edge-finding.js";
import { FleetOverload } from "./fleet-overload.js";
import { PoolPropagation } from "./pool-propagation.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { Change, RULES, WindowChanges } from "./window-changes.js";

/** Passes after which propagation stops even if windows still shrink, as they may in ever smaller steps. */
const MAX_PASSES = 60;
/** Rounding forgiven in comparisons, relative to the latest end; whole times are compared exactly but for sums of prices. */
const REAL_TOLERANCE = 1e-11;
const WHOLE_TOLERANCE = 1e-3;

/** Windows of one moment, to return to, and what is summed up of tasks. */
export interface WindowsSnapshot {
  readonly earliestStart: Float64Array;
  readonly latestEnd: Float64Array;
  readonly isAlive: Uint8Array;
  readonly numAlive: Int32Array;
  readonly ofTasks: Float64Array;
}

/**
 * Windows of all pairs in schedules that end by a given time: when the task runs on the pair's agent, it starts at
 * `earliestStart` or later and ends by `latestEnd`. Pairs whose windows are too short die; a task without a pair is a contradiction.
 */
export class TimeWindows {
  readonly earliestStart: Float64Array;
  readonly latestEnd: Float64Array;
  readonly isAlive: Uint8Array;
  readonly numAlive: Int32Array;
  /** Of each task over its pairs alive, as of the last propagation. */
  readonly taskStart: Float64Array;
  readonly taskEarliestEnd: Float64Array;
  readonly taskLatestStart: Float64Array;
  readonly taskEnd: Float64Array;
  readonly changes: WindowChanges;
  /** Pairs that can use each agent: those of agent j are agentPairStart[j] … agentPairStart[j + 1] − 1. */
  readonly agentPairStart: Int32Array;
  readonly agentPairs: Int32Array;
  readonly taskOfPair: Int32Array;
  readonly scratch: SlotTasks;
  tolerance = WHOLE_TOLERANCE;
  latestEndMs = Infinity;
  /** Windows computed so far, the unit of this work. */
  numMoves = 0;
  readonly #ofTasks: Float64Array;
  readonly #overload: FleetOverload | null;
  readonly #orders: number[] = [];
  readonly pools: PoolPropagation | null;

  constructor(
    readonly problem: SequencingProblem,
    /** Prices of the agents' time with which loads of the fleet are checked; null where they are not. */
    readonly prices: Float64Array | null,
  ) {
    const { numTasks, numAgents, pairAgent, pairStart } = problem;
    const numPairs = pairAgent.length;
    [this.earliestStart, this.latestEnd] = [new Float64Array(numPairs), new Float64Array(numPairs)];
    this.isAlive = new Uint8Array(numPairs);
    this.numAlive = new Int32Array(numTasks);
    this.#ofTasks = new Float64Array(4 * numTasks);
    const part = (k: number): Float64Array => this.#ofTasks.subarray(k * numTasks, (k + 1) * numTasks);
    [this.taskStart, this.taskEarliestEnd, this.taskLatestStart, this.taskEnd] = [part(0), part(1), part(2), part(3)];
    this.changes = new WindowChanges(numTasks, numAgents, numPairs);
    this.#overload = prices === null ? null : new FleetOverload(problem, prices);
    this.agentPairStart = new Int32Array(numAgents + 1);
    for (const agent of pairAgent) this.agentPairStart[agent + 1]!++;
    for (let agent = 0; agent < numAgents; agent++) this.agentPairStart[agent + 1]! += this.agentPairStart[agent]!;
    this.agentPairs = new Int32Array(numPairs);
    this.taskOfPair = new Int32Array(numPairs);
    const next = this.agentPairStart.slice();
    for (let task = 0; task < numTasks; task++) {
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        this.taskOfPair[pair] = task;
        this.agentPairs[next[pairAgent[pair]!]!++] = pair;
      }
    }
    this.pools = problem.pools === null ? null : new PoolPropagation(problem, problem.pools);
    this.scratch = new SlotTasks(Math.max(0, ...this.agentPairStart.map((start, k) => (next[k] ?? start) - start)));
  }

  /** Begins with the widest windows of schedules that end by the given time and keep the deadlines. */
  open(latestEndMs: number): void {
    const { problem } = this;
    this.latestEndMs = latestEndMs;
    this.tolerance = problem.isWhole ? WHOLE_TOLERANCE : REAL_TOLERANCE * Math.max(1, latestEndMs);
    this.isAlive.fill(1);
    for (let task = 0; task < problem.numTasks; task++) {
      this.numAlive[task] = problem.pairStart[task + 1]! - problem.pairStart[task]!;
      for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
        const agent = problem.pairAgent[pair]!;
        const until = problem.absences?.availableUntilMs[agent] ?? Infinity;
        this.earliestStart[pair] = Math.max(problem.releaseMs[task]!, problem.availableFromMs[agent]!);
        this.latestEnd[pair] = Math.min(latestEndMs, until, problem.deadlineMs[task]!);
      }
    }
    this.taskEarliestEnd.fill(-Infinity);
    this.taskLatestStart.fill(Infinity);
    this.changes.noteAll();
  }

  /** Windows as propagation left them. */
  save(): WindowsSnapshot {
    return {
      earliestStart: this.earliestStart.slice(),
      latestEnd: this.latestEnd.slice(),
      isAlive: this.isAlive.slice(),
      numAlive: this.numAlive.slice(),
      ofTasks: this.#ofTasks.slice(),
    };
  }

  restore({ earliestStart, latestEnd, isAlive, numAlive, ofTasks }: WindowsSnapshot): void {
    this.earliestStart.set(earliestStart);
    this.latestEnd.set(latestEnd);
    this.isAlive.set(isAlive);
    this.numAlive.set(numAlive);
    this.#ofTasks.set(ofTasks);
    this.changes.forget();
  }

  kill(pair: number): void {
    if (this.isAlive[pair] === 0) return;
    this.isAlive[pair] = 0;
    const task = this.taskOfPair[pair]!;
    this.numAlive[task]!--;
    this.#noteChange(pair);
    if (this.numAlive[task] !== 1) return;
    for (let other = this.problem.pairStart[task]!; other < this.problem.pairStart[task + 1]!; other++) {
      if (this.isAlive[other] === 1) this.#noteChange(other);
    }
  }

  /** Leaves a task this pair alone. */
  choose(pair: number): void {
    const task = this.taskOfPair[pair]!;
    for (let other = this.problem.pairStart[task]!; other < this.problem.pairStart[task + 1]!; other++) {
      if (other !== pair) this.kill(other);
    }
  }

  raiseStart(pair: number, time: number): void {
    if (!(time > this.earliestStart[pair]!)) return;
    this.earliestStart[pair] = time;
    this.#noteChange(pair);
  }

  lowerEnd(pair: number, time: number): void {
    if (!(time < this.latestEnd[pair]!)) return;
    this.latestEnd[pair] = time;
    this.#noteChange(pair);
  }

  #noteChange(pair: number): void {
    const task = this.taskOfPair[pair]!;
    const change = this.numAlive[task] === 1 ? Change.required : Change.optional;
    this.changes.note(task, pair, this.problem.pairAgent[pair]!, change);
  }

  /** Both pairs run on one slot, the first before the second, until the order is removed. */
  addOrder(ahead: number, behind: number): void {
    this.#orders.push(ahead, behind);
  }

  /** Removes the order added last; windows that it narrowed are to be restored. */
  removeOrder(): void {
    this.#orders.length -= 2;
  }

  clearOrders(): void {
    this.#orders.length = 0;
  }

  /** Whether an order of the two pairs was added. */
  isOrdered(one: number, other: number): boolean {
    for (let k = 0; k < this.#orders.length; k += 2) {
      const [ahead, behind] = [this.#orders[k], this.#orders[k + 1]];
      if ((ahead === one && behind === other) || (ahead === other && behind === one)) return true;
    }
    return false;
  }

  /** Applies all rules until nothing changes; false where the windows contradict each other. */
  propagate(): boolean {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      if (!this.#followDependencies()) return false;
      this.#followOrders();
      const outcome = this.#applyRules();
      if (outcome === "broken") return false;
      if (outcome === "changed") continue;
      if (this.pools !== null && !this.pools.propagate(this)) return false;
      if (!this.changes.ofTask.includes(1)) break;
    }
    return this.#overload === null || !this.#overload.isFoundIn(this);
  }

  /** The first of the rules for agents of which some are to be looked at, on all of these. */
  #applyRules(): "broken" | "changed" | "unchanged" {
    for (const rule of RULES) {
      const ofAgent = this.changes.ofAgent[rule];
      let isChanged = false;
      for (let agent = 0; agent < ofAgent.length; agent++) {
        if (ofAgent[agent] === Change.none) continue;
        isChanged = true;
        if (!propagateAgent(this, agent, rule)) return "broken";
      }
      if (isChanged) return "changed";
    }
    return "unchanged";
  }

  /** Earliest ends reach forward, latest starts back; pairs without room die. */
  #followDependencies(): boolean {
    const { topologicalOrder, predecessorStart, predecessors, successorStart, successors } = this.problem;
    const { ofTask } = this.changes;
    for (let k = 0; k < topologicalOrder.length; k++) {
      const task = topologicalOrder[k]!;
      if (ofTask[task] === 0) continue;
      let ready = 0;
      for (let p = predecessorStart[task]!; p < predecessorStart[task + 1]!; p++) {
        const end = this.taskEarliestEnd[predecessors[p]!]!;
        if (end > ready) ready = end;
      }
      if (!this.#fit(task, ready, Infinity)) return false;
    }
    for (let k = topologicalOrder.length - 1; k >= 0; k--) {
      const task = topologicalOrder[k]!;
      if (ofTask[task] === 0) continue;
      let due = Infinity;
      for (let s = successorStart[task]!; s < successorStart[task + 1]!; s++) {
        const start = this.taskLatestStart[successors[s]!]!;
        if (start < due) due = start;
      }
      if (!this.#fit(task, 0, due)) return false;
      ofTask[task] = 0;
    }
    return true;
  }

  #followOrders(): void {
    const { busyMs } = this.problem;
    for (let k = 0; k < this.#orders.length; k += 2) {
      const [ahead, behind] = [this.#orders[k]!, this.#orders[k + 1]!];
      this.raiseStart(behind, this.earliestStart[ahead]! + busyMs[ahead]!);
      this.lowerEnd(ahead, this.latestEnd[behind]! - busyMs[behind]!);
    }
  }

  /** Narrows a task's pairs to [ready, due] and sums them up; its neighbours are looked at again where that concerns them. False where no pair is left. */
  #fit(task: number, ready: number, due: number): boolean {
    const { pairStart, pairAgent, busyMs, absences, successorStart, successors, predecessorStart, predecessors } =
      this.problem;
    const { ofTask } = this.changes;
    let start = Infinity;
    let earliestEnd = Infinity;
    let latestStart = -Infinity;
    let end = -Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (this.isAlive[pair] === 0) continue;
      this.numMoves++;
      this.raiseStart(pair, ready);
      this.lowerEnd(pair, due);
      if (absences !== null) {
        const [agent, work] = [pairAgent[pair]!, busyMs[pair]!];
        const { problem, tolerance } = this;
        this.raiseStart(pair, skipAbsences(problem, agent, this.earliestStart[pair]!, work, tolerance));
        this.lowerEnd(pair, skipAbsencesBack(problem, agent, this.latestEnd[pair]!, work, tolerance));
      }
      const from = this.earliestStart[pair]!;
      const to = this.latestEnd[pair]!;
      const busy = busyMs[pair]!;
      if (from + busy > to + this.tolerance) {
        this.kill(pair);
        continue;
      }
      if (from < start) start = from;
      if (from + busy < earliestEnd) earliestEnd = from + busy;
      if (to - busy > latestStart) latestStart = to - busy;
      if (to > end) end = to;
    }
    if (earliestEnd > this.taskEarliestEnd[task]!) {
      for (let s = successorStart[task]!; s < successorStart[task + 1]!; s++) ofTask[successors[s]!] = 1;
    }
    if (latestStart < this.taskLatestStart[task]!) {
      for (let p = predecessorStart[task]!; p < predecessorStart[task + 1]!; p++) ofTask[predecessors[p]!] = 1;
    }
    this.taskStart[task] = start;
    this.taskEarliestEnd[task] = earliestEnd;
    this.taskLatestStart[task] = latestStart;
    this.taskEnd[task] = end;
    return this.numAlive[task]! > 0;
  }
}
