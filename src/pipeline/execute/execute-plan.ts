import type { FullProblem, PlannedTaskRecord } from "../../domain/index.js";
import { predictionsOf } from "./attempt-prediction.js";
import { executeWave } from "./execute-wave.js";
import type { Executor } from "./executor.js";
import { createFailurePolicy } from "./failure-policy.js";
import { AgentAccounts } from "./live/accounts.js";
import { predictedWorld } from "./predicted-world.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import { SimulatedExecutor } from "./simulated-executor.js";

/** How a plan is executed. */
export interface PlanExecution extends Omit<
  ExecutionSettings,
  "executor" | "onFailure" | "predict" | "accounts" | "priceOf"
> {
  /** Null: our simulator, which plays what the estimates say. */
  readonly executor: Executor | null;
  /** Of the simulator, and of the jitter in delays. */
  readonly seed: number;
  /** Whether a task may go to another agent once the wave has begun. */
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
  { executor, reassignment, ...settings }: PlanExecution,
): Promise<WaveExecution> {
  const { seed } = settings;
  const rules = { heuristics: settings.heuristics, maxRetries: settings.maxRetries };
  const accounts = new AgentAccounts(problem, planned);
  const rates = new Map(problem.agents.map(({ agentId, costPerMs }) => [agentId, costPerMs]));
  return executeWave(planned, problem.agents, {
    ...settings,
    executor: executor ?? new SimulatedExecutor({ seed, world: predictedWorld(problem, rules) }),
    onFailure: createFailurePolicy({ problem, planned, ...rules, reassignment, accounts }),
    predict: predictionsOf(problem),
    priceOf: (agentId, durationMs) => {
      const rate = rates.get(agentId) ?? null;
      return rate === null ? null : rate * durationMs;
    },
    ...(reassignment && { accounts }),
  });
}
