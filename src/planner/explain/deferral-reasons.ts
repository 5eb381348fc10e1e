import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import type { DeferredTask, FullProblem } from "../../domain/index.js";
import { BrokenRows } from "./broken-rows.js";
import { ineligibility } from "../instance/eligibility.js";

/** Every deferred task with the reason a person can act on. O(deferred · slots of its agents · deadlines of a slot). */
export function deferralReasons(problem: FullProblem, instance: Instance, plan: Assignment): DeferredTask[] {
  const indexOf = new Map(instance.taskIds.map((id, index) => [id, index]));
  const isDeferred = (id: string): boolean => plan.agentOf[indexOf.get(id) ?? -1] === DEFERRED;
  const rows = new BrokenRows(instance, plan);
  return problem.tasks.flatMap((task, index) =>
    plan.agentOf[index] === DEFERRED
      ? [{ task_id: task.taskId, reason: reasonOf(problem, instance, { isDeferred, rows }, index) }]
      : [],
  );
}

interface PlanFacts {
  readonly isDeferred: (taskId: string) => boolean;
  readonly rows: BrokenRows;
}

function reasonOf(problem: FullProblem, instance: Instance, plan: PlanFacts, index: number): string {
  const task = problem.tasks[index]!;
  if (task.held !== null) return `held back: ${task.held}`;
  const unfinished = task.dependsOn.filter((before) => problem.earlierTasks[before] === "unfinished");
  if (unfinished.length > 0) return `waits for ${unfinished.join(", ")} of an earlier wave, not finished`;
  const waitsFor = task.dependsOn.filter(plan.isDeferred);
  if (waitsFor.length > 0) return `depends on ${waitsFor.join(", ")}, which is deferred`;
  if (problem.agents.length === 0) return "there is no agent";
  if (instance.pairStart[index] === instance.pairStart[index + 1]) {
    const reasons = problem.agents.map((agent) => ineligibility(task, agent)).filter((reason) => reason !== null);
    return `no eligible agent: ${[...new Set(reasons)].join("; ")}`;
  }
  if (instance.deferral.kind === "priced") return "deferring it costs less than placing it";
  const broken = plan.rows.byPlacing(index);
  return broken.length > 0
    ? `placing it breaks ${broken.join(", ")}`
    : "the search found no place for it; no single limit stands in its way";
}
