import { isLinear } from "../../../models/index.js";
import { hasUrgency, urgentExchangeSteps } from "../search/urgent-exchange.js";
import { runInSlices } from "../threads/slices.js";
import type { ChainOutcome } from "./chain-outcome.js";
import type { Session } from "./session.js";

/**
 * Among equals the more urgent task: the last pass over a plan, which keeps every goal reached. It may use the time kept for the
 * closing work; where a clock or a signal ends it, the plan may still leave out an urgent task for an equal one.
 */
export async function placeUrgentFirst(session: Session, outcome: ChainOutcome): Promise<ChainOutcome> {
  const { instance, plan, steps, goals } = outcome;
  // Where tasks wait for more than their slot, an exchange moves others in time: not a matter of this pass.
  if (plan === null || instance.timing !== null || !hasUrgency(instance) || !goals.every(isLinear)) return outcome;
  const { budget } = session;
  const since = session.context.clock();
  const reached = steps.map(({ goal }) => goal);
  const exchanged = await runInSlices(
    urgentExchangeSteps(instance, reached, plan, () => budget.closingLimit() !== null),
  );
  const { assignment, numExchanges, wasStopped } = exchanged;
  if (numExchanges === 0 && !wasStopped) return outcome;
  session.record(
    {
      ...{ stage: "urgency", solver: "greedy", termination: "feasible" },
      limit: wasStopped ? budget.closingLimit() : null,
      note: `${numExchanges} deferred tasks placed for less urgent ones`,
    },
    since,
  );
  const kept = steps.map((step) => ({ ...step, value: step.goal.evaluate(assignment) }));
  return { ...outcome, plan: assignment, steps: kept };
}
