import { type Assignment, formOnPairs, type Instance, keepPairs } from "../../../models/index.js";
import { OPTIMALITY_TOLERANCE } from "../bounds/gap.js";
import type { GoalBound } from "../bounds/goal-bound.js";
import { AT_ONCE, type Share, SHARES } from "../budget/budget.js";
import { type ExactOutcome, endWith, readExact, solveExactly } from "./exact-stage.js";
import { mayAskHighs } from "./reach.js";
import type { GoalTurn, Verdict } from "./turn.js";

/** Pairs of the first core for each task on average, and how many of its best each task keeps at least. Measured. */
const CORE = { pairsPerTask: 8, leastOfTask: 3, mostOfPairs: 0.5 } as const;
/** With more than this share of the pairs a core is as good as the whole. */
const MOST_OF_CORE = 0.75;
/** A core that no plan keeps to is followed by one so many times as large. */
const GROWTH = 2;

/** Whether HiGHS looks at a core: rows that the engine only prices are in play. */
export function hasCore({ session, instance, place, relaxed }: GoalTurn): boolean {
  return place === "first" && relaxed !== null && mayAskHighs(session, instance);
}

/** What HiGHS may take for a core. */
export function coreShare({ record }: GoalTurn): Share {
  return record.plan === null ? SHARES.coreWithoutPlan : SHARES.core;
}

/** Whether the engine looks for a moment before that. */
export function isTriedAtOnce(turn: GoalTurn): boolean {
  return hasCore(turn) && turn.instance.numPairs <= AT_ONCE.pairs;
}

/**
 * HiGHS on the pairs that matter: those whose task, given to them, raises the Lagrangian bound least (a core: Balas, Zemel, Operations
 * Research 28, 1980). A plan with a pair outside is no better than the bound with that pair's reduced cost on top. Where no plan keeps to the core, a larger
 * one follows. The best plan of a core is the best of all where every pair that may be in a better one is inside; else those pairs are put to HiGHS.
 */
export async function askOnCore(turn: GoalTurn, share: Share): Promise<Verdict> {
  const { instance, session } = turn;
  const costs = reducedCosts(instance, turn.relaxed!);
  const first = Math.min(CORE.pairsPerTask * instance.numTasks, CORE.mostOfPairs * instance.numPairs);
  for (let size = first; size < instance.numPairs && session.budget.struckLimit() === null; size *= GROWTH) {
    const core = chooseCore(instance, costs, size);
    if (core.length > MOST_OF_CORE * instance.numPairs) return "open";
    const outcome = await solveOnPairs(turn, core, share);
    if (outcome.status === "infeasible") continue;
    if (readExact(turn, outcome) !== "search") return "open";
    const inPlay = pairsInPlay(turn, costs);
    return isSubset(inPlay, core) ? "search" : askAgain(turn, inPlay, share);
  }
  return "open";
}

async function askAgain(turn: GoalTurn, inPlay: readonly number[], share: Share): Promise<Verdict> {
  const outcome = await solveOnPairs(turn, inPlay, share, turn.record.plan);
  return readExact(turn, outcome) === "search" ? "search" : "open";
}

/** HiGHS where the engine priced rows and left the goal open, on the pairs that may be in a better plan than the one known. */
export async function askHighs(turn: GoalTurn, share: Share): Promise<Verdict> {
  const { instance, record, relaxed } = turn;
  const isReduced = relaxed !== null && record.plan !== null;
  const pairs = isReduced ? pairsInPlay(turn, reducedCosts(instance, relaxed)) : [...instance.busyMs.keys()];
  const outcome = await solveOnPairs(turn, pairs, share, record.plan);
  return endWith(turn, outcome);
}

/** The pairs that may be in a plan better than the one known, ascending. O(pairs). */
function pairsInPlay({ goal, record }: GoalTurn, { bound, raise }: ReducedCosts): number[] {
  const value = goal.evaluate(record.plan!);
  const most = goal.sense === "min" ? value : -value;
  return [...raise.keys()].filter((pair) => bound + raise[pair]! < most);
}

/** Whether all of some pairs are among others; both ascend. */
function isSubset(some: readonly number[], others: readonly number[]): boolean {
  let k = 0;
  return some.every((pair) => {
    while (k < others.length && others[k]! < pair) k++;
    return others[k] === pair;
  });
}

/** The program of one goal over these pairs, put to HiGHS. @param incumbent a plan over them */
function solveOnPairs(
  { session, instance, model, goal, place, record }: GoalTurn,
  pairs: readonly number[],
  share: Share,
  incumbent: Assignment | null = null,
): Promise<ExactOutcome> {
  const selected = keepPairs(instance, pairs);
  const onPairs = {
    goal: formOnPairs(selected, goal, pairs),
    settled: record.steps.map((step) => ({ goal: formOnPairs(selected, step.goal, pairs), value: step.value })),
  };
  return solveExactly(session, [session.solvers.highs], {
    ...{ instance: selected, ...onPairs, incumbent, share },
    built: model.build(selected, onPairs),
    gap: place === "first" ? session.options.gap : 0,
    ...(pairs.length < instance.numPairs && { about: `${pairs.length} of ${instance.numPairs} pairs, ` }),
  });
}

interface ReducedCosts {
  /** The Lagrangian bound on the minimised goal, less its rounding. */
  readonly bound: number;
  /** What each pair adds to it when its task is given to it, at least 0. */
  readonly raise: Float64Array;
}

function reducedCosts({ numTasks, numPairs, pairStart }: Instance, { prices }: GoalBound): ReducedCosts {
  const { pairPrices, deferralPrices, base } = prices;
  const raise = new Float64Array(numPairs);
  let [sum, scale] = [base, Math.abs(base)];
  for (let task = 0; task < numTasks; task++) {
    let least = deferralPrices[task]!;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) least = Math.min(least, pairPrices[pair]!);
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) raise[pair] = pairPrices[pair]! - least;
    sum += least;
    scale += Math.abs(least);
  }
  return { bound: sum - OPTIMALITY_TOLERANCE * Math.max(1, scale), raise };
}

/** About so many pairs of least reduced cost, ascending, and the best of every task. O(pairs · log pairs). */
function chooseCore({ numTasks, numPairs, pairStart }: Instance, { raise }: ReducedCosts, numWanted: number): number[] {
  const level = raise.slice().sort()[Math.min(numWanted, numPairs) - 1] ?? 0;
  const core: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    const ofTask = raise.subarray(pairStart[task]!, pairStart[task + 1]!);
    const leastLevel = ofTask.slice().sort()[Math.min(CORE.leastOfTask, ofTask.length) - 1] ?? 0;
    ofTask.forEach((cost, k) => {
      if (cost <= Math.max(level, leastLevel)) core.push(pairStart[task]! + k);
    });
  }
  return core;
}
