import { type Assignment, DEFERRED, type Instance, isWithin } from "../../../models/index.js";
import type { Estimate, FullProblem, ScheduledEntry, SolveResult } from "../../domain/index.js";
import { busyTimeMs } from "../instance/eligibility.js";
import { placedEstimates } from "../instance/expected.js";
import { type CheckList, STATED_TOLERANCE } from "./report.js";

/**
 * Whether the schedule's times are possible: its numbers, no overlap in a slot, availability, dependencies in order, and
 * hard deadlines, which only waiting for other tasks of the wave may break.
 */
export function checkScheduleRows(
  result: SolveResult,
  problem: FullProblem,
  instance: Instance,
  plan: Assignment,
  list: CheckList,
): void {
  const estimates = placedEstimates(problem, plan);
  const byTask = new Map(result.schedule.map((entry) => [entry.task_id, entry]));
  const wrong = problem.tasks.flatMap((task, index) => {
    const entry = byTask.get(task.taskId);
    return entry === undefined
      ? []
      : rowProblems(entry, estimates[index]!, instance.availableFromMs[plan.agentOf[index]!]!);
  });
  list.check("schedule rows", wrong.length === 0, wrong.join("; ") || "durations and estimates as in the problem");
  const overlaps = findOverlaps(result.schedule);
  list.check("no overlap in a slot", overlaps.length === 0, overlaps.join("; ") || "none");
  const early = instance.taskIds.flatMap((taskId, task) => {
    if (plan.agentOf[task] === DEFERRED) return [];
    const before = instance.dependsOn.subarray(instance.dependsStart[task]!, instance.dependsStart[task + 1]!);
    return Array.from(before, (other) => instance.taskIds[other]!)
      .filter((other) => !isWithin(byTask.get(other)?.end_ms ?? Infinity, byTask.get(taskId)!.start_ms))
      .map((other) => `${taskId} starts before ${other} ends`);
  });
  list.check("dependencies in order", early.length === 0, early.join("; ") || "yes");
  if (instance.dependsOn.length === 0) checkDeadlines(byTask, instance, list);
}

function checkDeadlines(byTask: ReadonlyMap<string, ScheduledEntry>, instance: Instance, list: CheckList): void {
  const late = instance.taskIds.filter((taskId, task) => {
    const entry = byTask.get(taskId);
    return entry !== undefined && !isWithin(entry.end_ms, instance.deadlineMs[task]!);
  });
  list.check("deadlines", late.length === 0, late.map((taskId) => `${taskId} ends too late`).join("; ") || "met");
}

function rowProblems(entry: ScheduledEntry, estimate: Estimate, availableFromMs: number): string[] {
  const problems: string[] = [];
  const differs = (a: number, b: number): boolean => Math.abs(a - b) > 1e-6 * Math.max(1, Math.abs(b));
  const say = (text: string): void => void problems.push(`${entry.task_id}: ${text}`);
  if (differs(entry.end_ms - entry.start_ms, busyTimeMs(estimate))) say("end − start is not the busy time");
  if (!isWithin(availableFromMs, entry.start_ms)) say("starts before its agent is available");
  if (differs(entry.success_probability, estimate.successProbability)) say("success_probability is not the estimate");
  if (differs(entry.retries, estimate.retries)) say("retries are not the estimate");
  if (differs(entry.confidence_delta, estimate.confidenceDelta)) say("confidence_delta is not the estimate");
  const [p5, p95] = entry.end_interval_ms;
  if (!isWithin(availableFromMs, p5)) say("end_interval_ms begins before its agent is available");
  if (!(p5 <= p95 * (1 + STATED_TOLERANCE))) say("end_interval_ms is upside down");
  return problems;
}

function findOverlaps(schedule: readonly ScheduledEntry[]): string[] {
  const bySlot = new Map<string, ScheduledEntry[]>();
  for (const entry of schedule) {
    const key = JSON.stringify([entry.agent_id, entry.slot]);
    bySlot.set(key, [...(bySlot.get(key) ?? []), entry]);
  }
  return [...bySlot.values()].flatMap((entries) => {
    const inOrder = entries.toSorted((a, b) => a.start_ms - b.start_ms);
    return inOrder.slice(1).flatMap((entry, k) => {
      const before = inOrder[k]!;
      return isWithin(before.end_ms, entry.start_ms) ? [] : [`${before.task_id} and ${entry.task_id} overlap`];
    });
  });
}
