import type { Assignment, GoalChain, Instance, StrategyModel } from "../../../models/index.js";
import { aloneBound } from "../bounds/goal-bound.js";
import type { Share } from "../budget/budget.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import type { Session } from "../goals/session.js";
import { exhaustPlans, isForTree } from "./exhaust-plans.js";
import { improvePlans } from "./improve-plans.js";
import { improveSums, isForSums } from "./improve-sums.js";
import { runInSlices } from "../threads/slices.js";
import { planByHeft, planByTails } from "./list-schedules.js";
import { mustLeaveOut } from "./must-leave-out.js";
import { OrderedWave } from "./ordered-wave.js";
import { boundWithoutOrder } from "./bound-without-order.js";
import { climbUnderDeadlines, isForClimbs } from "./climb.js";
import { placeMore } from "./place-more.js";
import { isForContents, sequenceContents } from "./sequence-contents.js";
import { isForRounds, sequenceRounds } from "./sequence-rounds.js";
import { isForPrograms, settleByPrograms } from "./settle-by-programs.js";
import {
  boundWithDeferrals,
  sequenceAll,
  sequenceBest,
  sequenceBriefly,
  sequenceOn,
  sequencePlaced,
  sequenceSettled,
} from "./sequence-plans.js";

/** Plans decoded for each task: for a first plan, and where the first goal is still open. */
const FIRST_PLANS_PER_TASK = 10;
const MORE_PLANS_PER_TASK = 200;
/** Of what is left, where bounds and other searches follow: plans of hundreds of tasks take long. */
const FIRST_PLANS_SHARE: Share = { moves: 0.25, time: 0.25 };
/** The same, for what the ties of a proven first goal leave to the goals after it. */
const TIE_PLANS_PER_TASK = 30;

/**
 * Settles the goals of a wave with timing. A first goal of times is sequenced at once; sums are planned by the chain of an instance without
 * order, whose bounds hold, and what it proposes is sequenced. Few tasks are searched exhaustively. What stays open is searched for by plans
 * that keep every row. Every stage leaves the wave a plan at least as good; the first that leaves nothing open is the last.
 */
export async function settleOrdered(
  session: Session,
  instance: Instance,
  model: Pick<StrategyModel, "build">,
  { chain, candidates = [] }: OrderedExtent,
): Promise<ChainOutcome> {
  const wave = new OrderedWave(session, instance, chain);
  session.watch(wave.firstGoal);
  for (const plan of candidates) wave.offer(plan, "order: known plans");
  for (const stage of STAGES) {
    if (wave.isOver || (wave.best !== null && wave.struckLimit !== null)) break;
    if (stage.when(wave)) await stage.run(wave, model);
  }
  await boundAtLeast(wave);
  return wave.outcome();
}

/**
 * Where no stage has proven anything of the first goal: of times what paths and loads say at once, else what a check of the result knows without a
 * proof, each task at its best.
 */
async function boundAtLeast(wave: OrderedWave): Promise<void> {
  const { best, goals, chain, firstGoal, instance, isTimedFirst } = wave;
  const isUnbounded = (): boolean => best !== null && wave.boundOf(chain.firstIndex) === null;
  if (isUnbounded() && isTimedFirst && instance.numPairs <= MAX_LISTED_PAIRS) await boundWithDeferrals(wave);
  if (best === null || !isUnbounded()) return;
  const settled = goals.slice(0, chain.firstIndex).map((goal, k) => ({ goal, value: best.values[k]! }));
  wave.prove(chain.firstIndex, aloneBound(instance, firstGoal, settled).bound, best.values, "bound");
}

interface OrderedExtent {
  readonly chain: GoalChain;
  /** Plans known already; the outcome is no worse than the best of them. Default: none. */
  readonly candidates?: readonly Assignment[] | undefined;
}

/** With more pairs list heuristics take too long before the first search. */
const MAX_LISTED_PAIRS = 50_000;
/** Tries of tasks that wait for a slot, at most: where thousands wait for one, each is tried after every other. */
const MAX_LIST_STEPS = 200_000;
const STEPS_BETWEEN_LOOKS = 64;

