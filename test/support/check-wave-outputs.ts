import type { AttemptRow, ScheduledRow } from "../../src/domain/schemas/phase19-wave.js";
import type { AgentOutputs, Outputs, WaveOutputs } from "./read-outputs.js";

/** The first keys of a final row, in the order of the contract. */
const FINAL_ROW_KEYS = (
  "task_id agent_id wave scheduled_start_time scheduled_end_time actual_start_time actual_end_time " +
  "priority status confidence retry_count"
).split(" ");

/** The files of one wave against each other and against its folders. */
export function checkWave(wave: WaveOutputs, { root, faults }: Outputs): void {
  for (const agent of wave.agents) checkAgent(agent, wave.wave, faults);
  checkAttempts(wave, faults);
  const summary = wave.documents["wave_summary.json"];
  if (summary === undefined) return;
  const place = `${wave.place}wave_summary.json`;
  const compare = (name: string, actual: unknown, expected: unknown): void => {
    if (actual !== expected) faults.push(`${place}: ${name} is ${String(actual)}, the files give ${String(expected)}`);
  };
  const rows = finalRows(wave);
  const deferred = (root["deferred_tasks.jsonl"] ?? []).filter((row) => row.wave === wave.wave);
  compare("wave", summary.wave, wave.wave);
  compare("agents", [...summary.agents].sort().join(), wave.agents.map(({ agentId }) => agentId).join());
  compare("completed_tasks", summary.completed_tasks, rows.filter(({ status }) => status === "completed").length);
  compare("failed_tasks", summary.failed_tasks, rows.filter(({ status }) => status === "failed").length);
  compare("deferred_tasks", summary.deferred_tasks, deferred.length);
  compare("total_tasks", summary.total_tasks, rows.length + deferred.length);
  compare(
    "retries",
    summary.retries,
    rows.reduce((sum, { retry_count }) => sum + retry_count, 0),
  );
}

function finalRows({ agents }: WaveOutputs): ScheduledRow[] {
  return agents.flatMap(({ documents }) => documents["scheduled_tasks.jsonl"] ?? []);
}

function checkAgent({ agentId, place, documents }: AgentOutputs, wave: number, faults: string[]): void {
  const lists = ["planned_tasks.jsonl", "scheduled_tasks.jsonl", "execution_outcomes.jsonl"] as const;
  for (const name of lists) {
    for (const row of documents[name] ?? []) {
      if (row.agent_id === agentId && row.wave === wave) continue;
      faults.push(`${place}${name}: ${row.task_id} belongs to ${row.agent_id} in wave ${row.wave}`);
    }
  }
  for (const row of documents["scheduled_tasks.jsonl"] ?? []) {
    const keys = Object.keys(row).slice(0, FINAL_ROW_KEYS.length);
    if (keys.join() !== FINAL_ROW_KEYS.join()) faults.push(`${place}scheduled_tasks.jsonl: begins with ${keys.join()}`);
  }
  const isIdle = lists.every((name) => documents[name]?.length === 0);
  const feedback = documents["optimization_feedback.json"];
  if (!isIdle && feedback === undefined)
    faults.push(`${place}optimization_feedback.json: is empty, but the agent worked`);
  if (feedback !== undefined && (feedback.agent_id !== agentId || feedback.wave !== wave)) {
    faults.push(`${place}optimization_feedback.json: is of ${feedback.agent_id} in wave ${feedback.wave}`);
  }
}

/** Every final row has its attempts, whoever made them, and was planned. */
function checkAttempts(wave: WaveOutputs, faults: string[]): void {
  const attempts = new Map<string, AttemptRow[]>();
  const plannedAgent = new Map<string, string>();
  for (const { place, documents } of wave.agents) {
    for (const row of documents["execution_outcomes.jsonl"] ?? []) {
      attempts.set(row.task_id, [...(attempts.get(row.task_id) ?? []), row]);
    }
    for (const row of documents["planned_tasks.jsonl"] ?? []) {
      if (plannedAgent.has(row.task_id)) faults.push(`${place}planned_tasks.jsonl: a second row of ${row.task_id}`);
      plannedAgent.set(row.task_id, row.agent_id);
    }
  }
  for (const row of finalRows(wave)) {
    const at = `${wave.place}${row.agent_id}/scheduled_tasks.jsonl: ${row.task_id}`;
    if (plannedAgent.get(row.task_id) !== row.planned_agent_id) faults.push(`${at} was not planned for that agent`);
    const own = (attempts.get(row.task_id) ?? []).sort((a, b) => a.attempt - b.attempt);
    const last = own.at(-1);
    if (own.length !== row.retry_count + 1)
      faults.push(`${at} has ${own.length} attempts, retry_count ${row.retry_count}`);
    if (last !== undefined && last.status !== row.status)
      faults.push(`${at} is ${row.status}, its last attempt is not`);
    attempts.delete(row.task_id);
  }
  for (const taskId of attempts.keys()) faults.push(`${wave.place}: ${taskId} has attempts and no final row`);
}
