import type { OptimizationReport } from "../../domain/schemas/index.js";
import type { RunDigest } from "./digest.js";
import { countOf, formatNumber, listWaves } from "./format.js";

/** The one issue of a run in which nothing is wrong. */
export const NOTHING_WRONG = "Nothing is wrong";

type Entry = OptimizationReport["optimizations"][number];
type Draft = Omit<Entry, "timestamp">;

/**
 * `optimization_report.json`: an entry for each anomaly, alert, critical metric without an alert, reason of deferral and cause of failure, in this order; where
 * nothing is wrong, one entry that says so.
 */
export function buildOptimizationReport(digest: RunDigest): OptimizationReport {
  const isSimulated = digest.summary.execution === "simulated";
  const drafts = [
    ...fromAnomalies(digest),
    ...fromAlerts(digest),
    ...fromMetrics(digest),
    ...fromDeferrals(digest),
    ...fromFailures(digest),
  ];
  const entries = drafts.length === 0 ? [nothingWrong(digest)] : drafts;
  const timestamp = digest.summary.end_time;
  return {
    optimizations: entries.map(({ issue, analysis, recommendation }) => ({
      issue,
      analysis: isSimulated ? `Simulated: ${analysis}` : analysis,
      recommendation,
      timestamp,
    })),
  };
}

function fromAnomalies({ anomalies }: RunDigest): Draft[] {
  return anomalies.map(({ anomaly_type, affected_waves, affected_agents, description, evidence, recommendation }) => ({
    issue: `${capitalize(anomaly_type.replaceAll("_", " "))} in ${listWaves(affected_waves)} (${affected_agents.join(", ")})`,
    analysis: `${description} ${evidence.test}: effect ${formatNumber(evidence.effect)}, threshold ${formatNumber(evidence.threshold)}, ${evidence.observations} observations.`,
    recommendation,
  }));
}

function fromAlerts({ alerts }: RunDigest): Draft[] {
  return alerts.map(({ severity, source, message, action }) => ({
    issue: `${capitalize(severity)} alert from ${source}`,
    analysis: message,
    recommendation: action,
  }));
}

function fromMetrics({ metrics, alerts }: RunDigest): Draft[] {
  return metrics
    .filter(({ metric_name, status }) => status === "critical" && alerts.every(({ source }) => source !== metric_name))
    .map(({ metric_name, value, threshold_min, waves }) => ({
      issue: `Critical ${metric_name.replaceAll("_", " ")}`,
      analysis: `${formatNumber(value)} over ${countOf(waves, "wave")}, below the minimum of ${formatNumber(threshold_min)}.`,
      recommendation: "Compare the plans with their outcomes in schedule_comparisons.jsonl.",
    }));
}

const DEFERRAL_CURES = {
  gate: "Raise the confidence of these tasks or approve them explicitly.",
  plan: "Widen the limit named in the reason, or add capacity.",
  execution: "Mend the predecessor that failed, then run these tasks again.",
  unreported: "Evaluate the wave again once their outcomes are there.",
} as const;

function fromDeferrals({ deferrals }: RunDigest): Draft[] {
  return deferrals.topReasons.map(({ stage, reason, count, examples }) => ({
    issue:
      stage === "unreported"
        ? `${countOf(count, "task")} not reported`
        : `Tasks put off ${countOf(count, "time")} by the ${stage}`,
    analysis: `${reason}${examples.length === 0 ? "" : ` (such as ${examples.join(", ")})`}`,
    recommendation: DEFERRAL_CURES[stage],
  }));
}

function fromFailures({ failures }: RunDigest): Draft[] {
  return failures.map(({ wave, agentId, cause, count, examples }) => ({
    issue: `${countOf(count, "task")} failed on ${agentId || "several agents"} in wave ${wave}`,
    analysis: `${cause}${examples.length === 0 ? "" : ` (such as ${examples.join(", ")})`}`,
    recommendation:
      agentId === ""
        ? "Look into what these tasks have in common."
        : `Look into the cause on ${agentId}; until it is mended, keep such tasks away from it.`,
  }));
}

function nothingWrong({ summary }: RunDigest): Draft {
  const { completed, total } = summary.tasks;
  return {
    issue: NOTHING_WRONG,
    analysis: `${completed} of ${countOf(total, "task")} completed; no failure, deferral, anomaly or alert.`,
    recommendation: "Change nothing.",
  };
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
