import type { KeyedStream } from "../../domain/index.js";

/**
 * What is believed of the mean reward of an arm whose rewards x_1 … x_n are normal with unknown mean μ and variance σ²
 * (normal-inverse-gamma; Murphy, Conjugate Bayesian analysis of the Gaussian distribution, 2007, §4):
 *
 *   κ = κ_0 + n     m = (κ_0 m_0 + Σx) / κ     α = α_0 + n/2     β = β_0 + S/2 + κ_0 n (x̄ − m_0)² / (2κ),  S = Σ(x − x̄)²
 *   σ² ~ InvGamma(α, β)     μ | σ² ~ N(m, σ²/κ)     so that Var μ = β / ((α − 1) κ)
 */
export interface ArmRecord {
  readonly waves: number;
  /** x̄, 0 of no wave. */
  readonly meanReward: number;
  /** S. */
  readonly squares: number;
}

export interface ArmPosterior {
  /** m. */
  readonly mean: number;
  /** Standard deviation of μ. */
  readonly standardError: number;
  /** α, a multiple of ½. */
  readonly shape: number;
  readonly scale: number;
  /** κ. */
  readonly weight: number;
}

/** m_0: as good as agents chosen at random, for every arm alike: neutral, so that no arm is tried or spared for its name. */
const PRIOR_MEAN = 0.5;
/** κ_0: the prior weighs as much as one wave. */
const PRIOR_WAVES = 1;
/** α_0, and β_0 such that σ is expected to be a twentieth: about what luck does to a wave of 40 tasks. */
const PRIOR_SHAPE = 2;
const PRIOR_SPREAD = 0.05;

/** The posterior after these rewards. */
export function armPosterior({ waves, meanReward, squares }: ArmRecord): ArmPosterior {
  const weight = PRIOR_WAVES + waves;
  const distance = meanReward - PRIOR_MEAN;
  const mean = (PRIOR_WAVES * PRIOR_MEAN + waves * meanReward) / weight;
  const shape = PRIOR_SHAPE + waves / 2;
  const priorScale = (PRIOR_SHAPE - 1) * PRIOR_SPREAD ** 2;
  const scale = priorScale + squares / 2 + (PRIOR_WAVES * waves * distance ** 2) / (2 * weight);
  return { mean, standardError: Math.sqrt(scale / ((shape - 1) * weight)), shape, scale, weight };
}

/**
 * A draw of μ for Thompson sampling (Thompson, Biometrika 25, 1933). 2β/σ² is χ² with 2α degrees of freedom, a whole
 * number here, so it is drawn as a sum of squared normals. O(waves).
 */
export function drawMean({ mean, shape, scale, weight }: ArmPosterior, stream: KeyedStream): number {
  let chiSquare = 0;
  for (let k = 0; k < Math.round(2 * shape); k++) chiSquare += stream.normal() ** 2;
  const variance = (2 * scale) / chiSquare;
  return mean + Math.sqrt(variance / weight) * stream.normal();
}
