import { STRATEGY_OF_GOAL } from "../../../models/index.js";
import type { StrategyName } from "../../domain/index.js";
import type { FailureCause, OptimizationFailures } from "../measure/failures.js";
import { testPrediction, PREDICTION_ERROR_ALPHA } from "../measure/prediction-error.js";
import type { WaveStats } from "../measure/measured-wave.js";
import { percent } from "./percent.js";

/** A strategy below this share of its goal gets a recommendation. */
const EFFECTIVENESS_MIN = 0.9;

/** What to do about each cause. */
const CURES: Readonly<Record<FailureCause, string>> = {
  no_plan: "loosen the load limit, the budget or the pins that the plan's conflict names",
  not_planned: "raise the load limit or add agents with the skills they need",
  blocked: "see what came of the tasks that they wait for",
  not_started: "read their reasons in deferred_tasks.jsonl: the budget was spent, or no agent was left to take them",
  predecessor_failed: "place their predecessors on surer agents or allow those more retries",
  executor_threw: "mend the executor: an attempt that throws teaches nothing of the agent",
  executor_hung: "raise the attempt's time limit or mend the executor",
  executor_rubbish: "mend the executor's answers",
  no_retries_allowed: "allow retries for their risk in H16_003, or plan them on surer agents",
  out_of_retries: "allow one retry more, or plan them on surer agents",
  not_retried: "see why they are given up with retries left",
};

/** Sentences anyone can act on, the weightiest first; empty where everything went as planned. */
export function recommendAdjustments(
  effectiveness: Readonly<Partial<Record<StrategyName, number>>>,
  failures: OptimizationFailures,
  stats: readonly WaveStats[],
): string[] {
  const advice: string[] = [];
  const error = testPrediction(stats);
  if (error !== null && error.pValue <= PREDICTION_ERROR_ALPHA && error.z < 0) {
    advice.push(
      `Plan with risk aversion 1: ${percent(error.actualRate)} of ${error.tasks} tasks succeeded where ${percent(error.plannedRate)} were predicted (z = ${error.z.toFixed(2)}).`,
    );
  }
  for (const [strategy, ratio] of Object.entries(effectiveness)) {
    if (ratio >= EFFECTIVENESS_MIN) continue;
    const waves = stats.filter((one) => one.strategy === strategy && one.ended.tasks > 0).length;
    advice.push(
      `Try another strategy than ${strategy}: it achieved ${percent(ratio)} of its own goal over ${waves} ${waves === 1 ? "wave" : "waves"}.`,
    );
  }
  const causes = Object.entries(failures.byCause).sort(([, a], [, b]) => b - a) as [FailureCause, number][];
  for (const [cause, count] of causes) {
    const named = (failures.examples[cause] ?? []).flatMap(({ taskId }) => taskId ?? []);
    const examples = named.length === 0 ? "" : `, such as ${named.join(", ")}`;
    advice.push(`${count} of ${failures.total} failures are ${cause}${examples}: ${cureOf(cause, stats)}.`);
  }
  return advice;
}

/** Another strategy is advice only where it is not the one in use. */
function cureOf(cause: FailureCause, stats: readonly WaveStats[]): string {
  const { name } = STRATEGY_OF_GOAL.success;
  if (cause !== "out_of_retries" || stats.every(({ strategy }) => strategy === name)) return CURES[cause];
  return `plan them under ${name}, or allow one retry more`;
}
