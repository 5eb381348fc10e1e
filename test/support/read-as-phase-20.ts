import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The output directory as Phase 20 reads it, written from the file contract alone: it knows nothing of our schemas.
 * A malformed line, a missing key or a confidence that is no number stops it.
 */

interface FinalRow {
  readonly task_id: string;
  readonly agent_id: string;
  readonly wave: number;
  readonly status: string;
  readonly confidence: number;
}

export interface Phase20View {
  /** By name; five. */
  readonly metrics: ReadonlyMap<string, number | null>;
  readonly numAnomalies: number;
  /** Confidence of the one `strategy_validation`: our accuracy, as the next phase takes it. */
  readonly accuracy: number;
  readonly tasks: ReadonlyMap<string, FinalRow>;
  /** Of the 12 files of tasks it looks for, those that are there. */
  readonly numTaskFiles: number;
  /** Rows `completed` over all rows; null without rows. */
  readonly successRate: number | null;
}

type Row = Readonly<Record<string, unknown>>;

const METRIC_KEYS = "metric_name value unit target_value threshold_min threshold_max status timestamp".split(" ");
const ANOMALY_KEYS =
  "anomaly_id anomaly_type severity description affected_waves affected_agents recommendation timestamp".split(" ");
const SIGNAL_KEYS =
  "feedback_id feedback_type confidence description recommendation supporting_evidence timestamp".split(" ");
const TASK_KEYS = (
  "task_id agent_id wave scheduled_start_time scheduled_end_time actual_start_time actual_end_time " +
  "priority status confidence retry_count"
).split(" ");

/** @throws Error with file and line where Phase 20 would stop or be misled */
export function readAsPhase20(directory: string): Phase20View {
  const metrics = new Map(
    readRows(directory, "metrics.jsonl", METRIC_KEYS).map((row) => [
      String(row["metric_name"]),
      row["value"] === null ? null : toNumber(row, "value"),
    ]),
  );
  if (metrics.size !== 5) throw new Error(`metrics.jsonl: ${metrics.size} metrics, not 5`);
  const anomalies = readRows(directory, "anomalies.jsonl", ANOMALY_KEYS);
  const signals = readRows(directory, "learning_signals.jsonl", SIGNAL_KEYS);
  for (const signal of signals) toNumber(signal, "confidence");
  const validations = signals.filter((row) => row["feedback_type"] === "strategy_validation");
  if (validations.length !== 1)
    throw new Error(`learning_signals.jsonl: ${validations.length} strategy_validation rows`);
  const files = taskFiles().filter((path) => existsSync(join(directory, path)));
  const tasks = readTasks(directory, files);
  const numCompleted = [...tasks.values()].filter(({ status }) => status === "completed").length;
  return {
    metrics,
    numAnomalies: anomalies.length,
    accuracy: toNumber(validations[0]!, "confidence"),
    tasks,
    numTaskFiles: files.length,
    successRate: tasks.size === 0 ? null : numCompleted / tasks.size,
  };
}

function taskFiles(): string[] {
  return [1, 2, 3].flatMap((wave) => [0, 1, 2, 3].map((agent) => `wave_${wave}/agent_${agent}/scheduled_tasks.jsonl`));
}

function readTasks(directory: string, files: readonly string[]): Map<string, FinalRow> {
  const tasks = new Map<string, FinalRow>();
  for (const path of files) {
    for (const row of readRows(directory, path, TASK_KEYS)) {
      const taskId = String(row["task_id"]);
      if (tasks.has(taskId)) throw new Error(`${path}: a second row of ${taskId}`);
      if (row["status"] !== "completed" && row["status"] !== "failed") {
        throw new Error(`${path}: ${taskId} has the status ${String(row["status"])}`);
      }
      toNumber(row, "confidence");
      tasks.set(taskId, row as unknown as FinalRow);
    }
  }
  return tasks;
}

function readRows(directory: string, path: string, keys: readonly string[]): Row[] {
  const text = readFileSync(join(directory, path), "utf8");
  if (text === "") return [];
  if (!text.endsWith("\n")) throw new Error(`${path}: no newline at the end`);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line, k) => {
      const row = JSON.parse(line) as Row;
      const missing = keys.find((key) => row[key] === undefined);
      if (missing !== undefined) throw new Error(`${path}:${k + 1}: ${missing} is missing`);
      return row;
    });
}

function toNumber(row: Row, key: string): number {
  const value = row[key];
  if (typeof value !== "number") throw new Error(`${key} is ${String(value)}, not a number`);
  return value;
}
