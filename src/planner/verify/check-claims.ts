import { type FullProblem, type ResultDocument } from "../../domain/index.js";
import type { CheckList } from "./report.js";

/** Whether the fields of a result that speak of the same fact agree, and its records name the agents of the problem. */
export function checkClaims(result: ResultDocument, problem: FullProblem, list: CheckList): void {
  const { options, termination, limit } = result;
  list.check("options.seed", options.seed === result.seed, `${options.seed}, seed ${result.seed}`);
  const mayBeLimited = termination === "feasible" || termination === "no_solution";
  list.check("limit", limit === null || mayBeLimited, `${termination}, ended by ${limit ?? "no"} limit`);
  list.check(
    "conflict",
    (result.conflict !== null) === (termination === "infeasible"),
    `${termination}, ${result.conflict === null ? "no" : "a"} conflict`,
  );
  list.check(
    "error",
    (result.error !== null) === (termination === "error"),
    `${termination}, ${result.error === null ? "no" : "an"} error`,
  );
  const isShapedByClock = [limit, ...result.attempts.map((attempt) => attempt.limit)].some(
    (one) => one === "time" || one === "abort",
  );
  list.check(
    "reproducible",
    !(result.reproducible && isShapedByClock),
    isShapedByClock ? "a clock or an abort ended a stage" : `${result.reproducible}`,
  );
  const agentIds = problem.agents.map(({ agentId }) => agentId);
  // Those of a plan are compared with its schedule.
  if (result.objective.value === null) checkKeys("agent_assignments", result.agent_assignments, agentIds, list);
  checkKeys("limits.per_agent_ms", result.limits.per_agent_ms, agentIds, list);
  checkKeys("expected.utilization", result.expected.utilization, agentIds, list);
  checkGate(result, problem, list);
}

/** The gate names each task once, and no task that it held back is placed. */
function checkGate({ gate, schedule }: ResultDocument, problem: FullProblem, list: CheckList): void {
  const known = new Set(problem.tasks.map(({ taskId }) => taskId));
  const placed = new Set(schedule.map(({ task_id }) => task_id));
  const seen = new Set<string>();
  const faults = gate.flatMap(({ task_id, approval }) => {
    const isRepeated = seen.has(task_id);
    seen.add(task_id);
    if (!known.has(task_id)) return [`${task_id} is not in the problem`];
    if (isRepeated) return [`${task_id} appears twice`];
    return approval !== "approved" && placed.has(task_id) ? [`${task_id} is ${approval} and placed`] : [];
  });
  list.check("tasks of the gate", faults.length === 0, faults.join("; ") || "those of the problem");
}

function checkKeys(name: string, record: object, ids: readonly string[], list: CheckList): void {
  const missing = ids.filter((id) => !Object.hasOwn(record, id));
  const unknown = Object.keys(record).filter((key) => !ids.includes(key));
  const faults = [...missing.map((id) => `${id} is missing`), ...unknown.map((key) => `${key} is not in the problem`)];
  list.check(`agents of ${name}`, faults.length === 0, faults.join("; ") || "those of the problem");
}
