import type { Assignment, StrategyModel } from "../../../models/index.js";
import { settleLinear } from "../goals/chain.js";
import { findPairs } from "./find-pairs.js";
import type { OrderedWave } from "./ordered-wave.js";
import { relaxOrder } from "./relax-order.js";
import { sequenceSelection } from "./sequence-plans.js";

/**
 * The goals up to the first on the instance without order, where each is its form: their bounds hold, and the plan is a proposal to sequence. Where
 * a plan of the wave defers more than the proposal, the bounds after goal zero are sought again for what it defers.
 */
export async function boundWithoutOrder(wave: OrderedWave, model: Pick<StrategyModel, "build">): Promise<void> {
  const proposal = await settleForms(wave, model, null);
  if (proposal !== null) await sequenceProposal(wave, proposal);
  const { best, chain } = wave;
  if (best === null || wave.isInfeasible || wave.boundOf(chain.firstIndex) !== null) return;
  await settleForms(wave, model, best.values.slice(0, chain.firstIndex));
}

/** The plan for the forms, after as many goals as `settled` has values; null where there is none. */
async function settleForms(
  wave: OrderedWave,
  model: Pick<StrategyModel, "build">,
  settled: readonly number[] | null,
): Promise<Assignment | null> {
  const { session, instance, chain, best } = wave;
  const goals = chain.goals.slice(0, chain.firstIndex + 1);
  const relaxed = relaxOrder(instance, { ...chain, goals });
  const steps = (settled ?? []).map((value, k) => ({ goal: relaxed.chain.goals[k]!, value, proof: null }));
  const start = settled === null || best === null ? null : { plan: best.plan, steps };
  const outer = session.prefix;
  session.prefix = `${outer}without order: `;
  const outcome = await settleLinear(session, relaxed.instance, model, relaxed.chain, { start });
  session.prefix = outer;
  session.watch(wave.firstGoal);
  if (outcome.isInfeasible) {
    if (settled === null) wave.isInfeasible = true;
    return null;
  }
  const values = outcome.steps.map(({ value }) => value);
  outcome.steps.forEach(({ value, proof }, goal) => {
    if (proof !== null) wave.prove(goal, value, values, "bound");
  });
  if (outcome.bound !== null) wave.prove(chain.firstIndex, outcome.bound, values, "bound");
  return outcome.plan;
}

/** The proposal at start times; on its own slots where a schedule is found on these alone. */
async function sequenceProposal(wave: OrderedWave, plan: Assignment): Promise<void> {
  const pairOf = findPairs(wave.instance, plan.agentOf);
  const stage = "order: proposal";
  const isFound = await sequenceSelection(wave, { pairOf }, stage);
  if (!isFound && wave.instance.slots.some((count) => count > 1)) {
    await sequenceSelection(wave, { pairOf, slotOf: plan.slotOf }, stage);
  }
}
