import { type KindEvidence, LOG_TIME_UNIT, NO_SUMS, type Sums } from "../../domain/index.js";
import { baselineSuccess, DEFAULT_VALUES } from "./prior.js";
import { logit } from "./success-model.js";
import { addSums, momentsOf } from "./sums.js";
import { meanConfidence } from "./trial-bands.js";

/**
 * Whether an agent is another since some wave: is it, at the same types of task, better, worse, faster or slower after it
 * than before? Comparing within types only, a new kind of task or another mix of them is no change (stratified as in
 * Cochran, Biometrics 10, 1954; Mantel, Haenszel, JNCI 22, 1959). Tasks without a type are compared within their risk.
 */
export interface ChangeEvidence {
  /** Twice the gain in log likelihood by a shift of the logit after the wave; 0 where nothing can be compared. */
  readonly success: number;
  /** The square of the standard normal that is as unlikely as the difference of log times within types; 0 likewise. */
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

/** Evidence of an agent, ready to be compared. */
export interface CondensedEvidence {
  /** Trials by type of task; by risk where it has none. */
  readonly trials: ReadonlyMap<string, Cell[]>;
  /** Log times by type of task. */
  readonly times: ReadonlyMap<string, Sums>;
  readonly numAttempts: number;
}

export const NOTHING_CONDENSED: CondensedEvidence = { trials: new Map(), times: new Map(), numAttempts: 0 };

/** Stands before a risk in the place of a type; types hold no control characters. */
const OF_RISK = "\u0000";

/** O(kinds) */
export function condense(evidence: readonly KindEvidence[]): CondensedEvidence {
  const ofTrials = new Map<string, Cell[]>();
  const times = new Map<string, Sums>();
  let numAttempts = 0;
  for (const { kind, trials, logTimes } of evidence) {
    const { taskType, riskLevel } = kind;
    if (trials.length > 0) {
      const key = taskType ?? OF_RISK + (riskLevel ?? "");
      let cells = ofTrials.get(key);
      if (cells === undefined) ofTrials.set(key, (cells = []));
      for (const band of trials) {
        const baseline = baselineSuccess(meanConfidence(band), DEFAULT_VALUES.successRate, riskLevel);
        cells.push({ offset: logit(baseline), count: band.count, successes: band.successes });
        numAttempts += band.count;
      }
    }
    const key = taskType ?? OF_RISK;
    if (logTimes.count > 0) times.set(key, addSums(times.get(key) ?? NO_SUMS, logTimes));
  }
  return { trials: ofTrials, times, numAttempts };
}

/** @param before,after evidence of one agent in parts, such as its waves. O(kinds of the types that came after) */
export function testCondensed(
  before: readonly CondensedEvidence[],
  after: readonly CondensedEvidence[],
): ChangeEvidence {
  const strata: Stratum[] = [];
  for (const key of new Set(after.flatMap(({ trials }) => [...trials.keys()]))) {
    const cellsOf = (parts: readonly CondensedEvidence[]): Cell[] =>
      parts.flatMap(({ trials }) => trials.get(key) ?? []);
    const [old, now] = [cellsOf(before), cellsOf(after)];
    if (old.length > 0 && now.length > 0) strata.push({ before: old, after: now });
  }
  const times: { before: Sums; after: Sums }[] = [];
  for (const key of new Set(after.flatMap((part) => [...part.times.keys()]))) {
    const timesOf = (parts: readonly CondensedEvidence[]): Sums =>
      parts.reduce((sum, part) => addSums(sum, part.times.get(key) ?? NO_SUMS), NO_SUMS);
    times.push({ before: timesOf(before), after: timesOf(after) });
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

/**
 * Square of t = Σ w (mean after − mean before) / (σ √Σ w) over types, w = n₀n₁ / (n₀ + n₁), σ pooled within types and
 * times, brought from d degrees of freedom to those of a normal (Wallace, Annals of Mathematical Statistics 30, 1959):
 * with few times σ itself is doubtful, and t² of chance alone is larger.
 */
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
  const ofStudent = difference ** 2 / ((squares / degrees) * weight);
  return ((8 * degrees + 1) / (8 * degrees + 3)) ** 2 * degrees * Math.log1p(ofStudent / degrees);
}
