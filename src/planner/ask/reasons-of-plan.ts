import { DEFERRED } from "../../../models/index.js";
import type { FullProblem, ResultDocument } from "../../domain/index.js";
import { shortReasons } from "../explain/short-reasons.js";
import { readAsked } from "./asked-plan.js";

/** More pairs of task and agent than this are not looked at again for a table that shows few of them. */
const MAX_PAIRS = 20_000;

/** Why each placed task has its agent, in a few words, by task id; empty where there is no plan, or the wave is large. O(pairs) */
export function reasonsOfPlan(problem: FullProblem, result: ResultDocument): ReadonlyMap<string, string> {
  if (problem.tasks.length * problem.agents.length > MAX_PAIRS) return new Map();
  const { plan, instance, goals } = readAsked(problem, result);
  if (plan === null) return new Map();
  const reasons = shortReasons(problem, instance, plan, goals.at(-1)!);
  return new Map(
    problem.tasks.flatMap(({ taskId }, task) =>
      plan.agentOf[task] === DEFERRED ? [] : [[taskId, reasons[task] ?? ""]],
    ),
  );
}
