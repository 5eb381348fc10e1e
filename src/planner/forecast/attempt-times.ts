import type { Estimate } from "../../domain/index.js";

/** Standard deviation of one attempt's time over its mean, where the estimate carries no standard error. */
export const DEFAULT_DURATION_SPREAD = 0.3;

/** A log-normal time: ln(t) has mean μ and standard deviation σ, with t in milliseconds. */
export interface LogNormal {
  readonly mu: number;
  readonly sigma: number;
}

/** Log-normal with mean d and coefficient of variation v: σ² = ln(1 + v²), μ = ln d − σ²/2. */
export function attemptTime({
  durationMs,
  standardErrors,
}: Pick<Estimate, "durationMs" | "standardErrors">): LogNormal {
  const spread = standardErrors.durationMs > 0 ? standardErrors.durationMs / durationMs : DEFAULT_DURATION_SPREAD;
  const sigma = Math.sqrt(Math.log1p(spread * spread));
  return { mu: Math.log(durationMs) - (sigma * sigma) / 2, sigma };
}

/**
 * The same told apart: σ of one attempt about the agent's mean for the type, and `shared`, that of the doubt about this mean,
 * which is one for all its tasks of the type. σ² + shared² is the variance of `attemptTime`.
 */
export function sharedAttemptTime(
  estimate: Pick<Estimate, "durationMs" | "standardErrors">,
): LogNormal & { readonly shared: number } {
  const { mu, sigma } = attemptTime(estimate);
  const doubt = (estimate.standardErrors.meanDurationMs ?? 0) / estimate.durationMs;
  const shared = Math.min(sigma, Math.sqrt(Math.log1p(doubt * doubt)));
  return { mu, shared, sigma: Math.sqrt(sigma * sigma - shared * shared) };
}
