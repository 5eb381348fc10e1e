import { join } from "node:path";
import { checkCalibration } from "./calibration.js";
import { checkDeferrals } from "./deferrals.js";
import { efficiencyOf, figuresOf, healthOf, type Inputs, mean, metricsOf, sum, type WaveFigures } from "./figures.js";
import { checkLearned } from "./learned.js";
import { checkPace, checkPlan, type Summary } from "./plans.js";
import { checkReasons } from "./reasons.js";
import { checkReadFiles, type ReadFile } from "./read-files.js";
import { checkRuleNotes } from "./uplift.js";
import { type Planned, readDocument, readRows, readWaves, type Scheduled, type WaveRows } from "./rows.js";

type Row = Readonly<Record<string, unknown>>;

/** A tree counted again: what its rows come to, and where its documents say otherwise. */
export interface Recount {
  readonly waves: readonly WaveRows[];
  readonly figures: readonly WaveFigures[];
  readonly metrics: ReturnType<typeof metricsOf>;
  /** The accuracy that the comparison of a wave states, itself counted from the rows. */
  scoreOf(wave: number): number | null;
  readonly files: readonly ReadFile[];
  readonly faults: string[];
}

/** Compares every figure of the JSON documents with what the rows come to. */
export function recountDocuments(directory: string, inputs: Inputs, root: string): Recount {
  const waves = readWaves(directory);
  const figures = waves.map((rows) => figuresOf(rows, inputs));
  const comparisons = readRows<Row>(join(directory, "schedule_comparisons.jsonl"));
  const plannedThroughput = (wave: number): number | null => {
    const { planned_makespan_of: basis } = readDocument<Row>(directory, `wave_${wave}/wave_summary.json`);
    const row = comparisons.find((one) => one["wave"] === wave)!;
    // A schedule without chance is no promise of a pace.
    return basis === "forecast" ? (row["planned_throughput"] as number | null) : null;
  };
  const metrics = metricsOf(figures, plannedThroughput);
  const faults: string[] = [];
  const compare: Compare = (place, told, counted) => {
    if (!isNear(told, counted)) faults.push(`${place} says ${String(told)}, the rows give ${String(counted)}`);
  };
  waves.forEach((rows, k) => {
    checkWave(directory, rows, figures[k]!, compare);
    checkAgents(directory, rows, compare);
    const summary = readDocument<Summary>(directory, `wave_${rows.wave}/wave_summary.json`);
    checkPlan(summary, rows, compare);
    checkPace(summary, rows, compare);
    checkReasons(rows, compare);
    checkDeferrals(rows, { dependsOn: inputs.dependsOn, agents: summary.agents, waves }, compare);
  });
  checkComparisons(comparisons, figures, plannedThroughput, compare);
  checkCalibration(readRows<Row>(join(directory, "calibration.jsonl")), waves, compare);
  checkRoot(directory, { waves, figures, metrics }, compare);
  const scoreOf = (wave: number): number | null =>
    (comparisons.find((row) => row["wave"] === wave)?.["accuracy_score"] as number | null | undefined) ?? null;
  const files = checkReadFiles(directory, root, compare);
  const recount: Recount = { waves, figures, metrics, scoreOf, files, faults };
  checkLearned(directory, recount, inputs, compare);
  checkRuleNotes(root, waves, compare);
  return recount;
}

type Compare = (place: string, told: unknown, counted: unknown) => void;

