import { Covariances } from "./covariances.js";
import { SparseCholesky, sortShort } from "./sparse-cholesky.js";

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
  /** Effects whose covariances are wanted though no block has them together. */
  readonly wanted: (readonly number[])[] = [];
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
  readonly levelOf: Int32Array;
  readonly numBlocks: number;
  #family: Family;
  readonly #prior: Float64Array;
  readonly #count: Float64Array;
  readonly #total: Float64Array;
  readonly #covariate: Float64Array;
  readonly #blockStart: Int32Array;
  /** Places of block b's effects in the order of elimination, ascending, the slope among them: from placeStart[b] on. */
  readonly #places: Int32Array;
  readonly #placeStart: Int32Array;
  /** Matrix entries of the blocks one after another, pair by pair of their places. */
  readonly #entries: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #slopePlace: number | null;
  readonly #cholesky: SparseCholesky;
  /** Of the log likelihood at the effects, by place: its negative Hessian and its gradient. */
  readonly #matrix: Float64Array;
  readonly #inverse: Float64Array;
  readonly #gradient: Float64Array;
  /** Minus the log likelihood at the effects. */
  #loss: number;
  /** The effects and their precisions by place. */
  readonly #effectAt: Float64Array;
  readonly #precisionAt: Float64Array;

  constructor(cells: Cells, names: EffectNames, family: Family) {
    const numEffects = names.levelOf.length;
    this.levelOf = names.levelOf;
    this.numBlocks = cells.numBlocks;
    this.#family = family;
    this.effects = new Float64Array(numEffects);
    this.#prior = Float64Array.from(cells.prior);
    this.#count = Float64Array.from(cells.count);
    this.#total = Float64Array.from(cells.total);
    this.#covariate = Float64Array.from(cells.covariate);
    this.#blockStart = Int32Array.from(cells.blockStart);
    this.#placeOf = eliminationOrder(names.levelOf);
    this.#slopePlace = names.slope === null ? null : this.#placeOf[names.slope]!;
    const { places, start } = this.#listPlaces([...cells.groupsOf, ...cells.wanted]);
    this.#places = places;
    this.#placeStart = start.slice(0, cells.numBlocks + 1);
    this.#cholesky = new SparseCholesky(numEffects, places, start);
    this.#entries = this.#listEntries();
    this.#matrix = new Float64Array(this.#cholesky.numEntries);
    this.#inverse = new Float64Array(this.#cholesky.numEntries);
    this.#precisionAt = new Float64Array(numEffects);
    this.#gradient = new Float64Array(numEffects);
    this.#effectAt = new Float64Array(numEffects);
    this.#loss = this.#evaluate(this.effects, true);
  }

  /** Begins anew with other priors of the cells and another family; what depends on the blocks alone is kept. */
  restart(prior: readonly number[], family: Family): void {
    this.#family = family;
    this.#prior.set(prior);
    this.effects.fill(0);
    this.#loss = this.#evaluate(this.effects, true);
  }

  /** At most so many Newton steps under these precisions (1 / variance), until the largest change of an effect is below the tolerance. */
  fit(precision: Float64Array, tolerance: number, maxSteps = MAX_NEWTON_STEPS): void {
    for (let step = 0; step < maxSteps; step++) {
      if (this.step(precision) < tolerance) break;
    }
    // The curvature of a Gaussian likelihood is the same everywhere.
    if (this.#family.kind === "bernoulli") this.#factorize(precision);
  }

  /** One Newton step; returns the largest change of an effect. Covariances are then those at the effects before it. */
  step(precision: Float64Array): number {
    this.#factorize(precision);
    const direction = this.#gradient.slice();
    for (let g = 0; g < precision.length; g++) direction[this.#placeOf[g]!]! -= precision[g]! * this.effects[g]!;
    this.#cholesky.solve(direction);
    return this.#advance(precision, direction);
  }

  /** Covariances of the posterior at the effects and precisions of the last fit, until they are asked for again. */
  covariances(): Covariances {
    return new Covariances(this.#cholesky, this.#cholesky.selectedInverse(this.#inverse), this.#placeOf);
  }

  /** Fisher information about each effect at the last fit. */
  information(): Float64Array {
    return this.effects.map((_, g) => this.#matrix[this.#diagonalOf(g)]!);
  }

  /** Places of the effects of each of these, the slope among them, ascending; those of one after those of another. */
  #listPlaces(groupsOf: readonly (readonly number[])[]): { places: Int32Array; start: Int32Array } {
    const width = this.#slopePlace === null ? 0 : 1;
    const start = new Int32Array(groupsOf.length + 1);
    groupsOf.forEach((groups, b) => (start[b + 1] = start[b]! + groups.length + width));
    const places = new Int32Array(start[groupsOf.length]!);
    groupsOf.forEach((groups, b) => {
      const begin = start[b]!;
      for (let k = 0; k < groups.length; k++) places[begin + k] = this.#placeOf[groups[k]!]!;
      if (this.#slopePlace !== null) places[begin + groups.length] = this.#slopePlace;
      sortShort(places, begin, start[b + 1]!);
    });
    return { places, start };
  }

  #listEntries(): Int32Array {
    const numEntries = (b: number): number => {
      const width = this.#placeStart[b + 1]! - this.#placeStart[b]!;
      return (width * (width + 1)) / 2;
    };
    let total = 0;
    for (let b = 0; b + 1 < this.#placeStart.length; b++) total += numEntries(b);
    const entries = new Int32Array(total);
    let entry = 0;
    for (let b = 0; b + 1 < this.#placeStart.length; b++) {
      const end = this.#placeStart[b + 1]!;
      for (let i = this.#placeStart[b]!; i < end; i++) {
        for (let j = i; j < end; j++) entries[entry++] = this.#cholesky.place(this.#places[i]!, this.#places[j]!);
      }
    }
    return entries;
  }

  #factorize(precision: Float64Array): void {
    for (let g = 0; g < precision.length; g++) this.#precisionAt[this.#placeOf[g]!] = precision[g]!;
    this.#cholesky.factorize(this.#matrix, this.#precisionAt);
  }

  #diagonalOf(effect: number): number {
    return this.#cholesky.columnStart[this.#placeOf[effect]!]!;
  }

  /**
   * Minus the log likelihood at these effects, up to a constant; its gradient and Hessian are left in the fields.
   *
   * @param isNew whether the Hessian is not known yet: that of a Gaussian likelihood is the same everywhere
   */
  #evaluate(effects: Float64Array, isNew = false): number {
    const family = this.#family;
    const isCurved = isNew || family.kind === "bernoulli";
    const [matrix, gradient, effectAt] = [this.#matrix, this.#gradient.fill(0), this.#effectAt];
    if (isCurved) matrix.fill(0);
    for (let g = 0; g < effects.length; g++) effectAt[this.#placeOf[g]!] = effects[g]!;
    const slopePlace = this.#slopePlace ?? -1;
    const slope = slopePlace === -1 ? 0 : effectAt[slopePlace]!;
    const [places, entries] = [this.#places, this.#entries];
    let loss = 0;
    let entry = 0;
    for (let b = 0; b + 1 < this.#blockStart.length; b++) {
      const [begin, end] = [this.#placeStart[b]!, this.#placeStart[b + 1]!];
      let shift = 0;
      for (let i = begin; i < end; i++) if (places[i] !== slopePlace) shift += effectAt[places[i]!]!;
      let [s, sx, w, wx, wxx] = [0, 0, 0, 0, 0];
      for (let c = this.#blockStart[b]!; c < this.#blockStart[b + 1]!; c++) {
        const [x, count, total] = [this.#covariate[c]!, this.#count[c]!, this.#total[c]!];
        const eta = this.#prior[c]! + shift + slope * x;
        let [first, second] = [0, 0];
        if (family.kind === "bernoulli") {
          const small = Math.exp(-Math.abs(eta));
          const p = eta > 0 ? 1 / (1 + small) : small / (1 + small);
          loss += count * (Math.max(eta, 0) + Math.log1p(small)) - total * eta;
          first = total - count * p;
          second = count * p * (1 - p);
        } else {
          loss += ((count * eta * eta) / 2 - total * eta) / family.noiseVariance;
          first = (total - count * eta) / family.noiseVariance;
          second = count / family.noiseVariance;
        }
        s += first;
        sx += first * x;
        w += second;
        wx += second * x;
        wxx += second * x * x;
      }
      for (let i = begin; i < end; i++) gradient[places[i]!]! += places[i] === slopePlace ? sx : s;
      for (let i = begin; isCurved && i < end; i++) {
        const isSlope = places[i] === slopePlace;
        for (let j = i; j < end; j++) {
          const isOther = places[j] === slopePlace;
          matrix[entries[entry++]!]! += isSlope ? (isOther ? wxx : wx) : isOther ? wx : w;
        }
      }
    }
    return loss;
  }

  /** Moves the effects along the direction (by place) as far as the log posterior rises; returns the largest change. */
  #advance(precision: Float64Array, direction: Float64Array): number {
    const longest = direction.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
    if (longest < STEP_TOLERANCE) return longest;
    const before = this.effects.slice();
    const current = this.#loss + penaltyOf(precision, before);
    const accepted = current + LOSS_TOLERANCE * Math.abs(current);
    // A Gaussian posterior is quadratic, so its full step is right however long.
    let scale = this.#family.kind === "gaussian" ? 1 : Math.min(1, STEP_LIMIT / longest);
    for (let halving = 0; halving < MAX_HALVINGS; halving++) {
      for (let g = 0; g < before.length; g++) {
        this.effects[g] = before[g]! + scale * direction[this.#placeOf[g]!]!;
      }
      this.#loss = this.#evaluate(this.effects);
      if (this.#loss + penaltyOf(precision, this.effects) <= accepted) return scale * longest;
      scale /= 2;
    }
    this.effects.set(before);
    this.#loss = this.#evaluate(this.effects);
    return 0;
  }
}

/** Minus the log density of the effects, up to a constant. */
function penaltyOf(precision: Float64Array, effects: Float64Array): number {
  let penalty = 0;
  for (let g = 0; g < effects.length; g++) penalty += (precision[g]! * effects[g]! * effects[g]!) / 2;
  return penalty;
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
