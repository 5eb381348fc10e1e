import { capitalize, compareIds, groupBy, joinWords, spellOut } from "../../domain/index.js";
import type { OptimizationReport, PageWave } from "../../domain/schemas/index.js";
import type { DeferralKind } from "../measure/deferral-kinds.js";
import type { FailureCause } from "../measure/failures.js";
import { alertIdOf, describeMiss } from "../watch/alerts.js";
import { findWhatSlows } from "../watch/schedule-drift.js";
import type { RunDigest } from "./digest.js";
import { countOf, formatNumber, formatPercent, listWaves } from "./format.js";
import { cureOfFailures, isOverloaded } from "./page/trouble.js";

/** The one issue of a run in which nothing is wrong; with failed attempts it goes on. */
export const NOTHING_WRONG = "Nothing is wrong";

interface Draft extends Omit<OptimizationReport["optimizations"][number], "timestamp"> {
  /** What to do, where the recommendation alone would not say about what; null where another entry says it. */
  readonly advice?: string | null;
}

/**
 * `optimization_report.json`: an entry for each anomaly with its alert, other alert, critical metric without an alert, adjustment, cause of failure and reason of deferral, in
 * this order; where nothing is wrong, one entry that says so. `what_to_do` is the advice of all reports of the run.
 *
 * @param waves as the page shows them
 */
export function buildOptimizationReport(digest: RunDigest, waves: readonly PageWave[]): OptimizationReport {
  const isSimulated = digest.summary.execution === "simulated";
  const urgent: Draft[] = [
    ...fromAnomalies(digest),
    ...fromAlerts(digest),
    ...fromMetrics(digest),
    ...fromFailingAgents(digest, waves),
    ...digest.adjustments,
    ...fromFailures(digest),
  ];
  const deferrals = fromDeferrals(digest);
  const all = [...urgent, ...deferrals];
  const entries = all.length === 0 ? [nothingWrong(digest, waves)] : all;
  // The alert of many deferrals gives the same advice with its numbers.
  const isTold = digest.alerts.some(({ source }) => source === "deferrals");
  const advice = all.length === 0 ? entries : isTold ? urgent : all;
  const timestamp = digest.summary.end_time;
  return {
    optimizations: entries.map(({ issue, analysis, recommendation }) => ({
      issue,
      analysis: isSimulated ? `Simulated: ${analysis}` : analysis,
      recommendation,
      timestamp,
    })),
    what_to_do: [...new Set(advice.flatMap(({ advice, recommendation }) => adviceOr(advice, recommendation)))],
  };
}

function adviceOr(advice: Draft["advice"], recommendation: string): string[] {
  return advice === null ? [] : [advice ?? recommendation];
}

function fromAnomalies({ anomalies, alerts }: RunDigest): Draft[] {
  const severityOf = new Map(alerts.map(({ alert_id, severity }) => [alert_id, severity]));
  const isSlow = ({ affected_agents: [agentId], recommendation }: RunDigest["anomalies"][number]): boolean =>
    agentId !== undefined && recommendation === findWhatSlows([agentId]);
  const slow = anomalies.filter(isSlow).flatMap(({ affected_agents }) => affected_agents);
  return anomalies.map((anomaly) => {
    const { anomaly_id, anomaly_type, affected_waves, affected_agents, ...row } = anomaly;
    const severity = severityOf.get(alertIdOf(anomaly_id));
    const { description, evidence, recommendation } = row;
    return {
      issue: `${capitalize(spellOut(anomaly_type))} in ${listWaves(affected_waves)} (${affected_agents.join(", ")})${severity === undefined ? "" : `, ${severity} alert`}`,
      analysis: `${description} Evidence: ${evidence.test}; effect ${formatNumber(evidence.effect)}, threshold ${formatNumber(evidence.threshold)}, ${countOf(evidence.observations, "observation")}.`,
      recommendation,
      // One piece of advice for all agents that are slow.
      ...(isSlow(anomaly) ? { advice: findWhatSlows([...new Set(slow)].sort(compareIds)) } : {}),
    };
  });
}

function fromAlerts({ alerts, anomalies }: RunDigest): Draft[] {
  // The alert of an anomaly stands beside that.
  const told = new Set(anomalies.map(({ anomaly_id }) => alertIdOf(anomaly_id)));
  return alerts
    .filter(({ alert_id }) => !told.has(alert_id))
    .map(({ severity, source, message, action }) => ({
      issue: `${capitalize(severity)} alert from ${spellOut(source)}`,
      analysis: message,
      recommendation: action,
      advice: `${message} ${action}`,
    }));
}

function fromMetrics({ metrics, alerts, waves: summaries }: RunDigest): Draft[] {
  const pace = summaries.map((wave) => ({ planned: wave.planned_throughput, actual: wave.actual_throughput }));
  return metrics
    .filter(({ metric_name, status }) => status === "critical" && alerts.every(({ source }) => source !== metric_name))
    .map(({ metric_name, value, threshold_min, waves }) => {
      const name = capitalize(spellOut(metric_name));
      const analysis = `${formatPercent(value)} over ${countOf(waves, "wave")}, below the minimum of ${formatPercent(threshold_min)}.${describeMiss(metric_name, pace)}`;
      const recommendation = "Compare the plans with their outcomes in schedule_comparisons.jsonl.";
      return {
        issue: `${name} below its minimum`,
        analysis,
        recommendation,
        advice: `${name} is ${analysis} ${recommendation}`,
      };
    });
}

