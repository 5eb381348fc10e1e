import { type KindEvidence, LOG_TIME_UNIT, NO_SUMS, type Sums } from "../../domain/index.js";
import { baselineSuccess, DEFAULT_VALUES } from "./prior.js";
import { logit } from "./success-model.js";
import { addSums, momentsOf } from "./sums.js";
import { meanConfidence } from "./trial-bands.js";

/**
 * Whether an agent is another since some wave: is it, at the same types of task, better, worse, faster or slower after it
 * than before? Comparing within types only, a new kind of task or another mix of them is no change (stratified as in
 * Cochran, Biometrics 10, 1954; Mantel, Haenszel, JNCI 22, 1959).
 */
export interface ChangeEvidence {
  /** Twice the gain in log likelihood by a shift of the logit after the wave; 0 where nothing can be compared. */
  readonly success: number;
  /** The square of the standardized difference of log times within types; 0 likewise. */
  readonly time: number;
}

/** Standard deviation of a type's own level about the baseline, and of a shift: weak, for trials of one kind alone. */
const LEVEL_SPREAD = 1.5;
const SHIFT_SPREAD = 2;
const MAX_STEPS = 30;
const STEP_TOLERANCE = 1e-6;
const MAX_STEP = 2;
/** Degrees of freedom from which on the spread of times within types is believed. */
const MIN_DEGREES = 8;

interface Cell {
  readonly offset: number;
  readonly count: number;
  readonly successes: number;
}

/** One type of task: what came before the wave and what after. */
interface Stratum {
  readonly before: readonly Cell[];
  readonly after: readonly Cell[];
}

/** @param before,after evidence of one agent. O(kinds) */
export function testChange(before: readonly KindEvidence[], after: readonly KindEvidence[]): ChangeEvidence {
  return testCondensed([condense(before)], [condense(after)]);
}

/** Evidence of an agent by type of task, ready to be compared. */
export type CondensedEvidence = ReadonlyMap<string | null, TypeEvidence>;

interface TypeEvidence {
  readonly cells: Cell[];
  times: Sums;
  count: number;
}

/** O(kinds) */
export function condense(evidence: readonly KindEvidence[]): CondensedEvidence {
  const byType = new Map<string | null, TypeEvidence>();
  for (const { kind, trials, logTimes } of evidence) {
    let known = byType.get(kind.taskType);
    if (known === undefined) byType.set(kind.taskType, (known = { cells: [], times: NO_SUMS, count: 0 }));
    for (const band of trials) {
      const baseline = baselineSuccess(meanConfidence(band), DEFAULT_VALUES.successRate, kind.riskLevel);
      known.cells.push({ offset: logit(baseline), count: band.count, successes: band.successes });
      known.count += band.count;
    }
    known.times = addSums(known.times, logTimes);
  }
  return byType;
}

/** Attempts in it. */
export function countAttempts(evidence: CondensedEvidence): number {
  let sum = 0;
  for (const { count } of evidence.values()) sum += count;
  return sum;
}

/** @param before,after evidence of one agent in parts, such as its waves. O(kinds of the types that came after) */
export function testCondensed(
  before: readonly CondensedEvidence[],
  after: readonly CondensedEvidence[],
): ChangeEvidence {
  const types = new Set(after.flatMap((part) => [...part.keys()]));
  const strata: Stratum[] = [];
  const times: { before: Sums; after: Sums }[] = [];
  for (const type of types) {
    const gather = (parts: readonly CondensedEvidence[]): TypeEvidence[] =>
      parts.flatMap((part) => part.get(type) ?? []);
    const [old, now] = [gather(before), gather(after)];
    const [oldCells, nowCells] = [old.flatMap(({ cells }) => cells), now.flatMap(({ cells }) => cells)];
    if (oldCells.length > 0 && nowCells.length > 0) strata.push({ before: oldCells, after: nowCells });
    const timesOf = (parts: readonly TypeEvidence[]): Sums =>
      parts.reduce((sum, part) => addSums(sum, part.times), NO_SUMS);
    times.push({ before: timesOf(old), after: timesOf(now) });
  }
  return { success: testSuccess(strata), time: testTimes(times) };
}

