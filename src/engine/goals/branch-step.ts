import type { Assignment, Goal, Instance, SettledGoal } from "../../../models/index.js";
import type { GoalBound } from "../bounds/goal-bound.js";
import { runInSlices } from "../threads/slices.js";
import { branchAndBound } from "./branch-and-bound.js";
import type { BranchingOutcome } from "./branching-task.js";
import type { Session } from "./session.js";

/** Tasks up to which the branch and bound over slots is tried under `auto`, and its nodes: measured, 0.05 to 0.4 s. */
const MAX_BRANCHING_TASKS = 40;
const MAX_NODES = 100_000;

/** Whether a wave is small enough for the branch and bound over slots. */
export function canBranch(session: Session, instance: Instance): boolean {
  return session.options.solver === "auto" && instance.numTasks <= MAX_BRANCHING_TASKS;
}

/** Runs the branch and bound over slots on one goal and records the attempt. */
export async function runBranching(
  session: Session,
  instance: Instance,
  step: {
    readonly goal: Goal;
    readonly settled: readonly SettledGoal[];
    readonly prices: GoalBound["prices"];
    readonly incumbent: Assignment;
  },
): Promise<BranchingOutcome> {
  const { goal, incumbent } = step;
  const since = session.context.clock();
  const outcome = await runInSlices(
    branchAndBound({
      ...step,
      instance,
      nodeLimit: Math.min(MAX_NODES, session.unitsLeft()),
      shouldStop: () => session.struckLimit() !== null,
    }),
  );
  session.spend(outcome.numNodes);
  const limit = outcome.isExhausted ? null : outcome.wasStopped ? session.struckLimit() : "work";
  const termination = outcome.isExhausted ? "optimal" : "feasible";
  const value = goal.evaluate(outcome.plan ?? incumbent);
  const note = `${outcome.numNodes} nodes`;
  session.record({ stage: goal.name, solver: "branch-and-bound", termination, limit, value, note }, since);
  return outcome;
}
