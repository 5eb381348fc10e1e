import { type EffectsModel, STEP_TOLERANCE } from "./mixed-effects.js";

/** How far the effects of a level lie apart. */
export interface LevelSpread {
  /** Expected variance of its effects. */
  readonly variance: number;
  /** Effects that this expectation is worth against those the data show; null: it is not asked of the data. */
  readonly trust: number | null;
  /** Degrees of freedom of its effects where they follow Student's t; default: they are normal. */
  readonly degrees?: number;
}

export interface SpreadFit {
  /** u_g; those of the model, which tells their covariances until it is used again. */
  readonly effects: Float64Array;
  /** Variance of the effects, by level. */
  readonly variances: Float64Array;
}

/** No variance is believed to be so many times what was expected: a few wild measurements would let each group stand alone. */
const MAX_GROWTH = 4;
const MAX_ROUNDS = 60;
/** Relative change of every variance below which another round would tell nothing new. */
const SETTLED_CHANGE = 0.03;
/** Newton steps before the first round; each has one. */
const FIRST_STEPS = 3;
/** Every so many rounds the variances go on to where the last ones lead. */
const ROUNDS_BETWEEN_LEAPS = 3;
/** Largest share of a round's change that the next one is taken to have; largest leap of a logarithm. */
const MAX_RATIO = 0.95;
const MAX_LEAP = 1;
const ROUGH_TOLERANCE = 1e-2;

/**
 * Fits effects and the variances of their levels together: empirical Bayes under Laplace's approximation by the fixed
 * point Σu² / γ, γ the number of effects the data determine (MacKay, Neural Computation 4, 1992, section 4), each
 * variance held by an inverse-gamma prior (Gelman, Bayesian Analysis 1, 2006, on why small numbers of groups need one).
 * So agents that differ a lot are told apart after a few outcomes, and agents that do not differ are not. Effects that
 * follow Student's t are normal with a precision of their own, estimated by EM (Lange, Little, Taylor, JASA 84, 1989), so
 * that one agent far from the others is not drawn towards them. The rounds converge linearly, slowly where a level's effects
 * hardly differ, so their changes are extrapolated now and then (Aitken's method, on logarithms). In slices.
 *
 * @param model at its beginning
 * @param start variances to begin with; default those expected
 */
export function* spreadSteps(
  model: EffectsModel,
  levels: readonly LevelSpread[],
  start: Float64Array | null = null,
): Generator<void, SpreadFit> {
  const { levelOf } = model;
  const variances = start === null ? Float64Array.from(levels, ({ variance }) => variance) : start.slice();
  const [precision, posterior] = [new Float64Array(levelOf.length), new Float64Array(levelOf.length)];
  /** Precision of each effect over that of its level. */
  const weights = new Float64Array(levelOf.length).fill(1);
  const setPrecision = (): void => {
    for (let g = 0; g < levelOf.length; g++) precision[g] = weights[g]! / variances[levelOf[g]!]!;
  };
  setPrecision();
  if (model.numBlocks > 0 && levels.some(({ trust }) => trust !== null)) {
    const leaps = new Leaps(levels);
    model.fit(precision, ROUGH_TOLERANCE, FIRST_STEPS);
    // A round's curvature may be that before its step: where the rounds settle, both are the same.
    for (let round = 0; round < MAX_ROUNDS; round++) {
      yield;
      const before = variances.slice();
      const change = updateVariances({ variances, posterior, weights, levelOf, levels, model });
      if (change >= SETTLED_CHANGE) leaps.after(before, variances);
      setPrecision();
      if (change < SETTLED_CHANGE) break;
      yield;
      model.step(precision);
    }
  }
  yield;
  model.fit(precision, STEP_TOLERANCE);
  return { effects: model.effects, variances };
}

interface Spreads {
  readonly variances: Float64Array;
  /** Room for the posterior variance of each effect. */
  readonly posterior: Float64Array;
  readonly weights: Float64Array;
  readonly levelOf: Int32Array;
  readonly levels: readonly LevelSpread[];
  readonly model: EffectsModel;
}

/** One round; returns the largest relative change of a variance. */
function updateVariances({ variances, posterior, weights, levelOf, levels, model }: Spreads): number {
  model.variances(posterior);
  const determined = new Float64Array(levels.length);
  const squares = new Float64Array(levels.length);
  for (let g = 0; g < levelOf.length; g++) {
    const level = levelOf[g]!;
    const variance = posterior[g]!;
    const square = model.effects[g]! ** 2;
    const { degrees } = levels[level]!;
    if (degrees !== undefined) weights[g] = (degrees + 1) / (degrees + (square + variance) / variances[level]!);
    squares[level]! += weights[g]! * square;
    determined[level]! += Math.max(0, 1 - (weights[g]! * variance) / variances[level]!);
  }
  let largest = 0;
  levels.forEach(({ variance, trust }, level) => {
    if (trust === null) return;
    const found = (trust * variance + squares[level]!) / (trust + determined[level]!);
    const next = Math.min(found, MAX_GROWTH * variance);
    largest = Math.max(largest, Math.abs(next / variances[level]! - 1));
    variances[level] = next;
  });
  return largest;
}

/** Extrapolates the rounds of each level. */
class Leaps {
  readonly #levels: readonly LevelSpread[];
  readonly #lastChange: Float64Array;
  #numRounds = 0;

  constructor(levels: readonly LevelSpread[]) {
    this.#levels = levels;
    this.#lastChange = new Float64Array(levels.length);
  }

  /** Takes note of a round, and every so often moves the variances it led to. */
  after(before: Float64Array, variances: Float64Array): void {
    const isLeap = ++this.#numRounds % ROUNDS_BETWEEN_LEAPS === 0;
    this.#levels.forEach(({ variance, trust }, level) => {
      if (trust === null) return;
      const change = Math.log(variances[level]! / before[level]!);
      const ratio = change / this.#lastChange[level]!;
      this.#lastChange[level] = change;
      // Where a round moved nothing, or more than the last one, nothing is known of where they lead.
      if (!isLeap || !(Math.abs(ratio) < MAX_RATIO)) return;
      const leap = (change * ratio) / (1 - ratio);
      const next = variances[level]! * Math.exp(Math.max(-MAX_LEAP, Math.min(MAX_LEAP, leap)));
      variances[level] = Math.min(next, MAX_GROWTH * variance);
    });
  }
}
