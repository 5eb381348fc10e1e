import { NO_HEURISTICS } from "../../../src/domain/history.js";
import type { PlannedTaskRecord, WaveAgent } from "../../../src/domain/run.js";
import type { AttemptRequest, AttemptResult, Executor } from "../../../src/pipeline/execute/executor.js";
import { executeWave } from "../../../src/pipeline/execute/execute-wave.js";
import type { ExecutionSettings, WaveExecution } from "../../../src/pipeline/execute/settings.js";
import type { FailurePolicy } from "../../../src/pipeline/execute/failure-decision.js";

/** A planned task on slot 0 of `agent`, from `startMs`; unremarkable where nothing else is said. */
export function planned(
  taskId: string,
  agentId: string,
  startMs: number,
  over: Partial<PlannedTaskRecord> = {},
): PlannedTaskRecord {
  return {
    ...{ taskId, agentId, slot: 0, startMs, endMs: startMs + 10, endIntervalMs: [startMs + 8, startMs + 12] },
    ...{ riskLevel: "LOW", taskType: null, confidence: 0.8, weight: 1, priority: 1, dependsOn: [] },
    ...{ successProbability: 0.9, attemptProbabilities: [0.9, 0.9, 0.9], durationMs: 10, durationLogSpread: 0.1 },
    ...{ retries: 0, confidenceDelta: 0.02, confidenceDeltaSpread: 0.01, cost: 0, reason: "the only one" },
    ...over,
  };
}

export const agentOf = (agentId: string, slots = 1, availableFromMs = 0): WaveAgent => ({
  agentId,
  slots,
  availableFromMs,
});

/** Answers by task and attempt: milliseconds to succeed in, negative to fail in. */
export function scripted(
  script: Readonly<Record<string, readonly number[]>>,
  requests: AttemptRequest[] = [],
): Executor {
  return {
    ...{ name: "scripted", execution: "simulated", time: "virtual" },
    execute: async (request): Promise<AttemptResult> => {
      requests.push(request);
      const ms = script[request.taskId]?.[request.attempt - 1] ?? 10;
      return { succeeded: ms > 0, durationMs: Math.abs(ms) };
    },
  };
}

/** Tries again on the same slot until `most` attempts were made. */
export function retryOnSpot(most: number): FailurePolicy {
  return ({ attempts }) => {
    const { agentId, slot } = attempts[attempts.length - 1]!;
    if (attempts.length >= most) return { kind: "give_up", reason: "enough" };
    return { kind: "retry", agentId, slot, reason: "again" };
  };
}

export function execute(
  plan: readonly PlannedTaskRecord[],
  agents: readonly WaveAgent[],
  executor: Executor,
  over: Partial<ExecutionSettings> = {},
): Promise<WaveExecution> {
  return executeWave(plan, agents, {
    ...{ runId: "test", wave: 1, executor, heuristics: NO_HEURISTICS, maxRetries: 2, onFailure: retryOnSpot(3) },
    clock: () => performance.now(),
    ...over,
  });
}

/** "task agent/slot start–end" of every attempt, by start and task. */
export function timeline({ tasks }: WaveExecution): string[] {
  return tasks
    .flatMap(({ attempts }) => attempts)
    .sort((a, b) => a.startMs - b.startMs || (a.taskId < b.taskId ? -1 : 1))
    .map(
      ({ taskId, agentId, slot, startMs, endMs, succeeded }) =>
        `${taskId} ${agentId}/${slot} ${startMs}–${endMs}${succeeded ? "" : " failed"}`,
    );
}
