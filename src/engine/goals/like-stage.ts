import { type Instance, isMixed, isTimed } from "../../../models/index.js";
import type { Share } from "../budget/budget.js";
import { MAX_COUNTED_VARIABLES } from "../prove/large.js";
import { canProveTimed } from "../prove/prove-timed.js";
import { kindsOf } from "../timed/kinds.js";
import { buildByKinds } from "./build-by-kinds.js";
import { raiseBound, readExact, solveExactly } from "./exact-stage.js";
import { hasMovesForHighs } from "./reach.js";
import type { GoalTurn, Verdict } from "./turn.js";

/** Kinds of tasks, as a share of the tasks, up to which they are counted together; fewer tasks are proven sooner one by one. */
const MOST_KINDS = 0.5;
const LEAST_TASKS = 16;

type LikeTurn = Pick<GoalTurn, "session" | "instance" | "goal" | "record">;

/**
 * Whether many tasks are alike, no order among them is part of the plan, and the goal is no time that the engine knows: those are settled by
 * contents of slots.
 */
export function hasLikeTasks(turn: LikeTurn): boolean {
  const { session, instance, goal, record } = turn;
  if (session.options.solver !== "auto" || !hasMovesForHighs(session) || session.budget.struckLimit() !== null)
    return false;
  if (instance.timing !== null || instance.dependsOn.length > 0 || instance.numTasks < LEAST_TASKS) return false;
  const settled = record.steps;
  if (isTimed(goal) && !isMixed(goal) && canProveTimed({ instance, goal, settled })) return false;
  return !waitsForAgents(turn) && kindsIn(turn) !== null;
}

/** Whether a makespan counts agents that come late: the rows of those that are used are of single tasks. */
function waitsForAgents({ instance, goal, record }: LikeTurn): boolean {
  const hasMakespan = [goal, ...record.steps.map((step) => step.goal)].some(({ makespan }) => makespan !== 0);
  return hasMakespan && instance.availableFromMs.some((from) => from > 0);
}

/** HiGHS on numbers of like tasks: the engine would exchange them for each other. */
export async function askByKinds(turn: GoalTurn, share: Share): Promise<Verdict> {
  const { session, instance, model, goal, place, record } = turn;
  const kinds = kindsIn(turn);
  if (kinds === null) return "open";
  const settled = record.steps;
  const outcome = await solveExactly(session, [session.solvers.highs], {
    ...{ instance, goal, settled, incumbent: record.plan, share },
    built: buildByKinds(model, instance, kinds, { goal, settled }),
    gap: place === "first" ? session.options.gap : 0,
    about: "like tasks together, ",
  });
  const verdict = readExact(turn, outcome);
  if (place === "first" && "bound" in outcome && outcome.bound !== null) raiseBound(turn, outcome.bound);
  return verdict === "search" ? "search" : "open";
}

/** Tasks that every row and goal treats alike; null where there are too many kinds. O(pairs · goals) */
function kindsIn({ instance, goal, record }: LikeTurn): number[][] | null {
  const forms = [goal, ...record.steps.map((step) => step.goal)];
  const most = Math.min(MOST_KINDS * instance.numTasks, MAX_COUNTED_VARIABLES / numSlots(instance));
  return kindsOf(instance, {
    perPair: [instance.busyMs, instance.cost, instance.belowGate, ...forms.flatMap(({ perPair }) => perPair ?? [])],
    perTask: [instance.weight, instance.deadlineMs, ...forms.flatMap(({ perDeferral }) => perDeferral ?? [])],
    most,
  });
}

function numSlots({ slots }: Instance): number {
  return slots.reduce((sum, count) => sum + count, 0);
}
