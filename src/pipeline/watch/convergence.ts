import type { SystemHealth } from "../../domain/schemas/index.js";
import { studentTwoSided } from "./distributions.js";
import type { WaveStats } from "../measure/measured-wave.js";

export type Convergence = SystemHealth["convergence"];
export type Trend = Convergence["accuracy"];

/** A trend has a direction from so many waves on, and below this p-value. */
export const MIN_TREND_WAVES = 4;
const SIGNIFICANCE = 0.05;
/** Residual variance below this share of the total is rounding: the points lie on a line. */
const ROUNDING = 1e-12;

/** How accuracy and the objective's gap to its bound move over the waves that have them. O(waves). */
export function convergenceOf(waves: readonly WaveStats[]): Convergence {
  const seriesOf = (measure: (stats: WaveStats) => number | null): number[] =>
    waves.map(measure).filter((value) => value !== null);
  return {
    accuracy: trendOf(
      seriesOf(({ metrics }) => metrics.schedule_accuracy),
      1,
    ),
    gap: trendOf(
      seriesOf(({ gap }) => gap),
      -1,
    ),
  };
}

/**
 * Least-squares slope of a series a step, with the two-sided p-value of its t statistic; `better` is the sign of a change
 * for the better.
 */
export function trendOf(series: readonly number[], better: 1 | -1): Trend {
  const waves = series.length;
  if (waves < 2) return { slope: null, p_value: null, direction: "unknown", waves };
  const meanX = (waves - 1) / 2;
  const meanY = series.reduce((sum, y) => sum + y, 0) / waves;
  let [sumXX, sumXY, sumYY] = [0, 0, 0];
  series.forEach((y, x) => {
    sumXX += (x - meanX) ** 2;
    sumXY += (x - meanX) * (y - meanY);
    sumYY += (y - meanY) ** 2;
  });
  const slope = sumXY / sumXX;
  if (waves < MIN_TREND_WAVES) return { slope, p_value: null, direction: "unknown", waves };
  const residual = Math.max(0, sumYY - slope * sumXY);
  const pValue = pValueOf(slope, sumXX, sumYY, residual, waves - 2);
  const isClear = pValue < SIGNIFICANCE;
  const direction = !isClear ? "steady" : slope * better > 0 ? "improving" : "worsening";
  return { slope, p_value: pValue, direction, waves };
}

function pValueOf(slope: number, sumXX: number, sumYY: number, residual: number, degrees: number): number {
  // A constant series has no trend, whatever rounding makes of its mean.
  if (sumYY <= ROUNDING * ROUNDING) return 1;
  if (residual <= ROUNDING * sumYY) return 0;
  return studentTwoSided(slope / Math.sqrt(residual / degrees / sumXX), degrees);
}
