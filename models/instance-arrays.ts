/** What a caller may fill arrays with; typed arrays that lie in shared memory are used as they are. */
export type NumberArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | number[];

/**
 * One wave as typed arrays, for problems too large for JSON: no ids, no objects per pair. Tasks are 0 … numTasks − 1, agents
 * 0 … numAgents − 1. Eligible pairs are sparse and task-major: those of task i are pairStart[i] … pairStart[i+1] − 1, in
 * ascending order of agents. What is not listed is not eligible.
 *
 * Which arrays a strategy needs: `busyMs` always, and the array that its first goal is counted from (`source` in
 * goals.ts); a budget needs `cost`. The others may be left out and count as cost 0, success 1, retries 0, confidence 0. There is no default load limit: without `capacityMs` an agent is unlimited.
 *
 * The arrays must not change while they are being solved.
 */
export interface InstanceArrays {
  /** Number of tasks, ≥ 0. */
  readonly numTasks: number;
  /** Number of agents, ≥ 0. */
  readonly numAgents: number;
  /** numTasks + 1 entries, from 0, never falling; the last is the number of pairs. */
  readonly pairStart: NumberArray;
  /** One entry a pair, rising within each task. */
  readonly pairAgent: NumberArray;

  /** b[i,j]: expected busy time of the pair, retries included, milliseconds, ≥ 0. */
  readonly busyMs: NumberArray;
  /** Expected cost of the pair, ≥ 0. */
  readonly cost?: NumberArray;
  /** P[i,j]: final success probability, in [0, 1]. */
  readonly success?: NumberArray;
  /** A[i,j] − 1: expected number of retries, ≥ 0. */
  readonly retries?: NumberArray;
  /** δ[i,j]: expected confidence gain, in [−1, 1]. */
  readonly confidenceDelta?: NumberArray;

  /** Busy time per slot, milliseconds, ≥ 0; Infinity, the default, where unlimited. */
  readonly capacityMs?: NumberArray;
  /** Parallel tasks of an agent, whole, ≥ 1; default 1. */
  readonly slots?: NumberArray;
  /** Largest number of tasks of an agent, ≥ 0; Infinity, the default, where unlimited. */
  readonly maxTasks?: NumberArray;
  /** Milliseconds from the start of the wave, ≥ 0; default 0. */
  readonly availableFromMs?: NumberArray;

  /** w[i] > 0; default 1. */
  readonly weight?: NumberArray;
  /** Hard deadline from the start of the wave, milliseconds; Infinity, the default, where there is none. */
  readonly deadlineMs?: NumberArray;

  /** Largest total cost; default Infinity. */
  readonly budget?: number;
  /** Whether every task must be placed; default false: as little deferred weight as possible. */
  readonly noDefer?: boolean;
}
