import type { Assignment } from "../../../models/index.js";
import type { Estimate, FullProblem, ScheduledEntry, ResultDocument } from "../../domain/index.js";
import { busyTimeMs } from "../instance/eligibility.js";
import { placedEstimates } from "../instance/expected.js";
import { agrees, type CheckList } from "./report.js";

/** Whether the numbers of each row of the schedule are those of the problem. Its times are checked as rows of the plan, and played again. */
export function checkScheduleRows(
  result: ResultDocument,
  problem: FullProblem,
  plan: Assignment,
  list: CheckList,
): void {
  const estimates = placedEstimates(problem, plan);
  const byTask = new Map(result.schedule.map((entry) => [entry.task_id, entry]));
  const wrong = problem.tasks.flatMap((task, index) => {
    const entry = byTask.get(task.taskId);
    if (entry === undefined) return [];
    return rowProblems(entry, estimates[index]!);
  });
  list.check("schedule rows", wrong.length === 0, wrong.join("; ") || "durations and estimates as in the problem");
}

function rowProblems(entry: ScheduledEntry, estimate: Estimate): string[] {
  const problems: string[] = [];
  const say = (text: string): void => void problems.push(`${entry.task_id}: ${text}`);
  if (!agrees(entry.end_ms, entry.start_ms + busyTimeMs(estimate))) say("end − start is not the busy time");
  if (!agrees(entry.success_probability, estimate.successProbability)) say("success_probability is not the estimate");
  if (!agrees(entry.retries, estimate.retries)) say("retries are not the estimate");
  if (!agrees(entry.confidence_delta, estimate.confidenceDelta)) say("confidence_delta is not the estimate");
  return problems;
}
