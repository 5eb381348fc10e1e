import { type KindEvidence, LOG_TIME_UNIT, NO_SUMS } from "../../domain/index.js";
import { type AgentParts, partsOf, type Stratum } from "./agent-parts.js";
import { addSums, momentsOf } from "./sums.js";

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
const LEVEL_PRECISION = 1 / LEVEL_SPREAD ** 2;
const SHIFT_PRECISION = 1 / SHIFT_SPREAD ** 2;
const MAX_STEPS = 30;
const STEP_TOLERANCE = 1e-6;
const MAX_STEP = 2;
/**
 * What the likelihood gains by a shift is at most about twice what the slope and the curvature without one promise: the worst
 * are nothing but successes where nearly all were expected. Three times leaves room.
 */
const GAIN_OVER_PROMISE = 3;
/** Degrees of freedom from which on the spread of times within types is believed. */
const MIN_DEGREES = 8;

/** @param before,after evidence of one agent. O(kinds) */
export function testChange(before: readonly KindEvidence[], after: readonly KindEvidence[]): ChangeEvidence {
  return new ChangeTest(partsOf([before, after])).at(1, 0);
}

/** A type of task with its level where the agent did not change. */
interface FittedStratum {
  readonly trials: Stratum;
  readonly level: number;
  /** Log posterior at the level. */
  readonly value: number;
  /** Sums over the parts up to each, at the level: trials, slope and curvature of the log likelihood. */
  readonly numUpTo: Float64Array;
  readonly slopeUpTo: Float64Array;
  readonly curvatureUpTo: Float64Array;
}

/** The comparison of what an agent did before and after, for every part at which it may have changed. */
export class ChangeTest {
  readonly #agent: AgentParts;
  readonly #strata: readonly FittedStratum[];

  /** O(kinds) */
  constructor(agent: AgentParts) {
    this.#agent = agent;
    this.#strata = [...agent.trials.values()].map((trials) => fitLevel(trials, agent.numParts));
  }

  /**
   * @param first part from which on the agent is perhaps another
   * @param least evidence of a changed success that matters; what cannot be as much is 0. O(kinds)
   */
  at(first: number, least: number): ChangeEvidence {
    return { success: this.#testSuccess(first, least), time: this.#testTimes(first) };
  }

  #testSuccess(first: number, least: number): number {
    const strata: FittedStratum[] = [];
    let [slope, curvature] = [0, SHIFT_PRECISION];
    for (const stratum of this.#strata) {
      const { numUpTo, slopeUpTo, curvatureUpTo } = stratum;
      const last = numUpTo.length - 1;
      const before = numUpTo[first - 1]!;
      if (before === 0 || before === numUpTo[last]!) continue;
      strata.push(stratum);
      const now = curvatureUpTo[last]! - curvatureUpTo[first - 1]!;
      slope += slopeUpTo[last]! - slopeUpTo[first - 1]!;
      curvature += now - now ** 2 / (curvatureUpTo[last]! + LEVEL_PRECISION);
    }
    if (strata.length === 0 || (GAIN_OVER_PROMISE * slope ** 2) / curvature < least) return 0;
    const unchanged = strata.reduce((sum, { value }) => sum + value, 0);
    return Math.max(0, 2 * (fitShift(strata, first) - unchanged));
  }

