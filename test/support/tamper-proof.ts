import { isPlaceable, type Instance } from "../../models/instance.js";
import type { Certificate } from "../../src/domain/certificates.js";
import type { ResultDocument } from "../../src/domain/result.js";
import type { PlainStrategy } from "./brute-force.js";
import { denseKnapsacks } from "./dense-knapsacks.js";
import { costOf, lagrangianBound, type Settled } from "./lagrangian.js";
import { fleetBound, pathBound } from "./order-certificates.js";

/** Values of the goals before the first in a result's plan; what no plan could place is not counted. */
export function settledValuesOf(instance: Instance, result: ResultDocument): Settled {
  const deferredIds = result.deferred_tasks.map(({ task_id }) => task_id);
  const agentOf = new Map(result.schedule.map((entry) => [entry.task_id, instance.agentIds.indexOf(entry.agent_id)]));
  const sumOfWeights = (has: (id: string, task: number) => boolean): number =>
    instance.taskIds.reduce((sum, id, task) => sum + (has(id, task) ? instance.weight[task]! : 0), 0);
  const belowGate = sumOfWeights((id, task) =>
    instance.belowGate.some(
      (flag, pair) => flag === 1 && instance.pairTask[pair] === task && instance.pairAgent[pair] === agentOf.get(id),
    ),
  );
  const isFirst = instance.deferral.kind === "first";
  const deferred = sumOfWeights((id, task) => isFirst && deferredIds.includes(id) && isPlaceable(instance, task));
  return { deferred, belowGate };
}

/** Whether a certificate still proves its stated bound, by formulas that share no code with src/engine/bounds. */
export function proofVerdict(
  instance: Instance,
  before: ResultDocument,
  certificate: Certificate,
): "false" | "true" | "undecided" {
  const proven = provenBy(instance, before, certificate);
  if (proven === null) return "undecided";
  const stated = before.objective.sense === "min" ? certificate.bound : -certificate.bound;
  if (proven >= stated) return "true";
  // Where every value of the goal is a whole number, so is the least one that the multipliers leave room for.
  const strongest = isWholeGoal(instance, before.strategy as PlainStrategy) ? Math.ceil(proven - 1e-6) : proven;
  return stated - strongest > 1e-6 * Math.max(1, Math.abs(stated)) ? "false" : "undecided";
}

/** Whether each plan's value of the first goal is a whole number, from the coefficients of the goal. */
function isWholeGoal(instance: Instance, strategy: PlainStrategy): boolean {
  const { deferral, availableFromMs, busyMs, pairTask } = instance;
  if (deferral.kind === "priced" && !Number.isInteger(deferral.penalty)) return false;
  switch (strategy) {
    case "maximize_throughput":
      return busyMs.every(Number.isInteger) && availableFromMs.every(Number.isInteger);
    case "balance_load":
      return busyMs.every(Number.isInteger);
    case "maximize_success":
    case "confidence_optimization":
    case "minimize_retries":
    case "minimize_cost":
      return pairTask.every((_, pair) => Number.isInteger(costOf(instance, strategy, pair)));
  }
}

/** Minimised; null where rounding decides. */
function provenBy(instance: Instance, before: ResultDocument, certificate: Certificate): number | null {
  const strategy = before.strategy as PlainStrategy;
  const isOfRows = !["path", "fleet_interval", "refuted_windows", "in_turn"].includes(certificate.kind);
  // The formulas for rows know neither chances to start nor pairs that cannot end in time.
  if (instance.timing !== null && isOfRows) return null;
  const settled = settledValuesOf(instance, before);
  const { multipliers } = certificate;
  switch (certificate.kind) {
    case "lagrangian":
      return lagrangianBound(instance, strategy, settled, multipliers);
    case "knapsack":
      return denseKnapsacks(instance, strategy, settled, multipliers, null).value;
    case "makespan_knapsack":
    case "max_load_knapsack": {
      const { value } = denseKnapsacks(instance, strategy, settled, multipliers, certificate.at_ms);
      if (Math.abs(value) < 1e-6) return null;
      return value > 0 ? certificate.at_ms : -Infinity;
    }
    case "path":
      return settled.deferred > 0 ? null : pathBound(instance, certificate);
    case "fleet_interval":
      return settled.deferred > 0 ? null : fleetBound(instance, certificate);
    case "in_turn":
    case "refuted_windows":
      return null;
  }
}
