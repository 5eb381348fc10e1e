import type { SolveResult } from "../../domain/index.js";

/** What a sound result states beyond what can be recomputed from the problem, by name. */
export function listUnchecked(result: SolveResult, isPlanBeforeKnown: boolean): string[] {
  const { objective, conflict } = result;
  const isRefutable = objective.value !== null;
  const names: readonly (readonly [string, boolean])[] = [
    ["termination: infeasible by search", result.termination === "infeasible"],
    ["conflict: that its parts clash, and that it is minimal", conflict !== null],
    ["objective.bound: by search", objective.bound_by === "search"],
    ["objective.secondary.proven", objective.secondary?.proven === true],
    ["objective.terms: ideals and nadirs", (objective.terms ?? []).length > 0],
    ["limits.costs: how good the first goal is without the load limit", result.limits.costs !== null],
    ["stay: what moved, without the plan before (--plan)", result.stay !== undefined && !isPlanBeforeKnown],
    ["stay.value_without", result.stay !== undefined && isPlanBeforeKnown],
    ["deferred_tasks: reasons", result.deferred_tasks.length > 0],
    ["gate", result.gate.length > 0],
    ["schedule: end_interval_ms", isRefutable && result.schedule.length > 0],
    ["forecast, and expected_throughput, which is its mean", result.forecast !== null],
    ["options: those of the search (gap, limits, threads, seed, solver)", true],
    ["reproducible", result.reproducible],
    ["solver, attempts, wall_ms, timestamp", true],
  ];
  return names.filter(([, isStated]) => isStated).map(([name]) => name);
}
