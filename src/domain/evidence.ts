import type { RiskLevel } from "./problem.js";

/** What is known of the circumstances of a trial or a planned attempt; null where nothing is. */
export interface Kind {
  readonly agentId: string | null;
  readonly taskType: string | null;
  readonly riskLevel: RiskLevel | null;
}

/** Attempts at one confidence. */
export interface Trials {
  readonly confidence: number;
  readonly count: number;
  readonly successes: number;
}

/** Measurements by their number, their mean and the sum of squared deviations from it. */
export interface Moments {
  readonly count: number;
  /** 0 of no measurement. */
  readonly mean: number;
  readonly squares: number;
}

export const NO_MOMENTS: Moments = { count: 0, mean: 0, squares: 0 };

/** All that is known of one kind of attempt. */
export interface KindEvidence {
  readonly kind: Kind;
  readonly trials: readonly Trials[];
  /** Of the natural logarithms of the milliseconds of one attempt. */
  readonly logTimes: Moments;
  /** Of the changes of confidence. */
  readonly gains: Moments;
}
