import type { Heuristics, RiskLevel } from "../../domain/index.js";

/** No penalty takes the confidence of an attempt below this. */
const CONFIDENCE_FLOOR = 0.05;
/** Change of confidence after a failed attempt where H16_003 says nothing. */
const DEFAULT_CONFIDENCE_PENALTY = -0.05;
/** Widens the inclusive ends of H16_002, so that .85 − 3 · .05 counts as .7. */
const RANGE_TOLERANCE = 1e-9;

/** What the attempts at one task come to. */
export interface AttemptForecast {
  /** P = 1 − Π q_k, in [0, 1]. */
  readonly successProbability: number;
  /** A = Σ_k Π_{l<k} q_l, the expected number of attempts, in [1, R + 1]. */
  readonly attempts: number;
}

/** R_i, the retries a task of this risk is allowed, from 0 to `maxRetries`: H16_003, where loaded, caps them and forbids them to risks it does not list. */
export function retriesAllowed(riskLevel: RiskLevel, heuristics: Heuristics, maxRetries: number): number {
  const { retry } = heuristics;
  if (retry === null) return maxRetries;
  if (!retry.riskLevels.includes(riskLevel)) return 0;
  return Math.max(0, Math.min(maxRetries, retry.maxAttempts - 1));
}

/** The rules as they hold for one task: without the boost where it is withheld from it. */
export function heuristicsFor(taskId: string, heuristics: Heuristics): Heuristics {
  return heuristics.boost?.withheldFrom?.has(taskId) === true ? { ...heuristics, boost: null } : heuristics;
}

/** Confidence in [.05, 1] that is left after `numFailures` failed attempts, before any boost. */
export function penalizedConfidence(
  confidence: number,
  riskLevel: RiskLevel | null,
  heuristics: Heuristics,
  numFailures: number,
): number {
  const change = numFailures * confidencePenalty(riskLevel, heuristics);
  return Math.max(CONFIDENCE_FLOOR, Math.min(1, confidence + change));
}

/**
 * Confidence of each attempt k = 0 … numRetries: c after k penalties (H16_003), then the boost of H16_002.
 * The boost is for that attempt only; penalties are counted from the task's own confidence.
 */
export function attemptConfidences(
  confidence: number,
  riskLevel: RiskLevel,
  heuristics: Heuristics,
  numRetries: number,
): number[] {
  return Array.from({ length: numRetries + 1 }, (_, k) =>
    boostedConfidence(penalizedConfidence(confidence, riskLevel, heuristics, k), riskLevel, heuristics),
  );
}

/** P and A of attempts made one after the other until one succeeds. @param chances p_k, k = 0 … R */
export function forecastAttempts(chances: ArrayLike<number>): AttemptForecast {
  let reached = 1;
  let attempts = 0;
  for (let k = 0; k < chances.length; k++) {
    attempts += reached;
    reached *= 1 - chances[k]!;
  }
  return { successProbability: 1 - reached, attempts };
}

/** dP/dη and dA/dη where η shifts the logit of every p_k alike: (1 − P) Σ p_k and −Σ_k Π_{l<k} q_l · Σ_{l<k} p_l. */
export function logitSlopes(chances: ArrayLike<number>): { success: number; attempts: number } {
  let reached = 1;
  let sum = 0;
  let attempts = 0;
  for (let k = 0; k < chances.length; k++) {
    const p = chances[k]!;
    attempts -= reached * sum;
    reached *= 1 - p;
    sum += p;
  }
  return { success: reached * sum, attempts };
}

/** A for a given P when every attempt has the same chance: q = (1 − P)^(1/(R+1)), A = Σ_{k=0..R} q^k. */
export function attemptsFromSuccess(successProbability: number, numRetries: number): number {
  const q = (1 - successProbability) ** (1 / (numRetries + 1));
  let attempts = 1;
  for (let k = 0; k < numRetries; k++) attempts = 1 + q * attempts;
  return attempts;
}

function confidencePenalty(riskLevel: RiskLevel | null, heuristics: Heuristics): number {
  const { retry } = heuristics;
  if (retry === null || riskLevel === null || !retry.riskLevels.includes(riskLevel)) return DEFAULT_CONFIDENCE_PENALTY;
  return retry.confidencePenalty * (heuristics.weights["H16_003"] ?? 1);
}

function boostedConfidence(confidence: number, riskLevel: RiskLevel, heuristics: Heuristics): number {
  const { boost } = heuristics;
  if (boost === null || !boost.riskLevels.includes(riskLevel)) return confidence;
  if (confidence < boost.from - RANGE_TOLERANCE || confidence > boost.to + RANGE_TOLERANCE) return confidence;
  return Math.min(1, confidence + boost.amount * (heuristics.weights["H16_002"] ?? 1));
}
