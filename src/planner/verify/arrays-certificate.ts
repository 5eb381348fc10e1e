import { type GoalForm, type Instance, isIntegral, label, type SettledForm } from "../../../models/index.js";
import type { ArraysCertificate, Certificate, RowCertificate } from "../../domain/index.js";
import { evaluateCertificate, evaluateMakespanPrices } from "../../engine/index.js";

type Strategy = { readonly first: GoalForm; readonly settled: readonly SettledForm[] };

/** The multipliers by index instead of by row name; null where a row has a price that a certificate of arrays cannot hold. */
export function toArraysCertificate(
  instance: Instance,
  strategy: Strategy,
  certificate: Certificate | null,
): ArraysCertificate | null {
  if (certificate === null) return null;
  const left = new Map(Object.entries(certificate.multipliers).filter(([, multiplier]) => multiplier !== 0));
  const take = (family: string, ids: readonly string[]): Float64Array =>
    Float64Array.from(ids, (id) => {
      const name = label(family, id);
      const multiplier = left.get(name) ?? 0;
      left.delete(name);
      return multiplier;
    });
  const state = (kind: ArraysCertificate["kind"], multipliers: Float64Array): ArraysCertificate | null => {
    const price = left.get(label("goal", "deferral")) ?? 0;
    left.delete(label("goal", "deferral"));
    if (left.size > 0) return null;
    const stated = { kind, multipliers, deferralPrice: price === 0 ? null : price, bound: certificate.bound };
    // Prices of times prove more where it is counted when agents come.
    const bound = kind === "makespan_prices" ? evaluateArraysCertificate(instance, strategy, stated) : stated.bound;
    return Number.isFinite(bound) ? { ...stated, bound } : null;
  };
  switch (certificate.kind) {
    case "knapsack":
      return state("task_prices", take("assign", instance.taskIds));
    case "lagrangian": {
      const ofTimes = take(timeRow(strategy.first), instance.agentIds);
      if (!ofTimes.some((multiplier) => multiplier > 0))
        return state("capacity_prices", take("load", instance.agentIds));
      return state(
        "makespan_prices",
        ofTimes.map((multiplier, agent) => multiplier / instance.slots[agent]!),
      );
    }
    case "makespan_knapsack":
    case "max_load_knapsack":
      return state("task_prices_at_time", take("assign", instance.taskIds));
    case "path":
    case "fleet_interval":
    case "refuted_windows":
    case "in_turn":
      return null;
  }
}

/** What the multipliers prove, in the goal's own sense; NaN where they do not fit this instance or goal. */
export function evaluateArraysCertificate(
  instance: Instance,
  { first, settled }: Strategy,
  { kind, multipliers, deferralPrice, bound }: ArraysCertificate,
): number {
  const isOfTasks = kind === "task_prices" || kind === "task_prices_at_time";
  const ids = isOfTasks ? instance.taskIds : instance.agentIds;
  const isSound = (multiplier: number): boolean => Number.isFinite(multiplier) && (isOfTasks || multiplier >= 0);
  if (multipliers.length !== ids.length || !multipliers.every(isSound)) return NaN;
  if (kind === "makespan_prices") {
    return settled.every(({ value }) => value === 0) ? boundOfPrices(instance, first, multipliers) : NaN;
  }
  const named: Record<string, number> = {};
  ids.forEach((id, at) => {
    if (multipliers[at] !== 0) named[label(isOfTasks ? "assign" : "load", id)] = multipliers[at]!;
  });
  if (deferralPrice !== null) named[label("goal", "deferral")] = deferralPrice;
  return evaluateCertificate(instance, first, settled, asOfRows(instance, first, { kind, multipliers: named, bound }));
}

/** The same with multipliers by row. Of a time, the bound says which one is ruled out: the last one before it. */
function asOfRows(
  instance: Instance,
  goal: GoalForm,
  {
    kind,
    multipliers,
    bound,
  }: Omit<ArraysCertificate, "multipliers" | "deferralPrice"> & Pick<RowCertificate, "multipliers">,
): RowCertificate {
  if (kind !== "task_prices_at_time")
    return { kind: kind === "task_prices" ? "knapsack" : "lagrangian", multipliers, bound: 0 };
  const ofTime = goal.makespan > 0 ? "makespan_knapsack" : "max_load_knapsack";
  return { kind: ofTime, at_ms: isIntegral(instance, goal) ? bound - 1 : bound, multipliers, bound };
}

/** The least C with Σ_i min_j μ_j b[i,j] ≤ Σ_j μ_j slots_j max(0, C − available_j). */
function boundOfPrices(instance: Instance, goal: GoalForm, prices: Float64Array): number {
  if (goal.makespan + goal.maxLoad !== 1) return NaN;
  const { numAgents, pairAgent, busyMs, slots, availableFromMs } = instance;
  const availableFrom = goal.makespan > 0 ? availableFromMs : new Float64Array(numAgents);
  // Tasks without a pair are in no plan.
  const pairStart = instance.pairStart.filter((start, k, all) => k === 0 || start > all[k - 1]!);
  const numTasks = pairStart.length - 1;
  const problem = { numTasks, numAgents, pairStart, pairAgent, use: busyMs, slots, availableFrom };
  const bound = evaluateMakespanPrices(problem, prices);
  return busyMs.every(Number.isInteger) && availableFrom.every(Number.isInteger) ? Math.ceil(bound - 1e-6) : bound;
}

function timeRow(goal: GoalForm): string {
  return goal.makespan > 0 ? "makespan" : "max_load";
}
