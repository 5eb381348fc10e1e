import type { AssignmentLimits } from "./assignment-limits.js";

/**
 * Flexible job shop on arrays: each task runs without interruption on one slot of one eligible agent, after its predecessors,
 * its release and the agent's availability, and ends by its deadline; a slot runs one task at a time. The goal is the earliest
 * end of the last task. Times are milliseconds from the start of the wave.
 */
export interface SequencingArrays {
  /** Number of tasks. */
  readonly numTasks: number;
  /** Number of agents. */
  readonly numAgents: number;
  /** Parallel tasks of each agent, at least 1. */
  readonly agentSlots: ArrayLike<number>;
  /** Earliest start on each agent, milliseconds from the start of the wave. */
  readonly availableFromMs: ArrayLike<number>;
  /** Eligible pairs in task-major order: those of task i are pairStart[i] … pairStart[i + 1] − 1. */
  readonly pairStart: ArrayLike<number>;
  /** Agent of each pair. */
  readonly pairAgent: ArrayLike<number>;
  /** Busy time of each pair, at least 0. */
  readonly busyMs: ArrayLike<number>;
  /** [before, after]: the second task starts no earlier than the first ends. */
  readonly dependencies: Iterable<readonly [number, number]>;
  /** Earliest start of each task, milliseconds from the start of the wave. */
  readonly releaseMs: ArrayLike<number>;
  /** Latest end of each task; Infinity where there is none. */
  readonly deadlineMs: ArrayLike<number>;
  /** Times at which agents are away; default: none. */
  readonly absences?: Absences;
  /** Shared resources that running tasks use; default: none. */
  readonly pools?: Pools;
  /** Limits of what agents may be given, and of sums over pairs; default: none. */
  readonly limits?: AssignmentLimits;
}

/** When agents are away: all their slots rest, and no task spans an absence. */
export interface Absences {
  /** Latest end of a task on each agent; Infinity where there is none. */
  readonly availableUntilMs: Float64Array;
  /** Absences of agent j are intervalStart[j] … intervalStart[j + 1] − 1, in order of time and disjoint. */
  readonly intervalStart: Int32Array;
  /** Start of each absence, milliseconds from the start of the wave. */
  readonly fromMs: Float64Array;
  /** End of each absence, milliseconds from the start of the wave. */
  readonly toMs: Float64Array;
}

/** What running tasks may use together at any moment. */
export interface Pools {
  /** What running tasks may use together of each pool. */
  readonly limit: Float64Array;
  /** Uses of task i are useStart[i] … useStart[i + 1] − 1. */
  readonly useStart: Int32Array;
  /** Pool of each use. */
  readonly usePool: Int32Array;
  /** What each use takes of its pool while the task runs. */
  readonly useAmount: Float64Array;
}

export interface SequencingProblem {
  /** Number of tasks. */
  readonly numTasks: number;
  /** Number of agents. */
  readonly numAgents: number;
  /** Number of slots of all agents that count. */
  readonly numSlots: number;
  /** Slots of agent j are slotStart[j] … slotStart[j + 1] − 1: no more of them than tasks that can use them. */
  readonly slotStart: Int32Array;
  /** Agent of each slot. */
  readonly slotAgent: Int32Array;
  /** Earliest start on each agent, milliseconds from the start of the wave. */
  readonly availableFromMs: Float64Array;
  /** First pair of each task, numTasks + 1 entries. */
  readonly pairStart: Int32Array;
  /** Agent of each pair. */
  readonly pairAgent: Int32Array;
  /** Busy time of each pair, milliseconds, ≥ 0. */
  readonly busyMs: Float64Array;
  /** Least busy time of each task over its pairs. */
  readonly leastBusyMs: Float64Array;
  /** First entry of each task in `predecessors`, numTasks + 1 entries. */
  readonly predecessorStart: Int32Array;
  /** Tasks that must end before the task starts. */
  readonly predecessors: Int32Array;
  /** First entry of each task in `successors`, numTasks + 1 entries. */
  readonly successorStart: Int32Array;
  /** Tasks that start only after the task has ended. */
  readonly successors: Int32Array;
  /** Every task after its predecessors. */
  readonly topologicalOrder: Int32Array;
  /** Earliest start of each task, milliseconds from the start of the wave. */
  readonly releaseMs: Float64Array;
  /** Latest end of each task, milliseconds; Infinity where there is none. */
  readonly deadlineMs: Float64Array;
  /** Whether any task has a deadline. */
  readonly hasDeadlines: boolean;
  /** Whether all times are whole numbers, so that bounds round up. */
  readonly isWhole: boolean;
  /** Times at which agents are away; null: none. */
  readonly absences: Absences | null;
  /** Shared resources that running tasks use; null: none. */
  readonly pools: Pools | null;
  /** Limits of what agents may be given, and of sums over pairs; null: none. */
  readonly limits: AssignmentLimits | null;
}

/**
 * Copies and completes the arrays. O(tasks + pairs + dependencies + slots in use).
 * @throws RangeError where a task has no eligible pair, a time is negative or not a number, or dependencies form a cycle.
 */
