import { type Assignment, DEFERRED, type Instance, isPlaceable, runAtOnce } from "../../../models/index.js";
import type { DeferredTask, FullProblem } from "../../domain/index.js";
import { BrokenRows } from "./broken-rows.js";
import { taskWindowsOf } from "../instance/build-instance.js";
import { ineligibility } from "../instance/eligibility.js";
import type { TaskWindows } from "../instance/task-windows.js";
import { ScheduleGaps } from "./schedule-gaps.js";
import { blockedReason, windowReason } from "./window-reason.js";

/** Every deferred task with the reason a person can act on. O(deferred · slots of its agents · deadlines of a slot). */
export function deferralReasons(problem: FullProblem, instance: Instance, plan: Assignment): DeferredTask[] {
  return runAtOnce(deferralReasonSteps(problem, instance, plan));
}

/** `deferralReasons` in slices. */
export function* deferralReasonSteps(
  problem: FullProblem,
  instance: Instance,
  plan: Assignment,
): Generator<void, DeferredTask[]> {
  const deferred = problem.tasks.flatMap((task, index) => (plan.agentOf[index] === DEFERRED ? [{ task, index }] : []));
  if (deferred.length === 0) return [];
  yield;
  const indexOf = new Map(instance.taskIds.map((id, index) => [id, index]));
  const isDeferred = (id: string): boolean => plan.agentOf[indexOf.get(id) ?? -1] === DEFERRED;
  const { startMs } = plan;
  let windows: TaskWindows | null = null;
  const facts: PlanFacts = {
    isDeferred,
    rows: new BrokenRows(instance, plan),
    gaps: startMs === undefined ? null : new ScheduleGaps(problem, instance, { ...plan, startMs }),
    windows: () => (windows ??= taskWindowsOf(problem, false)),
  };
  yield;
  const reasons: DeferredTask[] = [];
  for (const { task, index } of deferred) {
    reasons.push({ task_id: task.taskId, reason: reasonOf(problem, instance, facts, index) });
    yield;
  }
  return reasons;
}

interface PlanFacts {
  readonly isDeferred: (taskId: string) => boolean;
  readonly rows: BrokenRows;
  /** Null where the plan has no times. */
  readonly gaps: ScheduleGaps | null;
  readonly windows: () => TaskWindows;
}

function reasonOf(problem: FullProblem, instance: Instance, facts: PlanFacts, index: number): string {
  const task = problem.tasks[index]!;
  const blocked = blockedReason(problem, index);
  if (blocked !== null) return blocked;
  const waitsFor = task.dependsOn.filter(facts.isDeferred);
  if (waitsFor.length > 0)
    return `depends on ${waitsFor.join(", ")}, which ${waitsFor.length === 1 ? "is" : "are"} deferred`;
  if (problem.agents.length === 0) return "there is no agent";
  if (!isPlaceable(instance, index)) {
    const reasons = problem.agents.map((agent) => ineligibility(task, agent));
    if (reasons.includes(null)) return windowReason(problem, facts.windows(), index);
    return `no eligible agent: ${[...new Set(reasons)].join("; ")}`;
  }
  if (instance.deferral.kind === "priced") return "deferring it costs less than placing it";
  const closed = agentsThatTakeNone(instance, index);
  if (closed !== null) return `no agent takes it: max_tasks of ${closed.join(", ")} is 0`;
  const broken = facts.rows.byPlacing(index);
  if (broken.length > 0) return `placing it breaks ${broken.join(", ")}`;
  return facts.gaps?.whyNone(index) ?? "the search found no place for it; no single limit stands in its way";
}

/** The eligible agents of a task, where none of them may have any task; replanning closes agents that are down in this way. */
function agentsThatTakeNone({ pairStart, pairAgent, maxTasks, agentIds }: Instance, task: number): string[] | null {
  const agents = Array.from(pairAgent.subarray(pairStart[task], pairStart[task + 1]));
  return agents.every((agent) => maxTasks[agent] === 0) ? agents.map((agent) => agentIds[agent]!) : null;
}
