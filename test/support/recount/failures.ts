import type { WaveRows } from "./rows.js";

/** A task that failed or did not run for a reason of its wave. */
export interface FailedTask {
  readonly wave: number;
  readonly taskId: string;
  /** Null where no agent is to blame. */
  readonly agentId: string | null;
  /** Null where the rows leave it open. */
  readonly cause: string | null;
}

const FAULTS: Readonly<Record<string, string>> = {
  threw: "executor threw",
  hung: "executor hung",
  rubbish: "executor rubbish",
};

export function failuresOf({ wave, planned, scheduled, attempts, deferred }: WaveRows): FailedTask[] {
  const failed = scheduled
    .filter(({ status }) => status === "failed")
    .map(({ task_id: taskId, agent_id: agentId }): FailedTask => {
      const own = attempts.filter((one) => one.task_id === taskId);
      const fault = own.at(-1)?.fault ?? null;
      const isOnly = planned.find((plan) => plan.task_id === taskId)!.predicted_retries === 0;
      // How many attempts a task had left is in no row: more than one, it was out of them or given up.
      return { wave, taskId, agentId, cause: fault !== null ? FAULTS[fault]! : isOnly ? "no retries allowed" : null };
    });
  const left = deferred.filter(
    ({ final, stage, reason }) =>
      final && (stage === "plan" || stage === "execution") && !reason.startsWith("the run was interrupted"),
  );
  return [...failed, ...left.map(({ task_id: taskId }) => ({ wave, taskId, agentId: null, cause: null }))];
}
