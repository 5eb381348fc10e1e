import { PLAIN_STRATEGIES, STRATEGY_MODELS, STRATEGY_OF_GOAL } from "../../../models/index.js";
import { capitalize, type MetricName, spellOut, type StrategyName } from "../../domain/index.js";
import type { AlertRow, AnomalyRow, MetricRow, SystemHealth } from "../../domain/schemas/index.js";
import { percent } from "../learn/percent.js";
import type { DeferralKind } from "../measure/deferral-kinds.js";
import type { WaveStats } from "../measure/measured-wave.js";
import { sumOf } from "../measure/accuracy.js";
import type { WaveOutcome } from "../measure/wave-outcome.js";
import { type Money, moneyAlerts } from "./money-alerts.js";

/** Started tasks from which a critical metric is more than the luck of a few. */
const METRIC_ALERT_TASKS = 30;
/** Tasks put off for good in one wave are worth an alert from this share of it and this number on. */
const BULK_DEFERRAL_SHARE = 0.1;
const BULK_DEFERRAL_TASKS = 3;

const SPREADING = PLAIN_STRATEGIES.filter((name) => STRATEGY_MODELS[name].spreadsWork);

/** What to do, and the strategies that would help where they are not in use already. */
interface MetricAction {
  readonly action: string;
  readonly strategies?: readonly StrategyName[];
}

const METRIC_ACTIONS: Readonly<Record<MetricName, MetricAction>> = {
  schedule_accuracy: {
    action: "Learn from this run's real outcomes, and plan with a higher risk aversion until accuracy recovers.",
  },
  throughput_efficiency: {
    action: "Compare planned with actual durations agent by agent, and learn the durations before the next run.",
  },
  agent_utilization: { action: "Use fewer agents or slots, or raise the load limit.", strategies: SPREADING },
  confidence_trajectory: {
    action: "Check the predicted confidence gains against the history.",
    strategies: [STRATEGY_OF_GOAL.confidence.name],
  },
  schedule_adherence: {
    action: "Find the agents whose attempts take longer than planned or whose tasks are moved, and leave slack.",
  },
};

const ANOMALY_SEVERITY = { low: "info", medium: "warning", high: "critical" } as const;

export interface AlertInputs {
  readonly waves: readonly WaveStats[];
  readonly metrics: readonly MetricRow[];
  readonly anomalies: readonly AnomalyRow[];
  readonly health: SystemHealth;
  readonly money: Money;
  readonly timestamp: string;
}

type Draft = Omit<AlertRow, "timestamp">;

/** What a person should act on now, gravest first; ids are stable over the run. O(waves). */
export function alertRows({ waves, metrics, anomalies, health, money, timestamp }: AlertInputs): AlertRow[] {
  const drafts = [
    ...anomalies.map(anomalyAlert),
    ...waves.flatMap(planAlert),
    ...waves.flatMap(deferralAlert),
    ...starvingAlerts(waves),
    ...waves.flatMap(unreportedAlert),
    ...metricAlerts(metrics, waves),
    ...healthAlert(health, waves),
    ...moneyAlerts(money, waves),
  ];
  const rank = { critical: 0, warning: 1, info: 2 };
  return drafts.sort((a, b) => rank[a.severity] - rank[b.severity]).map((draft) => ({ ...draft, timestamp }));
}

/** Which alert tells of an anomaly. */
export function alertIdOf(anomalyId: string): string {
  return `AL_${anomalyId}`;
}

function anomalyAlert(row: AnomalyRow): Draft {
  return {
    alert_id: alertIdOf(row.anomaly_id),
    severity: ANOMALY_SEVERITY[row.severity],
    source: row.anomaly_type,
    message: row.description,
    action: row.recommendation,
    waves: row.affected_waves,
    agents: row.affected_agents,
  };
}

