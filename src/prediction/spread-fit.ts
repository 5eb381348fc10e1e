import { type Cells, EffectsModel, type Family, STEP_TOLERANCE } from "./mixed-effects.js";

/** How far the effects of a level lie apart. */
export interface LevelSpread {
  /** Expected variance of its effects. */
  readonly variance: number;
  /** Effects that this expectation is worth against those the data show; null: it is not asked of the data. */
  readonly trust: number | null;
}

export interface SpreadFit {
  /** u_g. */
  readonly effects: Float64Array;
  /** Fisher information of the group's cells about their η at the mode, ≥ 0. */
  readonly information: Float64Array;
  /** Variance of the effects, by level. */
  readonly variances: Float64Array;
}

const MAX_ROUNDS = 12;
/** Relative change of every variance below which another round would tell nothing new. */
const SETTLED_CHANGE = 0.03;
/** Of the fits between the rounds. */
const ROUGH_TOLERANCE = 1e-2;

/**
 * Fits effects and the variances of their levels together: empirical Bayes by expectation–maximisation, each variance
 * held by an inverse-gamma prior (Laird, Louis, JASA 82, 1987; Gelman, Bayesian Analysis 1, 2006, on why small numbers
 * of groups need one). The posterior variance of an effect is taken with the others held fast, 1 / (information +
 * 1/variance). So agents that differ a lot are told apart after a few outcomes, and agents that do not differ are not.
 *
 * @param levelOf level of each effect
 */
export function fitSpread(
  cells: Cells,
  levelOf: Int32Array,
  levels: readonly LevelSpread[],
  family: Family,
): SpreadFit {
  const model = new EffectsModel(cells, levelOf.length, family);
  const variances = Float64Array.from(levels, ({ variance }) => variance);
  const precision = new Float64Array(levelOf.length);
  const setPrecision = (): void => levelOf.forEach((level, g) => void (precision[g] = 1 / variances[level]!));
  setPrecision();
  if (cells.length > 0 && levels.some(({ trust }) => trust !== null)) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      model.fit(precision, ROUGH_TOLERANCE);
      const change = updateVariances(variances, { levelOf, levels, precision, model });
      setPrecision();
      if (change < SETTLED_CHANGE) break;
    }
  }
  model.fit(precision, STEP_TOLERANCE);
  return { effects: model.effects, information: model.information(), variances };
}

/** One maximisation step; returns the largest relative change. */
function updateVariances(
  variances: Float64Array,
  fit: {
    readonly levelOf: Int32Array;
    readonly levels: readonly LevelSpread[];
    readonly precision: Float64Array;
    readonly model: EffectsModel;
  },
): number {
  const { levelOf, levels, precision, model } = fit;
  const information = model.information();
  const counts = new Float64Array(levels.length);
  const squares = new Float64Array(levels.length);
  for (let g = 0; g < levelOf.length; g++) {
    counts[levelOf[g]!]!++;
    squares[levelOf[g]!]! += model.effects[g]! ** 2 + 1 / (information[g]! + precision[g]!);
  }
  let largest = 0;
  levels.forEach(({ variance, trust }, level) => {
    if (trust === null) return;
    const next = (trust * variance + squares[level]!) / (trust + counts[level]!);
    largest = Math.max(largest, Math.abs(next / variances[level]! - 1));
    variances[level] = next;
  });
  return largest;
}
