import type { RiskLevel } from "./problem.js";

/** What is known of the circumstances of a trial or a planned attempt; null where nothing is. */
export interface Kind {
  readonly agentId: string | null;
  readonly taskType: string | null;
  readonly riskLevel: RiskLevel | null;
}

/** The type as it is learned by: the same whatever its spelling case. */
export function foldType<T extends string | null>(taskType: T): T {
  return (taskType === null ? null : taskType.toLowerCase()) as T;
}

/** Attempts at one confidence. */
export interface Trials {
  readonly confidence: number;
  readonly count: number;
  readonly successes: number;
}

/** Attempts at confidences near each other. */
export interface TrialBand {
  readonly count: number;
  readonly successes: number;
  /** Sum of their confidences in steps of 1 / CONFIDENCE_STEPS; a whole number where `count` is one. */
  readonly confidences: number;
}

/**
 * Measurements, each rounded to a whole number of units, by their number, their sum and their sum of squares. Whole
 * numbers add up exactly, so evidence is the same to the last bit in whatever parts and order it came.
 */
export interface Sums {
  readonly count: number;
  readonly total: number;
  readonly squares: number;
}

export const NO_SUMS: Sums = { count: 0, total: 0, squares: 0 };

/** Confidences are kept in steps of this share of 1. */
export const CONFIDENCE_STEPS = 200;
/** Unit of natural logarithms of milliseconds: a thousandth of the time. */
export const LOG_TIME_UNIT = 1e-3;
/** Unit of changes of confidence. */
export const GAIN_UNIT = 1e-4;

/** All that is known of one kind of attempt. */
export interface KindEvidence {
  readonly kind: Kind;
  /** Whether it is from before its agent changed. */
  readonly isBefore: boolean;
  /** Ascending by confidence. */
  readonly trials: readonly TrialBand[];
  /** Natural logarithms of the milliseconds of one attempt, in LOG_TIME_UNIT. */
  readonly logTimes: Sums;
  /** Changes of confidence, in GAIN_UNIT. */
  readonly gains: Sums;
}
