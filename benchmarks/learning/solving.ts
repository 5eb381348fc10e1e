import type { SolveOptions } from "../../src/domain/index.js";
import { DEFAULT_OPTIONS } from "../../src/planner/solve/options.js";
import type { SolveContext } from "../../src/engine/goals/session.js";
import type { World } from "./worlds.js";

/**
 * Units of work of one solve. The first goal of the success worlds is a transportation problem, proven optimal before
 * that; what the limit cuts is the search for the second goal, the makespan, which no score of theirs looks at. In
 * `throughput` it cuts the search of ours and of the oracle alike.
 */
const WORK_LIMIT = { maximize_success: 20_000, maximize_throughput: 30_000 } as const;

/**
 * Options of every solve of ours in a world. No retries: a task is one trial, so that the score is the hidden chance
 * itself. No load limit: it would depend on predictions, and policies would plan under different limits.
 */
export function planningOptions({ strategy, seed }: Pick<World, "strategy" | "seed">, exploration = 0): SolveOptions {
  const options: SolveOptions = {
    ...DEFAULT_OPTIONS,
    ...{ strategy, seed, maxRetries: 0, loadLimit: { kind: "none" }, workLimit: WORK_LIMIT[strategy] },
  };
  return withExploration(options, exploration);
}

/** The clock ends no solve: the work limit does, so that the same seed gives the same plans on every machine. */
export function solveContext(): SolveContext {
  return { now: () => 0, clock: () => 0, fixedNow: true };
}

function withExploration(options: SolveOptions, exploration: number): SolveOptions {
  if (exploration === 0) return options;
  if (!("exploration" in DEFAULT_OPTIONS))
    throw new Error(`this build has no exploration, so ${exploration} is not possible`);
  return { ...options, ...{ exploration } };
}
