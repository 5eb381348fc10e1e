import type { FullProblem, PlannedTaskRecord } from "../../domain/index.js";
import { executeWave } from "./execute-wave.js";
import type { Executor } from "./executor.js";
import { createFailurePolicy } from "./failure-policy.js";
import { predictedWorld } from "./predicted-world.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import { SimulatedExecutor } from "./simulated-executor.js";

/** How a plan is executed. */
export interface PlanExecution extends Omit<ExecutionSettings, "executor" | "onFailure"> {
  /** Null: our simulator, which plays what the estimates say. */
  readonly executor: Executor | null;
  /** Of the simulator. */
  readonly seed: number;
  /** Whether a failed task may go to another agent. */
  readonly reassignment: boolean;
}

/**
 * Executes the plan of a wave under the rules for failures.
 *
 * @throws ModelError where the plan is contradictory or is not one of this problem
 */
export async function executePlan(
  problem: FullProblem,
  planned: readonly PlannedTaskRecord[],
  { executor, seed, reassignment, ...settings }: PlanExecution,
): Promise<WaveExecution> {
  const rules = { heuristics: settings.heuristics, maxRetries: settings.maxRetries };
  return executeWave(planned, problem.agents, {
    ...settings,
    executor: executor ?? new SimulatedExecutor({ seed, world: predictedWorld(problem, rules) }),
    onFailure: createFailurePolicy({ problem, planned, ...rules, reassignment }),
  });
}
