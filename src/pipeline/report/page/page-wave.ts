import { type Agent, compareIds, groupBy } from "../../../domain/index.js";
import type {
  AttemptRow,
  PageAgent,
  PageAttempt,
  PageTask,
  PageWave,
  PlannedRow,
  ScheduledRow,
} from "../../../domain/schemas/index.js";

import { bottleneckOf } from "../../../planner/index.js";
import { isLate } from "../../measure/late-tasks.js";

/** Parts of a wave's page that are counted from its tasks, wherever these come from. */

/** @param place where the task ended; undefined where it was not started */
export function taskOfRows(
  row: PlannedRow,
  attempts: readonly AttemptRow[],
  place: ScheduledRow | undefined,
): PageTask {
  const own = attempts.map((attempt) => attemptOfRow(attempt, place)).sort((a, b) => a.start_ms - b.start_ms);
  return {
    ...{ task_id: row.task_id, agent_id: row.agent_id, slot: row.slot },
    ...{ start_ms: row.planned_start_time, end_ms: row.planned_end_time, end_interval_ms: row.end_interval_ms },
    success_probability: row.predicted_success_probability,
    ...{ risk_level: row.risk_level, task_type: row.task_type, depends_on: row.depends_on ?? [] },
    ...(row.deadline_ms !== undefined && { deadline_ms: row.deadline_ms }),
    ...{ reason: row.reason, cost: row.predicted_cost ?? null },
    state: stateOf(own),
    attempts: own,
  };
}

/** Only a task has a slot, that of its last attempt; its other attempts on the same agent are shown there too. */
function attemptOfRow(row: AttemptRow, place: ScheduledRow | undefined): PageAttempt {
  const slot = place?.agent_id === row.agent_id ? place.slot : null;
  return {
    ...{ agent_id: row.agent_id, slot, start_ms: row.actual_start_time, end_ms: row.actual_end_time },
    ...{ succeeded: row.status === "completed", error: row.error_message, cost: row.cost },
  };
}

/** The state that the last attempt leaves a task in. */
export function stateOf(attempts: readonly PageAttempt[]): PageTask["state"] {
  const last = attempts.at(-1);
  if (last === undefined) return "planned";
  if (last.succeeded === null) return "running";
  return last.succeeded ? "completed" : "failed";
}

/** Whether a task ended, and after its deadline. */
export function endedLate({ state, attempts, deadline_ms: deadlineMs }: PageTask): boolean {
  const hasEnded = state === "completed" || state === "failed";
  return hasEnded && isLate(attempts.at(-1)?.end_ms ?? 0, deadlineMs);
}

/** Tasks and their deadlines, of a wave that has no summary yet. */
export function lateOf(tasks: readonly PageTask[]): PageWave["late"] {
  const timed = tasks.filter(({ deadline_ms: deadlineMs }) => deadlineMs !== undefined);
  const idsOf = (some: readonly PageTask[]): string[] => some.map(({ task_id }) => task_id).sort(compareIds);
  return {
    deadlines: timed.length,
    planned: idsOf(timed.filter(({ end_ms, deadline_ms: deadlineMs }) => isLate(end_ms, deadlineMs))),
    actual: idsOf(timed.filter(endedLate)),
  };
}

/** One row per agent, in the order of their ids. O(tasks). */
export function agentsOf(
  agentIds: readonly string[],
  tasks: readonly PageTask[],
  limits: Readonly<Record<string, number | null>>,
): PageAgent[] {
  const planned = groupBy(tasks, ({ agent_id }) => agent_id);
  const attempts = groupBy(
    tasks.flatMap((task) => task.attempts),
    ({ agent_id }) => agent_id,
  );
  const ended = groupBy(
    tasks.filter(({ state }) => state === "completed" || state === "failed"),
    (task) => task.attempts.at(-1)!.agent_id,
  );
  return [...agentIds].sort(compareIds).map((agentId) => {
    const own = planned.get(agentId) ?? [];
    const made = attempts.get(agentId) ?? [];
    const slots = [...own, ...made].reduce((most, { slot }) => Math.max(most, (slot ?? 0) + 1), 1);
    const over = ended.get(agentId) ?? [];
    return {
      ...{ agent_id: agentId, slots, tasks: own.length },
      planned_ms: busiest(own),
      actual_ms: made.length === 0 ? null : busiest(made),
      ...{ ended: over.length, completed: over.filter(({ state }) => state === "completed").length },
      limit_ms: limits[agentId] ?? null,
      away: [],
      planned_success_rate: mean(own.map(({ success_probability }) => success_probability)),
      actual_success_rate: mean(over.map(({ state }) => (state === "completed" ? 1 : 0))),
    };
  });
}

