import { countOf } from "../../domain/index.js";
import { runInSlices } from "../threads/slices.js";
import { branchAndBound } from "../branch/branch-and-bound.js";
import { isFullPlanNear, searchFullPlan } from "../branch/full-plan.js";
import type { GoalTurn, Verdict, WaveTurn } from "./turn.js";

/** Tasks up to which the branch and bound over slots is tried, and its nodes: measured, 0.05 to 0.4 s. A node counts as a move. */
const MAX_BRANCHING_TASKS = 40;
const MAX_NODES = 100_000;
/** Places tried for a plan of every task that take as long as a move. Measured. */
const TRIES_PER_MOVE = 20;

/** Whether a wave is small enough for the branch and bound over slots, under `auto`. */
export function isSmall({ session, instance }: Pick<WaveTurn, "session" | "instance">): boolean {
  return session.options.solver === "auto" && instance.numTasks <= MAX_BRANCHING_TASKS;
}

/** Whether a plan that must place every task is looked for exhaustively: none is known, and the way down to one is short. Under `auto`. */
export function isEveryTaskWanted({ session, instance, record }: WaveTurn): boolean {
  if (session.options.solver !== "auto" || record.plan !== null || instance.deferral.kind !== "forbidden") return false;
  return isFullPlanNear(instance);
}

/** A plan of a wave that must place every task, where the search found none, or the proof that there is none. */
export function placeEveryTask({ session, instance, record }: WaveTurn): Verdict {
  const { budget } = session;
  const since = session.context.clock();
  const { plan, isImpossible, numTries, wasStopped } = searchFullPlan(instance, {
    maxTries: TRIES_PER_MOVE * budget.movesLeft(),
    shouldStop: () => budget.struckLimit() !== null,
  });
  budget.spend(numTries / TRIES_PER_MOVE);
  const termination = isImpossible ? "infeasible" : plan === null ? "no_solution" : "feasible";
  const limit = plan !== null || isImpossible ? null : wasStopped ? budget.struckLimit() : "work";
  const facts = { stage: "every task", solver: "branch-and-bound", termination, limit } as const;
  session.record({ ...facts, note: `${numTries} places tried` }, since);
  if (isImpossible) record.ruleOutPlans("branch-and-bound");
  record.plan = plan;
  return isImpossible ? "over" : "open";
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
  const note = countOf(numNodes, "node");
  session.record({ stage: goal.name, solver: "branch-and-bound", termination, limit, value, note }, since);
  if (plan !== null) record.offer(goal, plan);
  if (place === "first" && isExhausted) record.decidedBy = "branch-and-bound";
  return isExhausted ? "search" : "open";
}
