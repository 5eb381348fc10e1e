import { goalChain, type Instance, type StrategyModel } from "../../../models/index.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import { type ChainExtent, settleChain } from "../goals/chain.js";
import type { Session } from "../goals/session.js";
import { settleOrdered } from "../ordered/settle-ordered.js";

/** Plans a wave for the goals of a strategy; where the order of tasks binds, with start times. */
export function runChain(
  session: Session,
  instance: Instance,
  model: StrategyModel,
  extent: ChainExtent = { withSecond: true },
): Promise<ChainOutcome> {
  const chain = goalChain(instance, model, extent);
  if (instance.timing !== null)
    return settleOrdered(session, instance, model, { chain, candidates: extent.candidates });
  return settleChain(session, instance, model, chain, extent);
}
