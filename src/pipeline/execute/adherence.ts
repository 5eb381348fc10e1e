import { type ExecutionKind, type PlannedTaskRecord, recordOf, type TaskRecord } from "../../domain/index.js";
import { isTimeGuessed } from "./guessed-time.js";

/** Rounding at the ends of an interval, relative to its upper end. */
const INTERVAL_TOLERANCE = 1e-9;

export interface ScheduleAdherence {
  /** Share of the started tasks that adhered, in [0, 1], tasks left out whose time was a guess; null of none. */
  readonly overall: number | null;
  /** The same by planned agent. */
  readonly byAgent: Readonly<Record<string, number | null>>;
  readonly adhered: ReadonlySet<string>;
  /** Started tasks that the shares are of, and those of them that adhered. */
  readonly numJudged: number;
  readonly numKept: number;
}

/**
 * How far the wave kept to its schedule: a started task adheres if it ran on its planned agent and ended within its own
 * predicted 5–95 % interval. O(tasks · agents).
 *
 * @param execution simulated tasks keep to the times they were predicted with, so that no time of theirs is a guess
 * @param agentIds agents to list besides those that something was planned on; default none
 */
export function scheduleAdherence(
  planned: readonly PlannedTaskRecord[],
  tasks: readonly TaskRecord[],
  execution: ExecutionKind,
  agentIds: readonly string[] = [],
): ScheduleAdherence {
  const planOf = new Map(planned.map((plan) => [plan.taskId, plan]));
  const adhered = new Set<string>();
  for (const task of tasks) {
    const plan = planOf.get(task.taskId);
    if (plan !== undefined && adheres(plan, task)) adhered.add(task.taskId);
  }
  const judged = tasks.filter(({ taskId }) => {
    const plan = planOf.get(taskId);
    return plan === undefined || !isTimeGuessed(plan, execution);
  });
  const shareOf = (started: readonly TaskRecord[]): number | null =>
    started.length === 0 ? null : started.filter(({ taskId }) => adhered.has(taskId)).length / started.length;
  const startedOn = (agentId: string): TaskRecord[] => judged.filter((task) => task.plannedAgentId === agentId);
  const listed = [...agentIds, ...planned.map(({ agentId }) => agentId)];
  return {
    overall: shareOf(judged),
    byAgent: recordOf([...new Set(listed)].map((agentId) => [agentId, shareOf(startedOn(agentId))])),
    adhered,
    numJudged: judged.length,
    numKept: judged.filter(({ taskId }) => adhered.has(taskId)).length,
  };
}

/** Whether every attempt was made by the planned agent and the task ended within its own predicted 5–95 % interval. */
function adheres({ agentId, endIntervalMs: [low, high] }: PlannedTaskRecord, task: TaskRecord): boolean {
  const rounding = INTERVAL_TOLERANCE * Math.max(1, high);
  const isOnPlannedAgent = task.attempts.every((attempt) => attempt.agentId === agentId);
  return isOnPlannedAgent && task.endMs >= low - rounding && task.endMs <= high + rounding;
}
