import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Rows as they lie on the disk; what a reader needs of them, and no type of the product. */
export interface Planned {
  readonly task_id: string;
  readonly agent_id: string;
  readonly predicted_success_probability: number;
  readonly predicted_confidence_delta: number;
  readonly predicted_duration_ms: number;
  readonly predicted_retries: number;
  readonly planned_start_time: number;
  readonly planned_end_time: number;
  readonly end_interval_ms: readonly [number, number];
  readonly duration_is_default?: true;
  readonly deadline_ms?: number;
}

export interface Scheduled {
  readonly task_id: string;
  readonly agent_id: string;
  readonly planned_agent_id: string;
  readonly status: "completed" | "failed";
  readonly retry_count: number;
  readonly actual_end_time: number;
  readonly confidence_delta: number | null;
  readonly adhered: boolean;
}

interface Attempt {
  readonly task_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly status: "completed" | "failed";
  readonly execution_time_ms: number;
  readonly fault: string | null;
  readonly heuristics_applied: readonly string[];
  readonly actual_start_time: number;
  readonly actual_end_time: number;
}

export interface Deferred {
  readonly task_id: string;
  readonly wave: number;
  readonly stage: "gate" | "plan" | "execution" | "unreported";
  readonly reason: string;
  readonly final: boolean;
  readonly waves_waited?: number;
}

interface Gate {
  readonly task_id: string;
  readonly wave: number;
  readonly risk_level: string;
  readonly confidence: number;
  readonly reason: string;
  readonly approval: "approved" | "deferred";
  readonly live_approval: "approved" | "deferred";
}

export interface WaveRows {
  readonly wave: number;
  readonly agentIds: readonly string[];
  readonly planned: readonly Planned[];
  readonly scheduled: readonly Scheduled[];
  readonly attempts: readonly Attempt[];
  readonly deferred: readonly Deferred[];
  readonly gate: readonly Gate[];
}

export function readRows<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

export function readDocument<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), "utf8")) as T;
}

/** The rows of every wave of a tree, ascending. */
export function readWaves(directory: string): WaveRows[] {
  const deferred = readRows<Deferred>(join(directory, "deferred_tasks.jsonl"));
  const gate = readRows<Gate>(join(directory, "safety_gate_decisions.jsonl"));
  const folders = readdirSync(directory).filter((name) => /^wave_\d+$/.test(name));
  const waves = folders.map((folder): WaveRows => {
    const wave = Number(folder.slice("wave_".length));
    const agentIds = readdirSync(join(directory, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    const all = <T>(name: string): T[] => agentIds.flatMap((id) => readRows<T>(join(directory, folder, id, name)));
    return {
      ...{ wave, agentIds, planned: all("planned_tasks.jsonl"), scheduled: all("scheduled_tasks.jsonl") },
      attempts: all("execution_outcomes.jsonl"),
      deferred: deferred.filter((row) => row.wave === wave),
      gate: gate.filter((row) => row.wave === wave),
    };
  });
  return waves.sort((a, b) => a.wave - b.wave);
}
