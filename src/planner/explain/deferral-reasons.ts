import { type Assignment, DEFERRED, findViolations, type Instance } from "../../../models/index.js";
import type { DeferredTask, FullProblem } from "../../domain/index.js";
import { ineligibility } from "../instance/eligibility.js";

/** Every deferred task with the reason a person can act on. O(deferred · pairs of the task · rows). */
export function deferralReasons(problem: FullProblem, instance: Instance, plan: Assignment): DeferredTask[] {
  return problem.tasks.flatMap((task, index) =>
    plan.agentOf[index] === DEFERRED
      ? [{ task_id: task.taskId, reason: reasonOf(problem, instance, plan, index) }]
      : [],
  );
}

function reasonOf(problem: FullProblem, instance: Instance, plan: Assignment, index: number): string {
  const task = problem.tasks[index]!;
  const unfinished = task.dependsOn.filter((before) => problem.earlierTasks[before] === "unfinished");
  if (unfinished.length > 0) return `waits for ${unfinished.join(", ")} of an earlier wave, not finished`;
  const waitsFor = task.dependsOn.filter((before) => {
    const other = instance.taskIds.indexOf(before);
    return other >= 0 && plan.agentOf[other] === DEFERRED;
  });
  if (waitsFor.length > 0) return `depends on ${waitsFor.join(", ")}, which is deferred`;
  if (problem.agents.length === 0) return "there is no agent";
  if (instance.pairStart[index] === instance.pairStart[index + 1]) {
    const reasons = problem.agents.map((agent) => ineligibility(task, agent)).filter((reason) => reason !== null);
    return `no eligible agent: ${[...new Set(reasons)].join("; ")}`;
  }
  if (instance.deferral.kind === "priced") return "deferring it costs less than placing it";
  const broken = brokenByPlacing(instance, plan, index);
  return broken.length > 0
    ? `placing it breaks ${broken.join(", ")}`
    : "the search found no place for it; no single limit stands in its way";
}

/** Rows that would break, whichever eligible agent and slot took the task on top of the plan; empty if some place is free. */
function brokenByPlacing(instance: Instance, plan: Assignment, task: number): string[] {
  const broken = new Set<string>();
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    const agent = instance.pairAgent[pair]!;
    for (let slot = 0; slot < instance.slots[agent]!; slot++) {
      const trial = { agentOf: plan.agentOf.slice(), slotOf: plan.slotOf.slice() };
      trial.agentOf[task] = agent;
      trial.slotOf[task] = slot;
      const violations = findViolations(instance, trial);
      if (violations.length === 0) return [];
      for (const { row } of violations) broken.add(row);
    }
  }
  return [...broken];
}
