import { runInSlices } from "../threads/slices.js";
import { branchAndBound } from "../branch/branch-and-bound.js";
import type { GoalTurn, Verdict, WaveTurn } from "./turn.js";

/** Tasks up to which the branch and bound over slots is tried, and its nodes: measured, 0.05 to 0.4 s. A node counts as a move. */
const MAX_BRANCHING_TASKS = 40;
const MAX_NODES = 100_000;

/** Whether a wave is small enough for the branch and bound over slots, under `auto`. */
export function isSmall({ session, instance }: Pick<WaveTurn, "session" | "instance">): boolean {
  return session.options.solver === "auto" && instance.numTasks <= MAX_BRANCHING_TASKS;
}

/** The branch and bound over slots: it proves the goal where it rules out every better plan. */
export async function branch(turn: GoalTurn): Promise<Verdict> {
  const { session, instance, goal, record, place } = turn;
  const { budget } = session;
  const incumbent = record.plan!;
  const since = session.context.clock();
  const outcome = await runInSlices(
    branchAndBound({
      ...{ instance, goal, incumbent },
      settled: record.steps,
      prices: turn.bound!.prices,
      nodeLimit: Math.min(MAX_NODES, budget.movesLeft()),
      shouldStop: () => budget.struckLimit() !== null,
    }),
  );
  budget.spend(outcome.numNodes);
  const { plan, isExhausted, numNodes, wasStopped } = outcome;
  const limit = isExhausted ? null : wasStopped ? budget.struckLimit() : "work";
  const termination = isExhausted ? "optimal" : "feasible";
  const value = goal.evaluate(plan ?? incumbent);
  const note = `${numNodes} nodes`;
  session.record({ stage: goal.name, solver: "branch-and-bound", termination, limit, value, note }, since);
  if (plan !== null) record.offer(goal, plan);
  if (place === "first" && isExhausted) record.decidedBy = "branch-and-bound";
  return isExhausted ? "search" : "open";
}