/** Equal, or the same number but for the order in which its parts were added. */
function isNear(a: unknown, b: unknown): boolean {
  if (typeof a !== "number" || typeof b !== "number") return (a ?? null) === (b ?? null);
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function checkWave(directory: string, { wave }: WaveRows, counted: WaveFigures, compare: Compare): void {
  const place = `wave_${wave}/wave_summary.json`;
  const summary = readDocument<Row>(directory, place);
  const expected: Row = {
    ...{ total_tasks: counted.total, completed_tasks: counted.completed, failed_tasks: counted.failed },
    ...{ deferred_tasks: counted.deferred, retries: counted.retries, schedule_adherence: counted.adherence },
    ...{ planned_success_rate: counted.plannedRate, actual_success_rate: counted.actualRate },
    assigned_tasks: counted.assigned.tasks,
    ...{ planned_confidence_delta: counted.plannedGain, actual_confidence_delta: counted.actualGain },
    ...{ actual_throughput: counted.throughputPerS, actual_makespan_ms: counted.makespanMs },
    tasks_with_deadline: counted.late.timed,
  };
  for (const [name, value] of Object.entries(expected)) compare(`${place}: ${name}`, summary[name], value);
  const { planned, actual } = counted.late;
  for (const [name, ids] of Object.entries({ planned_late_tasks: planned, actual_late_tasks: actual }))
    compare(`${place}: ${name}`, JSON.stringify(summary[name]), JSON.stringify(ids));
  const adherence = readDocument<Row>(directory, `wave_${wave}/schedule_adherence.json`);
  compare(`wave_${wave}/schedule_adherence.json`, adherence["schedule_adherence"], counted.adherence);
}

function checkAgents(directory: string, rows: WaveRows, compare: Compare): void {
  const planOf = new Map(rows.planned.map((plan) => [plan.task_id, plan]));
  for (const agentId of rows.agentIds) {
    const place = `wave_${rows.wave}/${agentId}/optimization_feedback.json`;
    const { planned, actual } = readDocument<Record<"planned" | "actual", Row>>(directory, place);
    const own = rows.scheduled.filter((row) => row.agent_id === agentId);
    const foreseen = rows.scheduled.flatMap((row) => {
      const plan = planOf.get(row.task_id)!;
      return plan.agent_id === agentId ? [plan] : [];
    });
    const attempts = rows.attempts.filter((one) => one.agent_id === agentId);
    const busyMs = (plan: Planned): number => plan.predicted_duration_ms * (1 + plan.predicted_retries);
    const isDone = ({ status }: Scheduled): number => (status === "completed" ? 1 : 0);
    compare(`${place}: planned.tasks`, planned["tasks"], foreseen.length);
    compare(`${place}: planned.busy_time_ms`, planned["busy_time_ms"], sum(foreseen.map(busyMs)));
    compare(`${place}: planned.retries`, planned["retries"], sum(foreseen.map((plan) => plan.predicted_retries)));
    const chances = foreseen.map((plan) => plan.predicted_success_probability);
    compare(`${place}: planned.success_rate`, planned["success_rate"], mean(chances));
    compare(`${place}: actual.tasks`, actual["tasks"], own.length);
    compare(`${place}: actual.success_rate`, actual["success_rate"], mean(own.map(isDone)));
    const spentMs = sum(attempts.map((one) => one.execution_time_ms));
    compare(`${place}: actual.busy_time_ms`, actual["busy_time_ms"], spentMs);
    const retries = attempts.filter(({ attempt }) => attempt > 1).length;
    compare(`${place}: actual.retries`, actual["retries"], retries);
    const gains = own.flatMap((row) => row.confidence_delta ?? []);
    compare(`${place}: actual.confidence_delta`, actual["confidence_delta"], mean(gains));
  }
}

function checkComparisons(
  rows: readonly Row[],
  figures: readonly WaveFigures[],
  plannedThroughput: (wave: number) => number | null,
  compare: Compare,
): void {
  compare("schedule_comparisons.jsonl: rows", rows.length, figures.length);
  for (const counted of figures) {
    const row = rows.find(({ wave }) => wave === counted.wave) ?? {};
    const place = `schedule_comparisons.jsonl: wave ${counted.wave}`;
    const { plannedRate: p, actualRate: a, plannedGain, actualGain } = counted;
    const success = p === null || a === null ? null : 1 - Math.abs(p - a);
    const pace = counted.hasGuess ? null : efficiencyOf(plannedThroughput(counted.wave), counted.throughputPerS);
    const gain =
      plannedGain === null || actualGain === null
        ? null
        : Math.max(0, 1 - Math.abs(actualGain - plannedGain) / Math.max(Math.abs(plannedGain), 0.01));
    const score = mean([success, pace, gain].filter((value) => value !== null));
    const expected: Row = {
      ...{ planned_success_rate: p, actual_success_rate: a, actual_throughput: counted.throughputPerS },
      ...{ success_accuracy: success, throughput_efficiency: pace, confidence_accuracy: gain, accuracy_score: score },
    };
    for (const [name, value] of Object.entries(expected)) compare(`${place}: ${name}`, row[name], value);
  }
}

function checkRoot(
  directory: string,
  { waves, figures, metrics }: Pick<Recount, "waves" | "figures" | "metrics">,
  compare: Compare,
): void {
  const rows = readRows<Row>(join(directory, "metrics.jsonl"));
  compare("metrics.jsonl: rows", rows.length, 5);
  for (const row of rows) {
    const name = String(row["metric_name"]);
    compare(`metrics.jsonl: ${name}`, row["value"], metrics[name]!.value);
    compare(`metrics.jsonl: waves of ${name}`, row["waves"], metrics[name]!.waves);
  }
  const anomalies = readRows(join(directory, "anomalies.jsonl")).length;
  const health = readDocument<Row>(directory, "system_health.json");
  compare("system_health.json: score", health["overall_health_score"], healthOf(metrics, anomalies));
  compare("system_health.json: detected_anomalies", health["detected_anomalies"], anomalies);
  const { tasks, ...summary } = readDocument<Row & { tasks: Row }>(directory, "phase19_summary.json");
  const total = (value: (wave: WaveFigures) => number): number => sum(figures.map(value));
  const final = waves.flatMap(({ deferred }) => deferred).filter((row) => row.final).length;
  const ended = total((wave) => wave.completed) + total((wave) => wave.failed) + final;
  const expected: Row = {
    ...{ completed: total((wave) => wave.completed), failed: total((wave) => wave.failed), deferred: final },
    ...{ retries: total((wave) => wave.retries), reassigned: total((wave) => wave.reassigned) },
    open: Number(tasks["total"]) - ended,
  };
  for (const [name, value] of Object.entries(expected))
    compare(`phase19_summary.json: tasks.${name}`, tasks[name], value);
  compare("phase19_summary.json: waves_optimized", summary["waves_optimized"], waves.length);
  compare("phase19_summary.json: anomalies", summary["anomalies"], anomalies);
  compare("phase19_summary.json: alerts", summary["alerts"], readDocument<Row[]>(directory, "alerts.json").length);
  const signals = readRows<Row>(join(directory, "learning_signals.jsonl"));
  const verdicts = signals.filter((row) => row["feedback_type"] === "strategy_validation");
  compare("learning_signals.jsonl: strategy_validation", verdicts.length, 1);
  const scores = readRows<Row>(join(directory, "schedule_comparisons.jsonl")).flatMap(
    (row) => (row["accuracy_score"] as number | null) ?? [],
  );
  compare("learning_signals.jsonl: accuracy", verdicts[0]?.["confidence"], mean(scores) ?? 0);
}
