import { METRIC_NAMES } from "../../src/domain/monitoring.js";
import { checkWave } from "./check-wave-outputs.js";
import { type Outputs, readOutputs } from "./read-outputs.js";

/**
 * Everything wrong with an output directory, one line a fault; empty where every file of the contract is there, follows its
 * schema, and says the same as the others.
 */
export function checkOutputs(directory: string): string[] {
  const outputs = readOutputs(directory);
  for (const wave of outputs.waves) checkWave(wave, outputs);
  checkTasks(outputs);
  checkTotals(outputs);
  checkRootRows(outputs);
  checkExecution(outputs);
  return outputs.faults;
}

/** One final row a task in the whole run; what was deferred for good, or in this wave, did not run. */
function checkTasks({ root, waves, faults }: Outputs): void {
  const ranIn = new Map<string, number>();
  for (const { wave, agents } of waves) {
    for (const { place, documents } of agents) {
      for (const { task_id } of documents["scheduled_tasks.jsonl"] ?? []) {
        if (ranIn.has(task_id)) faults.push(`${place}scheduled_tasks.jsonl: a second row of ${task_id}`);
        ranIn.set(task_id, wave);
      }
    }
  }
  const finals = new Set<string>();
  const seen = new Set<string>();
  for (const { task_id, wave, final } of root["deferred_tasks.jsonl"] ?? []) {
    const key = JSON.stringify([task_id, wave]);
    if (seen.has(key)) faults.push(`deferred_tasks.jsonl: a second row of ${task_id} in wave ${wave}`);
    seen.add(key);
    if (final && finals.has(task_id)) faults.push(`deferred_tasks.jsonl: ${task_id} is deferred for good twice`);
    if (final) finals.add(task_id);
    const isRun = final ? ranIn.has(task_id) : ranIn.get(task_id) === wave;
    if (isRun) faults.push(`deferred_tasks.jsonl: ${task_id} was deferred in wave ${wave} and ran`);
  }
  const approvals = root["safety_gate_decisions.jsonl"] ?? [];
  for (const { task_id, wave, approval } of approvals) {
    if (approval === "deferred" && ranIn.get(task_id) === wave) {
      faults.push(`safety_gate_decisions.jsonl: ${task_id} was held back in wave ${wave} and ran`);
    }
  }
}

function checkTotals({ root, waves, faults }: Outputs): void {
  const summary = root["phase19_summary.json"];
  if (summary === undefined) return;
  const summaries = waves.flatMap(({ documents }) => documents["wave_summary.json"] ?? []);
  const { tasks } = summary;
  const compare = (name: string, actual: number, expected: number): void => {
    if (actual !== expected) faults.push(`phase19_summary.json: ${name} is ${actual}, the files give ${expected}`);
  };
  for (const [key, field] of [
    ["completed", "completed_tasks"],
    ["failed", "failed_tasks"],
    ["retries", "retries"],
  ] as const) {
    compare(
      `tasks.${key}`,
      tasks[key],
      summaries.reduce((sum, wave) => sum + wave[field], 0),
    );
  }
  compare("waves_optimized", summary.waves_optimized, waves.length);
  compare("tasks.total", tasks.total, tasks.completed + tasks.failed + tasks.deferred + tasks.open);
  // An interrupted run knows of tasks that no finished wave has seen.
  if (!summary.partial) {
    const numFinal = (root["deferred_tasks.jsonl"] ?? []).filter(({ final }) => final).length;
    compare("tasks.deferred", tasks.deferred, numFinal);
  }
  compare("anomalies", summary.anomalies, root["anomalies.jsonl"]?.length ?? 0);
  compare("alerts", summary.alerts, root["alerts.json"]?.length ?? 0);
  const { learning_signals, feedback_events } = summary.feedback_counts;
  compare("feedback_counts.learning_signals", learning_signals, root["learning_signals.jsonl"]?.length ?? 0);
  compare("feedback_counts.feedback_events", feedback_events, root["feedback_events.jsonl"]?.length ?? 0);
  checkSummaryDocument(summary, { root, waves, faults });
}

