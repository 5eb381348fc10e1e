import type { Cells } from "./cells.js";
import { Covariances } from "./covariances.js";
import { eliminationOrder, listMembers } from "./effect-order.js";
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
/**
 * A Newton step along which no logit moves further than this raises the log posterior for certain. Along it the curvature
 * c grows at most like exp(reach) (|c'| ≤ reach · c), so that the gain is at least (reach · (1 + reach) + 1 − exp(reach)) / reach²
 * of what the slope promises (Bach, Electronic Journal of Statistics 4, 2010, on self-concordance of logistic models),
 * and that is positive up to 1.79. Shorter steps in the same direction gain as well.
 */
const SURE_REACH = 1.75;
/** Rounding of the loss, relative; a smaller rise is none. */
const LOSS_TOLERANCE = 1e-13;

/** A fit under way: the same cells in the same order give the same bytes. */
export class EffectsModel {
  readonly effects: Float64Array;
  readonly levelOf: Int32Array;
  readonly numBlocks: number;
  #family: Family;
  /** Whether nothing is known of the likelihood yet. */
  #isNew = true;
  readonly #prior: Float64Array;
  readonly #count: Float64Array;
  readonly #total: Float64Array;
  readonly #covariate: Float64Array;
  readonly #blockStart: Int32Array;
  /** Places of block b's effects but for the slope in the order of elimination, ascending: from placeStart[b] on. */
  readonly #places: Int32Array;
  readonly #placeStart: Int32Array;
  /** Matrix entries of the blocks one after another: pair by pair of their places, then each place with the slope. */
  readonly #entries: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #slopePlace: number | null;
  /** Largest |x_c|. */
  readonly #widest: number;
  readonly #cholesky: SparseCholesky;
  /** Of the log likelihood at the effects, by place: its negative Hessian and its gradient. */
  readonly #matrix: Float64Array;
  readonly #inverse: Float64Array;
  readonly #gradient: Float64Array;
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
    this.#widest = cells.covariate.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    this.#blockStart = Int32Array.from(cells.blockStart);
    const placeOf = eliminationOrder(names.levelOf);
    const { members, start } = listMembers([...cells.groupsOf, ...cells.wanted], placeOf, names.slope);
    this.#cholesky = new SparseCholesky(numEffects, members, start);
    this.#placeOf = placeOf.map((place) => this.#cholesky.order[place]!);
    this.#slopePlace = names.slope === null ? null : this.#placeOf[names.slope]!;
    const width = names.slope === null ? 0 : 1;
    this.#placeStart = Int32Array.from({ length: cells.numBlocks + 1 }, (_, b) => start[b]! - b * width);
    this.#places = new Int32Array(this.#placeStart[cells.numBlocks]!);
    for (let i = 0, m = 0; i < this.#places.length; m++) {
      const place = this.#cholesky.order[members[m]!]!;
      if (place !== this.#slopePlace) this.#places[i++] = place;
    }
    this.#entries = this.#listEntries();
    this.#matrix = new Float64Array(this.#cholesky.numEntries);
    this.#inverse = new Float64Array(this.#cholesky.numEntries);
    this.#precisionAt = new Float64Array(numEffects);
    this.#gradient = new Float64Array(numEffects);
    this.#effectAt = new Float64Array(numEffects);
  }

  /** Begins anew with other observations of the cells and another family; what depends on the blocks alone is kept. */
  restart({ prior, count, total }: Pick<Cells, "prior" | "count" | "total">, family: Family): void {
    this.#family = family;
    this.#prior.set(prior);
    this.#count.set(count);
    this.#total.set(total);
    this.effects.fill(0);
    this.#isNew = true;
  }

