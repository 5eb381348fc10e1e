import { type GateReport, InputError, type Problem, suggestNearest } from "../../domain/index.js";
import { applyGate, type GateOptions } from "./gate.js";

/** A problem that passed the gate. */
export interface GatedProblem {
  /** Tasks the gate held back are `held`, with its reason. */
  readonly problem: Problem;
  /** In the order of the tasks. */
  readonly gate: readonly GateReport[];
}

/**
 * Asks the gate about every task of one wave. A rehearsal holds back only what no mode lets through.
 *
 * @param approvalStatus Phase 16's word by task id; absent counts as APPROVED
 */
export function applyGateToProblem(
  problem: Problem,
  approvalStatus: ReadonlyMap<string, string>,
  options: GateOptions & { readonly wave: number },
): GatedProblem {
  const decisions = applyGate(
    problem.tasks.map(({ taskId, riskLevel, confidence }) => ({
      ...{ taskId, riskLevel, confidence, wave: options.wave },
      approvalStatus: approvalStatus.get(taskId) ?? null,
    })),
    options,
  );
  const reasons = new Map(
    decisions.filter(({ approval }) => approval === "deferred").map(({ taskId, reason }) => [taskId, reason]),
  );
  const tasks = problem.tasks.map((task) => ({ ...task, held: task.held ?? reasons.get(task.taskId) ?? null }));
  return {
    problem: { ...problem, tasks },
    gate: decisions.map(({ taskId, approval, liveApproval, hold, reason }) => ({
      ...{ task_id: taskId, approval, live_approval: liveApproval, ...(hold !== undefined && { hold }), reason },
    })),
  };
}

/** An approval of a task that is not there is most likely meant for one that is. @throws InputError naming it */
export function checkApproved(known: readonly string[], approved: readonly string[]): void {
  const ids = new Set(known);
  const stranger = approved.find((taskId) => !ids.has(taskId));
  if (stranger === undefined) return;
  // A list of one that looks like a path was most likely meant as a file, and whoever reads files has looked for it.
  const isPath = approved.length === 1 && /[\\/]|\.\w{1,5}$/.test(stranger);
  const rule = isPath ? "is neither a file that exists nor a task of the task file" : "is no task of the task file";
  throw new InputError("options.approved", `"${stranger}" ${rule}; ${suggestNearest(stranger, known)}`);
}
