import {
  type Assignment,
  deferralGoal,
  type GoalChain,
  type Instance,
  numDeferred,
  type StrategyModel,
} from "../../../models/index.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import type { Session } from "../goals/session.js";
import { settleLinear } from "../goals/chain.js";
import { runInSlices } from "../threads/slices.js";
import { findPairs } from "./find-pairs.js";
import { OrderedWave } from "./ordered-wave.js";
import { searchPlans } from "./plan-search.js";
import { relaxOrder } from "./relax-order.js";
import { sequenceSteps } from "./sequence-steps.js";

type Builder = Pick<StrategyModel, "build">;

/**
 * Settles the goals of a wave with timing. What time rules out is left to the sequencing of plans that other stages propose: a search that
 * knows every row, and the chain of an instance without timing, whose bounds hold.
 */
export async function settleOrdered(
  session: Session,
  instance: Instance,
  model: Builder,
  chain: GoalChain,
): Promise<ChainOutcome> {
  const wave = new OrderedWave(session, instance, chain);
  session.watch(chain.goals[chain.firstIndex]!);
  await construct(wave);
  await relax(wave, model);
  await sequence(wave);
  if (!wave.isSettled(true)) await search(wave, "order: search", SEARCHED_PLANS_PER_TASK);
  await shorten(wave);
  return wave.outcome();
}

/** Plans that the searches decode at most, for each task. */
const FIRST_PLANS_PER_TASK = 20;
const SEARCHED_PLANS_PER_TASK = 200;
/** Moves of the budget for each task of a plan that is decoded. */
const MOVES_PER_DECODED_TASK = 2;

async function construct(wave: OrderedWave): Promise<void> {
  await search(wave, "order: construct", FIRST_PLANS_PER_TASK);
}

/** A search for plans by all goals; in an instance whose tasks must all be placed, first by those that are not. */
async function search(wave: OrderedWave, stage: string, plansPerTask: number): Promise<void> {
  const { session, instance, chain, goals } = wave;
  const { budget } = session;
  const since = session.context.clock();
  session.report("stage", stage);
  const isForbidden = instance.deferral.kind === "forbidden";
  const movesPerPlan = MOVES_PER_DECODED_TASK * instance.numTasks;
  const affordable = Math.ceil(budget.movesLeft() / Math.max(1, movesPerPlan));
  let numPlans = 0;
  const steps = searchPlans(instance, isForbidden ? [deferralGoal(instance), ...goals] : goals, {
    seed: session.options.seed,
    start: wave.best?.plan ?? null,
    maxPlans: Math.min(affordable, Math.ceil(budget.effort * plansPerTask * Math.max(1, instance.numTasks))),
    shouldStop: () => budget.struckLimit() !== null,
    onPlan: ({ plan }) => void wave.offer(plan, stage),
    onDecoded: () => numPlans++,
  });
  await runInSlices(steps);
  budget.spend(numPlans * movesPerPlan);
  const value = wave.best?.values[chain.firstIndex] ?? null;
  const termination = value === null ? "no_solution" : "feasible";
  const limit = budget.struckLimit() ?? "work";
  session.record({ stage, solver: "engine", termination, limit, value, note: `${numPlans} plans` }, since);
}

/** The goals up to the first on the instance without timing: bounds, and a plan to sequence. */
async function relax(wave: OrderedWave, model: Builder): Promise<void> {
  const { session, instance, chain } = wave;
  const relaxed = relaxOrder(instance, { ...chain, goals: chain.goals.slice(0, chain.firstIndex + 1) });
  const outer = session.prefix;
  session.prefix = `${outer}without order: `;
  const outcome = await settleLinear(session, relaxed.instance, model, relaxed.chain);
  session.prefix = outer;
  session.watch(wave.firstGoal);
  if (outcome.isInfeasible) {
    wave.isInfeasible = true;
    return;
  }
  const values = outcome.steps.map(({ value }) => value);
  outcome.steps.forEach(({ value, proof }, goal) => {
    if (proof !== null) wave.prove(goal, value, values, "bound");
  });
  if (outcome.bound !== null) wave.prove(chain.firstIndex, outcome.bound, values, "bound");
  if (outcome.plan !== null) await sequencePlan(wave, outcome.plan, "order: proposal");
}

/** Moves of a sequencing that are one move of the budget. */
const SEQUENCING_MOVES_PER_MOVE = 12;
/** Moves of the budget for a sequencing of all pairs, and of a given assignment, for each task. */
const FIXED_MOVES_PER_TASK = 2_000;

