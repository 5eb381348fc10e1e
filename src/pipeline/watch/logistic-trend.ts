/** Tasks of one wave with nearly the same predicted chance. */
export interface TrendCell {
  /** Place of the wave in the run, from 0. */
  readonly place: number;
  /** ln(P / (1 − P)) of the prediction. */
  readonly offset: number;
  readonly tasks: number;
  readonly successes: number;
}

export interface ScoreTest {
  /** Score over its standard deviation: N(0, 1) where the only error of the predictions is a constant on the logit. */
  readonly z: number;
  readonly information: number;
}

export interface FittedTrend {
  readonly intercept: number;
  readonly slope: number;
}

const MAX_STEPS = 50;
const TOLERANCE = 1e-10;
/** Ridge on both coefficients: keeps the fit finite where every task of a run succeeds or fails. */
const RIDGE = 1e-3;
/** No Newton step goes farther on the logit. */
const MAX_STEP = 2;

/**
 * Score test of the slope in logit p = offset + a + b · place with the intercept a free (Rao, 1948). Scores at growing
 * numbers of waves have independent increments in information (Scharfstein, Tsiatis and Robins, 1997). Null where
 * nothing varies. O(cells).
 */
export function slopeScore(cells: readonly TrendCell[]): ScoreTest | null {
  const { intercept } = fit(cells, false);
  let [score, sumV, sumVX, sumVXX] = [0, 0, 0, 0];
  for (const { place, offset, tasks, successes } of cells) {
    const p = logistic(offset + intercept);
    const variance = tasks * p * (1 - p);
    score += place * (successes - tasks * p);
    sumV += variance;
    sumVX += variance * place;
    sumVXX += variance * place * place;
  }
  const information = sumVXX - (sumVX * sumVX) / sumV;
  return information > 0 ? { z: score / Math.sqrt(information), information } : null;
}

/** Maximum-likelihood intercept and slope (with a slight ridge), by Newton's method. */
export function fitTrend(cells: readonly TrendCell[]): FittedTrend {
  return fit(cells, true);
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function fit(cells: readonly TrendCell[], hasSlope: boolean): FittedTrend {
  let intercept = 0;
  let slope = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    let [gradientA, gradientB, sumV, sumVX, sumVXX] = [-RIDGE * intercept, -RIDGE * slope, RIDGE, 0, RIDGE];
    for (const { place, offset, tasks, successes } of cells) {
      const p = logistic(offset + intercept + slope * place);
      const variance = tasks * p * (1 - p);
      gradientA += successes - tasks * p;
      gradientB += place * (successes - tasks * p);
      sumV += variance;
      sumVX += variance * place;
      sumVXX += variance * place * place;
    }
    const determinant = sumV * sumVXX - sumVX * sumVX;
    const stepA = hasSlope ? (sumVXX * gradientA - sumVX * gradientB) / determinant : gradientA / sumV;
    const stepB = hasSlope ? (sumV * gradientB - sumVX * gradientA) / determinant : 0;
    const scale = Math.min(1, MAX_STEP / Math.max(Math.abs(stepA), Math.abs(stepB), TOLERANCE));
    intercept += scale * stepA;
    slope += scale * stepB;
    if (Math.abs(stepA) + Math.abs(stepB) < TOLERANCE) break;
  }
  return { intercept, slope };
}
