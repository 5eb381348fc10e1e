import {
  type Assignment,
  deferralGoal,
  type Goal,
  type Instance,
  isTimed,
  numDeferred,
} from "../../../models/index.js";
import type { PairPreference } from "../search/construct.js";
import { type SearchOptions, type SearchOutcome, searchSteps } from "../search/search.js";
import { runInSlices } from "../threads/slices.js";
import type { Session } from "./session.js";

/** Moves a search may evaluate: for each eligible pair, and at most in all, so that large waves end in time too. */
export interface SearchEffort {
  readonly stage: string;
  readonly movesPerPair: number;
  readonly maxMoves: number;
  /** Share of the work that is left. */
  readonly workShare: number;
}

/** A first look, before bounds and exact solvers. */
export const QUICK_SEARCH: SearchEffort = {
  stage: "quick search",
  movesPerPair: 12,
  maxMoves: 300_000,
  workShare: 0.2,
};
/** Where no exact solver will follow. Measured: about 1.5 µs a move. */
export const FULL_SEARCH: SearchEffort = { stage: "search", movesPerPair: 400, maxMoves: 1_500_000, workShare: 0.8 };
/** After the first goal is settled: what its ties leave to the second. */
export const TIE_SEARCH: SearchEffort = { stage: "ties", movesPerPair: 100, maxMoves: 400_000, workShare: 1 };
/** Share of a search that looks at the goals up to the first only; the rest breaks their ties by the second. */
const FIRST_GOAL_SHARE = 0.75;

export interface WaveSearch {
  readonly goals: readonly Goal[];
  readonly firstIndex: number;
  readonly preferences: readonly PairPreference[];
  /** A feasible plan to start from. */
  readonly start: Assignment | null;
}

/** Searches, records the attempt and gives the plan, or null where deferral is forbidden and some task found no place. */
export async function searchWave(
  session: Session,
  instance: Instance,
  search: WaveSearch,
  { stage, movesPerPair, maxMoves, workShare }: SearchEffort,
): Promise<Assignment | null> {
  const since = session.context.clock();
  session.report("stage", stage);
  const isForbidden = instance.deferral.kind === "forbidden";
  const zero = isForbidden ? [deferralGoal(instance)] : [];
  const workLimit = Math.min(
    Math.ceil(workShare * session.unitsLeft()),
    session.effort * Math.min(movesPerPair * instance.numPairs, maxMoves),
  );
  const common = {
    seed: session.options.seed,
    shouldStop: () => session.struckLimit() !== null,
    onIncumbent: (_plan: Assignment, values: readonly number[]) => {
      const isComplete = !isForbidden || values[0] === 0;
      if (isComplete) session.report("incumbent", stage, { value: values[zero.length + search.firstIndex]! });
    },
  };
  const look = (goals: readonly Goal[], options: SearchOptions): Promise<SearchOutcome> =>
    runInSlices(searchSteps(instance, [...zero, ...goals], options));
  const towardsFirst = await look(search.goals.slice(0, search.firstIndex + 1), {
    ...common,
    workLimit: Math.ceil(FIRST_GOAL_SHARE * workLimit),
    preferences: search.preferences,
    starts: search.start === null ? [] : [search.start],
  });
  const outcome = await look(search.goals, {
    ...common,
    workLimit: workLimit - towardsFirst.work,
    preferences: [],
    starts: [towardsFirst.assignment],
  });
  session.spend(towardsFirst.work + outcome.work);
  const isPlan = !isForbidden || numDeferred(outcome.assignment) === 0;
  const value = isPlan ? search.goals[search.firstIndex]!.evaluate(outcome.assignment) : null;
  session.record(
    {
      stage,
      solver: "greedy",
      termination: isPlan ? "feasible" : "no_solution",
      limit: outcome.wasStopped || towardsFirst.wasStopped ? session.struckLimit() : "work",
      value,
      note: `${towardsFirst.work + outcome.work} moves`,
    },
    since,
  );
  if (value === null) return null;
  session.report("incumbent", stage, { value });
  return outcome.assignment;
}

/** What each pair costs on a goal, minimised; its busy time where the goal speaks of times. */
export function naturalPreference(instance: Instance, goal: Goal): PairPreference {
  if (goal.perPair === null || isTimed(goal)) return instance.busyMs;
  return goal.sense === "min" ? goal.perPair : goal.perPair.map((coefficient) => -coefficient);
}
