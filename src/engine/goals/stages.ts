import { isMixed, isTimed } from "../../../models/index.js";
import { SHARES } from "../budget/budget.js";
import { hasLoadRowsOnly, isLarge } from "../prove/large.js";
import { canProve } from "../prove/prove-goal.js";
import { branch, isEveryTaskWanted, isSmall, placeEveryTask } from "./branch-stage.js";
import { askHighs, askOnCore, coreShare, hasCore, isTriedAtOnce } from "./core-stage.js";
import { assignAll, engineShare, highsShare, searchAndProve } from "./engine-stage.js";
import { askExactSolvers } from "./exact-stage.js";
import { askByKinds, hasLikeTasks } from "./like-stage.js";
import { isExactAsked } from "./reach.js";
import { boundAlone, boundByRelaxation, judgeAtOnce, priceSideRows } from "./relaxation-stage.js";
import { leaveOpen, searchFully, searchQuickly } from "./search-stage.js";
import type { GoalTurn, Stage, WaveTurn } from "./turn.js";

/** Stages that look for a first plan. */
export const PLAN_STAGES: readonly Stage<WaveTurn>[] = [
  { name: "first assignment", when: isAssignedFirst, share: SHARES.firstAssignment, run: assignAll },
  { name: "quick search", when: isSearched, share: SHARES.quickSearch, run: searchQuickly },
  { name: "every task", when: isEveryTaskWanted, share: SHARES.none, run: placeEveryTask },
  { name: "search", when: isSearchedFully, share: SHARES.fullSearch, run: searchFully },
];

/** Stages of one goal. The first that proves it or ends it is the last; a goal that none proves stays open. */
export const GOAL_STAGES: readonly Stage<GoalTurn>[] = [
  { name: "what is known at once", when: isLargeForEngine, share: SHARES.none, run: judgeAtOnce },
  { name: "each task alone", when: isOrdinary, share: SHARES.none, run: boundAlone },
  { name: "relaxation", when: isBoundedFirst, share: SHARES.relaxation, run: boundByRelaxation },
  { name: "branch and bound", when: isBranchedOn, share: SHARES.branching, run: branch },
  { name: "prices of side rows", when: isForEngine, share: SHARES.relaxation, run: priceSideRows },
  { name: "engine at once", when: isTriedAtOnce, share: SHARES.atOnce, run: searchAndProve },
  { name: "like tasks", when: hasLikeTasks, share: SHARES.likeTasks, run: askByKinds },
  { name: "core", when: hasCore, share: coreShare, run: askOnCore },
  { name: "engine", when: isForEngine, share: engineShare, run: searchAndProve },
  { name: "HiGHS after the engine", when: ({ isStuck }) => isStuck, share: highsShare, run: askHighs },
  { name: "exact solver", when: isExactAsked, share: SHARES.exact, run: askExactSolvers },
  { name: "ties", when: always, share: SHARES.ties, run: leaveOpen },
];

function always(): boolean {
  return true;
}

/** The engine finds plans of a large instance sooner than the search, where it knows every row. */
function isLeftToEngine(turn: WaveTurn): boolean {
  const { instance, chain } = turn;
  const goal = chain.goals[chain.firstIndex]!;
  return isLarge(instance) && isForEngine({ ...turn, goal }) && hasLoadRowsOnly(instance, goal);
}

/** Goal zero of a large instance is over at once where nothing has to be deferred. */
function isAssignedFirst(turn: WaveTurn): boolean {
  return turn.record.plan === null && turn.instance.deferral.kind === "first" && isLeftToEngine(turn);
}

/** Where deferral is allowed there always is a plan. */
function isSearched(turn: WaveTurn): boolean {
  const isMissing = turn.record.plan === null && turn.instance.deferral.kind !== "forbidden";
  return isMissing || !isLeftToEngine(turn);
}

function isLargeForEngine(turn: GoalTurn): boolean {
  return isLarge(turn.instance) && isForEngine(turn);
}

function isOrdinary(turn: GoalTurn): boolean {
  return !isLargeForEngine(turn);
}

/** Neither the engine nor an exact solver will work on the first goal, or the engine starts best from a good plan. */
function isSearchedFully({ session, instance, model, chain, record }: WaveTurn): boolean {
  const goal = chain.goals[chain.firstIndex]!;
  const turn = { session, instance, model, record, goal };
  return !(isForEngine(turn) && !isMixed(goal)) && !isExactAsked(turn) && session.budget.struckLimit() === null;
}

/** The engine knows sums over pairs, times that stand alone, and sums with one time where they are too large for exact solvers; it works under `auto`. */
function isForEngine(turn: Pick<GoalTurn, "session" | "instance" | "model" | "goal" | "record">): boolean {
  const { session, instance, goal, record } = turn;
  if (session.options.solver !== "auto" || !canProve({ instance, goal, settled: record.steps })) return false;
  return !isMixed(goal) || !isExactAsked(turn);
}

/**
 * Few tasks with times are proven fastest slot by slot, before the engine; what it does not know is bounded in any case, and so are sums with one time,
 * for the engine's bound of them is no certificate.
 */
function isBeforeEngine(turn: GoalTurn): boolean {
  return !isForEngine(turn) || isMixed(turn.goal) || (isTimed(turn.goal) && isSmall(turn));
}

/** Goals up to the first are bounded, and those that are branched on. */
function isBoundedFirst(turn: GoalTurn): boolean {
  return isBeforeEngine(turn) && (turn.place !== "after" || isSmall(turn));
}

function isBranchedOn(turn: GoalTurn): boolean {
  return isBeforeEngine(turn) && isSmall(turn) && turn.record.plan !== null;
}
