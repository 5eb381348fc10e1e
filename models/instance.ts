/**
 * One wave as index sets and typed arrays: what every model, bound and search works on.
 *
 * Sets
 *   i ∈ I = {0 … numTasks − 1}    tasks, in ascending order of their ids
 *   j ∈ J = {0 … numAgents − 1}   agents, in ascending order of their ids
 *   p ∈ E ⊆ I × J                 eligible pairs, task-major: the pairs of task i are pairStart[i] … pairStart[i+1] − 1
 *
 * A pair is eligible when the agent has the task's skills, the pin (if any) names it and the expected busy time fits
 * between the agent's availability and the task's deadline. Whatever is not in E does not exist for the model.
 * A task that cannot run has no pair: it waits, directly or through others, for one that is unfinished, held back or taken by no
 * agent. Such tasks are deferred in every plan and count in no bound, limit or reference makespan.
 */
export interface Instance {
  /** Number of tasks, |I|. */
  readonly numTasks: number;
  /** Number of agents, |J|. */
  readonly numAgents: number;
  /** Number of eligible pairs, |E|. */
  readonly numPairs: number;
  /** Id of each task, ascending. */
  readonly taskIds: readonly string[];
  /** Id of each agent, ascending. */
  readonly agentIds: readonly string[];

  /** First pair of each task, numTasks + 1 entries. */
  readonly pairStart: Int32Array;
  /** Task of each pair, numPairs entries, never falling. */
  readonly pairTask: Int32Array;
  /** Agent of each pair, numPairs entries, rising within each task. */
  readonly pairAgent: Int32Array;

  /** P[i,j]: planning value of the final success probability, in [0, 1] (less risk_aversion × standard error). */
  readonly success: Float64Array;
  /** A[i,j] − 1: expected number of retries, ≥ 0. */
  readonly retries: Float64Array;
  /** b[i,j] = duration of one attempt × A[i,j]: expected busy time, milliseconds, > 0. */
  readonly busyMs: Float64Array;
  /** δ[i,j]: expected confidence gain. */
  readonly confidenceDelta: Float64Array;
  /** Expected cost of the pair, in the user's unit, ≥ 0. */
  readonly cost: Float64Array;
  /** 1 where P[i,j] lies below the safety gate's bound for the task's risk level. */
  readonly belowGate: Uint8Array;

  /** w[i] > 0. */
  readonly weight: Float64Array;
  /**
   * Place of each task among all by urgency, 0 the most urgent, equally urgent ones alike: by priority, then waves waited, then due
   * date. It decides between plans that are equal on every goal.
   */
  readonly urgencyRank: Int32Array;
  /** Hard deadline from the start of the wave, milliseconds; Infinity where there is none. */
  readonly deadlineMs: Float64Array;
  /** Tasks of this wave that task i depends on: dependsOn[dependsStart[i] … dependsStart[i+1] − 1]. */
  readonly dependsStart: Int32Array;
  /** Tasks that others wait for, in the ranges that `dependsStart` gives. */
  readonly dependsOn: Int32Array;

  /** Parallel tasks an agent can run, ≥ 1; at most one more than there are tasks, since the rest would stay empty. */
  readonly slots: Int32Array;
  /** K[j]: busy time that row (2) allows each slot, milliseconds. Infinity where unlimited. */
  readonly loadLimitMs: Float64Array;
  /** Largest number of tasks of an agent; Infinity where unlimited, 0 is legal. */
  readonly maxTasks: Float64Array;
  /** Milliseconds from the start of the wave. */
  readonly availableFromMs: Float64Array;

  /** Row (5) beyond slots, arrivals and deadlines; null where nothing of it binds: then any order of a slot's tasks may run back to back. */
  readonly timing: Timing | null;

  /** Largest total cost; Infinity where unlimited. */
  readonly budget: number;
  /** What leaving a task out means. */
  readonly deferral: DeferralRule;
}

/**
 * What decides when tasks can run, beside slots, arrivals and deadlines. An instance has it where a task that can be placed waits for
 * another of the wave or for its release, uses a pool, or may go to an agent that leaves or is away. Its plans have start times.
 */
export interface Timing {
  /** Earliest start of each task, milliseconds. */
  readonly releaseMs: Float64Array;
  /** Latest end on each agent; Infinity where it stays. */
  readonly availableUntilMs: Float64Array;
  /** Absences of agent j are absenceStart[j] … absenceStart[j + 1] − 1, in order of time and disjoint. */
  readonly absenceStart: Int32Array;
  /** Start of each absence, milliseconds from the start of the wave. */
  readonly absenceFromMs: Float64Array;
  /** End of each absence, milliseconds from the start of the wave. */
  readonly absenceToMs: Float64Array;
  /** Name of each pool. */
  readonly poolNames: readonly string[];
  /** What running tasks may use together of each pool. */
  readonly poolLimit: Float64Array;
  /** Uses of task i are useStart[i] … useStart[i + 1] − 1. */
  readonly useStart: Int32Array;
  /** Pool of each use. */
  readonly usePool: Int32Array;
  /** What each use takes of its pool while the task runs, > 0. */
  readonly useAmount: Float64Array;
}

/**
 * What leaving a task out means.
 * `first`: goal zero, as little deferred weight as possible. `priced`: each deferred task costs `penalty` objective units
 * in the first goal. `forbidden`: every task must be placed.
 */
export type DeferralRule =
  | {
      /** Deferral is goal zero. */
      readonly kind: "first";
    }
  | {
      /** Deferral has a price. */
      readonly kind: "priced";
      /** Price of each deferred task, in the unit of the first goal, ≥ 0. */
      readonly penalty: number;
    }
  | {
      /** No task may be deferred. */
      readonly kind: "forbidden";
    };

/** Value of `agentOf` and `slotOf` for a task that is left out of the plan. */
export const DEFERRED = -1;

/** A plan: for each task its agent and the slot of that agent, or DEFERRED in both. */
export interface Assignment {
  /** Agent of each task, numTasks entries; DEFERRED where the task is left out. */
  readonly agentOf: Int32Array;
  /** Slot of that agent, from 0, numTasks entries; DEFERRED where the task is left out. */
  readonly slotOf: Int32Array;
  /** Start of each task, milliseconds, NaN where it is deferred; every plan of an instance with timing has them. */
  readonly startMs?: Float64Array;
}

/** Whether any plan may place the task. */
export function isPlaceable(instance: Instance, task: number): boolean {
  return instance.pairStart[task]! < instance.pairStart[task + 1]!;
}

/** Busy time that a slot of the agent can give to this task and to those no less urgent, by rows (2) and (5), milliseconds. */
export function roomMs(instance: Instance, task: number, agent: number): number {
  const untilDeadline = Math.max(0, instance.deadlineMs[task]! - instance.availableFromMs[agent]!);
  return Math.min(untilDeadline, instance.loadLimitMs[agent]!);
}

/** Pair index of (task, agent), or undefined where the pair is not eligible. O(pairs of the task). */
export function findPair(instance: Instance, task: number, agent: number): number | undefined {
  const end = instance.pairStart[task + 1]!;
  for (let pair = instance.pairStart[task]!; pair < end; pair++) {
    if (instance.pairAgent[pair] === agent) return pair;
  }
  return undefined;
}
