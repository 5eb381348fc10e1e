import {
  type Assignment,
  compareGoals,
  type Instance,
  mixModel,
  type MixPart,
  type StrategyModel,
} from "../../../models/index.js";
import type { GoalWeights } from "../../domain/index.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import type { Session } from "../goals/session.js";
import { buildPayoff, tabulate } from "./mix-payoff.js";
import { runChain } from "./run-chain.js";

/** Effort of each further round, relative to the one before. */
const GROWTH = 2;

export interface MixOutcome {
  readonly outcome: ChainOutcome;
  readonly model: StrategyModel;
  readonly parts: readonly MixPart[];
}

/**
 * Plans a wave for a mix: the payoff table, then the weighted sum, from the plans of the table on. Where a clock ended a part of that
 * before its work was done, the time that is left goes to further rounds from the best plan.
 *
 * @param given feasible plans known already
 */
export async function runMix(
  session: Session,
  instance: Instance,
  weights: GoalWeights,
  given: readonly Assignment[] = [],
): Promise<MixOutcome> {
  const { parts, model, candidates, first } = await prepare(session, instance, weights, given);
  const { budget } = session;
  let outcome = first ?? (await runChain(session, instance, model, { withSecond: true, candidates }));
  while (isCutShort(session, outcome)) {
    const before = budget.movesUsed;
    budget.effort *= GROWTH;
    const known = [outcome.plan!];
    outcome = stronger(outcome, await runChain(session, instance, model, { withSecond: true, candidates: known }));
    if (budget.movesUsed === before) break;
  }
  budget.effort = 1;
  return { outcome, model, parts };
}

interface Prepared {
  readonly parts: readonly MixPart[];
  readonly model: StrategyModel;
  readonly candidates: readonly Assignment[];
  /** Where no plan is known: the last word. */
  readonly first: ChainOutcome | null;
}

/** The table of the single goals; where one of these has no plan, that of any plan; where there is none, an empty table. */
async function prepare(
  session: Session,
  instance: Instance,
  weights: GoalWeights,
  given: readonly Assignment[],
): Promise<Prepared> {
  const payoff = await buildPayoff(session, instance, weights, given);
  if (payoff.parts !== null) return prepared(payoff.parts, payoff.plans);
  const first = await runChain(session, instance, mixModel([]));
  if (first.plan === null) return { ...prepared([], []), first };
  return prepared(tabulate(instance, weights, [first.plan]), [first.plan]);
}

function prepared(parts: readonly MixPart[], candidates: readonly Assignment[]): Prepared {
  return { parts, model: mixModel(parts), candidates, first: null };
}

/** Whether a share of the time ended something although time and moves are left. */
function isCutShort({ budget }: Session, { plan, isInfeasible, limit }: ChainOutcome): boolean {
  const isOpen = plan !== null && !isInfeasible && (limit === "work" || limit === "time");
  return isOpen && budget.endedByClock && budget.struckLimit() === null && budget.movesLeft() > 0;
}

/** The later outcome, which is no worse, with the better of both bounds where these are of the same plans. */
function stronger(earlier: ChainOutcome, later: ChainOutcome): ChainOutcome {
  const { goals, firstIndex, plan } = later;
  if (earlier.bound === null || plan === null) return later;
  const before = goals.slice(0, firstIndex);
  const valuesOf = (one: Assignment): number[] => before.map((goal) => goal.evaluate(one));
  const isWeaker = later.bound !== null && later.bound >= earlier.bound;
  if (isWeaker || compareGoals(before, valuesOf(plan), valuesOf(earlier.plan!)) !== 0) return later;
  return { ...later, bound: earlier.bound, boundBy: earlier.boundBy, certificate: earlier.certificate };
}
