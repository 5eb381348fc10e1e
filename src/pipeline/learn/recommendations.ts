import { STRATEGY_OF_GOAL } from "../../../models/index.js";
import type { StrategyName } from "../../domain/index.js";
import { sumOf } from "../measure/accuracy.js";
import type { FailureCause, OptimizationFailures } from "../measure/failures.js";
import { testPrediction, PREDICTION_ERROR_ALPHA } from "../measure/prediction-error.js";
import type { WaveStats } from "../measure/measured-wave.js";
import { percent } from "./percent.js";

/** A strategy below this share of its goal gets a recommendation. */
const EFFECTIVENESS_MIN = 0.9;

/** What to do about each cause. */
const CURES: Readonly<Record<FailureCause, string>> = {
  no_plan: "Loosen the load limit, the budget or the pins that the plan's conflict names",
  not_planned:
    "Widen the limits that the reasons name, such as --load-limit or --budget, or add agents with the skills they need",
  blocked: "See what came of the tasks that are waited for",
  over_budget: "Raise --budget, or withdraw tasks",
  not_started: "Bring the agents back: none was left to take them",
  predecessor_failed: "Place the predecessors on surer agents, or allow those more retries",
  executor_threw:
    "Mend the executor: an attempt that throws, cannot be started or is killed teaches nothing of the agent",
  executor_hung: "Raise the attempt's time limit or mend the executor",
  executor_rubbish: "Mend the executor's answers",
  no_retries_allowed: "Allow retries for such a risk (rule H16_003), or plan such tasks on surer agents",
  out_of_retries: "Allow one retry more, or plan such tasks on surer agents",
  not_retried: "Read their last errors, and mend what those name: nobody tried these tasks again",
};

/** What one such task, and several, have in common, after their number. */
const FATES: Readonly<Record<Exclude<FailureCause, "no_plan">, readonly [one: string, many: string]>> = {
  not_planned: alike("found no place in a plan"),
  blocked: ["waits for a task that was not done", "wait for a task that was not done"],
  over_budget: alike("cost more than was left of the budget"),
  not_started: ["found no agent left to start it", "found no agent left to start them"],
  predecessor_failed: ["waits for a task that failed", "wait for a task that failed"],
  executor_threw: alike("ended without an answer"),
  executor_hung: alike("took longer than an attempt may"),
  executor_rubbish: alike("got no answer that can be read"),
  no_retries_allowed: ["failed at the only attempt that it may have", "failed at the only attempt that they may have"],
  out_of_retries: ["failed at the last attempt that it may have", "failed at the last attempt that they may have"],
  not_retried: ["was given up with retries left", "were given up with retries left"],
};

function alike(words: string): readonly [one: string, many: string] {
  return [words, words];
}

/** How many of the tasks that the run did not complete, whatever kept them, have this cause; a wave without a plan is no task. */
function shareOf(cause: FailureCause, count: number, stats: readonly WaveStats[]): string {
  if (cause === "no_plan") return count === 1 ? "1 wave has no plan" : `${count} waves have no plan`;
  const numLeft = sumOf(stats, ({ ended, numFinalDeferrals, finalDeferrals: { unreported = 0 } }) => {
    return ended.tasks - ended.successes.actual + numFinalDeferrals - unreported;
  });
  const left = numLeft === 1 ? "task that was" : "tasks that were";
  return `${count} of ${numLeft} ${left} not completed ${FATES[cause][count === 1 ? 0 : 1]}`;
}

/** What a run gives reason to change: what was seen, and what to do. */
export interface Adjustment {
  readonly issue: string;
  /** With its numbers. */
  readonly analysis: string;
  readonly recommendation: string;
  /** What to do, where the recommendation alone would not say about what. */
  readonly advice?: string;
}

/** The weightiest first; none where everything went as planned. */
export function findAdjustments(
  effectiveness: Readonly<Partial<Record<StrategyName, number>>>,
  failures: OptimizationFailures,
  stats: readonly WaveStats[],
): Adjustment[] {
  const found: Adjustment[] = [];
  const error = testPrediction(stats);
  if (error !== null && error.pValue <= PREDICTION_ERROR_ALPHA && error.z < 0) {
    found.push({
      issue: "Fewer successes than predicted",
      analysis: `${percent(error.actualRate)} of ${error.tasks} tasks that ran succeeded where ${percent(error.plannedRate)} were predicted (z = ${error.z.toFixed(2)}).`,
      recommendation: "Plan with risk aversion 1.",
    });
  }
  for (const [strategy, ratio] of Object.entries(effectiveness)) {
    if (ratio >= EFFECTIVENESS_MIN) continue;
    const waves = stats.filter((one) => one.strategy === strategy && one.ended.tasks > 0).length;
    found.push({
      issue: `${strategy} fell short of its goal`,
      analysis: `achieved ${percent(ratio)} of its own goal over ${waves} ${waves === 1 ? "wave" : "waves"}.`,
      recommendation: `Try another strategy than ${strategy}.`,
    });
  }
  const causes = Object.entries(failures.byCause).sort(([, a], [, b]) => b - a) as [FailureCause, number][];
  for (const [cause, count] of causes) {
    const named = (failures.examples[cause] ?? []).flatMap(({ taskId }) => taskId ?? []);
    const share = shareOf(cause, count, stats);
    const recommendation = `${cureOf(cause, stats)}.`;
    found.push({
      issue: `Not completed: ${cause.replaceAll("_", " ")}`,
      analysis: `${share}${named.length === 0 ? "" : `, such as ${named.join(", ")}`}.`,
      recommendation,
      advice: `${share}. ${recommendation}`,
    });
  }
  return found;
}

/** As one sentence that anyone can act on. */
export function describeAdjustment({ issue, analysis, recommendation }: Adjustment): string {
  return `${recommendation} ${issue}: ${analysis}`;
}

/** Another strategy is advice only where it is not the one in use. */
function cureOf(cause: FailureCause, stats: readonly WaveStats[]): string {
  const { name } = STRATEGY_OF_GOAL.success;
  if (cause !== "out_of_retries" || stats.every(({ strategy }) => strategy === name)) return CURES[cause];
  return `Plan such tasks under ${name}, or allow one retry more`;
}