function planAlert({ wave, strategy, termination, lacksPlan, agentIds }: WaveStats): Draft[] {
  if (!lacksPlan) return [];
  const actions: Partial<Record<typeof termination, string>> = {
    infeasible: "Relax the limits named in the conflict of this wave's result, or allow tasks to be deferred.",
    no_solution: "Allow the solver more time for this wave, or split it.",
  };
  return [
    {
      alert_id: `AL_NO_PLAN_WAVE_${wave}`,
      severity: "critical",
      source: "optimizer",
      message: `Wave ${wave} has no plan: ${strategy} ended with ${termination}, and its tasks did not run.`,
      action: actions[termination] ?? "Read the error in this wave's result; run it again with another solver.",
      waves: [wave],
      agents: [...agentIds],
    },
  ];
}

/** What helps one task and several that were put off; null where nobody can say. */
const CURES: Readonly<Record<DeferralKind, { readonly one: string; readonly many: string } | null>> = {
  approval: {
    one: "lacks only an explicit approval: give it with --approve",
    many: "lack only an explicit approval: give it with --approve",
  },
  confidence: {
    one: "has too little confidence for its risk, which no approval makes up for: raise it, or withdraw the task",
    many: "have too little confidence for their risk, which no approval makes up for: raise it, or withdraw them",
  },
  refused: {
    one: "has a risk level or an approval_status that no gate lets through: correct it in the task file",
    many: "have a risk level or an approval_status that no gate lets through: correct it in the task file",
  },
  blocked: {
    one: "waits for a task that was not done: see to that one",
    many: "wait for a task that was not done: see to that one",
  },
  over_budget: {
    one: "cost more than was left of the budget: raise --budget, or withdraw it",
    many: "cost more than was left of the budget: raise --budget, or withdraw them",
  },
  not_planned: same("found no place in the plan: add agents or capacity, or loosen the limits that the reasons name"),
  predecessor_failed: {
    one: "waits for a task that failed: place that one on a surer agent",
    many: "wait for a task that failed: place that one on a surer agent",
  },
  not_started: {
    one: "was not started when its turn came: no agent was left to take it: bring the agents back",
    many: "were not started when their turn came: no agent was left to take them: bring the agents back",
  },
  interrupted: {
    one: "was cut off by the end of the run: run it again",
    many: "were cut off by the end of the run: run them again",
  },
  unreported: null,
};

function same(words: string): { readonly one: string; readonly many: string } {
  return { one: words, many: words };
}

const STARVING_CURES: Readonly<Partial<Record<DeferralKind, string>>> = {
  approval: "approve it",
  confidence: "raise its confidence (no approval helps)",
  refused: "correct its risk level or approval_status",
  blocked: "see to the task it waits for",
  over_budget: "raise --budget",
};

function describeCures(counts: WaveStats["finalDeferrals"]): string {
  const sentences = Object.entries(counts).flatMap(([kind, count]) => {
    const cure = CURES[kind as DeferralKind];
    return cure === null ? [] : [`${count} ${count === 1 ? cure.one : cure.many}.`];
  });
  return sentences.join(" ");
}

function deferralAlert({ wave, numFinalDeferrals, finalDeferrals, numUnreported, numTasks }: WaveStats): Draft[] {
  const numPutOff = numFinalDeferrals - numUnreported;
  const isBulk = numPutOff >= BULK_DEFERRAL_TASKS && numPutOff >= BULK_DEFERRAL_SHARE * numTasks;
  if (!isBulk) return [];
  return [
    {
      alert_id: `AL_DEFERRED_WAVE_${wave}`,
      severity: "warning",
      source: "deferrals",
      message: `${numPutOff} of ${numTasks} tasks of wave ${wave} were put off for good.`,
      action: `Read the reasons in deferred_tasks.jsonl. ${describeCures(finalDeferrals)}`,
      waves: [wave],
      agents: [],
    },
  ];
}

