/**
 * Shrinkage by evidence: a mixed model with random effects, fitted to its posterior mode.
 *
 *   η_c = prior_c + Σ_{g ∈ groups of c} weight_cg · u_g,   u_g ~ N(0, variance of g's level)
 *   bernoulli: total_c ~ B(count_c, σ(η_c))     gaussian: the count_c observations of cell c ~ N(η_c, noiseVariance)
 *
 * All effects are estimated together, so levels share what the data say in proportion to their variances; an effect
 * without data is 0, one with much data reproduces the observed mean. Newton's method with a step limit and
 * backtracking, its linear systems by conjugate gradients with a diagonal preconditioner (Nocedal, Wright, Numerical
 * Optimization, 2006, chapters 5 and 7). An iteration is O(entries of all cells).
 */
export type Family = { readonly kind: "bernoulli" } | { readonly kind: "gaussian"; readonly noiseVariance: number };

/** Observations and the effects that act on them, one entry a cell. */
export class Cells {
  readonly prior: number[] = [];
  /** Number of observations; fractions are legal. */
  readonly count: number[] = [];
  /** Their sum. */
  readonly total: number[] = [];
  readonly groupStart: number[] = [0];
  /** Effects of cell c: groups[groupStart[c] … groupStart[c + 1] − 1]. */
  readonly groups: number[] = [];
  readonly weights: number[] = [];

  get length(): number {
    return this.prior.length;
  }

  /** @param slope an effect that acts with a weight of its own; the others act with weight 1 */
  add(groups: readonly number[], prior: number, count: number, total: number, slope: Slope | null = null): void {
    this.prior.push(prior);
    this.count.push(count);
    this.total.push(total);
    for (const g of groups) {
      this.groups.push(g);
      this.weights.push(1);
    }
    if (slope !== null) {
      this.groups.push(slope.group);
      this.weights.push(slope.weight);
    }
    this.groupStart.push(this.groups.length);
  }
}

export interface Slope {
  readonly group: number;
  readonly weight: number;
}

export interface EffectsFit {
  /** u_g. */
  readonly effects: Float64Array;
  /** Fisher information of the group's cells about their η at the mode, ≥ 0. */
  readonly information: Float64Array;
}

const MAX_NEWTON_STEPS = 100;
const MAX_HALVINGS = 40;
/** Largest change of one effect in one step, so that a flat likelihood is not overshot. */
const STEP_LIMIT = 1;
export const STEP_TOLERANCE = 1e-9;
/** Of the linear systems; Newton's next step removes what they leave. */
const RESIDUAL_TOLERANCE = 1e-4;
/** Rounding of the loss, relative; a smaller rise is none. */
const LOSS_TOLERANCE = 1e-13;

/** A fit under way: the same cells in the same order give the same bytes. */
export class EffectsModel {
  readonly effects: Float64Array;
  readonly #prior: Float64Array;
  readonly #count: Float64Array;
  readonly #total: Float64Array;
  readonly #groupStart: Int32Array;
  readonly #groups: Int32Array;
  readonly #weights: Float64Array;
  /** First two derivatives of the log likelihood of each cell by its η. */
  readonly #slope: Float64Array;
  readonly #curvature: Float64Array;

  constructor(
    cells: Cells,
    numEffects: number,
    readonly family: Family,
  ) {
    this.effects = new Float64Array(numEffects);
    this.#prior = Float64Array.from(cells.prior);
    this.#count = Float64Array.from(cells.count);
    this.#total = Float64Array.from(cells.total);
    this.#groupStart = Int32Array.from(cells.groupStart);
    this.#groups = Int32Array.from(cells.groups);
    this.#weights = Float64Array.from(cells.weights);
    this.#slope = new Float64Array(cells.length);
    this.#curvature = new Float64Array(cells.length);
  }

  /** Newton steps under these precisions (1 / variance) until the largest change of an effect is below the tolerance. */
  fit(precision: Float64Array, tolerance: number): void {
    for (let step = 0; step < MAX_NEWTON_STEPS; step++) {
      this.#differentiate();
      const gradient = this.#spread(this.#slope, false);
      for (let g = 0; g < gradient.length; g++) gradient[g]! -= precision[g]! * this.effects[g]!;
      if (this.#advance(precision, this.#solveNewton(precision, gradient, tolerance)) < tolerance) break;
    }
    this.#differentiate();
  }

  /** Fisher information about each effect at the present effects. */
  information(): Float64Array {
    return this.#spread(this.#curvature, true);
  }

  #etaOf(c: number, effects: Float64Array): number {
    let eta = this.#prior[c]!;
    for (let k = this.#groupStart[c]!; k < this.#groupStart[c + 1]!; k++) {
      eta += this.#weights[k]! * effects[this.#groups[k]!]!;
    }
    return eta;
  }