export function buildSequencingProblem(arrays: SequencingArrays): SequencingProblem {
  const { numTasks, numAgents } = arrays;
  const pairStart = new Int32Array(arrays.pairStart);
  const pairAgent = new Int32Array(arrays.pairAgent);
  const busyMs = new Float64Array(arrays.busyMs);
  const releaseMs = new Float64Array(arrays.releaseMs);
  const deadlineMs = new Float64Array(arrays.deadlineMs);
  const availableFromMs = new Float64Array(arrays.availableFromMs);
  for (const times of [busyMs, releaseMs, availableFromMs]) {
    if (!times.every((time) => time >= 0 && time < Infinity)) throw new RangeError("A time is negative or not finite");
  }
  const leastBusyMs = new Float64Array(numTasks).fill(Infinity);
  const numEligible = new Int32Array(numAgents);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      leastBusyMs[task] = Math.min(leastBusyMs[task]!, busyMs[pair]!);
      numEligible[pairAgent[pair]!]!++;
    }
    if (leastBusyMs[task] === Infinity) throw new RangeError(`Task ${task} has no eligible agent`);
  }
  const usableSlots = numEligible.map((count, agent) => Math.min(arrays.agentSlots[agent]!, count));
  const slotStart = prefixSums(usableSlots);
  const slotAgent = new Int32Array(slotStart[numAgents]!);
  usableSlots.forEach((count, agent) => slotAgent.fill(agent, slotStart[agent]!, slotStart[agent]! + count));
  const dependencies = [...arrays.dependencies];
  const [predecessorStart, predecessors] = groupBy(numTasks, dependencies, 1);
  const [successorStart, successors] = groupBy(numTasks, dependencies, 0);
  const topologicalOrder = orderTopologically(predecessorStart, successorStart, successors);
  const isWhole = [busyMs, releaseMs, availableFromMs, deadlineMs.filter(Number.isFinite)].every((times) =>
    times.every(Number.isInteger),
  );
  return {
    ...{ numTasks, numAgents, numSlots: slotAgent.length, slotStart, slotAgent, availableFromMs },
    ...{ pairStart, pairAgent, busyMs, leastBusyMs, releaseMs, deadlineMs, isWhole },
    ...{ predecessorStart, predecessors, successorStart, successors, topologicalOrder },
    hasDeadlines: deadlineMs.some(Number.isFinite),
    absences: arrays.absences ?? null,
    pools: arrays.pools ?? null,
    limits: arrays.limits ?? null,
  };
}

/**
 * A time by which some best schedule ends if any schedule keeps all rules: after the last release, arrival and absence a schedule
 * in which no task can start earlier never idles as a whole, so that the longest busy times in a row are enough.
 */
export function latestUsefulEnd(problem: SequencingProblem): number {
  const { numTasks, pairStart, busyMs, releaseMs, availableFromMs, absences } = problem;
  let end = 0;
  for (const times of [releaseMs, availableFromMs, absences?.toMs ?? []])
    for (const time of times) if (time < Infinity) end = Math.max(end, time);
  for (let task = 0; task < numTasks; task++) {
    let longest = 0;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) longest = Math.max(longest, busyMs[pair]!);
    end += longest;
  }
  return end;
}

/** The task's pair on an agent, −1 where the agent is not eligible. O(pairs of the task). */
export function pairOn({ pairStart, pairAgent }: SequencingProblem, task: number, agent: number): number {
  for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) if (pairAgent[pair] === agent) return pair;
  return -1;
}

function prefixSums(counts: ArrayLike<number>): Int32Array {
  const sums = new Int32Array(counts.length + 1);
  for (let k = 0; k < counts.length; k++) sums[k + 1] = sums[k]! + counts[k]!;
  return sums;
}

/** The other end of each arc, grouped by the end at `side`. */
function groupBy(count: number, arcs: readonly (readonly [number, number])[], side: 0 | 1): [Int32Array, Int32Array] {
  const sizes = new Int32Array(count);
  for (const arc of arcs) sizes[arc[side]]!++;
  const start = prefixSums(sizes);
  const next = start.slice();
  const members = new Int32Array(arcs.length);
  for (const arc of arcs) members[next[arc[side]]!++] = arc[side === 0 ? 1 : 0];
  return [start, members];
}

function orderTopologically(
  predecessorStart: Int32Array,
  successorStart: Int32Array,
  successors: Int32Array,
): Int32Array {
  const numTasks = predecessorStart.length - 1;
  const numWaiting = Int32Array.from({ length: numTasks }, (_, i) => predecessorStart[i + 1]! - predecessorStart[i]!);
  const order = new Int32Array(numTasks);
  let size = 0;
  for (let task = 0; task < numTasks; task++) if (numWaiting[task] === 0) order[size++] = task;
  for (let read = 0; read < size; read++) {
    const task = order[read]!;
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      if (--numWaiting[successors[k]!]! === 0) order[size++] = successors[k]!;
    }
  }
  if (size < numTasks) throw new RangeError("Dependencies form a cycle");
  return order;
}
