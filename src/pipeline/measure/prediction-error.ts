import { sumOf } from "./accuracy.js";
import type { WaveStats } from "./measured-wave.js";

/** Two-sided: a run whose predictions are right is called wrong in at most about 2 of 100 cases. */
export const PREDICTION_ERROR_ALPHA = 0.02;

/** Whether the successes of a run stray further from its predictions than chance explains. */
export interface PredictionError {
  readonly tasks: number;
  readonly plannedRate: number;
  readonly actualRate: number;
  /** (|successes − ΣP| − ½) / √ΣP(1−P), with the sign of successes − ΣP; 0 inside the half. */
  readonly z: number;
  readonly pValue: number;
}

/** The normal test of ΣP over all tasks, with continuity correction; null where nothing ran. */
export function testPrediction(waves: readonly Pick<WaveStats, "ended">[]): PredictionError | null {
  const sum = (value: (outcome: WaveStats["ended"]) => number): number => sumOf(waves, ({ ended }) => value(ended));
  const tasks = sum((one) => one.tasks);
  if (tasks === 0) return null;
  const [planned, actual] = [sum((one) => one.successes.planned), sum((one) => one.successes.actual)];
  const excess = Math.max(0, Math.abs(actual - planned) - 0.5);
  const spread = Math.sqrt(
    Math.max(
      0,
      sum((one) => one.successVariance),
    ),
  );
  const size = excess === 0 ? 0 : excess / spread;
  const z = Math.sign(actual - planned) * size;
  return { tasks, plannedRate: planned / tasks, actualRate: actual / tasks, z, pValue: twoSided(size) };
}

/** Pr(|Z| ≥ z) of a standard normal Z, z ≥ 0, to 1.5e-7 (Abramowitz and Stegun, 1964, 7.1.26). */
export function twoSided(z: number): number {
  const x = z / Math.SQRT2;
  if (x === Infinity) return 0;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.min(1, series * Math.exp(-x * x));
}
