import type { GoalForm, Instance, SettledForm } from "../../../models/index.js";
import { type DeferralOption, deferralOptions, evaluateLagrangian, type LagrangianValue } from "./lagrangian.js";
import { type RelaxedRow, relaxedRows } from "./relaxation.js";

export interface GoalBound {
  /** Bound in the goal's own sense; ±Infinity where no plan exists. */
  readonly bound: number;
  /** Multipliers above 0, by row name. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Prices under the last multipliers tried: a guide for constructions, and the bound of every partial plan. */
  readonly prices: Pick<LagrangianValue, "pairPrices" | "deferralPrices" | "base">;
  /** Share of each pair in an optimal point of the linear relaxation, in [0, 1]; null where none was solved. */
  readonly shares: Float64Array | null;
}

/** What a Lagrangian bound on one goal may use, once the goals before it are settled. */
export interface Relaxation {
  readonly rows: readonly RelaxedRow[];
  readonly options: readonly DeferralOption[];
}

/** @param withTasks as for `relaxedRows` */
export function relax(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  withTasks = true,
): Relaxation {
  return {
    rows: relaxedRows(instance, goal, settled, withTasks),
    options: deferralOptions(instance, goal, settled),
  };
}

/** The bound without any row: each task at its best, as if it were alone. O(pairs). */
export function aloneBound(instance: Instance, goal: GoalForm, settled: readonly SettledForm[]): GoalBound {
  const noRows = { rows: [], options: deferralOptions(instance, goal, settled) };
  return bestBound(instance, goal, noRows, [new Float64Array(0)]);
}

/**
 * The bound that multipliers given by row name prove. Names that are no row of the relaxation are ignored, which can only
 * weaken the bound; so are multipliers that are not above 0.
 */
export function boundOfMultipliers(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  multipliers: Readonly<Record<string, number>>,
): GoalBound {
  const relaxation = relax(instance, goal, settled);
  const values = Float64Array.from(relaxation.rows, ({ name }) => multipliers[name] ?? 0);
  return bestBound(instance, goal, relaxation, [values]);
}

/** The strongest bound among candidate multipliers, in the order of the relaxation's rows. */
export function bestBound(
  instance: Instance,
  goal: GoalForm,
  { rows, options }: Relaxation,
  candidates: readonly Float64Array[],
): GoalBound {
  const values = candidates.map((candidate) => evaluateLagrangian(instance, goal, rows, options, candidate));
  const best = values.reduce((k, value, at) => (value.bound > values[k]!.bound ? at : k), 0);
  const multipliers: Record<string, number> = {};
  rows.forEach((row, r) => {
    if (candidates[best]![r]! > 0) multipliers[row.name] = candidates[best]![r]!;
  });
  const sign = goal.sense === "min" ? 1 : -1;
  // A maximised 0 must not come out as −0.
  return { bound: sign * values[best]!.bound + 0, multipliers, prices: values.at(-1)!, shares: null };
}
