import type { ChainOutcome, Session } from "../../engine/index.js";
import type { BoundBy, Limit, Termination } from "../../domain/index.js";

/** `optimal` speaks of the goals up to the first. */
export function terminationOf({ plan, isInfeasible, steps, firstIndex }: ChainOutcome): Termination {
  if (isInfeasible) return "infeasible";
  if (plan === null) return "no_solution";
  return steps.slice(0, firstIndex + 1).every(({ proof }) => proof !== null) ? "optimal" : "feasible";
}

/** The limit that ended the search. A part that its share of the time ended was not the search: then the work ended that. */
export function limitOf({ budget }: Session, { limit }: ChainOutcome, termination: Termination): Limit | null {
  if (termination !== "feasible" && termination !== "no_solution") return null;
  return limit === "work" || limit === "time" ? budget.endOfSearch() : limit;
}

/** Bound on the first goal. An exhausted search proves its own optimum; otherwise the best bound says how far off the value can be. */
export function boundOf({ steps, firstIndex, bound }: ChainOutcome, termination: Termination): number | null {
  const first = steps[firstIndex];
  if (first === undefined) return null;
  return termination === "optimal" && first.proof === "search" ? first.value : bound;
}

/** Whether a certificate alone proves the bound, a search, or a relaxation; null where there is no bound. */
export function boundBy(
  { goals, firstIndex, boundBy: source }: ChainOutcome,
  bound: number | null,
  certificate: { readonly bound: number } | null,
): BoundBy | null {
  if (bound === null) return null;
  const isMin = goals[firstIndex]!.sense === "min";
  const isCertified = certificate !== null && (isMin ? certificate.bound >= bound : certificate.bound <= bound);
  return isCertified ? "certificate" : (source ?? "search");
}
