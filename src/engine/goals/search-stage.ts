import { countOf } from "../../domain/index.js";
import {
  type Assignment,
  deferralGoal,
  type Goal,
  type Instance,
  isMixed,
  isTimed,
  numDeferred,
} from "../../../models/index.js";
import { type Share, SHARES } from "../budget/budget.js";
import type { PairPreference } from "../search/construct.js";
import { type SearchOptions, type SearchOutcome, searchSteps } from "../search/search.js";
import { runInSlices } from "../threads/slices.js";
import { describeReach } from "./reach.js";
import { relaxationBound } from "./relaxation-stage.js";
import type { GoalTurn, Verdict, WaveTurn } from "./turn.js";

/** Moves a search may make: for each eligible pair, and at most in all, so that large waves end in time too. */
interface SearchEffort {
  readonly stage: string;
  readonly movesPerPair: number;
  readonly maxMoves: number;
}

/** A first look, before bounds and exact solvers. */
const QUICK_SEARCH: SearchEffort = { stage: "quick search", movesPerPair: 12, maxMoves: 300_000 };
/** Where no exact solver will follow. */
const FULL_SEARCH: SearchEffort = { stage: "search", movesPerPair: 400, maxMoves: 1_500_000 };
/** The same for sums with one time, before they are solved under limits of it; both find little by themselves that this does not. Measured. */
const MIXED_SEARCH: SearchEffort = { ...FULL_SEARCH, movesPerPair: 1_600 };
/** After the first goal is settled: what its ties leave to the second. */
const TIE_SEARCH: SearchEffort = { stage: "ties", movesPerPair: 100, maxMoves: 400_000 };

/** A first plan, from constructions by the first goal and by busy time. */
export async function searchQuickly(turn: WaveTurn, share: Share): Promise<Verdict> {
  const { instance } = turn;
  await search(turn, QUICK_SEARCH, share, [naturalPreference(instance, firstGoal(turn)), instance.busyMs]);
  return "open";
}

/** A longer search, guided by the prices of the first goal's relaxation. */
export async function searchFully(turn: WaveTurn, share: Share): Promise<Verdict> {
  const { session, instance, chain, record } = turn;
  const { goals, firstIndex } = chain;
  const settle = (plan: Assignment) => (goal: Goal) => ({ goal, value: goal.evaluate(plan) });
  const before = record.plan === null ? [] : goals.slice(0, firstIndex).map(settle(record.plan));
  const relaxed = await relaxationBound(session, instance, firstGoal(turn), before);
  turn.searchedWith = { before: before.map(({ value }) => value), relaxed };
  const { prices, shares } = relaxed;
  const wanted = shares === null ? [] : [shares.map((part) => -part)];
  const natural = naturalPreference(instance, firstGoal(turn));
  await search(turn, isMixed(firstGoal(turn)) ? MIXED_SEARCH : FULL_SEARCH, share, [
    ...wanted,
    prices.pairPrices,
    natural,
  ]);
  return "open";
}

/** Where no exact solver is asked: `auto` says why, and ties of the first goal are searched for the second. */
export async function leaveOpen(turn: GoalTurn, share: Share): Promise<Verdict> {
  const { session, place, record } = turn;
  recordLeftOut(turn);
  if (place !== "after") record.limit ??= session.budget.struckLimit() ?? "work";
  else if (session.budget.struckLimit() === null) await search(turn, TIE_SEARCH, share, []);
  return "over";
}

function recordLeftOut({ session, instance, model, goal, record }: GoalTurn): void {
  if (session.options.solver !== "auto" || session.budget.struckLimit() !== null) return;
  const reach = describeReach(instance, () => model.build(instance, { goal, settled: record.steps }).program);
  const note = `left out: ${reach}`;
  const attempt = { stage: goal.name, solver: "glpk", termination: "no_solution", limit: "work", note } as const;
  session.record(attempt, session.context.clock());
}

/** Searches and records the attempt; keeps the plan where deferral is allowed or every task found a place. */
async function search(
  turn: WaveTurn,
  { stage, movesPerPair, maxMoves }: SearchEffort,
  share: Share,
  preferences: readonly PairPreference[],
): Promise<void> {
  const { session, instance, chain, record } = turn;
  const { budget } = session;
  const since = session.context.clock();
  session.report("stage", stage);
  const isForbidden = instance.deferral.kind === "forbidden";
  const zero = isForbidden ? [deferralGoal(instance)] : [];
  const workLimit = Math.min(
    Math.ceil(share.moves * budget.movesLeft()),
    budget.effort * Math.min(movesPerPair * instance.numPairs, maxMoves),
  );
  const common = {
    seed: session.options.seed,
    shouldStop: () => budget.struckLimit() !== null,
    onIncumbent: (_plan: Assignment, values: readonly number[]) => {
      const isComplete = !isForbidden || values[0] === 0;
      if (isComplete) session.report("incumbent", stage, { value: values[zero.length + chain.firstIndex]! });
    },
  };
  const look = (goals: readonly Goal[], options: SearchOptions): Promise<SearchOutcome> =>
    runInSlices(searchSteps(instance, [...zero, ...goals], options));
  const towardsFirst = await look(chain.goals.slice(0, chain.firstIndex + 1), {
    ...common,
    workLimit: Math.ceil(SHARES.firstGoalOfSearch * workLimit),
    preferences,
    starts: record.plan === null ? [] : [record.plan],
  });
  const outcome = await look(chain.goals, {
    ...common,
    workLimit: workLimit - towardsFirst.work,
    preferences: [],
    starts: [towardsFirst.assignment],
  });
  const moves = towardsFirst.work + outcome.work;
  budget.spend(moves);
  const isPlan = !isForbidden || numDeferred(outcome.assignment) === 0;
  const value = isPlan ? firstGoal(turn).evaluate(outcome.assignment) : null;
  const limit = outcome.wasStopped || towardsFirst.wasStopped ? budget.struckLimit() : "work";
  const termination = isPlan ? "feasible" : "no_solution";
  session.record({ stage, solver: "greedy", termination, limit, value, note: countOf(moves, "move") }, since);
  if (value === null) return;
  session.report("incumbent", stage, { value });
  record.plan = outcome.assignment;
}

function firstGoal({ chain }: WaveTurn): Goal {
  return chain.goals[chain.firstIndex]!;
}

/** What each pair costs on a goal, minimised; its busy time where the goal speaks of times. */
function naturalPreference(instance: Instance, goal: Goal): PairPreference {
  if (goal.perPair === null || isTimed(goal)) return instance.busyMs;
  return goal.sense === "min" ? goal.perPair : goal.perPair.map((coefficient) => -coefficient);
}