/** One alert a task, of the last wave that put it off: it names how long the task has waited by then. */
function starvingAlerts(waves: readonly WaveStats[]): Draft[] {
  const last = new Map(
    waves.flatMap(({ wave, starving }) => starving.map((one) => [one.taskId, { ...one, wave }] as const)),
  );
  return [...last.values()].map(({ taskId, wavesWaited, kind, wave }) => ({
    alert_id: `AL_STARVING_${taskId}`,
    severity: "warning",
    source: "deferrals",
    message: `${taskId} was put off ${wavesWaited} times, the last time in wave ${wave}.`,
    action: `Read its reasons in deferred_tasks.jsonl, and ${STARVING_CURES[kind] ?? "pin it, raise its priority"} or withdraw it.`,
    waves: [wave],
    agents: [],
  }));
}

function unreportedAlert({ wave, numUnreported, numTasks }: WaveStats): Draft[] {
  if (numUnreported === 0) return [];
  return [
    {
      alert_id: `AL_UNREPORTED_WAVE_${wave}`,
      severity: "info",
      source: "outcomes",
      message: `${numUnreported} of ${numTasks} tasks of wave ${wave} ${numUnreported === 1 ? "was not reported, and counts" : "were not reported, and count"} on neither side.`,
      action: "Evaluate the wave again once their outcomes are there.",
      waves: [wave],
      agents: [],
    },
  ];
}

/**
 * Which way a metric missed, as a sentence to add; "" where that is plain. Only the throughput efficiency falls for being faster than forecast too: the
 * fleet was faster where it was so in every wave whose pace is known.
 */
export function describeMiss(metric: MetricName, waves: readonly WaveOutcome["throughputPerS"][]): string {
  if (metric !== "throughput_efficiency") return "";
  const known = waves.flatMap(({ planned, actual }) => (planned === null || actual === null ? [] : [actual - planned]));
  return known.length > 0 && Math.min(...known) > 0
    ? " The fleet was faster than forecast, so that plans promise too little."
    : "";
}

function metricAlerts(metrics: readonly MetricRow[], waves: readonly WaveStats[]): Draft[] {
  const pace = waves.map(({ started }) => started.throughputPerS);
  const numStarted = sumOf(waves, ({ started }) => started.tasks);
  if (numStarted < METRIC_ALERT_TASKS) return [];
  const used = new Set(waves.map(({ strategy }) => strategy));
  return metrics
    .flatMap((row) => (row.status === "critical" && row.value !== null ? [{ ...row, value: row.value }] : []))
    .map(({ metric_name, value, threshold_min }) => ({
      alert_id: `AL_METRIC_${metric_name.toUpperCase()}`,
      severity: "warning",
      source: metric_name,
      message: `${capitalize(spellOut(metric_name))} is ${percent(value)} over ${numStarted} tasks, far below its minimum of ${percent(threshold_min)}.${describeMiss(metric_name, pace)}`,
      action: describeAction(METRIC_ACTIONS[metric_name], used),
      waves: waves.filter(({ started }) => started.tasks > 0).map(({ wave }) => wave),
      agents: [],
    }));
}

/** Nobody is advised to do what is done already. */
function describeAction({ action, strategies = [] }: MetricAction, used: ReadonlySet<StrategyName>): string {
  const others = strategies.filter((name) => !used.has(name));
  return others.length === 0 || others.length < strategies.length
    ? action
    : `${action} Or plan with ${others.join(" or ")}.`;
}

function healthAlert(health: SystemHealth, waves: readonly WaveStats[]): Draft[] {
  const measured = waves.filter(({ started }) => started.tasks > 0);
  const { overall_health_score: overall, health_status: status } = health;
  if (overall === null || status !== "POOR" || measured.length === 0) return [];
  const scores = Object.entries(health.component_scores).flatMap(([name, score]) =>
    score === null ? [] : [{ name: spellOut(name), score }],
  );
  const { name: weakest, score } = scores.sort((a, b) => a.score - b.score)[0]!;
  return [
    {
      alert_id: "AL_HEALTH_POOR",
      severity: "critical",
      source: "system_health",
      message: `Health is ${overall.toFixed(0)} of 100 (POOR); weakest: ${weakest} at ${score.toFixed(0)}.`,
      action: `Hold further waves back until ${weakest} has been looked into.`,
      waves: measured.map(({ wave }) => wave),
      agents: [],
    },
  ];
}
