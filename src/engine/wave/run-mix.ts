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
import { boundOfParts, type SingleBound, withMixBound } from "./mix-bound.js";
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
  const prepared = await prepare(session, instance, weights, given);
  const { parts, model, candidates, first } = prepared;
  const { budget } = session;
  let outcome = first ?? (await runChain(session, instance, model, { withSecond: true, candidates }));
  outcome = boundByParts(session, prepared, outcome);
  while (isCutShort(session, outcome)) {
    const before = budget.movesUsed;
    budget.effort *= GROWTH;
    const known = [outcome.plan!];
    const later = await runChain(session, instance, model, { withSecond: true, candidates: known });
    outcome = boundByParts(session, prepared, stronger(outcome, later));
    if (budget.movesUsed === before) break;
  }
  budget.effort = 1;
  return { outcome, model, parts };
}

interface Prepared {
  readonly parts: readonly MixPart[];
  readonly model: StrategyModel;
  readonly candidates: readonly Assignment[];
  readonly bounds: readonly (SingleBound | null)[];
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
  if (payoff.parts !== null) return prepared(payoff.parts, payoff.plans, payoff.bounds);
  const first = await runChain(session, instance, mixModel([]));
  if (first.plan === null) return { ...prepared([], []), first };
  return prepared(tabulate(instance, weights, [first.plan]), [first.plan]);
}

function prepared(
  parts: readonly MixPart[],
  candidates: readonly Assignment[],
  bounds: readonly (SingleBound | null)[] = [],
): Prepared {
  return { parts, model: mixModel(parts), candidates, bounds, first: null };
}

/** The outcome with the bound that those of the single goals add up to, where it is better than what the mix has. */
function boundByParts(session: Session, { parts, bounds }: Prepared, outcome: ChainOutcome): ChainOutcome {
  if (bounds.length === 0 || outcome.plan === null) return outcome;
  const since = session.context.clock();
  const bound = boundOfParts(parts, bounds, outcome.plan);
  if (bound === null) return outcome;
  const better = withMixBound(outcome, bound);
  if (better === outcome) return outcome;
  const { goals, firstIndex, plan, steps } = better;
  const goal = goals[firstIndex]!;
  session.report("bound", goal.name, { bound });
  const isMet = steps[firstIndex]?.proof !== null;
  session.record(
    {
      ...{ stage: "bounds of the single goals", solver: "engine", termination: isMet ? "optimal" : "feasible" },
      ...{ value: goal.evaluate(plan!), bound, note: "weighted as in the mix" },
    },
    since,
  );
  return better;
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