interface OrderedStage {
  readonly when: (wave: OrderedWave) => boolean;
  readonly run: (wave: OrderedWave, model: Pick<StrategyModel, "build">) => Promise<void>;
}

const isFirstOpen = (wave: OrderedWave): boolean => !wave.isSettled(false);

/** Whether a plan that places every task is looked for; where the first goal is of times that has been done. */
function mayPlaceAll({ isTimedFirst, placesAll, instance }: OrderedWave): boolean {
  if (isTimedFirst || placesAll) return false;
  return instance.deferral.kind === "forbidden" || !mustLeaveOut(instance);
}

/** Whether the best plan leaves out tasks that another may place, and that come first. */
function leavesOutSome(wave: OrderedWave): boolean {
  const { best, instance } = wave;
  return best !== null && instance.deferral.kind === "first" && !wave.isProven(0) && !wave.placesAll;
}

const isForLists = ({ isTimedFirst, instance }: OrderedWave): boolean =>
  isTimedFirst && instance.numPairs <= MAX_LISTED_PAIRS;

/** What list heuristics find in milliseconds: no plan is behind them. The first in any case, the second unless it takes too long. */
async function offerLists(wave: OrderedWave): Promise<void> {
  wave.offer(await runInSlices(planByHeft(wave.instance)), "order: lists");
  const plan = await runInSlices(fewSteps(planByTails(wave.instance), wave));
  if (plan !== null) wave.offer(plan, "order: lists");
}

/** The outcome of so many steps at most, where no limit strikes before; else null. */
function* fewSteps<T>(steps: Generator<void, T>, wave: OrderedWave): Generator<void, T | null> {
  for (let k = 0; k < MAX_LIST_STEPS && (k % STEPS_BETWEEN_LOOKS > 0 || wave.struckLimit === null); k++) {
    const step = steps.next();
    if (step.done) return step.value;
    yield;
  }
  return null;
}

const STAGES: readonly OrderedStage[] = [
  {
    when: ({ isTimedFirst }) => !isTimedFirst,
    run: (wave) => improvePlans(wave, "order: construct", FIRST_PLANS_PER_TASK, { share: FIRST_PLANS_SHARE }),
  },
  { when: isForLists, run: offerLists },
  { when: isForRounds, run: sequenceRounds },
  { when: isForContents, run: sequenceBriefly },
  { when: (wave) => isForContents(wave) && isFirstOpen(wave), run: sequenceContents },
  { when: (wave) => isForContents(wave) && isFirstOpen(wave), run: sequenceOn },
  { when: (wave) => wave.isTimedFirst && isFirstOpen(wave) && !isForContents(wave), run: sequenceAll },
  { when: ({ best }) => best === null, run: (wave) => improvePlans(wave, "order: construct", FIRST_PLANS_PER_TASK) },
  { when: mayPlaceAll, run: sequenceAll },
  { when: leavesOutSome, run: placeMore },
  { when: (wave) => wave.isTimedFirst && isFirstOpen(wave) && !wave.placesAll, run: boundWithDeferrals },
  { when: (wave) => wave.isTimedFirst && isFirstOpen(wave) && !wave.placesAll, run: sequencePlaced },
  { when: isForSums, run: (wave) => improveSums(wave) },
  { when: isFirstOpen, run: boundWithoutOrder },
  { when: isForPrograms, run: settleByPrograms },
  { when: isForTree, run: exhaustPlans },
  { when: (wave) => isFirstOpen(wave) && isForClimbs(wave), run: climbUnderDeadlines },
  {
    when: (wave) => isFirstOpen(wave) && !isForClimbs(wave),
    run: (wave) => improvePlans(wave, "order: search", MORE_PLANS_PER_TASK),
  },
  { when: (wave) => !isFirstOpen(wave), run: sequenceSettled },
  { when: (wave) => !isFirstOpen(wave), run: (wave) => improvePlans(wave, "order: ties", TIE_PLANS_PER_TASK) },
  { when: () => true, run: sequenceBest },
];
