import { SparseCholesky } from "./sparse-cholesky.js";

/**
 * Shrinkage by evidence: a mixed model with random effects, fitted to its posterior mode.
 *
 *   η_c = prior_c + Σ_{g ∈ groups(block of c)} u_g + slope · x_c,   u_g ~ N(0, variance of g's level)
 *   bernoulli: total_c ~ B(count_c, σ(η_c))     gaussian: the count_c observations of cell c ~ N(η_c, noiseVariance)
 *
 * All effects are estimated together, so levels share what the data say in proportion to their variances; an effect
 * without data is 0, one with much data reproduces the observed mean. Newton's method with a step limit and backtracking
 * on sparse Cholesky factors (Bates, Mächler, Bolker, Walker, Journal of Statistical Software 67, 2015, on why that suits
 * crossed and nested effects); effects of the levels with the most groups are eliminated first. The same factors give
 * the covariances of the posterior about its mode (Laplace).
 */
export type Family = { readonly kind: "bernoulli" } | { readonly kind: "gaussian"; readonly noiseVariance: number };

/** Observations in blocks that share their effects. */
export class Cells {
  readonly prior: number[] = [];
  /** Number of observations; fractions are legal. */
  readonly count: number[] = [];
  /** Their sum. */
  readonly total: number[] = [];
  /** x_c. */
  readonly covariate: number[] = [];
  readonly groupsOf: (readonly number[])[] = [];
  /** First cell of each block, and the number of cells. */
  readonly blockStart: number[] = [0];

  get numBlocks(): number {
    return this.groupsOf.length;
  }

  /** Adds a cell to the block that is being filled. */
  add(prior: number, count: number, total: number, covariate = 0): void {
    this.prior.push(prior);
    this.count.push(count);
    this.total.push(total);
    this.covariate.push(covariate);
  }

  /** Ends the block: its cells are those added since the last one ended. */
  endBlock(groups: readonly number[]): void {
    this.groupsOf.push(groups);
    this.blockStart.push(this.prior.length);
  }
}

/** Which level each effect belongs to, and which effect is the slope, if any. */
export interface EffectNames {
  readonly levelOf: Int32Array;
  readonly slope: number | null;
}

const MAX_NEWTON_STEPS = 100;
const MAX_HALVINGS = 40;
/** Largest change of one effect in one step, so that a flat likelihood is not overshot. */
const STEP_LIMIT = 1;
export const STEP_TOLERANCE = 1e-9;
/** Rounding of the loss, relative; a smaller rise is none. */
const LOSS_TOLERANCE = 1e-13;

/** A fit under way: the same cells in the same order give the same bytes. */
export class EffectsModel {
  readonly effects: Float64Array;
  readonly #prior: Float64Array;
  readonly #count: Float64Array;
  readonly #total: Float64Array;
  readonly #covariate: Float64Array;
  readonly #blockStart: Int32Array;
  /** Places of each block's effects in the order of elimination, ascending, the slope among them. */
  readonly #placesOf: readonly Int32Array[];
  /** Matrix entries of each block, pair by pair of its places. */
  readonly #entriesOf: readonly Int32Array[];
  readonly #placeOf: Int32Array;
  readonly #slopePlace: number | null;
  readonly #cholesky: SparseCholesky;
  readonly #matrix: Float64Array;
  readonly #gradient: Float64Array;
  /** −∂² log likelihood / ∂u_g² at the effects of the last assembly, by place. */
  readonly #information: Float64Array;

