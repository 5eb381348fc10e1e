import type { AnomalyRow, HeuristicUplift } from "../../domain/schemas/index.js";
import type { AgentDigest, RunDigest } from "./digest.js";
import { countOf, escapeText, formatNumber, formatPercent, listWaves, NOTHING, withSign } from "./format.js";
import type { Told } from "./markdown.js";
import { markdownTable } from "./table.js";

/** Attempts of one wave that one row tells; the page has the rest. */
const MOST_ROWS = 12;

/** What needs attention, then attempts that failed wave by wave, then the evidence of anomalies: all but this as on the page. */
export function renderTrouble({ anomalies }: RunDigest, page: Pick<Told, "issues" | "waves">, mark: string): string[] {
  return [
    `## What went wrong${mark}`,
    renderIssues(page.issues),
    ...page.waves.flatMap(renderWave),
    ...renderAnomalies(anomalies),
  ];
}

function renderIssues(issues: Told["issues"]): string {
  return markdownTable(
    [
      { title: "Issue", cell: ({ issue }) => escapeText(issue) },
      { title: "What is known", cell: ({ analysis }) => escapeText(analysis) },
      { title: "What to do", cell: ({ recommendation }) => escapeText(recommendation) },
    ],
    issues,
  );
}

function renderWave({ wave, trouble }: Told["waves"][number]): string[] {
  if (trouble.length === 0) return [];
  const rest = trouble.length - MOST_ROWS;
  const table = markdownTable(
    [
      { title: "What happened", cell: ({ issue }) => escapeText(issue) },
      { title: "What is known", cell: ({ analysis }) => escapeText(analysis) },
      { title: "What to do", cell: ({ recommendation }) => escapeText(recommendation) },
    ],
    trouble.slice(0, MOST_ROWS),
  );
  return [`### Wave ${wave}`, table, ...(rest <= 0 ? [] : [`The page of the same name (.html) has ${rest} more.`])];
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
  return `${escapeText(evidence.test)}; effect ${formatNumber(evidence.effect)}, threshold ${formatNumber(evidence.threshold)}${chance}, ${countOf(evidence.observations, "observation")}`;
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

/** One row per agent. */
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