function testSuccess(strata: readonly Stratum[]): number {
  if (strata.length === 0) return 0;
  return Math.max(0, 2 * (fitShift(strata, SHIFT_SPREAD) - fitShift(strata, null)));
}

/**
 * Largest log posterior over the level of each type and, where `shiftSpread` is given, the shift after the wave that all
 * share. Newton's method; the levels are eliminated one by one, so that a step is O(cells).
 */
function fitShift(strata: readonly Stratum[], shiftSpread: number | null): number {
  const levels = new Float64Array(strata.length);
  const levelPrecision = 1 / LEVEL_SPREAD ** 2;
  let shift = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const parts = strata.map(({ before, after }, t) => {
      const [old, now] = [derive(before, levels[t]!), derive(after, levels[t]! + shift)];
      const slope = old.slope + now.slope - levelPrecision * levels[t]!;
      return { slope, curvature: old.curvature + now.curvature + levelPrecision, now };
    });
    let move = 0;
    if (shiftSpread !== null) {
      let slope = -shift / shiftSpread ** 2;
      let curvature = 1 / shiftSpread ** 2;
      for (const { slope: own, curvature: ownCurvature, now } of parts) {
        slope += now.slope - (now.curvature / ownCurvature) * own;
        curvature += now.curvature - now.curvature ** 2 / ownCurvature;
      }
      move = limit(slope / curvature);
    }
    shift += move;
    let largest = Math.abs(move);
    parts.forEach(({ slope, curvature, now }, t) => {
      const change = limit((slope - now.curvature * move) / curvature);
      levels[t]! += change;
      largest = Math.max(largest, Math.abs(change));
    });
    if (largest < STEP_TOLERANCE) break;
  }
  let value = shiftSpread === null ? 0 : -((shift / shiftSpread) ** 2) / 2;
  strata.forEach(({ before, after }, t) => {
    value += logLikelihood(before, levels[t]!) + logLikelihood(after, levels[t]! + shift);
    value -= (levelPrecision * levels[t]! ** 2) / 2;
  });
  return value;
}

function derive(cells: readonly Cell[], level: number): { slope: number; curvature: number } {
  let slope = 0;
  let curvature = 0;
  for (const { offset, count, successes } of cells) {
    const p = 1 / (1 + Math.exp(-offset - level));
    slope += successes - count * p;
    curvature += count * p * (1 - p);
  }
  return { slope, curvature };
}

function logLikelihood(cells: readonly Cell[], level: number): number {
  let sum = 0;
  for (const { offset, count, successes } of cells) {
    const eta = offset + level;
    sum += successes * eta - count * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))));
  }
  return sum;
}

function limit(step: number): number {
  return Math.max(-MAX_STEP, Math.min(MAX_STEP, step));
}

/** Square of Σ w (mean after − mean before) / (σ √Σ w) over types, w = n₀n₁ / (n₀ + n₁), σ pooled within types and times. */
function testTimes(types: readonly { readonly before: Sums; readonly after: Sums }[]): number {
  let [difference, weight, squares, degrees] = [0, 0, 0, 0];
  for (const { before, after } of types) {
    const [a, b] = [momentsOf(before, LOG_TIME_UNIT), momentsOf(after, LOG_TIME_UNIT)];
    if (a.count === 0 || b.count === 0) continue;
    const w = (a.count * b.count) / (a.count + b.count);
    difference += w * (b.mean - a.mean);
    weight += w;
    squares += a.squares + b.squares;
    degrees += a.count + b.count - 2;
  }
  if (degrees < MIN_DEGREES || squares === 0) return 0;
  return difference ** 2 / ((squares / degrees) * weight);
}
