import {
  FEASIBILITY_TOLERANCE,
  type GoalForm,
  type Instance,
  isIntegral,
  type SettledForm,
} from "../../../models/index.js";
import type { RowCertificate, TimeCertificate } from "../../domain/index.js";
import { noBound } from "./gap.js";
import { boundOfMultipliers } from "./goal-bound.js";
import { deferralOptions } from "./lagrangian.js";
import { evaluateKnapsacks } from "./knapsack-relaxation.js";
import { type RelaxedRow, relaxedRows } from "./relaxation.js";

/** Whole-numbered goals are rounded up from here below a whole number: what rounding can take off a sum. */
const WHOLE_TOLERANCE = 1e-6;
/** Times are compared with this relative slack, far above the rounding of a sum of busy times. */
const TIME_SLACK = 1e-9;
/** Multipliers below this share of the largest count as 0, which is a multiplier too: near the end of the doubles the rounding of a sum is not relative. */
const LEAST_SHARE = 1e-100;

/**
 * The bound a certificate proves, in the goal's own sense, recomputed from the instance alone; its stated bound is not
 * looked at. Infinite on the useless side (−∞ for a minimised goal) where it proves nothing: the wrong kind for the goal, a
 * threshold its knapsacks do not rule out, numbers that overflow. Infinite on the other side where no plan exists.
 */
export function evaluateCertificate(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  certificate: RowCertificate,
): number {
  const { kind, multipliers } = certificate;
  switch (kind) {
    case "lagrangian":
      return boundOfMultipliers(instance, goal, settled, multipliers).bound;
    case "knapsack":
      return (goal.sense === "min" ? 1 : -1) * knapsackBound(instance, goal, settled, multipliers) + 0;
    case "makespan_knapsack":
    case "max_load_knapsack":
      return timeBound(instance, goal, settled, certificate);
  }
}

/** Lower bound on the minimised goal with a knapsack for every agent. Rows of times are priced, never more than the goal. */
function knapsackBound(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  multipliers: Readonly<Record<string, number>>,
): number {
  const sign = goal.sense === "min" ? 1 : -1;
  const rows = relaxedRows(instance, goal, settled);
  const relaxation = {
    rows,
    options: deferralOptions(instance, goal, settled),
    pairCosts: goal.perPair?.map((coefficient) => sign * coefficient) ?? null,
    capacityMs: loadCapacities(instance),
    slotMs: slotCapacities(instance),
    longestMs: new Float64Array(instance.numAgents).fill(Infinity),
  };
  const value = evaluateKnapsacks(instance, relaxation, withinGoal(rows, goal, multipliers));
  if (!Number.isFinite(value)) return value;
  const bound = value + sign * goal.constant;
  const safe = bound - 2 * Number.EPSILON * (Math.abs(bound) + Math.abs(goal.constant));
  return isIntegral(instance, goal) ? Math.ceil(safe - WHOLE_TOLERANCE) : safe;
}

/** The multipliers, those of each kind of time scaled down where they exceed the weight of their variable in the goal. */
function withinGoal(
  rows: readonly RelaxedRow[],
  goal: GoalForm,
  multipliers: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const scaled: Record<string, number> = { ...multipliers };
  for (const time of ["makespan", "maxLoad"] as const) {
    const names = rows.filter((row) => row.time === time).map(({ name }) => name);
    const sum = names.reduce((total, name) => total + Math.max(0, multipliers[name] ?? 0), 0);
    if (sum <= goal[time]) continue;
    const scale = (goal[time] / sum) * (1 - names.length * Number.EPSILON);
    for (const name of names) if (multipliers[name] !== undefined) scaled[name] = multipliers[name] * scale;
  }
  return scaled;
}

/** Slots · K of each agent, as much wider as `findViolations` lets a plan exceed it. */
function loadCapacities(instance: Instance): Float64Array {
  return Float64Array.from(instance.slots, (slots, agent) => {
    const limit = slots * instance.loadLimitMs[agent]!;
    return limit + FEASIBILITY_TOLERANCE * Math.max(1, limit);
  });
}

/** K of each slot, widened likewise. */
function slotCapacities({ loadLimitMs }: Instance): Float64Array {
  return loadLimitMs.map((limit) => limit + FEASIBILITY_TOLERANCE * Math.max(1, limit));
}

/**
 * Whether the knapsacks rule out every plan whose time is at most `at_ms`, and what that proves. In such a plan each agent
 * works at most slots · room, room = at_ms − available_from (at_ms for loads), and no task longer than room. The rows of
 * times stand at that: Σ_i b[i,j]/slots_j · x[i,j] ≤ room_j, or, where deferral is priced at d,
 * Σ_i b[i,j]/slots_j · x[i,j] + Σ_i d_i u_i ≤ at_ms. A Lagrangian value above 0 contradicts them; its scale says nothing.
 */
function timeBound(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  { kind, at_ms: atMs, multipliers }: TimeCertificate,
): number {
  const time = kind === "makespan_knapsack" ? "makespan" : "maxLoad";
  if (!isPlainTime(goal, time) || !Number.isFinite(atMs)) return noBound(goal);
  const options = deferralOptions(instance, goal, settled);
  const prices = Float64Array.from(options, ({ allowed, coefficient }) => (allowed ? coefficient : 0));
  if (prices.some((price) => price < 0)) return noBound(goal);
  const isPriced = prices.some((price) => price > 0);
  const roomMs = instance.availableFromMs.map((fromMs) => atMs - (time === "makespan" ? fromMs : 0));
  const rows = relaxedRows(instance, goal, settled)
    .filter((row) => row.time === null || row.slotsOf !== null)
    .map((row) => {
      if (row.slotsOf === null) return row;
      return isPriced ? { ...row, rhs: atMs, perDeferral: prices } : { ...row, rhs: Math.max(0, roomMs[row.slotsOf]!) };
    });
  const longestMs = roomMs.map((room) => room + TIME_SLACK * Math.abs(atMs));
  const relaxation = {
    rows,
    options: options.map(({ allowed }) => ({ allowed, coefficient: 0 })),
    pairCosts: null,
    capacityMs: loadCapacities(instance).map((load, j) => Math.min(load, instance.slots[j]! * longestMs[j]!)),
    slotMs: slotCapacities(instance).map((load, j) => Math.min(load, longestMs[j]!)),
    longestMs,
  };
  if (!(evaluateKnapsacks(instance, relaxation, scaleToOne(multipliers)) > 0)) return noBound(goal);
  return isIntegral(instance, goal) ? Math.floor(atMs) + 1 : atMs;
}

/** Multipliers whose scale says nothing, the largest of them 1 in size; none where some are no finite numbers. */
function scaleToOne(multipliers: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const entries = Object.entries(multipliers);
  const largest = entries.reduce((most, [, multiplier]) => Math.max(most, Math.abs(multiplier)), 0);
  if (!(largest > 0 && largest < Infinity)) return {};
  return Object.fromEntries(
    entries
      .map(([name, multiplier]): [string, number] => [name, multiplier / largest])
      .filter(([, share]) => Math.abs(share) >= LEAST_SHARE),
  );
}

/** Whether the goal is one time, with nothing but the price of deferral beside it. */
function isPlainTime(goal: GoalForm, time: "makespan" | "maxLoad"): boolean {
  const other = time === "makespan" ? "maxLoad" : "makespan";
  return (
    goal.sense === "min" &&
    goal[time] === 1 &&
    goal[other] === 0 &&
    goal.minLoad === 0 &&
    goal.perPair === null &&
    goal.constant === 0
  );
}