/** When an agent is there. */
export type AgentTimes = Pick<Agent, "agentId" | "availableFromMs" | "unavailable" | "availableUntilMs">;

/** The same agents with the times when they are away. */
export function withAbsences(agents: readonly PageAgent[], known: readonly AgentTimes[]): PageAgent[] {
  const byId = new Map(known.map((agent) => [agent.agentId, agent]));
  return agents.map((row) => {
    const agent = byId.get(row.agent_id);
    return agent === undefined ? row : { ...row, away: awayOf(agent) };
  });
}

function awayOf({ availableFromMs, unavailable, availableUntilMs }: AgentTimes): PageAgent["away"] {
  return [
    ...(availableFromMs > 0 ? [[0, availableFromMs] as [number, number]] : []),
    ...unavailable.map(([from, until]): [number, number] => [from, until]),
    ...(availableUntilMs === null ? [] : [[availableUntilMs, null] as [number, null]]),
  ];
}

/** Time of the slot with most of it; what runs now does not count yet. */
function busiest(parts: readonly { slot: number | null; start_ms: number; end_ms: number | null }[]): number {
  const busy = new Map<number, number>();
  for (const { slot, start_ms, end_ms } of parts) {
    if (end_ms !== null) busy.set(slot ?? 0, (busy.get(slot ?? 0) ?? 0) + end_ms - start_ms);
  }
  return Math.max(0, ...busy.values());
}

/** What sets the planned end. O(tasks + dependencies) */
export function endOf(tasks: readonly PageTask[]): Pick<PageWave, "critical_tasks" | "bottleneck"> {
  const found = bottleneckOf(tasks);
  return { critical_tasks: [...(found?.chain ?? [])], bottleneck: found?.words ?? null };
}

/**
 * The same where nobody says what tasks wait for: known only where every slot works from the beginning without a pause. After a pause a task
 * may have waited for another one, and a chain that does not know of it would be false.
 */
export function endWithoutOrder(tasks: readonly PageTask[]): ReturnType<typeof endOf> {
  return hasPause(tasks) ? { critical_tasks: [], bottleneck: null } : endOf(tasks);
}

/** Two times this close, in milliseconds, are one moment of a plan. */
const SAME_MOMENT_MS = 1e-6;

function hasPause(tasks: readonly PageTask[]): boolean {
  const slots = groupBy(tasks, ({ agent_id, slot }) => `${slot} ${agent_id}`);
  return [...slots.values()].some((slot) => {
    const inTime = [...slot].sort((a, b) => a.start_ms - b.start_ms);
    return inTime.some(({ start_ms }, k) => start_ms - (inTime[k - 1]?.end_ms ?? 0) > SAME_MOMENT_MS);
  });
}

/** What the wave was planned to cost and what its attempts cost; null where nobody says. */
export function costsOf(tasks: readonly PageTask[]): {
  readonly planned: number | null;
  readonly actual: number | null;
} {
  const planned = sumKnown(tasks.map(({ cost }) => cost));
  const actual = sumKnown(tasks.flatMap(({ attempts }) => attempts.map(({ cost }) => cost)));
  // Where no agent has a rate every expected cost is 0, which is not a price.
  return { planned: planned === 0 ? null : planned, actual };
}

/** Of a wave that is not over, the tasks whose end is known are those that ended. */
export function countsOf(tasks: readonly PageTask[], numDeferred: number): PageWave["counts"] {
  const count = (state: PageTask["state"]): number => tasks.filter((task) => task.state === state).length;
  const [completed, failed] = [count("completed"), count("failed")];
  return {
    total: tasks.length + numDeferred,
    ...{ completed, failed, deferred: numDeferred, assigned: completed + failed },
    retries: tasks.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
  };
}

function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