const DEFERRAL_CURES: Readonly<Record<DeferralKind, string>> = {
  approval: "Approve these tasks explicitly.",
  confidence: "Raise the confidence of these tasks, or withdraw them: no approval makes up for it.",
  refused: "Correct their risk level or approval_status in the task file.",
  blocked: "See to the tasks that are waited for.",
  not_planned: "Widen the limit named in the reason, or add capacity.",
  predecessor_failed: "Mend the predecessor that failed, then run these tasks again.",
  over_budget: "Raise the budget, or withdraw these tasks.",
  not_started: "Bring the agents back, then run these tasks again.",
  interrupted: "Run these tasks again.",
  unreported: "Evaluate the wave again once their outcomes are there.",
};

function fromDeferrals({ deferrals, failures }: RunDigest): Draft[] {
  // The adjustment of a cause counts these tasks already.
  const told = new Set(failures.map(({ cause }) => cause));
  return deferrals.topReasons.map(({ stage, kind, reason, count, examples }) => {
    const issue =
      stage === "unreported"
        ? `${countOf(count, "task")} not reported`
        : `Tasks put off ${countOf(count, "time")} by the ${stage}`;
    const recommendation = DEFERRAL_CURES[kind];
    return {
      issue,
      analysis: `${reason}${examples.length === 0 ? "" : ` (such as ${examples.join(", ")})`}`,
      recommendation,
      advice: told.has(spellOut(kind))
        ? null
        : `${issue}${examples.length === 0 ? "" : `, such as ${examples[0]}`}. ${recommendation}`,
    };
  });
}

/** So many attempts without a success, at more tasks than one, are no luck of an agent that works. */
const FAILING_ATTEMPTS = 3;
const FAILING_TASKS = 2;

/** Real agents at which nothing succeeded, though what they failed at may have been done by others. */
function fromFailingAgents({ summary }: RunDigest, waves: readonly PageWave[]): Draft[] {
  if (summary.execution === "simulated") return [];
  const attempts = waves.flatMap(({ tasks }) =>
    tasks.flatMap(({ task_id, attempts: own }) => own.map((one) => ({ ...one, task_id }))),
  );
  const failing = [...groupBy(attempts, ({ agent_id }) => agent_id)]
    .filter(
      ([, own]) =>
        own.length >= FAILING_ATTEMPTS &&
        new Set(own.map(({ task_id }) => task_id)).size >= FAILING_TASKS &&
        own.every(({ succeeded }) => succeeded === false),
    )
    .map(([agentId]) => agentId)
    .sort(compareIds);
  return failing.map((agentId) => ({
    issue: `No attempt on ${agentId} succeeded`,
    analysis: "Each attempt that was made there failed; their errors are in execution_outcomes.jsonl.",
    recommendation: "Look into the cause before the next wave, or run without it (--agents).",
    advice: `No attempt on ${joinWords(failing)} succeeded. Look into the cause before the next wave, or run without ${failing.length === 1 ? "it" : "them"} (--agents).`,
  }));
}

/** The cause of tasks that nobody tried again though it was allowed: what failed may be the task, wherever it runs. */
const GIVEN_UP = spellOut("not_retried" satisfies FailureCause);
const READ_ERRORS = "Read the last errors in execution_outcomes.jsonl, and mend what they name.";

function fromFailures({ failures }: RunDigest): Draft[] {
  const onAgents = failures.filter(({ agentId }) => agentId !== null);
  const isTold = onAgents.every(({ cause }) => cause === GIVEN_UP);
  const agentIds = [...new Set(onAgents.flatMap(({ agentId }) => agentId ?? []))].sort(compareIds);
  const failed = countOf(
    onAgents.reduce((sum, { count }) => sum + count, 0),
    "task",
  );
  return failures.map(({ wave, agentId, cause, count, examples }) => ({
    issue:
      agentId === null
        ? `${countOf(count, "task")} did not run in wave ${wave}`
        : `${countOf(count, "task")} failed on ${agentId} in wave ${wave}`,
    analysis: `${cause}${examples.length === 0 ? "" : ` (such as ${examples.join(", ")})`}`,
    recommendation:
      agentId === null
        ? "Read the reasons in deferred_tasks.jsonl."
        : cause === GIVEN_UP
          ? READ_ERRORS
          : cureOfFailures([agentId]),
    // One piece of advice for all agents that failed; what did not run, or where all was given up, has that of its cause.
    advice: agentId === null || isTold ? null : `${failed} failed for good. ${cureOfFailures(agentIds)}`,
  }));
}

/** What is worth knowing and asks for no action. */
function nothingWrong({ summary }: RunDigest, waves: readonly PageWave[]): Draft {
  const { completed, total, retries } = summary.tasks;
  const attempts = retries === 0 ? "no failure" : `${countOf(retries, "attempt")} failed and the next one succeeded`;
  const overloads = waves.flatMap(({ agents }) => agents.filter(isOverloaded)).length;
  const late = waves.flatMap((wave) => wave.late.actual).length;
  const beyond = [
    ...(retries === 0 ? [] : ["attempts that were made again"]),
    ...(late === 0 ? [] : ["tasks that ended after their deadlines"]),
    ...(overloads === 0 ? [] : ["agents that were busy longer than their limit"]),
  ];
  const tardy = late === 0 ? "" : `; tasks that ended after their deadlines: ${late}`;
  const busy = overloads === 0 ? "" : `; agents busy longer than their limit in a wave: ${overloads}`;
  return {
    issue: beyond.length === 0 ? NOTHING_WRONG : `${NOTHING_WRONG} beyond ${joinWords(beyond)}`,
    analysis: `${completed} of ${countOf(total, "task")} completed; ${attempts}${retries === 0 ? "," : "; no"} deferral, anomaly or alert${tardy}${busy}.`,
    recommendation: "Change nothing.",
  };
}
