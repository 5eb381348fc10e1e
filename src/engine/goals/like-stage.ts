import { isMixed, isTimed } from "../../../models/index.js";
import type { Share } from "../budget/budget.js";
import { kindsOf } from "../timed/kinds.js";
import { raiseBound, readExact, solveExactly } from "./exact-stage.js";
import { mergeLikeTasks } from "./merge-like-tasks.js";
import { hasMovesForHighs, numSlotPairs } from "./reach.js";
import type { GoalTurn, Verdict } from "./turn.js";

/** Kinds of tasks, as a share of the tasks, up to which they are counted together; fewer tasks are proven sooner one by one. */
const MOST_KINDS = 0.5;
const LEAST_TASKS = 16;
/** Pairs of tasks and slots up to which a program is built, and variables of the merged one up to which HiGHS is asked. */
const MAX_PAIRS = 200_000;
const MAX_INTEGERS = 3000;

/** Whether many tasks are alike, no order among them is part of the plan, and the goal is more than one time: those are settled by contents of slots. */
export function hasLikeTasks({ session, instance, goal }: GoalTurn): boolean {
  if (isTimed(goal) && !isMixed(goal)) return false;
  if (session.options.solver !== "auto" || instance.timing !== null || instance.numTasks < LEAST_TASKS) return false;
  if (!hasMovesForHighs(session) || numSlotPairs(instance) > MAX_PAIRS) return false;
  return kindsOf({ ...instance, use: instance.busyMs }, MOST_KINDS * instance.numTasks) !== null;
}

/** HiGHS on numbers of like tasks: the engine would exchange them for each other. */
export async function askByKinds(turn: GoalTurn, share: Share): Promise<Verdict> {
  const { session, instance, model, goal, place, record } = turn;
  const settled = record.steps;
  const merged = mergeLikeTasks(model.build(instance, { goal, settled }));
  if (merged === null || merged.numIntegers > MAX_INTEGERS) return "open";
  const outcome = await solveExactly(session, [session.solvers.highs], {
    ...{ instance, goal, settled, built: merged, incumbent: record.plan, share },
    gap: place === "first" ? session.options.gap : 0,
    about: "like tasks together, ",
  });
  const verdict = readExact(turn, outcome);
  if (place === "first" && "bound" in outcome && outcome.bound !== null) raiseBound(turn, outcome.bound);
  return verdict === "search" ? "search" : "open";
}