function checkSummaryDocument(summary: object, { root, waves, faults }: Outputs): void {
  const document = root["summary.json"];
  if (document === undefined) return;
  for (const [key, value] of Object.entries(summary)) {
    if (JSON.stringify(value) !== JSON.stringify((document as Record<string, unknown>)[key])) {
      faults.push(`summary.json: ${key} is not that of phase19_summary.json`);
    }
  }
  if (document.waves.map(({ wave }) => wave).join() !== waves.map(({ wave }) => wave).join()) {
    faults.push("summary.json: waves are not those of the folders");
  }
  if (document.overall_health_score !== root["system_health.json"]?.overall_health_score) {
    faults.push("summary.json: overall_health_score is not that of system_health.json");
  }
}

function checkRootRows({ root, waves, faults }: Outputs): void {
  const names = (root["metrics.jsonl"] ?? []).map(({ metric_name }) => metric_name);
  if (names.join() !== METRIC_NAMES.join()) faults.push(`metrics.jsonl: has ${names.join(", ")}`);
  const validations = (root["learning_signals.jsonl"] ?? []).filter(
    ({ feedback_type }) => feedback_type === "strategy_validation",
  );
  if (validations.length !== 1) faults.push(`learning_signals.jsonl: ${validations.length} strategy_validation rows`);
  const numbers = waves.map(({ wave }) => wave).join();
  for (const file of ["schedule_comparisons.jsonl", "calibration.jsonl"] as const) {
    const found = (root[file] ?? []).map(({ wave }) => wave).join();
    if (found !== numbers) faults.push(`${file}: has waves ${found}, the folders are ${numbers}`);
  }
  const anomalies = root["anomalies.jsonl"]?.length;
  if (root["system_health.json"]?.detected_anomalies !== anomalies) {
    faults.push(`system_health.json: detected_anomalies is not ${anomalies}`);
  }
  (root["audit.jsonl"] ?? []).forEach(({ sequence }, k) => {
    if (sequence !== k + 1) faults.push(`audit.jsonl:${k + 1}: sequence is ${sequence}`);
  });
  const [first] = waves;
  for (const { place, agents } of waves) {
    const isSame = agents.map(({ agentId }) => agentId).join() === first!.agents.map(({ agentId }) => agentId).join();
    if (!isSame) faults.push(`${place}: has other agents than ${first!.place}`);
  }
  checkAssignments({ root, waves, faults });
}

/** `agent_assignments.json` is the plan. */
function checkAssignments({ root, waves, faults }: Outputs): void {
  const assignments = root["agent_assignments.json"];
  if (assignments === undefined) return;
  for (const { wave, agents } of waves) {
    for (const { agentId, documents } of agents) {
      const planned = (documents["planned_tasks.jsonl"] ?? []).map(({ task_id }) => task_id).sort();
      const assigned = [...(assignments[String(wave)]?.[agentId] ?? [])].sort();
      if (planned.join("\n") !== assigned.join("\n")) {
        faults.push(`agent_assignments.json: wave ${wave}, ${agentId} is not what planned_tasks.jsonl says`);
      }
    }
  }
}

/** Real and simulated never mix within a run, and a simulated report says so. */
function checkExecution({ root, waves, faults }: Outputs): void {
  const execution = root["phase19_summary.json"]?.execution;
  if (execution === undefined) return;
  const look = (place: string, value: unknown): void => {
    if (Array.isArray(value)) return value.forEach((item) => look(place, item));
    if (typeof value !== "object" || value === null || !("execution" in value)) return;
    if (value.execution !== execution)
      faults.push(`${place}: a row is ${String(value.execution)}, the run ${execution}`);
  };
  const lookAll = (place: string, documents: object): void =>
    Object.entries(documents).forEach(([name, value]) => look(place + name, value));
  lookAll("", root);
  for (const { place, documents, agents } of waves) {
    lookAll(place, documents);
    for (const agent of agents) lookAll(agent.place, agent.documents);
  }
  const report = root["PHASE_19_AUTONOMOUS_OPTIMIZATION.md"];
  if (execution === "simulated" && report !== undefined && !report.slice(0, 200).includes("simulated")) {
    faults.push("PHASE_19_AUTONOMOUS_OPTIMIZATION.md: does not say that the run was simulated");
  }
}
