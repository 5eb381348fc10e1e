import type { Estimate, FullProblem, ResultDocument } from "../../domain/index.js";

/** What one agent is to do in the wave, and why. */
export interface ScheduleRecommendation {
  /** Unique in the list. */
  readonly recommendation_id: string;
  /** The agent that is to run the tasks. */
  readonly agent_id: string;
  /** In start order. */
  readonly task_ids: readonly string[];
  /** End of its last task, milliseconds from the start of the wave; null where it has none. */
  readonly expected_completion_time_ms: number | null;
  /** Mean over its tasks; null where it has none. */
  readonly expected_success_probability: number | null;
  /** Why, one sentence. */
  readonly rationale: string;
  /** Trust in the recommendation: the plan's success rate on this agent, clamped to [.1, .99]. */
  readonly confidence: number;
  /** One sentence per task: why this agent. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** One recommendation per agent, in the order of the agents. O(tasks · agents). */
export function recommend(problem: FullProblem, result: ResultDocument): ScheduleRecommendation[] {
  const byId = new Map(problem.tasks.map((task) => [task.taskId, task]));
  return problem.agents.map(({ agentId }): ScheduleRecommendation => {
    const entries = result.schedule.filter((entry) => entry.agent_id === agentId);
    const rate = entries.reduce((sum, entry) => sum + entry.success_probability, 0) / entries.length;
    const reasons = entries.map((entry): [string, string] => [
      entry.task_id,
      explainAgent(byId.get(entry.task_id)!.estimates, agentId),
    ]);
    return {
      recommendation_id: `REC_${agentId}`,
      agent_id: agentId,
      task_ids: entries.map((entry) => entry.task_id),
      expected_completion_time_ms: entries.length === 0 ? null : Math.max(...entries.map((entry) => entry.end_ms)),
      expected_success_probability: entries.length === 0 ? null : rate,
      rationale: rationaleOf(result, entries.length),
      confidence: entries.length === 0 ? 0.1 : Math.min(0.99, Math.max(0.1, rate)),
      reasons: Object.fromEntries(reasons),
    };
  });
}

function rationaleOf({ strategy, termination }: ResultDocument, numTasks: number): string {
  const how = termination === "optimal" ? "proven best" : "best found";
  return numTasks === 0 ? `no task under ${strategy} (${how} plan)` : `${how} plan under ${strategy}`;
}

/** How the agent compares with the others on this task, by success and by time. */
export function explainAgent(estimates: Readonly<Record<string, Estimate>>, agentId: string): string {
  const own = estimates[agentId]!;
  const others = Object.entries(estimates).filter(([other]) => other !== agentId);
  const rank = (isBetter: (other: Estimate) => boolean): number =>
    1 + others.filter(([, other]) => isBetter(other)).length;
  const bySuccess = rank((other) => other.successProbability > own.successProbability);
  const bySpeed = rank((other) => other.durationMs < own.durationMs);
  const of = others.length + 1;
  const success = (100 * own.successProbability).toFixed(1);
  return `success ${success} % (rank ${bySuccess} of ${of}), ${Math.round(own.durationMs)} ms an attempt (rank ${bySpeed} of ${of})`;
}
