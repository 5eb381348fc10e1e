import type { RunDigest } from "./digest.js";
import { countOf, escapeText, formatDuration, formatGap, formatNumber, formatPercent, withSign } from "./format.js";
import { markdownTable } from "./table.js";

/** Said behind the heading of every section whose figures did not come from real agents. */
export function simulatedMark({ summary }: RunDigest): string {
  return summary.execution === "simulated" ? " (simulated)" : "";
}

/** Title, what kind of run it was, and the figures one looks for first. */
export function renderHeadline(digest: RunDigest): string[] {
  const { summary, health } = digest;
  const { tasks } = summary;
  const duration = summary.duration_ms === null ? "" : `, ${formatDuration(summary.duration_ms)}`;
  const rehearsed = summary.execution === "real" ? "no live gate" : "rehearsed gate";
  const gate = summary.gate === "live" ? "live gate" : rehearsed;
  const facts = [
    `**Health${simulatedMark(digest)}:** ${formatNumber(health.overall_health_score)} of 100, ${health.health_status}${describeBaseline(digest)}.`,
    `**Tasks${simulatedMark(digest)}:** of ${countOf(tasks.total, "task")}, ${tasks.completed} completed, ${tasks.failed} failed${tasks.open === 0 ? "" : `, ${tasks.open} still open`} and ${describeLeftOut(digest)}; ${countOf(tasks.retries, "retry").replace("retrys", "retries")}, ${countOf(tasks.reassigned, "reassignment")}.`,
    `**Plans:** ${describeProof(digest)}.`,
    ...describeExploration(digest),
    `**Needs attention:** ${countOf(digest.anomalies.length, "anomaly").replace("anomalys", "anomalies")}, ${countOf(digest.alerts.length, "alert")}.`,
  ];
  return [
    `# Phase 19: Autonomous Optimization${summary.execution === "simulated" ? " — simulated" : ""}`,
    `Run \`${summary.run_id.replace(/[^\w.-]/g, "_")}\`, ${summary.start_time}${duration}. Strategy ${escapeText(summary.strategy)}, ${gate}, seed ${summary.seed}, version ${escapeText(summary.version)}.`,
    ...describeKind(digest),
    facts.map((fact) => `- ${fact}`).join("\n"),
  ];
}

function describeLeftOut({ summary: { tasks }, deferrals }: RunDigest): string {
  const unreported = deferrals.topReasons.filter(({ stage }) => stage === "unreported");
  const count = unreported.reduce((sum, group) => sum + group.count, 0);
  return count === 0
    ? `${tasks.deferred} deferred`
    : `${tasks.deferred} deferred, ${count} of them because nobody reported on them`;
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

function describeBaseline({ health: { baseline } }: RunDigest): string {
  if (baseline === null) return "";
  return ` (Phase 18 reported ${formatNumber(baseline.overall_health_score)}, ${withSign(baseline.difference, 1)})`;
}

function describeExploration({ summary: { exploration } }: RunDigest): string[] {
  if (exploration === null || exploration.mean_cost === null) return [];
  const { cap, waves, tasks_moved: moved, mean_cost: cost } = exploration;
  return [
    `**Exploration:** ${countOf(moved, "task")} moved to learn in ${countOf(waves, "wave")}, for ${formatPercent(cost)} of a plan's expected goal on average, at most ${formatPercent(cap)}.`,
  ];
}

function describeProof({ waves }: RunDigest): string {
  const planned = waves.filter(({ objective }) => objective.value !== null);
  if (planned.length === 0) return "no wave had a plan";
  const numOptimal = planned.filter(({ termination }) => termination === "optimal").length;
  if (numOptimal === planned.length) return `proven optimal in every one of ${countOf(planned.length, "planned wave")}`;
  const gaps = planned.flatMap(({ objective }) => (objective.gap === null ? [] : [objective.gap]));
  const numUnbounded = planned.length - gaps.length;
  const widest = gaps.length === 0 ? "" : `; the widest proven gap is ${formatGap(Math.max(...gaps))}`;
  const unbounded = numUnbounded === 0 ? "" : `; ${countOf(numUnbounded, "wave")} without a bound`;
  return `proven optimal in ${numOptimal} of ${countOf(planned.length, "planned wave")}${widest}${unbounded}`;
}

/** The five metrics. */
export function renderMetrics(digest: RunDigest): string[] {
  if (digest.metrics.length === 0) return [];
  const table = markdownTable(
    [
      { title: "Metric", cell: ({ metric_name }) => metric_name.replaceAll("_", " ") },
      { title: "Value", align: "right", cell: ({ value, waves }) => (waves === 0 ? "–" : formatPercent(value)) },
      { title: "Target", align: "right", cell: ({ target_value }) => formatPercent(target_value) },
      { title: "Least", align: "right", cell: ({ threshold_min }) => formatPercent(threshold_min) },
      { title: "Status", cell: ({ status, waves }) => (waves === 0 ? "not measured" : status) },
    ],
    digest.metrics,
  );
  return [`## Metrics${simulatedMark(digest)}`, table];
}
