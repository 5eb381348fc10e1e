import { showUnseen } from "../../domain/index.js";
import type { RunOutcome } from "../../pipeline/index.js";
import { join } from "node:path";
import { nearPath } from "./near-path.js";
import type { Paint } from "./paint.js";
import { renderTable } from "./table.js";
import { formatMs, formatShare, wrap } from "./text.js";

/** The summary of a run for a person: a table of its waves, its health, and where the report is. */
export function renderRun(outcome: RunOutcome, paint: Paint): string {
  const { summary, waves, outDir } = outcome;
  if (summary === null) return "";
  const kind = `${summary.execution}${summary.partial ? ", interrupted" : ""}`;
  const head = [
    `${paint.bold(`run ${summary.run_id}`)} (${kind})`,
    ...outcome.headline.flatMap((sentence) => wrap(showUnseen(sentence), paint.width)),
    `${describeHealth(summary.health_metrics.health, paint)}, ${count(summary.anomalies, "anomaly", "anomalies")}, ${count(summary.alerts, "alert", "alerts")}.`,
  ];
  const rows = waves.map((wave) => [
    String(wave.wave),
    wave.strategy,
    wave.termination,
    String(wave.total_tasks),
    formatShare(wave.planned_success_rate),
    wave.actual_success_rate === null || wave.assigned_tasks === undefined
      ? formatShare(wave.actual_success_rate)
      : `${Math.round(wave.actual_success_rate * wave.assigned_tasks)} of ${wave.assigned_tasks}`,
    String(wave.failed_tasks),
    String(wave.deferred_tasks),
    formatMs(wave.planned_makespan_ms),
    formatMs(wave.actual_makespan_ms),
  ]);
  const hasForecast = waves.every(({ planned_makespan_of: basis }) => basis !== "schedule");
  const right = { align: "right" } as const;
  const table = renderTable(
    [
      { title: "wave", ...right },
      { title: "strategy", excess: "shorten" },
      { title: "plan", isOptional: true },
      { title: "tasks", isOptional: true, ...right },
      { title: "predicted", isOptional: true, ...right },
      { title: "succeeded", ...right },
      { title: "failed", ...right },
      { title: "deferred", ...right },
      { title: hasForecast ? "forecast" : "planned", isOptional: true, ...right },
      { title: "actual ms", ...right },
    ],
    rows,
    paint,
  );
  return `${head.join("\n")}\n\n${table}\n\n${paint.dim(`report: ${join(nearPath(outDir), "PHASE_19_AUTONOMOUS_OPTIMIZATION.html")} (also .md)`)}\n`;
}

type Health = NonNullable<RunOutcome["summary"]>["health_metrics"]["health"];

function describeHealth({ overall_health_score: score, health_status: status }: Health, paint: Paint): string {
  if (score === null) return "Health not judged (no wave that ended has run a task)";
  const color = { EXCELLENT: paint.good, GOOD: paint.good, FAIR: paint.mixed, POOR: paint.bad }[status];
  return `Health ${(color ?? paint.bold)(`${score.toFixed(1)} ${status}`)}`;
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
