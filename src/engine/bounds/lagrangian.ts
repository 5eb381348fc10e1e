import { type GoalForm, type Instance, isIntegral, isPlaceable, type SettledForm } from "../../../models/index.js";
import type { RelaxedRow } from "./relaxation.js";
import { SafeSum } from "./safe-sum.js";

/** Whether a task may be left out in the stage that is bounded, and at what coefficient of the (minimised) goal. */
export interface DeferralOption {
  readonly allowed: boolean;
  readonly coefficient: number;
}

/**
 * Who may be deferred, given the settled deferred weight D: blocked tasks must be, others only where deferral is open and
 * their own weight fits into D.
 */
export function deferralOptions(instance: Instance, goal: GoalForm, settled: readonly SettledForm[]): DeferralOption[] {
  const sign = goal.sense === "min" ? 1 : -1;
  const settledDeferral = settled.find((one) => one.goal.name === "deferral")?.value ?? Infinity;
  return Array.from(instance.weight, (weight, task) => {
    const fits = weight <= settledDeferral * (1 + 1e-6);
    const allowed = instance.deferral.kind !== "forbidden" && (!isPlaceable(instance, task) || fits);
    return { allowed, coefficient: sign * (goal.perDeferral?.[task] ?? 0) };
  });
}

export interface LagrangianValue {
  /**
   * Lower bound on the minimised goal, rounded down far enough to be safe; Infinity where no plan exists, −Infinity where
   * multipliers are so large that the arithmetic overflows.
   */
  readonly bound: number;
  /** Price of each pair: goal coefficient plus what its rows charge. */
  readonly pairPrices: Float64Array;
  /** Price of leaving each task out; Infinity where that is not allowed. */
  readonly deferralPrices: Float64Array;
  /** What the bound holds besides the cheapest choice of each task: the goal's constant less Σ_r u_r rhs_r. */
  readonly base: number;
}

/**
 * L(u) = constant + Σ_i min( min_j (c[i,j] + Σ_r u_r a_r[i,j]), d_i + Σ_r u_r a_r[i] ) − Σ_r u_r rhs_r: a lower bound on the
 * minimised goal for any u ≥ 0 (Geoffrion, Math. Programming Study 2, 1974). Multipliers on rows of times may sum to the
 * weight of their variable at most and are scaled down to it where they exceed it. Where every value of the goal is a whole
 * number the bound is rounded up. O(pairs + non-zeros of the rows).
 */
export function evaluateLagrangian(
  instance: Instance,
  goal: GoalForm,
  rows: readonly RelaxedRow[],
  options: readonly DeferralOption[],
  multipliers: Float64Array,
): LagrangianValue {
  const sign = goal.sense === "min" ? 1 : -1;
  const pairPrices = new Float64Array(instance.numPairs);
  goal.perPair?.forEach((coefficient, pair) => (pairPrices[pair] = sign * coefficient));
  const deferralPrices = Float64Array.from(options, ({ coefficient }) => coefficient);
  const scale = { makespan: timeScale("makespan", goal.makespan), maxLoad: timeScale("maxLoad", goal.maxLoad) };
  const total = new SafeSum();
  total.add(sign * goal.constant);
  rows.forEach((row, r) => {
    const multiplier = multipliers[r]! * (row.time === null ? 1 : scale[row.time]);
    if (!(multiplier > 0)) return;
    row.pairs.forEach((pair, k) => (pairPrices[pair]! += multiplier * row.coefficients[k]!));
    row.perDeferral?.forEach((coefficient, task) => (deferralPrices[task]! += multiplier * coefficient));
    total.add(-multiplier * row.rhs);
  });
  options.forEach(({ allowed }, task) => {
    if (!allowed) deferralPrices[task] = Infinity;
  });
  const base = total.value;
  for (let task = 0; task < instance.numTasks; task++) {
    let best = deferralPrices[task]!;
    const last = instance.pairStart[task + 1]!;
    for (let pair = instance.pairStart[task]!; pair < last; pair++) best = Math.min(best, pairPrices[pair]!);
    const hasChoice = options[task]!.allowed || instance.pairStart[task]! < last;
    if (!hasChoice) return { bound: Infinity, pairPrices, deferralPrices, base };
    total.add(best);
  }
  const bound = total.lowerEnd(rows.length);
  if (!Number.isFinite(bound)) return { bound: -Infinity, pairPrices, deferralPrices, base };
  return { bound: isIntegral(instance, goal) ? Math.ceil(bound - 1e-6) : bound, pairPrices, deferralPrices, base };

  function timeScale(time: "makespan" | "maxLoad", weight: number): number {
    let sum = 0;
    rows.forEach((row, r) => (sum += row.time === time ? Math.max(0, multipliers[r]!) : 0));
    return sum > weight ? weight / sum : 1;
  }
}