  #differentiate(): void {
    for (let c = 0; c < this.#prior.length; c++) {
      const eta = this.#etaOf(c, this.effects);
      if (this.family.kind === "bernoulli") {
        const p = 1 / (1 + Math.exp(-eta));
        this.#slope[c] = this.#total[c]! - this.#count[c]! * p;
        this.#curvature[c] = this.#count[c]! * p * (1 - p);
      } else {
        this.#slope[c] = (this.#total[c]! - this.#count[c]! * eta) / this.family.noiseVariance;
        this.#curvature[c] = this.#count[c]! / this.family.noiseVariance;
      }
    }
  }

  /** Minus the log posterior, up to a constant. */
  #lossAt(precision: Float64Array, effects: Float64Array): number {
    let loss = 0;
    for (let g = 0; g < effects.length; g++) loss += (precision[g]! * effects[g]! * effects[g]!) / 2;
    for (let c = 0; c < this.#prior.length; c++) {
      const eta = this.#etaOf(c, effects);
      if (this.family.kind === "bernoulli") {
        loss += this.#count[c]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))) - this.#total[c]! * eta;
      } else {
        loss += ((this.#count[c]! * eta * eta) / 2 - this.#total[c]! * eta) / this.family.noiseVariance;
      }
    }
    return loss;
  }

  /** Moves the effects along the direction as far as the loss falls; returns the largest change. */
  #advance(precision: Float64Array, direction: Float64Array): number {
    const longest = direction.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
    if (longest < STEP_TOLERANCE) return longest;
    // A Gaussian posterior is quadratic, so its full step is right however long.
    let scale = this.family.kind === "gaussian" ? 1 : Math.min(1, STEP_LIMIT / longest);
    const current = this.#lossAt(precision, this.effects);
    const accepted = current + LOSS_TOLERANCE * Math.abs(current);
    for (let halving = 0; halving < MAX_HALVINGS; halving++) {
      const moved = this.effects.map((effect, g) => effect + scale * direction[g]!);
      if (this.#lossAt(precision, moved) <= accepted) {
        this.effects.set(moved);
        return scale * longest;
      }
      scale /= 2;
    }
    return 0;
  }

  /** Solves (ZᵀWZ + D) x = gradient by preconditioned conjugate gradients. */
  #solveNewton(precision: Float64Array, gradient: Float64Array, tolerance: number): Float64Array {
    const diagonal = this.#spread(this.#curvature, true);
    for (let g = 0; g < diagonal.length; g++) diagonal[g]! += precision[g]!;
    const solution = new Float64Array(gradient.length);
    const residual = gradient.slice();
    const preconditioned = residual.map((value, g) => value / diagonal[g]!);
    const search = preconditioned.slice();
    let energy = dot(residual, preconditioned);
    // A rough fit needs only a rough direction.
    const accuracy = tolerance > STEP_TOLERANCE ? Math.sqrt(RESIDUAL_TOLERANCE) : RESIDUAL_TOLERANCE;
    const target = energy * accuracy * accuracy;
    for (let step = 0; step < 2 * gradient.length && energy > target; step++) {
      const image = this.#applyHessian(precision, search);
      const length = energy / dot(search, image);
      for (let g = 0; g < solution.length; g++) {
        solution[g]! += length * search[g]!;
        residual[g]! -= length * image[g]!;
        preconditioned[g] = residual[g]! / diagonal[g]!;
      }
      const next = dot(residual, preconditioned);
      for (let g = 0; g < search.length; g++) search[g] = preconditioned[g]! + (next / energy) * search[g]!;
      energy = next;
    }
    return solution;
  }

  #applyHessian(precision: Float64Array, vector: Float64Array): Float64Array {
    const image = new Float64Array(vector.length);
    for (let g = 0; g < vector.length; g++) image[g] = precision[g]! * vector[g]!;
    for (let c = 0; c < this.#curvature.length; c++) {
      const [start, end] = [this.#groupStart[c]!, this.#groupStart[c + 1]!];
      let shift = 0;
      for (let k = start; k < end; k++) shift += this.#weights[k]! * vector[this.#groups[k]!]!;
      shift *= this.#curvature[c]!;
      for (let k = start; k < end; k++) image[this.#groups[k]!]! += this.#weights[k]! * shift;
    }
    return image;
  }

  /** For each effect the weighted sum over the cells it acts on, by the squares of the weights where asked for. */
  #spread(values: Float64Array, isSquared: boolean): Float64Array {
    const sums = new Float64Array(this.effects.length);
    for (let c = 0; c < values.length; c++) {
      for (let k = this.#groupStart[c]!; k < this.#groupStart[c + 1]!; k++) {
        const weight = this.#weights[k]!;
        sums[this.#groups[k]!]! += (isSquared ? weight * weight : weight) * values[c]!;
      }
    }
    return sums;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
