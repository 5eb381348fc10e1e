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
