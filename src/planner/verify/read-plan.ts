import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import type { ResultDocument } from "../../domain/index.js";
import type { CheckList } from "./report.js";

/** A plan whose start times are known, NaN where a task is deferred. */
export type TimedAssignment = Assignment & { readonly startMs: Float64Array };

/**
 * The plan a result states, read from its schedule and its deferred tasks: every task of the problem is in exactly one place; null
 * where that fails. Its assignments must say the same; where they do not, the plan of the schedule is still checked.
 */
export function readPlan(result: ResultDocument, instance: Instance, list: CheckList): TimedAssignment | null {
  const taskIndex = new Map(instance.taskIds.map((id, index) => [id, index]));
  const agentIndex = new Map(instance.agentIds.map((id, index) => [id, index]));
  const agentOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const slotOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const startMs = new Float64Array(instance.numTasks).fill(NaN);
  const problems: string[] = [];
  const seen = new Set<string>();
  const see = (taskId: string): number | undefined => {
    const task = taskIndex.get(taskId);
    if (task === undefined) problems.push(`${taskId} is not in the problem`);
    else if (seen.has(taskId)) problems.push(`${taskId} appears twice`);
    seen.add(taskId);
    return task;
  };
  for (const entry of result.schedule) {
    const task = see(entry.task_id);
    const agent = agentIndex.get(entry.agent_id);
    if (agent === undefined) problems.push(`${entry.agent_id} is not in the problem`);
    if (task === undefined || agent === undefined) continue;
    agentOf[task] = agent;
    slotOf[task] = entry.slot;
    startMs[task] = entry.start_ms;
  }
  for (const { task_id } of result.deferred_tasks) see(task_id);
  for (const id of instance.taskIds) if (!seen.has(id)) problems.push(`${id} is neither placed nor deferred`);
  const isSound = list.check("every task in one place", problems.length === 0, problems.join("; ") || "yes");
  const differences = compareAssignments(result, instance, agentOf);
  list.check("agent_assignments", differences.length === 0, differences.join("; ") || "as in the schedule");
  return isSound ? { agentOf, slotOf, startMs } : null;
}

/** Whether two lists hold the same ids, each as often. */
function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const [one, other] = [[...a].sort(), [...b].sort()];
  return one.length === other.length && one.every((id, k) => id === other[k]);
}

function compareAssignments(result: ResultDocument, instance: Instance, agentOf: Int32Array): string[] {
  const problems: string[] = [];
  const stated = result.agent_assignments;
  const startMs = new Map(result.schedule.map((entry) => [entry.task_id, entry.start_ms]));
  for (const agentId of Object.keys(stated)) {
    if (!instance.agentIds.includes(agentId)) problems.push(`${agentId} is not in the problem`);
  }
  instance.agentIds.forEach((agentId, agent) => {
    const listed = stated[agentId];
    if (listed === undefined) problems.push(`${agentId} has no key`);
    const placed = instance.taskIds.filter((_, task) => agentOf[task] === agent);
    if (listed !== undefined && !isSameSet(listed, placed)) {
      problems.push(`those of ${agentId} differ from the schedule`);
    } else if (listed?.some((taskId, k) => k > 0 && startMs.get(taskId)! < startMs.get(listed[k - 1]!)!)) {
      problems.push(`those of ${agentId} are not in start order`);
    }
  });
  return problems;
}