  constructor(
    cells: Cells,
    names: EffectNames,
    readonly family: Family,
  ) {
    const numEffects = names.levelOf.length;
    this.effects = new Float64Array(numEffects);
    this.#prior = Float64Array.from(cells.prior);
    this.#count = Float64Array.from(cells.count);
    this.#total = Float64Array.from(cells.total);
    this.#covariate = Float64Array.from(cells.covariate);
    this.#blockStart = Int32Array.from(cells.blockStart);
    this.#placeOf = eliminationOrder(names.levelOf);
    this.#slopePlace = names.slope === null ? null : this.#placeOf[names.slope]!;
    this.#placesOf = cells.groupsOf.map((groups) => {
      const all = names.slope === null ? groups : [...groups, names.slope];
      return Int32Array.from(all, (g) => this.#placeOf[g]!).sort();
    });
    this.#cholesky = new SparseCholesky(
      numEffects,
      this.#placesOf.map((places) => [...places]),
    );
    this.#entriesOf = this.#placesOf.map((places) => {
      const entries = new Int32Array((places.length * (places.length + 1)) / 2);
      let k = 0;
      for (let a = 0; a < places.length; a++) {
        for (let b = a; b < places.length; b++) entries[k++] = this.#cholesky.place(places[a]!, places[b]!);
      }
      return entries;
    });
    this.#matrix = new Float64Array(this.#cholesky.numEntries);
    this.#gradient = new Float64Array(numEffects);
    this.#information = new Float64Array(numEffects);
  }

  /** At most so many Newton steps under these precisions (1 / variance), until the largest change of an effect is below the tolerance. */
  fit(precision: Float64Array, tolerance: number, maxSteps = MAX_NEWTON_STEPS): void {
    for (let step = 0; step < maxSteps; step++) {
      this.#assemble(precision);
      this.#cholesky.solve(this.#gradient);
      const direction = this.effects.map((_, g) => this.#gradient[this.#placeOf[g]!]!);
      if (this.#advance(precision, direction) < tolerance) break;
    }
    this.#assemble(precision);
  }

  /** Covariances of the posterior at the effects and precisions of the last fit. */
  covariances(): Covariances {
    return new Covariances(this.#cholesky, this.#cholesky.selectedInverse(), this.#placeOf);
  }

  /** Fisher information about each effect at the last fit. */
  information(): Float64Array {
    return this.effects.map((_, g) => this.#information[this.#placeOf[g]!]!);
  }

  /** Gradient and Hessian of the log posterior; factorizes the latter. */
  #assemble(precision: Float64Array): void {
    const { family } = this;
    const [matrix, gradient] = [this.#matrix.fill(0), this.#gradient.fill(0)];
    const effectAt = this.#effectsByPlace();
    for (let b = 0; b < this.#placesOf.length; b++) {
      const places = this.#placesOf[b]!;
      const shift = this.#shiftOf(places, effectAt);
      const slope = this.#slopePlace === null ? 0 : effectAt[this.#slopePlace]!;
      let [s, sx, w, wx, wxx] = [0, 0, 0, 0, 0];
      for (let c = this.#blockStart[b]!; c < this.#blockStart[b + 1]!; c++) {
        const x = this.#covariate[c]!;
        const eta = this.#prior[c]! + shift + slope * x;
        const count = this.#count[c]!;
        let [first, second] = [0, 0];
        if (family.kind === "bernoulli") {
          const p = 1 / (1 + Math.exp(-eta));
          first = this.#total[c]! - count * p;
          second = count * p * (1 - p);
        } else {
          first = (this.#total[c]! - count * eta) / family.noiseVariance;
          second = count / family.noiseVariance;
        }
        s += first;
        sx += first * x;
        w += second;
        wx += second * x;
        wxx += second * x * x;
      }
      const entries = this.#entriesOf[b]!;
      let entry = 0;
      for (let i = 0; i < places.length; i++) {
        const isSlope = places[i] === this.#slopePlace;
        gradient[places[i]!]! += isSlope ? sx : s;
        for (let j = i; j < places.length; j++) {
          const isOther = places[j] === this.#slopePlace;
          matrix[entries[entry++]!]! += isSlope ? (isOther ? wxx : wx) : isOther ? wx : w;
        }
      }
    }
    for (let g = 0; g < precision.length; g++) {
      const place = this.#placeOf[g]!;
      const diagonal = this.#cholesky.columnStart[place]!;
      this.#information[place] = matrix[diagonal]!;
      matrix[diagonal]! += precision[g]!;
      gradient[place]! -= precision[g]! * this.effects[g]!;
    }
    this.#cholesky.factorize(matrix);
  }

  /** Minus the log posterior, up to a constant. */
  #lossAt(precision: Float64Array, effects: Float64Array): number {
    const { family } = this;
    let loss = 0;
    const effectAt = new Float64Array(effects.length);
    for (let g = 0; g < effects.length; g++) {
      loss += (precision[g]! * effects[g]! * effects[g]!) / 2;
      effectAt[this.#placeOf[g]!] = effects[g]!;
    }
    const slope = this.#slopePlace === null ? 0 : effectAt[this.#slopePlace]!;
    for (let b = 0; b < this.#placesOf.length; b++) {
      const shift = this.#shiftOf(this.#placesOf[b]!, effectAt);
      for (let c = this.#blockStart[b]!; c < this.#blockStart[b + 1]!; c++) {
        const eta = this.#prior[c]! + shift + slope * this.#covariate[c]!;
        if (family.kind === "bernoulli") {
          loss += this.#count[c]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))) - this.#total[c]! * eta;
        } else {
          loss += ((this.#count[c]! * eta * eta) / 2 - this.#total[c]! * eta) / family.noiseVariance;
        }
      }
    }
    return loss;
  }

  #effectsByPlace(): Float64Array {
    const effectAt = new Float64Array(this.effects.length);
    for (let g = 0; g < effectAt.length; g++) effectAt[this.#placeOf[g]!] = this.effects[g]!;
    return effectAt;
  }

  /** Sum of the effects on a block but for the slope. */
  #shiftOf(places: Int32Array, effectAt: Float64Array): number {
    let shift = 0;
    for (let i = 0; i < places.length; i++) if (places[i] !== this.#slopePlace) shift += effectAt[places[i]!]!;
    return shift;
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
}

/** Covariances of effects that act together on some block, or are both of a level eliminated late. */
export class Covariances {
  readonly #cholesky: SparseCholesky;
  readonly #inverse: Float64Array;
  readonly #placeOf: Int32Array;

  constructor(cholesky: SparseCholesky, inverse: Float64Array, placeOf: Int32Array) {
    this.#cholesky = cholesky;
    this.#inverse = inverse;
    this.#placeOf = placeOf;
  }

  variance(effect: number): number {
    return this.#inverse[this.#cholesky.columnStart[this.#placeOf[effect]!]!]!;
  }

  /** Null where the factors hold no such entry. */
  covariance(one: number, other: number): number | null {
    const [a, b] = [this.#placeOf[one]!, this.#placeOf[other]!];
    const [column, row] = [Math.min(a, b), Math.max(a, b)];
    const place = this.#cholesky.find(column, row);
    return place === null ? null : this.#inverse[place]!;
  }

  /** Variance of the sum of effects; a covariance the factors do not hold counts as 0. */
  varianceOfSum(effects: readonly number[]): number {
    let sum = 0;
    effects.forEach((effect, k) => {
      sum += this.variance(effect);
      for (const other of effects.slice(k + 1)) sum += 2 * (this.covariance(effect, other) ?? 0);
    });
    return sum;
  }
}

/** Place of each effect: those of levels with more groups first, so that little fills in. */
function eliminationOrder(levelOf: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const level of levelOf) sizes.set(level, (sizes.get(level) ?? 0) + 1);
  const order = Array.from(levelOf, (_, g) => g).sort((a, b) => {
    const [one, other] = [levelOf[a]!, levelOf[b]!];
    return sizes.get(other)! - sizes.get(one)! || other - one || a - b;
  });
  const placeOf = new Int32Array(levelOf.length);
  order.forEach((g, place) => (placeOf[g] = place));
  return placeOf;
}
