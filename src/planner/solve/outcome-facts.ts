import type { ChainOutcome, Session } from "../../engine/index.js";
import type { Limit, Termination } from "../../domain/index.js";

/** `optimal` speaks of the goals up to the first. */
export function terminationOf({ plan, isInfeasible, steps, firstIndex }: ChainOutcome): Termination {
  if (isInfeasible) return "infeasible";
  if (plan === null) return "no_solution";
  return steps.slice(0, firstIndex + 1).every(({ proof }) => proof !== null) ? "optimal" : "feasible";
}

/** Where a clock ended any part of the search, more work might have been done: the limit is then the clock's. */
export function limitOf({ budget }: Session, { limit }: ChainOutcome, termination: Termination): Limit | null {
  if (termination !== "feasible" && termination !== "no_solution") return null;
  return limit === "work" && budget.endedByClock ? (budget.struckLimit() ?? "time") : limit;
}

/** Bound on the first goal. An exhausted search proves its own optimum; otherwise the best bound says how far off the value can be. */
export function boundOf({ steps, firstIndex, bound }: ChainOutcome, termination: Termination): number | null {
  const first = steps[firstIndex];
  if (first === undefined) return null;
  return termination === "optimal" && first.proof === "search" ? first.value : bound;
}

/** Whether a certificate alone proves the bound, or a search; null where there is no bound. */
export function boundBy(
  { goals, firstIndex }: ChainOutcome,
  bound: number | null,
  certificate: { readonly bound: number } | null,
): "certificate" | "search" | null {
  if (bound === null) return null;
  if (certificate === null) return "search";
  const isMin = goals[firstIndex]!.sense === "min";
  return (isMin ? certificate.bound >= bound : certificate.bound <= bound) ? "certificate" : "search";
}
