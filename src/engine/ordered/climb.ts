import { DEFERRED, type Goal, isTimed, type StrategyModel } from "../../../models/index.js";
import type { Share } from "../budget/budget.js";
import { boundAgain } from "./bound-without-order.js";
import { findPairs } from "./find-pairs.js";
import { improvePlans } from "./improve-plans.js";
import { improveSums, isForSums } from "./improve-sums.js";
import type { OrderedWave } from "./ordered-wave.js";
import { isAlwaysInTime } from "./plan-tree.js";
import { rowOf, sequence } from "./sequence-plans.js";
import type { Selection } from "./sequencing-view.js";

/** Share of the moves left that one try may take at first, and the most after tries in vain. */
const FIRST_SHARE = 0.02;
const MOST_SHARE = 0.3;
/** Tries in a row, and the least share of the distance to the bound that is tried. */
const MAX_CLIMBS = 24;
const LEAST_CLIMB = 0.01;
/** Of what is left, what the search by sums may take before each climb. */
const SUMS_SHARE: Share = { moves: 0.5, time: 0.5 };
/** Plans decoded for each task between climbs. */
const PLANS_PER_TASK = 200;

/** Whether deadlines bind and the first goal can be held to a limit while schedules are sought. */
export function isForClimbs({ instance, firstGoal }: OrderedWave): boolean {
  return !isAlwaysInTime(instance) && (isSum(firstGoal) || isLoad(firstGoal));
}

/**
 * Better sums and loads under deadlines, by turns: `climb`, and a search by plans that keep every row, which find what the other does not. Where neither finds
 * anything each try gets twice the moves, until they are spent.
 */
export async function climbUnderDeadlines(wave: OrderedWave, model: Pick<StrategyModel, "build">): Promise<void> {
  for (let [round, share] = [0, FIRST_SHARE]; share <= MOST_SHARE; round++) {
    const before = wave.best;
    if (isForSums(wave)) await improveSums(wave, { share: SUMS_SHARE, round: round + 1 });
    if (wave.isSettled(false) || wave.reachesGap || wave.struckLimit !== null) return;
    if (!wave.isBoundCurrent) await boundAgain(wave, model);
    await climb(wave, share);
    if (wave.isSettled(false) || wave.reachesGap || wave.struckLimit !== null) return;
    await improvePlans(wave, "order: search", PLANS_PER_TASK, { round });
    if (wave.isSettled(false) || wave.reachesGap || wave.struckLimit !== null) return;
    if (wave.best === before) share *= 2;
  }
}

/**
 * Schedules are sought whose first goal, by its form, closes half of what separates the best plan from the bound, then less where there is none. The sequencing
 * keeps deadlines, and sums or loads as limits; it begins at the best plan. Goals of times before the first have no row: a plan that is worse in them is not
 * taken.
 */
export async function climb(wave: OrderedWave, shareOfMoves: number): Promise<void> {
  const { chain, goals } = wave;
  const sums = goals.slice(0, chain.firstIndex).filter((goal) => goal.name !== "deferral" && isSum(goal));
  const maxClimbs = Math.ceil(MAX_CLIMBS * wave.session.budget.effort);
  for (let [tries, share] = [0, 0.5]; tries < maxClimbs && wave.best !== null && wave.struckLimit === null; tries++) {
    const { plan, values } = wave.best;
    const bound = wave.boundOf(chain.firstIndex);
    if (bound === null || wave.isProven(chain.firstIndex)) return;
    const startPairs = findPairs(wave.instance, plan.agentOf);
    const target = targetOf(wave, startPairs, share, bound.bound);
    const rows = [...sums.map((goal) => rowOf(goal, values[goals.indexOf(goal)]!)), ...(target.rows ?? [])];
    const isSelected = (task: number): boolean => plan.agentOf[task] !== DEFERRED;
    const selection = { pairOf: "any", isSelected, ...target, rows } as const;
    await sequence(wave, selection, "order: climb", shareOfMoves * wave.movesLeft, { startPairs, isFirstEnough: true });
    if (wave.best.plan === plan) share /= 2;
    if (share < LEAST_CLIMB) return;
  }
}

function isSum(goal: Goal): boolean {
  return goal.perPair !== null && !isTimed(goal) && goal.perDeferral === null;
}

/** Whether a goal is the fullest slot and nothing else. */
function isLoad({ perPair, perDeferral, maxLoad, minLoad, makespan }: Goal): boolean {
  return perPair === null && perDeferral === null && maxLoad === 1 && minLoad === 0 && makespan === 0;
}

/** What a plan must keep to be nearer to the bound by a share of the distance. */
function targetOf(
  { best, instance, firstGoal, chain }: OrderedWave,
  startPairs: Int32Array,
  share: number,
  bound: number,
): Pick<Selection, "rows" | "loadLimitMs"> {
  if (isLoad(firstGoal)) {
    const value = best!.values[chain.firstIndex]!;
    const most = value + share * (bound - value);
    return { loadLimitMs: instance.loadLimitMs.map((limit) => Math.min(limit, most)) };
  }
  const form = startPairs.reduce((sum, pair) => sum + (pair === DEFERRED ? 0 : firstGoal.perPair![pair]!), 0);
  return { rows: [rowOf(firstGoal, form + share * (bound - form))] };
}
