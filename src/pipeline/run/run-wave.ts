import type { Heuristics, TaskRecord } from "../../domain/index.js";
import { executeWave } from "../execute/execute-wave.js";
import type { ExecutionSettings } from "../execute/settings.js";
import { predictedWorld } from "../execute/predicted-world.js";
import { SimulatedExecutor } from "../execute/simulated-executor.js";
import type { Executor } from "../execute/executor.js";
import { createFailurePolicy } from "../execute/reassignment-policy.js";
import type { WavePlan } from "./plan-wave.js";
import type { OpenDeferral } from "./wave-queue.js";

/** The simulated execution draws apart from the search and from the forecast. */
const PLAYER_SALT = 0x91a7e4;

/** How the tasks of a wave are run. */
export interface ExecutionInputs extends Pick<
  ExecutionSettings,
  "runId" | "signal" | "onAttempt" | "onDecision" | "clock" | "attemptTimeoutMs"
> {
  /** Null: our simulator. */
  readonly executor: Executor | null;
  readonly heuristics: Heuristics;
  readonly maxRetries: number;
  readonly seed: number;
  readonly reassignment: boolean;
}

/** A wave run: what started, and what could not start any more. */
export interface WaveRun {
  readonly tasks: readonly TaskRecord[];
  readonly deferrals: readonly OpenDeferral[];
  readonly wasAborted: boolean;
}

/** Runs a plan with the caller's executor or our simulator, which plays what was predicted. */
export async function runPlan(plan: WavePlan, inputs: ExecutionInputs): Promise<WaveRun> {
  const { heuristics, maxRetries, seed, reassignment, executor, ...rest } = inputs;
  const { wave, problem, planned, agents } = plan;
  const player =
    executor ??
    new SimulatedExecutor({
      seed: (seed ^ PLAYER_SALT) >>> 0,
      world: predictedWorld(problem, { maxRetries, heuristics }),
    });
  const onFailure = createFailurePolicy({ problem, planned, heuristics, maxRetries, reassignment });
  const execution = await executeWave(planned, agents, {
    ...rest,
    ...{ wave, executor: player, heuristics, maxRetries, onFailure },
  });
  return {
    tasks: execution.tasks,
    deferrals: execution.notStarted.map(({ taskId, reason }) => ({
      ...{ taskId, wave, reason, stage: "execution", canChange: false },
    })),
    wasAborted: execution.wasAborted,
  };
}
