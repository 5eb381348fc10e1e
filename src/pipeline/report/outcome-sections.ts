import type { AnomalyRow, HeuristicUplift } from "../../domain/schemas/index.js";
import type { AgentDigest, FailureGroup, RunDigest } from "./digest.js";
import { escapeText, formatNumber, formatPercent, listExamples, listWaves, NOTHING, withSign } from "./format.js";
import { markdownTable } from "./table.js";

/** Failures by cause, anomalies with their evidence, alerts with what to do. */
export function renderTrouble(digest: RunDigest, mark: string): string[] {
  const sections = [...renderFailures(digest.failures), ...renderAnomalies(digest.anomalies), ...renderAlerts(digest)];
  const title = `## What went wrong${mark}`;
  return sections.length === 0
    ? [title, "No task failed, no anomaly was found, no alert was raised."]
    : [title, ...sections];
}

function renderFailures(failures: readonly FailureGroup[]): string[] {
  if (failures.length === 0) return [];
  const table = markdownTable(
    [
      { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
      { title: "Agent", cell: ({ agentId }) => (agentId === null ? NOTHING : escapeText(agentId)) },
      { title: "Tasks", align: "right", cell: ({ count }) => String(count) },
      { title: "Cause", cell: ({ cause }) => escapeText(cause) },
      { title: "Which", cell: ({ examples, count }) => listExamples(examples, count) },
    ],
    failures,
  );
  return ["### Tasks that failed or did not run", table];
}

function renderAnomalies(anomalies: readonly AnomalyRow[]): string[] {
  if (anomalies.length === 0) return [];
  const items = anomalies.map((anomaly) => {
    const agents = anomaly.affected_agents.map(escapeText).join(", ");
    const where = `${listWaves(anomaly.affected_waves)}, agents ${agents}`;
    const title = `**${anomaly.anomaly_type.replaceAll("_", " ")}** (${anomaly.severity}; ${where})`;
    return `- ${title}: ${escapeText(anomaly.description)}\n  - Evidence: ${describeEvidence(anomaly.evidence)}.\n  - What to do: ${escapeText(anomaly.recommendation)}`;
  });
  return ["### Anomalies", items.join("\n")];
}

function describeEvidence(evidence: AnomalyRow["evidence"]): string {
  const { p_value: p, alpha } = evidence;
  const chance = p === null ? "" : `, p = ${formatNumber(p)}${alpha === null ? "" : ` against ${formatNumber(alpha)}`}`;
  return `${escapeText(evidence.test)}; effect ${formatNumber(evidence.effect)}, threshold ${formatNumber(evidence.threshold)}${chance}, ${evidence.observations} observations`;
}

function renderAlerts({ alerts }: RunDigest): string[] {
  if (alerts.length === 0) return [];
  const table = markdownTable(
    [
      { title: "Severity", cell: ({ severity }) => severity },
      { title: "From", cell: ({ source }) => escapeText(source) },
      { title: "Message", cell: ({ message }) => escapeText(message) },
      { title: "What to do", cell: ({ action }) => escapeText(action) },
    ],
    alerts,
  );
  return ["### Alerts", table];
}

interface WeightRow {
  readonly id: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Weights before and after, strategies against their promise, signals. */
export function renderLearning(digest: RunDigest, mark: string): string[] {
  const sections = [
    ...renderWeights(digest),
    ...renderUplift(digest),
    ...renderStrategies(digest),
    ...renderSignals(digest),
  ];
  return sections.length === 0 ? [] : [`## What was learned${mark}`, ...sections];
}

function renderWeights({ weights: { before, after }, summary }: RunDigest): string[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const rows: WeightRow[] = ids.map((id) => ({ id, before: before[id] ?? null, after: after[id] ?? null }));
  if (rows.length === 0) {
    const files = summary.inputs.files.filter(({ file }) => file === "phase16/heuristics.jsonl");
    const numRead = files.reduce((sum, file) => sum + file.rows, 0);
    return [
      numRead === 0
        ? "No heuristic was read, so no weight was set."
        : `Heuristics read: ${numRead}. No real outcome that was learned applied one, so no weight was set.`,
    ];
  }
  if (rows.every((row) => row.before === row.after)) {
    const list = rows.map(({ id, after: weight }) => `${escapeText(id)} ${formatNumber(weight)}`).join(", ");
    return [`No heuristic weight moved: ${list}.`];
  }
  const table = markdownTable<WeightRow>(
    [
      { title: "Heuristic", cell: ({ id }) => escapeText(id) },
      { title: "Weight before", align: "right", cell: (row) => formatNumber(row.before) },
      { title: "after", align: "right", cell: (row) => formatNumber(row.after) },
      {
        title: "change",
        align: "right",
        cell: (row) => (row.before === null || row.after === null ? NOTHING : withSign(row.after - row.before, 2)),
      },
    ],
    rows,
  );
  return [table];
}

function renderUplift({ heuristicUplift }: RunDigest): string[] {
  const known = heuristicUplift.filter(({ uplift }) => uplift !== null);
  if (known.length === 0) return [];
  const table = markdownTable<HeuristicUplift>(
    [
      { title: "Heuristic", cell: ({ heuristic_id }) => escapeText(heuristic_id) },
      { title: "Adds to success", align: "right", cell: ({ uplift }) => points(uplift) },
      { title: "standard error", align: "right", cell: ({ standard_error }) => points(standard_error) },
      { title: "Applied", align: "right", cell: ({ attempts }) => String(attempts) },
      { title: "Basis", cell: ({ basis }) => escapeText(basis ?? NOTHING) },
    ],
    known,
  );
  return [table];
}

/** A share as points. */
function points(share: number | null): string {
  return share === null ? NOTHING : `${(100 * share).toFixed(1)} points`;
}

function renderStrategies({ strategyEffectiveness }: RunDigest): string[] {
  const entries = Object.entries(strategyEffectiveness).sort(([, a], [, b]) => b - a);
  if (entries.length === 0) return [];
  const list = entries.map(([name, share]) => `${name} ${formatPercent(share)}`).join(", ");
  return [`Achieved of what was planned, by strategy: ${list}.`];
}

function renderSignals({ signals }: RunDigest): string[] {
  if (signals.length === 0) return [];
  const items = signals.map(
    ({ feedback_type, description, recommendation, confidence }) =>
      `- ${feedback_type.replaceAll("_", " ")} (confidence ${formatPercent(confidence)}): ${sentence(description)} ${sentence(recommendation)}`,
  );
  return [items.join("\n")];
}

function sentence(text: string): string {
  return escapeText(/[.!?]$/.test(text) ? text : `${text}.`);
}

/** One row an agent. */
export function renderAgents({ agents }: RunDigest, mark: string): string[] {
  if (agents.length === 0) return [];
  const table = markdownTable<AgentDigest>(
    [
      { title: "Agent", cell: ({ agentId }) => escapeText(agentId) },
      { title: "Tasks", align: "right", cell: ({ tasks }) => String(tasks) },
      { title: "Success planned", align: "right", cell: (row) => formatPercent(row.plannedSuccessRate) },
      { title: "actual", align: "right", cell: (row) => formatPercent(row.actualSuccessRate) },
      { title: "Utilization planned", align: "right", cell: (row) => formatPercent(row.plannedUtilization) },
      { title: "actual", align: "right", cell: (row) => formatPercent(row.actualUtilization) },
    ],
    agents,
  );
  return [`## Agents${mark}`, table];
}
