import { type Assignment, type Goal, isLinear, isMixed, type StrategyModel } from "../../../models/index.js";
import { SHARES } from "../budget/budget.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import { settleLinear } from "../goals/chain.js";
import { findPairs } from "./find-pairs.js";
import type { OrderedWave } from "./ordered-wave.js";
import { areBounding, lastAbsenceMs, relaxOrder } from "./relax-order.js";
import { sequenceSelection } from "./sequence-plans.js";

/**
 * The goals up to the first, and loads after it, on the instance without order, where each is its form: their bounds hold, and the plan is a
 * proposal to sequence. Where a plan of the wave defers more than the proposal, the bounds after goal zero are sought again for what it defers.
 */
export async function boundWithoutOrder(wave: OrderedWave, model: Pick<StrategyModel, "build">): Promise<void> {
  const proposal = await settleForms(wave, model, null);
  if (proposal !== null) await sequenceProposal(wave, proposal);
  if (wave.best !== null && !wave.isInfeasible && wave.boundOf(wave.chain.firstIndex) === null)
    await boundAgain(wave, model);
}

/** A bound on the first goal for plans that are as good as the best one on the goals before it. */
export async function boundAgain(wave: OrderedWave, model: Pick<StrategyModel, "build">): Promise<void> {
  await settleForms(wave, model, wave.best!.values.slice(0, wave.chain.firstIndex));
}

/** The plan for the forms, after as many goals as `settled` has values; null where there is none. */
async function settleForms(
  wave: OrderedWave,
  model: Pick<StrategyModel, "build">,
  settled: readonly number[] | null,
): Promise<Assignment | null> {
  const { session, instance, chain, best } = wave;
  const goals = goalsWithoutOrder(wave);
  const relaxed = relaxOrder(instance, { ...chain, goals }, endsBehindAbsences(wave));
  const steps = (settled ?? []).map((value, k) => ({ goal: relaxed.chain.goals[k]!, value, proof: null }));
  const start = best === null ? null : { plan: best.plan, steps };
  const outer = session.prefix;
  session.prefix = `${outer}without order: `;
  const giveFree = session.budget.holdBack(isMixed(wave.firstGoal) ? SHARES.keptForMixedOrder : SHARES.keptForOrder);
  const outcome = await settleLinear(session, relaxed.instance, model, relaxed.chain, { start });
  giveFree();
  session.prefix = outer;
  session.watch(wave.firstGoal);
  if (outcome.isInfeasible) {
    if (settled === null) wave.isInfeasible = true;
    return null;
  }
  const values = outcome.steps.map(({ value }) => value);
  const hasAllPairs = relaxed.instance.numPairs === instance.numPairs;
  outcome.steps.forEach(({ goal, value, proof }, k) => {
    // Which agents count for the least load depends on the pairs.
    const isBound = areBounding(chain.goals.slice(0, k + 1)) && (goal.minLoad === 0 || hasAllPairs);
    if (!isBound) return;
    if (proof === "search" || (proof === "bound" && k !== chain.firstIndex)) wave.prove(k, value, values, proof);
    if (k !== chain.firstIndex || outcome.bound === null) return;
    const by = isBySearch(wave.firstGoal, outcome) ? "search" : "bound";
    wave.prove(k, outcome.bound, values, by, outcome.certificate);
  });
  return outcome.plan;
}

/** Whether the makespan is the first goal, and known to lie behind all absences. */
function endsBehindAbsences(wave: OrderedWave): boolean {
  const bound = wave.isTimedFirst && wave.placesAll ? wave.boundOf(wave.chain.firstIndex) : null;
  return bound !== null && bound.bound >= lastAbsenceMs(wave.instance);
}

/** Whether the bound is stronger than what the multipliers of the relaxation prove. */
function isBySearch({ sense }: Goal, { bound, certificate }: ChainOutcome): boolean {
  if (bound === null || certificate === null) return true;
  return sense === "min" ? certificate.bound < bound : certificate.bound > bound;
}

/** Goals after the first are of use here where all before them are their forms, and none asks for an end. */
function goalsWithoutOrder({ chain, goals }: OrderedWave): readonly Goal[] {
  const upToFirst = goals.slice(0, chain.firstIndex + 1);
  const isEnd = ({ makespan }: Goal): boolean => makespan !== 0;
  if (!upToFirst.every(isLinear) || upToFirst.some(isEnd)) return upToFirst;
  const end = goals.findIndex((goal) => isEnd(goal) || !isLinear(goal));
  return end < 0 ? goals : goals.slice(0, end);
}

/** The proposal at start times, on any slots of its agents; on its own where goals are of loads, or a schedule is found on these alone. */
async function sequenceProposal(wave: OrderedWave, plan: Assignment): Promise<void> {
  const { instance, goals } = wave;
  const pairOf = findPairs(instance, plan.agentOf);
  const stage = "order: proposal";
  const isOfLoads = goals.some(({ maxLoad, minLoad }) => maxLoad !== 0 || minLoad !== 0);
  const isFound = !isOfLoads && (await sequenceSelection(wave, { pairOf }, stage));
  if (!isFound && (isOfLoads || instance.slots.some((count) => count > 1))) {
    await sequenceSelection(wave, { pairOf, slotOf: plan.slotOf }, stage);
  }
}
