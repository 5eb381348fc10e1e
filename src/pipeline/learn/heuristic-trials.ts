import type { AttemptRecord, Heuristics, HeuristicTrial, PlannedTaskRecord, TaskRecord } from "../../domain/index.js";
import {
  attemptConfidences,
  type ChancePredictor,
  hasOutcome,
  isEnded,
  penalizedConfidence,
  retriesAllowed,
} from "../../planner/index.js";

/** What a wave was predicted and executed by. */
export interface TrialRules {
  /** In force in the wave, with the tasks the boost was withheld from. */
  readonly heuristics: Heuristics;
  /** Retries after the first attempt. */
  readonly maxRetries: number;
  readonly chances: ChancePredictor;
}

/**
 * Outcomes beside what the same model, as it stood before the wave, says of them without a heuristic:
 * H16_002, an attempt each: its success, and the chance at the confidence without the boost;
 * H16_003, a task each that it allows retries: its success at last, and the chance of its first attempt alone.
 * Attempts on pairs whose probability the caller gave are left out: no model says what it would be otherwise. O(attempts).
 */
export function collectTrials(
  tasks: readonly TaskRecord[],
  planned: readonly PlannedTaskRecord[],
  rules: TrialRules,
): HeuristicTrial[] {
  const plans = new Map(planned.map((plan) => [plan.taskId, plan]));
  return tasks.flatMap((task) => {
    const plan = plans.get(task.taskId)!;
    const boosts = task.attempts.filter(hasOutcome).flatMap((attempt) => boostTrial(attempt, plan, rules));
    return [...boosts, ...retryTrial(task, plan, rules)];
  });
}

function boostTrial(attempt: AttemptRecord, plan: PlannedTaskRecord, rules: TrialRules): HeuristicTrial[] {
  const { heuristics, chances } = rules;
  const { taskId, riskLevel } = plan;
  const numFailures = attempt.attempt - 1;
  const plain = penalizedConfidence(plan.confidence, riskLevel, heuristics, numFailures);
  const boosted = attemptConfidences(plan.confidence, riskLevel, heuristics, numFailures)[numFailures]!;
  if (boosted <= plain) return [];
  const without = chances(taskId, attempt.agentId, plain);
  const withBoost = chances(taskId, attempt.agentId, boosted);
  if (without === null || withBoost === null) return [];
  return [
    {
      ...{ heuristicId: "H16_002", taskId, attempt: attempt.attempt, succeeded: attempt.succeeded },
      isWithheld: heuristics.boost?.withheldFrom?.has(taskId) === true,
      chanceWith: withBoost.probability,
      chanceWithout: without.probability,
      standardError: without.standardError,
    },
  ];
}

function retryTrial(task: TaskRecord, plan: PlannedTaskRecord, rules: TrialRules): HeuristicTrial[] {
  const { heuristics, maxRetries, chances } = rules;
  const { retry } = heuristics;
  if (retry === null || !retry.riskLevels.includes(plan.riskLevel) || !isEnded(task)) return [];
  if (retriesAllowed(plan.riskLevel, heuristics, maxRetries) === 0) return [];
  const [first] = task.attempts;
  const without = chances(task.taskId, first!.agentId, first!.confidenceBefore);
  if (without === null) return [];
  return [
    {
      ...{ heuristicId: "H16_003", taskId: task.taskId, attempt: null, isWithheld: false, succeeded: task.succeeded },
      chanceWith: plan.successProbability,
      chanceWithout: without.probability,
      standardError: without.standardError,
    },
  ];
}
