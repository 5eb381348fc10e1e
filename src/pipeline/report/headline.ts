import type { RunDigest } from "./digest.js";
import { countOf, escapeText, formatDuration, formatNumber, formatPercent, NOTHING, withSign } from "./format.js";
import { markdownTable } from "./table.js";

/** Said behind the heading of every section whose figures did not come from real agents. */
export function simulatedMark({ summary }: RunDigest): string {
  return summary.execution === "simulated" ? " (simulated)" : "";
}

/**
 * Title, what kind of run it was, and what came of it.
 *
 * @param verdict in sentences, as the page has them
 */
export function renderHeadline(digest: RunDigest, verdict: readonly string[]): string[] {
  const { summary, health } = digest;
  const duration = summary.duration_ms === null ? "" : `, ${formatDuration(summary.duration_ms)}`;
  const rehearsed = summary.execution === "real" ? "no live gate" : "rehearsed gate";
  const gate = summary.gate === "live" ? "live gate" : rehearsed;
  const facts = [
    `**Health${simulatedMark(digest)}:** ${describeHealth(health)}.`,
    ...verdict.map(escapeText),
    ...describeExploration(digest),
  ];
  return [
    `# Phase 19: Autonomous Optimization${summary.execution === "simulated" ? " — simulated" : ""}`,
    `Run \`${summary.run_id.replace(/[^\w.-]/g, "_")}\`, ${summary.start_time}${duration}. Strategy ${escapeText(summary.strategy)}, ${gate}, seed ${summary.seed}, version ${escapeText(summary.version)}.`,
    ...describeKind(digest),
    facts.map((fact) => `- ${fact}`).join("\n"),
  ];
}

function describeKind({ summary }: RunDigest): string[] {
  const notes: string[] = [];
  if (summary.execution === "simulated") {
    notes.push(
      "> **Simulated.** Every outcome below was drawn by the simulator from the optimizer's own predictions. The figures say what this plan would bring if those are right, not what agents did.",
    );
  }
  if (summary.partial) {
    notes.push(
      `> **Partial.** The run was interrupted after ${summary.waves_optimized} of ${countOf(summary.waves_planned, "wave")}; what follows covers only those.`,
    );
  }
  return notes;
}

function describeHealth({ overall_health_score: score, health_status: status, baseline }: RunDigest["health"]): string {
  if (score === null) return "not judged, because no wave that ended has run a task";
  const before =
    baseline === null || baseline.difference === null
      ? ""
      : ` (Phase 18 reported ${formatNumber(baseline.overall_health_score)}, ${withSign(baseline.difference, 1)})`;
  return `${formatNumber(score)} of 100, ${status}${before}`;
}

function describeExploration({ summary: { exploration } }: RunDigest): string[] {
  if (exploration === null || exploration.mean_cost === null) return [];
  const { cap, waves, tasks_moved: moved, mean_cost: cost } = exploration;
  return [
    `**Exploration:** ${countOf(moved, "task")} moved to learn in ${countOf(waves, "wave")}, for ${formatPercent(cost)} of a plan's expected goal on average, at most ${formatPercent(cap)}.`,
  ];
}

/** The five metrics. */
export function renderMetrics(digest: RunDigest): string[] {
  if (digest.metrics.length === 0) return [];
  const table = markdownTable(
    [
      { title: "Metric", cell: ({ metric_name }) => metric_name.replaceAll("_", " ") },
      { title: "Value", align: "right", cell: ({ value, waves }) => (waves === 0 ? NOTHING : formatPercent(value)) },
      { title: "Target", align: "right", cell: ({ target_value }) => formatPercent(target_value) },
      { title: "Least", align: "right", cell: ({ threshold_min }) => formatPercent(threshold_min) },
      { title: "Status", cell: ({ status, waves }) => (waves === 0 ? "not measured" : status) },
    ],
    digest.metrics,
  );
  return [`## Metrics${simulatedMark(digest)}`, table];
}