  /** At most so many Newton steps under these precisions (1 / variance), until the largest change of an effect is below the tolerance. */
  fit(precision: Float64Array, tolerance: number, maxSteps = MAX_NEWTON_STEPS): void {
    let change = Infinity;
    for (let step = 0; step < maxSteps && change >= tolerance; step++) {
      change = this.step(precision);
      // One step is all that a quadratic takes, and its curvature is the same everywhere.
      if (this.#family.kind === "gaussian") return;
    }
    // After so small a step the factors are those at the effects.
    if (change >= STEP_TOLERANCE) this.#factorize(precision);
  }

  /** One Newton step; returns the largest change of an effect. Covariances are then those at the effects before it. */
  step(precision: Float64Array): number {
    if (this.#isNew) this.#differentiate(true);
    this.#isNew = false;
    this.#factorize(precision);
    const direction = this.#gradient.slice();
    for (let g = 0; g < precision.length; g++) direction[this.#placeOf[g]!]! -= precision[g]! * this.effects[g]!;
    this.#cholesky.solve(direction);
    return this.#advance(precision, direction);
  }

  /** Covariances of the posterior at the effects and precisions of the last fit; those of combinations until the next one. */
  covariances(): Covariances {
    return new Covariances(this.#cholesky, this.#cholesky.selectedInverse(), this.#placeOf);
  }

  /** Variance of each effect under that posterior, into an array. */
  variances(into: Float64Array): void {
    const inverse = this.#cholesky.selectedInverse(this.#inverse, "diagonal");
    for (let g = 0; g < into.length; g++) into[g] = inverse[this.#diagonalOf(g)]!;
  }

  /** Fisher information about each effect at the last fit. */
  information(): Float64Array {
    return this.effects.map((_, g) => this.#matrix[this.#diagonalOf(g)]!);
  }

  #listEntries(): Int32Array {
    const slope = this.#slopePlace;
    let total = 0;
    for (let b = 0; b + 1 < this.#placeStart.length; b++) {
      const width = this.#placeStart[b + 1]! - this.#placeStart[b]!;
      total += (width * (width + 1)) / 2 + (slope === null ? 0 : width);
    }
    const entries = new Int32Array(total);
    let entry = 0;
    for (let b = 0; b + 1 < this.#placeStart.length; b++) {
      const [begin, end] = [this.#placeStart[b]!, this.#placeStart[b + 1]!];
      entry = this.#cholesky.listPairs(this.#places, begin, end, entries, entry);
      for (let i = begin; slope !== null && i < end; i++) {
        const place = this.#places[i]!;
        entries[entry++] = place < slope ? this.#cholesky.place(place, slope) : this.#cholesky.place(slope, place);
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
   * Leaves the gradient of the log likelihood at the effects and its negative Hessian in the fields.
   *
   * @param isNew whether the Hessian is not known yet: that of a Gaussian likelihood is the same everywhere
   */
  #differentiate(isNew = false): void {
    const family = this.#family;
    const isBernoulli = family.kind === "bernoulli";
    const noisePrecision = family.kind === "gaussian" ? 1 / family.noiseVariance : 1;
    const isCurved = isNew || isBernoulli;
    const [matrix, gradient, slopePlace] = [this.#matrix, this.#gradient.fill(0), this.#slopePlace];
    if (isCurved) matrix.fill(0);
    const { effectAt, slope } = this.#placeEffects();
    const [places, placeStart, entries, blockStart] = [this.#places, this.#placeStart, this.#entries, this.#blockStart];
    const [prior, counts, totals, covariate] = [this.#prior, this.#count, this.#total, this.#covariate];
    let entry = 0;
    let slopeGradient = 0;
    let slopeCurvature = 0;
    for (let b = 0; b + 1 < blockStart.length; b++) {
      const begin = placeStart[b]!;
      const end = placeStart[b + 1]!;
      const nextBlock = blockStart[b + 1]!;
      let shift = 0;
      for (let i = begin; i < end; i++) shift += effectAt[places[i]!]!;
      let s = 0;
      let w = 0;
      let wx = 0;
      for (let c = blockStart[b]!; c < nextBlock; c++) {
        const x = covariate[c]!;
        const count = counts[c]!;
        const eta = prior[c]! + shift + slope * x;
        const mean = isBernoulli ? 1 / (1 + Math.exp(-eta)) : eta;
        const curvature = isBernoulli ? mean * (1 - mean) : noisePrecision;
        const first = (totals[c]! - count * mean) * noisePrecision;
        const second = count * curvature;
        s += first;
        w += second;
        wx += second * x;
        slopeGradient += first * x;
        slopeCurvature += second * x * x;
      }
      for (let i = begin; i < end; i++) gradient[places[i]!]! += s;
      if (!isCurved) continue;
      for (let i = begin; i < end; i++) {
        for (let j = i; j < end; j++) matrix[entries[entry++]!]! += w;
      }
      for (let i = begin; slopePlace !== null && i < end; i++) matrix[entries[entry++]!]! += wx;
    }
    if (slopePlace === null) return;
    gradient[slopePlace] = slopeGradient;
    if (isCurved) matrix[this.#cholesky.columnStart[slopePlace]!] = slopeCurvature;
  }

  /** The effects by place, and the slope. */
  #placeEffects(): { effectAt: Float64Array; slope: number } {
    const effectAt = this.#effectAt;
    for (let g = 0; g < this.effects.length; g++) effectAt[this.#placeOf[g]!] = this.effects[g]!;
    return { effectAt, slope: this.#slopePlace === null ? 0 : effectAt[this.#slopePlace]! };
  }

  /** Minus the log likelihood of Bernoulli trials at the effects, up to a constant. */
  #loss(): number {
    const { effectAt, slope } = this.#placeEffects();
    let loss = 0;
    for (let b = 0; b + 1 < this.#blockStart.length; b++) {
      let shift = 0;
      for (let i = this.#placeStart[b]!; i < this.#placeStart[b + 1]!; i++) shift += effectAt[this.#places[i]!]!;
      for (let c = this.#blockStart[b]!; c < this.#blockStart[b + 1]!; c++) {
        const eta = this.#prior[c]! + shift + slope * this.#covariate[c]!;
        loss += this.#count[c]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))) - this.#total[c]! * eta;
      }
    }
    return loss;
  }

  /** Moves the effects along the direction (by place) as far as the log posterior rises; returns the largest change. */
  #advance(precision: Float64Array, direction: Float64Array): number {
    let longest = 0;
    for (let place = 0; place < direction.length; place++) longest = Math.max(longest, Math.abs(direction[place]!));
    if (longest < STEP_TOLERANCE) return longest;
    const before = this.effects.slice();
    // A Gaussian posterior is quadratic, so its full step is right however long.
    let scale = this.#family.kind === "gaussian" ? 1 : Math.min(1, STEP_LIMIT / longest);
    const [effects, placeOf] = [this.effects, this.#placeOf];
    const move = (): void => {
      for (let g = 0; g < effects.length; g++) effects[g] = before[g]! + scale * direction[placeOf[g]!]!;
    };
    if (this.#family.kind === "bernoulli" && scale * this.#reachOf(direction) > SURE_REACH) {
      const current = this.#loss() + penaltyOf(precision, before);
      const accepted = current + LOSS_TOLERANCE * Math.abs(current);
      for (let halving = 0; ; halving++, scale /= 2) {
        if (halving === MAX_HALVINGS) scale = 0;
        move();
        if (scale === 0 || this.#loss() + penaltyOf(precision, this.effects) <= accepted) break;
      }
    } else move();
    this.#differentiate();
    return scale * longest;
  }

  /** No logit moves further by the direction than this. */
  #reachOf(direction: Float64Array): number {
    const farthest = new Map<number, number>();
    let ofSlope = 0;
    this.levelOf.forEach((level, g) => {
      const change = Math.abs(direction[this.#placeOf[g]!]!);
      if (this.#placeOf[g] === this.#slopePlace) ofSlope = change * this.#widest;
      else if (change > (farthest.get(level) ?? 0)) farthest.set(level, change);
    });
    return [...farthest.values()].reduce((sum, change) => sum + change, ofSlope);
  }
}

/** Minus the log density of the effects, up to a constant. */
function penaltyOf(precision: Float64Array, effects: Float64Array): number {
  let penalty = 0;
  for (let g = 0; g < effects.length; g++) penalty += (precision[g]! * effects[g]! * effects[g]!) / 2;
  return penalty;
}
