import type { FullProblem, PlannedTaskRecord, SolveOptions } from "../../domain/index.js";
import { resolveOptions } from "../../planner/index.js";
import { predictionsOf } from "./attempt-prediction.js";
import { executeWave } from "./execute-wave.js";
import type { Executor } from "./executor.js";
import { createFailurePolicy } from "./failure-policy.js";
import { AgentAccounts } from "./live/accounts.js";
import { type RestPlace, restPlanner } from "./live/rest-planner.js";
import { describePlacements } from "./planned-tasks.js";
import { type AttemptRules, predictedWorld } from "./predicted-world.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import { SimulatedExecutor } from "./simulated-executor.js";

/** How a plan is executed. */
export interface PlanExecution extends Omit<
  ExecutionSettings,
  "executor" | "onFailure" | "predict" | "calendar" | "accounts" | "priceOf" | "planRest" | "welcome"
> {
  /** Null: our simulator, which plays what the estimates say. */
  readonly executor: Executor | null;
  /** Of the simulator, and of the jitter in delays. */
  readonly seed: number;
  /** Whether a task may go to another agent once the wave has begun. */
  readonly reassignment: boolean;
  /** How the wave was planned, for what is planned again; default by the problem's own options. */
  readonly planning?: SolveOptions;
}

/**
 * Executes the plan of a wave under the rules for failures.
 *
 * @throws ModelError where the plan is contradictory or is not one of this problem
 */
export async function executePlan(
  problem: FullProblem,
  planned: readonly PlannedTaskRecord[],
  { executor, reassignment, planning = resolveOptions(problem.options, {}), ...settings }: PlanExecution,
): Promise<WaveExecution> {
  const { seed, heuristics, maxRetries, signal, clock } = settings;
  const rules = { heuristics, maxRetries };
  // Tasks may come while the wave runs.
  const tasks = [...problem.tasks];
  const live: FullProblem = { ...problem, tasks };
  const accounts = new AgentAccounts(live, planned);
  const rates = new Map(problem.agents.map(({ agentId, costPerMs }) => [agentId, costPerMs]));
  const player = executor ?? new SimulatedExecutor({ seed, world: predictedWorld(live, rules) });
  const isVirtual = player.time === "virtual";
  const restOptions = { planning, heuristics, isVirtual, clock, ...(signal && { signal }) };
  return executeWave(planned, problem.agents, {
    ...settings,
    executor: player,
    onFailure: createFailurePolicy({ problem: live, planned, ...rules, reassignment, accounts }),
    predict: predictionsOf((taskId) => accounts.task(taskId)),
    calendar: accounts.calendar,
    priceOf: (agentId, durationMs) => {
      const rate = rates.get(agentId) ?? null;
      return rate === null ? null : rate * durationMs;
    },
    ...(reassignment && { accounts, planRest: restPlanner(live, settings.purse?.budget ?? null, restOptions) }),
    welcome: (task) => {
      tasks.push(task);
      accounts.welcome(task);
      return (place) => placeAdded(live, place, rules);
    },
  });
}

/** A task that came, as it is planned. Nothing but its mean was simulated of its end. */
function placeAdded(problem: FullProblem, place: RestPlace, rules: AttemptRules): PlannedTaskRecord {
  const placement = { ...place, endIntervalMs: [place.startMs, place.endMs] as const, priority: 1 };
  return describePlacements(problem, [placement], rules)[0]!;
}
