import { type Assignment, isWithin } from "../../../models/index.js";
import type { Estimate, FullProblem, ScheduledEntry, SolveResult } from "../../domain/index.js";
import { busyTimeMs } from "../instance/eligibility.js";
import { placedEstimates } from "../instance/expected.js";
import { type CheckList, STATED_TOLERANCE } from "./report.js";

/** Whether the numbers of each row of the schedule are those of the problem. Its times are checked as rows of the plan. */
export function checkScheduleRows(result: SolveResult, problem: FullProblem, plan: Assignment, list: CheckList): void {
  const estimates = placedEstimates(problem, plan);
  const byTask = new Map(result.schedule.map((entry) => [entry.task_id, entry]));
  const wrong = problem.tasks.flatMap((task, index) => {
    const entry = byTask.get(task.taskId);
    if (entry === undefined) return [];
    return rowProblems(entry, estimates[index]!, problem.agents[plan.agentOf[index]!]!.availableFromMs);
  });
  list.check("schedule rows", wrong.length === 0, wrong.join("; ") || "durations and estimates as in the problem");
}

function rowProblems(entry: ScheduledEntry, estimate: Estimate, availableFromMs: number): string[] {
  const problems: string[] = [];
  const differs = (a: number, b: number): boolean => Math.abs(a - b) > STATED_TOLERANCE * Math.max(1, Math.abs(b));
  const say = (text: string): void => void problems.push(`${entry.task_id}: ${text}`);
  if (differs(entry.end_ms, entry.start_ms + busyTimeMs(estimate))) say("end − start is not the busy time");
  if (differs(entry.success_probability, estimate.successProbability)) say("success_probability is not the estimate");
  if (differs(entry.retries, estimate.retries)) say("retries are not the estimate");
  if (differs(entry.confidence_delta, estimate.confidenceDelta)) say("confidence_delta is not the estimate");
  const [p5, p95] = entry.end_interval_ms;
  if (!isWithin(availableFromMs, p5)) say("end_interval_ms begins before its agent is available");
  if (!(p5 <= p95 * (1 + STATED_TOLERANCE))) say("end_interval_ms is upside down");
  return problems;
}
