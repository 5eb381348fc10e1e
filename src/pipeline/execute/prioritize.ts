import { compareIds, type Estimate, type FullProblem, RISK_LEVELS, roundShown, type Task } from "../../domain/index.js";
import { bucketOf, ineligibility } from "../../planner/index.js";

/**
 * `risk_confidence`: H16_001 bucket, then lower risk, then higher confidence. `deadline`: the earlier of deadline and due
 * date (EDD; Jackson 1955), none last. `agent_specialization`: largest lead of the task's best agent over its second best.
 */
export const PRIORITY_STRATEGIES = ["risk_confidence", "deadline", "agent_specialization"] as const;
export type PriorityStrategy = (typeof PRIORITY_STRATEGIES)[number];

export interface PrioritizedTask {
  readonly taskId: string;
  /** 1 = first. */
  readonly rank: number;
  readonly reason: string;
}

/** Compares ascending, place by place. */
type SortKey = readonly number[];

/** The tasks of the wave, most urgent first; ties by id. Dependencies are ignored. O(n log n + tasks · agents). */
export function prioritizeTasks(problem: FullProblem, strategy: PriorityStrategy): PrioritizedTask[] {
  const keyOf = SORTINGS[strategy];
  return problem.tasks
    .map((task) => ({ taskId: task.taskId, ...keyOf(task, problem) }))
    .sort((a, b) => compareKeys(a.key, b.key) || compareIds(a.taskId, b.taskId))
    .map(({ taskId, reason }, place) => ({ taskId, rank: place + 1, reason }));
}

type Sorting = (task: Task<Estimate>, problem: FullProblem) => { readonly key: SortKey; readonly reason: string };

const SORTINGS: Readonly<Record<PriorityStrategy, Sorting>> = {
  risk_confidence: (task, { priorityOrder }) => {
    const bucket = bucketOf(task, priorityOrder);
    const place = bucket < priorityOrder.length ? `bucket ${bucket + 1} of H16_001` : "no bucket of H16_001";
    return {
      key: [bucket, RISK_LEVELS.indexOf(task.riskLevel), -task.confidence],
      reason: `${task.riskLevel} risk at confidence ${task.confidence}: ${place}`,
    };
  },
  deadline: ({ deadlineMs, dueMs }) => {
    const endsBy = Math.min(deadlineMs ?? Infinity, dueMs ?? Infinity);
    return {
      key: [endsBy],
      reason: endsBy === Infinity ? "no deadline or due date" : `wanted by ${roundShown(endsBy)} ms`,
    };
  },
  agent_specialization: (task, { agents }) => {
    const eligible = agents
      .filter((agent) => ineligibility(task, agent) === null)
      .map(({ agentId }) => ({ agentId, chance: task.estimates[agentId]!.successProbability }))
      .sort((a, b) => b.chance - a.chance || compareIds(a.agentId, b.agentId));
    const [best, second] = eligible;
    if (best === undefined) return { key: [Infinity], reason: "no agent can take it" };
    if (second === undefined) return { key: [-best.chance], reason: `only ${best.agentId} can take it` };
    const lead = best.chance - second.chance;
    const points = (100 * lead).toFixed(1);
    return { key: [-lead], reason: `${best.agentId} leads ${second.agentId} by ${points} points of success` };
  },
};

function compareKeys(a: SortKey, b: SortKey): number {
  for (const [k, value] of a.entries()) {
    if (value !== b[k]!) return value < b[k]! ? -1 : 1;
  }
  return 0;
}
