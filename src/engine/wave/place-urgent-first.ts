import { changesGoal, deferralGoal, type Goal, type Instance, isLinear } from "../../../models/index.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import type { Session } from "../goals/session.js";
import { urgentReorderSteps } from "../ordered/urgent-reorder.js";
import { type ExchangeOutcome, hasUrgency, urgentExchangeSteps } from "../search/urgent-exchange.js";
import { runInSlices } from "../threads/slices.js";
import type { StayWish } from "./stay-near.js";

/**
 * Among equals the more urgent task: the last pass over a plan, which keeps every goal reached. It may use the time kept for the
 * closing work; where a limit ends it, the plan may still leave out an urgent task for an equal one, and the record says so.
 *
 * @param wish a plan to stay near: what runs goes on, and no more tasks change; null where there is none
 */
export async function placeUrgentFirst(
  session: Session,
  outcome: ChainOutcome,
  wish: StayWish | null,
): Promise<ChainOutcome> {
  const { instance, plan, steps, goals } = outcome;
  if (plan === null || !hasUrgency(instance)) return outcome;
  const { budget } = session;
  const since = session.context.clock();
  const reached = [...steps.map(({ goal }) => goal), ...goalsOfStay(instance, wish)];
  const shouldStop = (): boolean => budget.closingLimit() !== null;
  let pass: Generator<void, ExchangeOutcome>;
  if (instance.timing !== null) pass = urgentReorderSteps(instance, reached, plan, shouldStop);
  else if (goals.every(isLinear)) pass = urgentExchangeSteps(instance, reached, plan, shouldStop);
  else return outcome;
  const { assignment, numExchanges, wasStopped } = await runInSlices(pass);
  if (numExchanges === 0 && !wasStopped) return outcome;
  const rest = wasStopped ? "; not every exchange was tried" : "";
  session.record(
    {
      ...{ stage: "urgency", solver: "greedy", termination: "feasible" },
      limit: wasStopped ? (budget.closingLimit() ?? "work") : null,
      note: `${numExchanges} deferred tasks placed for less urgent ones${rest}`,
    },
    since,
  );
  const kept = steps.map((step) => ({ ...step, value: step.goal.evaluate(assignment) }));
  return { ...outcome, plan: assignment, steps: kept };
}

/** What staying near a plan came to, which is to be kept like any other goal. */
function goalsOfStay(instance: Instance, wish: StayWish | null): Goal[] {
  if (wish === null) return [];
  const { before, isRunning } = wish;
  const running = isRunning === undefined ? [] : [deferralGoal({ ...instance, weight: Float64Array.from(isRunning) })];
  return [...running, changesGoal(instance, before.agentOf)];
}
