import type { ResultDocument } from "../../domain/index.js";

/** What a sound result states beyond what can be recomputed from the problem, by name. */
export function listUnchecked(result: ResultDocument, isPlanBeforeKnown: boolean): string[] {
  const { objective, conflict } = result;
  const names: readonly (readonly [string, boolean])[] = [
    ["termination: infeasible by search", result.termination === "infeasible"],
    ["conflict: that its parts clash, that it is minimal, and its explanation", conflict !== null],
    [`objective.bound: by ${objective.bound_by}`, objective.bound_by !== null && objective.bound_by !== "certificate"],
    ["objective.secondary.proven", objective.secondary?.proven === true],
    ["objective.terms: ideals and nadirs", (objective.terms ?? []).length > 0],
    ["limits.costs: how good the first goal is without the load limit", result.limits.costs !== null],
    ["stay: what moved, without the plan before (--plan)", result.stay !== undefined && !isPlanBeforeKnown],
    ["stay.value_without", result.stay !== undefined && isPlanBeforeKnown],
    ["what_if: that these flags made the problem", result.what_if !== undefined],
    ["deferred_tasks: reasons", result.deferred_tasks.length > 0],
    ["gate", result.gate.length > 0],
    ["options: those of the search (gap, limits, threads, seed, solver)", true],
    ["reproducible", result.reproducible],
    ["solver, attempts, wall_ms, timestamp", true],
  ];
  return names.filter(([, isStated]) => isStated).map(([name]) => name);
}