  /**
   * Square of t = Σ w (mean after − mean before) / (σ √Σ w) over types, w = n₀n₁ / (n₀ + n₁), σ pooled within types and
   * times, brought from d degrees of freedom to those of a normal (Wallace, Annals of Mathematical Statistics 30, 1959):
   * with few times σ itself is doubtful, and t² of chance alone is larger.
   */
  #testTimes(first: number): number {
    let [difference, weight, squares, degrees] = [0, 0, 0, 0];
    for (const parts of this.#agent.times.values()) {
      const sumOf = (from: number, to: number) => parts.slice(from, to).reduce(addSums, NO_SUMS);
      const [a, b] = [momentsOf(sumOf(0, first), LOG_TIME_UNIT), momentsOf(sumOf(first, parts.length), LOG_TIME_UNIT)];
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
}

/** The level of a type where the agent did not change: Newton's method. */
function fitLevel(trials: Stratum, numParts: number): FittedStratum {
  const { offsets, counts, successes, parts } = trials;
  const columns = (): Float64Array => new Float64Array(numParts);
  const [numUpTo, slopeUpTo, curvatureUpTo] = [columns(), columns(), columns()];
  let level = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    let [slope, curvature] = [-LEVEL_PRECISION * level, LEVEL_PRECISION];
    for (let c = 0; c < offsets.length; c++) {
      const p = 1 / (1 + Math.exp(-offsets[c]! - level));
      slope += successes[c]! - counts[c]! * p;
      curvature += counts[c]! * p * (1 - p);
    }
    const change = limit(slope / curvature);
    level += change;
    if (Math.abs(change) < STEP_TOLERANCE) break;
  }
  for (let c = 0; c < offsets.length; c++) {
    const p = 1 / (1 + Math.exp(-offsets[c]! - level));
    numUpTo[parts[c]!]! += counts[c]!;
    slopeUpTo[parts[c]!]! += successes[c]! - counts[c]! * p;
    curvatureUpTo[parts[c]!]! += counts[c]! * p * (1 - p);
  }
  for (const sums of [numUpTo, slopeUpTo, curvatureUpTo]) {
    for (let part = 1; part < numParts; part++) sums[part]! += sums[part - 1]!;
  }
  const value = logLikelihood(trials, level, 0, numParts) - (LEVEL_PRECISION * level ** 2) / 2;
  return { trials, level, value, numUpTo, slopeUpTo, curvatureUpTo };
}

/**
 * Largest log posterior over the level of each type and the shift from the first part on that all share. Newton's method
 * from the levels without a shift; the levels are eliminated one by one, so that a step is O(trials).
 */
function fitShift(strata: readonly FittedStratum[], first: number): number {
  const levels = Float64Array.from(strata, ({ level }) => level);
  const [slopes, curvatures, nows] = [levels.slice(), levels.slice(), levels.slice()];
  let shift = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    let slope = -shift * SHIFT_PRECISION;
    let curvature = SHIFT_PRECISION;
    for (let t = 0; t < strata.length; t++) {
      const { offsets, counts, successes, parts } = strata[t]!.trials;
      let [own, ownCurvature] = [-LEVEL_PRECISION * levels[t]!, LEVEL_PRECISION];
      let [now, nowCurvature] = [0, 0];
      for (let c = 0; c < offsets.length; c++) {
        const isAfter = parts[c]! >= first;
        const p = 1 / (1 + Math.exp(-offsets[c]! - levels[t]! - (isAfter ? shift : 0)));
        const [residual, weight] = [successes[c]! - counts[c]! * p, counts[c]! * p * (1 - p)];
        own += residual;
        ownCurvature += weight;
        if (!isAfter) continue;
        now += residual;
        nowCurvature += weight;
      }
      slope += now - (nowCurvature / ownCurvature) * own;
      curvature += nowCurvature - nowCurvature ** 2 / ownCurvature;
      [slopes[t], curvatures[t], nows[t]] = [own, ownCurvature, nowCurvature];
    }
    const move = limit(slope / curvature);
    shift += move;
    let largest = Math.abs(move);
    for (let t = 0; t < strata.length; t++) {
      const change = limit((slopes[t]! - nows[t]! * move) / curvatures[t]!);
      levels[t]! += change;
      largest = Math.max(largest, Math.abs(change));
    }
    if (largest < STEP_TOLERANCE) break;
  }
  let value = -(SHIFT_PRECISION * shift ** 2) / 2;
  strata.forEach(({ trials }, t) => {
    value += logLikelihood(trials, levels[t]!, shift, first) - (LEVEL_PRECISION * levels[t]! ** 2) / 2;
  });
  return value;
}

/** @param shift added to the level from part `first` on */
function logLikelihood(
  { offsets, counts, successes, parts }: Stratum,
  level: number,
  shift: number,
  first: number,
): number {
  let sum = 0;
  for (let c = 0; c < offsets.length; c++) {
    const eta = offsets[c]! + level + (parts[c]! >= first ? shift : 0);
    sum += successes[c]! * eta - counts[c]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))));
  }
  return sum;
}

function limit(step: number): number {
  return Math.max(-MAX_STEP, Math.min(MAX_STEP, step));
}