/** The shortest schedule of an assignment, and of its slots where the schedule's own would break a load limit. */
async function sequencePlan(wave: OrderedWave, plan: Assignment, stage: string): Promise<void> {
  const { instance } = wave;
  const pairOf = findPairs(instance, plan.agentOf);
  const isFree = await sequenceSelection(wave, { pairOf }, stage);
  if (!isFree) await sequenceSelection(wave, { pairOf, slotOf: plan.slotOf }, stage);
}

async function sequenceSelection(
  wave: OrderedWave,
  selection: Parameters<typeof sequenceSteps>[1],
  stage: string,
): Promise<boolean> {
  const { session, instance, chain } = wave;
  const { budget } = session;
  const since = session.context.clock();
  session.report("stage", stage);
  let isTaken = false;
  const maxMoves = SEQUENCING_MOVES_PER_MOVE * Math.min(budget.movesLeft(), FIXED_MOVES_PER_TASK * instance.numTasks);
  const { numMoves, boundMs, plan } = await runInSlices(
    sequenceSteps(instance, selection, {
      seed: session.options.seed,
      maxMoves,
      shouldStop: () => budget.struckLimit() !== null,
      onPlan: (found) => (isTaken = wave.offer(found, stage) || isTaken),
    }),
  );
  budget.spend(numMoves / SEQUENCING_MOVES_PER_MOVE);
  const value = wave.best?.values[chain.firstIndex] ?? null;
  const note = plan === null ? `no schedule in ${numMoves} moves` : `${numMoves} moves, bound ${boundMs}`;
  const termination = plan === null ? "no_solution" : "feasible";
  session.record({ stage, solver: "engine", termination, limit: "work", value, note }, since);
  return isTaken;
}

/** All pairs together, where the goals ask for an early end or deadlines for an order: the bound holds for every plan that places all. */
async function sequence(wave: OrderedWave): Promise<void> {
  const { session, instance, chain } = wave;
  const { budget } = session;
  const stage = "order: sequence";
  const makespanAt = chain.goals.findIndex(({ makespan, perPair }) => makespan === 1 && perPair === null);
  const isTimedFirst = makespanAt >= 0 && makespanAt <= chain.firstIndex;
  if (wave.isSettled(false) && !isTimedFirst) return;
  const since = session.context.clock();
  session.report("stage", stage);
  const share = isTimedFirst ? 0.6 : 0.2;
  const { numMoves, boundMs, plan } = await runInSlices(
    sequenceSteps(
      instance,
      { pairOf: "any" },
      {
        seed: session.options.seed,
        maxMoves: SEQUENCING_MOVES_PER_MOVE * Math.ceil(share * budget.effort * budget.movesLeft()),
        shouldStop: () => budget.struckLimit() !== null,
        onPlan: (found) => void wave.offer(found, stage),
      },
    ),
  );
  budget.spend(numMoves / SEQUENCING_MOVES_PER_MOVE);
  const value = wave.best?.values[chain.firstIndex] ?? null;
  if (boundMs === Infinity && instance.deferral.kind === "forbidden" && numUnplaceable(instance) === 0) {
    wave.isInfeasible = true;
  }
  // Where deferral has a price, a plan that defers more may be better.
  if (Number.isFinite(boundMs) && makespanAt >= 0 && wave.placesAll && instance.deferral.kind !== "priced") {
    const settled = wave.best!.values;
    wave.prove(makespanAt, boundMs, settled, "search");
  }
  const isMet = wave.isSettled(false);
  const termination = wave.isInfeasible ? "infeasible" : plan === null ? "no_solution" : isMet ? "optimal" : "feasible";
  const limit = termination === "optimal" || termination === "infeasible" ? null : (budget.struckLimit() ?? "work");
  const bound = Number.isFinite(boundMs) ? boundMs : null;
  session.record(
    {
      stage,
      solver: "engine",
      termination,
      limit,
      value,
      bound: isTimedFirst ? bound : null,
      note: `${numMoves} moves`,
    },
    since,
  );
}

function numUnplaceable({ numTasks, pairStart }: Instance): number {
  let count = 0;
  for (let task = 0; task < numTasks; task++) if (pairStart[task] === pairStart[task + 1]) count++;
  return count;
}

/** The shortest schedule of the best plan's assignment. */
async function shorten(wave: OrderedWave): Promise<void> {
  if (wave.best === null || wave.isSettled(true)) return;
  if (numDeferred(wave.best.plan) === wave.instance.numTasks) return;
  await sequencePlan(wave, wave.best.plan, "order: shorten");
}
