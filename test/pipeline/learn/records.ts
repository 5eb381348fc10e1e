import type {
  AttemptRecord,
  PlannedTaskRecord,
  TaskRecord,
  WaveForecast,
  WaveRecord,
} from "../../../src/domain/run.js";
import type { ResultDocument } from "../../../src/domain/result.js";

export const NOW = "2026-03-01T00:00:00.000Z";

export function plan(taskId: string, over: Partial<PlannedTaskRecord> = {}): PlannedTaskRecord {
  return {
    ...{ taskId, agentId: "a", slot: 0, startMs: 0, endMs: 100, endIntervalMs: [50, 200], riskLevel: "LOW" },
    ...{ taskType: null, confidence: 0.8, weight: 1, priority: 1, dependsOn: [], successProbability: 0.9 },
    ...{ attemptProbabilities: [0.8, 0.5], durationMs: 80, durationLogSpread: 0.3, retries: 0.25 },
    ...{ confidenceDelta: 0.04, confidenceDeltaSpread: 0.01, cost: 0, reason: "best" },
    ...over,
  };
}

export function attempt(taskId: string, over: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    ...{ taskId, agentId: "a", slot: 0, attempt: 1, startMs: 0, endMs: 100, durationMs: 100, succeeded: true },
    ...{
      confidenceBefore: 0.8,
      confidenceAfter: 0.84,
      heuristicsApplied: [],
      errorMessage: null,
      fault: null,
      errorKind: null,
      cost: null,
      output: null,
    },
    ...over,
  };
}

/** A forecast in which every draw says the same. */
export function forecastOf(throughputPerS: number): WaveForecast {
  const draw = (value: number): Float64Array => Float64Array.of(value);
  const rest = { successRate: draw(0.8), confidenceDelta: draw(0.04), retries: draw(0) };
  return { ...rest, makespanMs: draw(200), throughputPerS: draw(throughputPerS) };
}

/** The end of a task that made these attempts. */
export function ran(taskId: string, attempts: readonly AttemptRecord[], over: Partial<TaskRecord> = {}): TaskRecord {
  const last = attempts.at(-1)!;
  return {
    ...{ taskId, plannedAgentId: "a", agentId: last.agentId, slot: last.slot, succeeded: last.succeeded, attempts },
    ...{ startMs: attempts[0]!.startMs, endMs: last.endMs, confidence: last.confidenceAfter, confidenceDelta: 0.04 },
    failureReason: last.succeeded ? null : "broke",
    ...over,
  };
}

/** What a wave's figures read of a result. */
function resultWith(termination: ResultDocument["termination"], error: string | null = null): ResultDocument {
  const read = {
    termination,
    error,
    options: { weights: {} },
    objective: { gap: null },
    expected: { makespan_ms: null },
  };
  return read as unknown as ResultDocument;
}

export function wave(
  planned: readonly PlannedTaskRecord[],
  tasks: readonly TaskRecord[],
  over: Partial<WaveRecord> = {},
): WaveRecord {
  return {
    ...{ wave: 1, execution: "real", strategy: "maximize_success", strategyReason: "asked for", gate: [] },
    agents: ["a", "b"].map((agentId) => ({ agentId, slots: 1, availableFromMs: 0 })),
    result: resultWith("optimal"),
    ...{ planned, tasks, forecast: null, deferrals: [], baseline: null },
    ...over,
  };
}

/** `count` tasks planned at P = .9, of which the first `successes` succeed as planned, the rest at their only attempt. */
export function simpleWave(count: number, successes: number, over: Partial<WaveRecord> = {}): WaveRecord {
  const ids = Array.from({ length: count }, (_, k) => `t${String(k).padStart(3, "0")}`);
  const tasks = ids.map((id, k) =>
    ran(id, [attempt(id, { succeeded: k < successes, heuristicsApplied: ["H16_001"] })]),
  );
  return wave(
    ids.map((id) => plan(id)),
    tasks,
    over,
  );
}
