import { startChances } from "../../../models/index.js";
import type { PlannedTaskRecord, WaveRecord } from "../../domain/index.js";
import { clamp, sumOf } from "./accuracy.js";
import { type DeferralKind, deferralKinds } from "./deferral-kinds.js";
import type { StartedTask } from "./wave-outcome.js";

/**
 * The tasks of a plan whose end is known, on both sides alike: those that ran to their end, and those that were not started because
 * a predecessor failed or money or agents were lacking. Tasks that nobody reported on, tasks that an interruption cut off, and those
 * that come again in a later wave, where they have their end, are left out.
 */
export interface AssignedOutcome {
  readonly tasks: number;
  /** Σ of each task's chance to start and succeed; what it waits for in the plan must succeed first. */
  readonly planned: number;
  readonly completed: number;
}

const NOT_STARTED: ReadonlySet<DeferralKind> = new Set(["predecessor_failed", "not_started", "over_budget"]);

/** O(tasks + dependencies) where no task waits for more than one; O(tasks²) otherwise */
export function assignedOutcome(record: WaveRecord, ended: readonly StartedTask[]): AssignedOutcome {
  const known = new Set(ended.map(({ plan }) => plan.taskId));
  const kindOf = deferralKinds(record);
  for (const deferral of record.deferrals) {
    if (deferral.isFinal && NOT_STARTED.has(kindOf(deferral))) known.add(deferral.taskId);
  }
  const chances = successChances(record.planned);
  const assigned = [...chances].filter(([taskId]) => known.has(taskId));
  return {
    tasks: assigned.length,
    planned: sumOf(assigned, ([, chance]) => chance),
    completed: ended.filter(({ task }) => task.succeeded).length,
  };
}

/** Rates of a wave's assigned tasks; null where there are none. */
export function assignedRates({ tasks, planned, completed }: AssignedOutcome): {
  readonly planned: number | null;
  readonly actual: number | null;
} {
  if (tasks === 0) return { planned: null, actual: null };
  return { planned: clamp(planned / tasks, 0, 1), actual: completed / tasks };
}

/** P times the chance that all ancestors in the plan succeed, by task. */
function successChances(planned: readonly PlannedTaskRecord[]): Map<string, number> {
  const indexOf = new Map(planned.map(({ taskId }, task) => [taskId, task]));
  const dependsStart = new Int32Array(planned.length + 1);
  const dependsOn: number[] = [];
  planned.forEach((plan, task) => {
    for (const before of plan.dependsOn) {
      const index = indexOf.get(before);
      if (index !== undefined) dependsOn.push(index);
    }
    dependsStart[task + 1] = dependsOn.length;
  });
  const success = planned.map(({ successProbability }) => successProbability);
  const arcs = { numTasks: planned.length, dependsStart, dependsOn: Int32Array.from(dependsOn) };
  const starts = startChances(arcs, success);
  return new Map(planned.map(({ taskId }, task) => [taskId, starts[task]! * success[task]!]));
}
