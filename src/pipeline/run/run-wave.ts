import type { TaskRecord } from "../../domain/index.js";
import { executePlan, type PlanExecution } from "../execute/execute-plan.js";
import type { WavePlan } from "./plan-wave.js";
import type { OpenDeferral } from "./wave-queue.js";

/** The simulated execution draws apart from the search and from the forecast. */
const PLAYER_SALT = 0x91a7e4;

/** A wave run: what started, and what could not start any more. */
export interface WaveRun {
  readonly tasks: readonly TaskRecord[];
  readonly deferrals: readonly OpenDeferral[];
  readonly wasAborted: boolean;
}

/** Runs a plan with the caller's executor or our simulator, which plays what was predicted. */
export async function runPlan(plan: WavePlan, settings: Omit<PlanExecution, "wave">): Promise<WaveRun> {
  const { wave, problem, planned } = plan;
  const seed = (settings.seed ^ PLAYER_SALT) >>> 0;
  const { tasks, notStarted, wasAborted } = await executePlan(problem, planned, { ...settings, wave, seed });
  return {
    tasks,
    deferrals: notStarted.map(({ taskId, reason, canChange }) => ({
      ...{ taskId, wave, reason, stage: "execution", canChange },
    })),
    wasAborted,
  };
}
