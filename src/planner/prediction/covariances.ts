import type { SparseCholesky } from "./sparse-cholesky.js";

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
    const a = this.#placeOf[one]!;
    const b = this.#placeOf[other]!;
    const place = a < b ? this.#cholesky.find(a, b) : this.#cholesky.find(b, a);
    return place === null ? null : this.#inverse[place]!;
  }

  /** Variance of Σ weight · effect, exact whatever the pattern. O(fill) */
  varianceOfCombination(weights: ReadonlyMap<number, number>): number {
    const vector = new Float64Array(this.#placeOf.length);
    for (const [effect, weight] of weights) vector[this.#placeOf[effect]!] = weight;
    const solved = vector.slice();
    this.#cholesky.solve(solved);
    return vector.reduce((sum, weight, place) => sum + weight * solved[place]!, 0);
  }

  /** Variance of the sum of the first effects of a list; a covariance the factors do not hold counts as the largest it can be. */
  varianceOfSum(effects: ArrayLike<number>, numEffects = effects.length): number {
    const [inverse, placeOf, columnStart] = [this.#inverse, this.#placeOf, this.#cholesky.columnStart];
    let sum = 0;
    for (let k = 0; k < numEffects; k++) {
      const one = placeOf[effects[k]!]!;
      const own = inverse[columnStart[one]!]!;
      sum += own;
      for (let l = k + 1; l < numEffects; l++) {
        const other = placeOf[effects[l]!]!;
        const entry = one < other ? this.#cholesky.find(one, other) : this.#cholesky.find(other, one);
        sum += 2 * (entry === null ? Math.sqrt(own * inverse[columnStart[other]!]!) : inverse[entry]!);
      }
    }
    return sum;
  }

  /** `varianceOfSum` of the first effects of a list, and of those of them that are marked, into the first two places. */
  variancesOfSums(effects: Int32Array, isMarked: Uint8Array, numEffects: number, into: Float64Array): void {
    const [inverse, placeOf, columnStart] = [this.#inverse, this.#placeOf, this.#cholesky.columnStart];
    let all = 0;
    let marked = 0;
    for (let k = 0; k < numEffects; k++) {
      const one = placeOf[effects[k]!]!;
      const own = inverse[columnStart[one]!]!;
      all += own;
      if (isMarked[k] === 1) marked += own;
      for (let l = k + 1; l < numEffects; l++) {
        const other = placeOf[effects[l]!]!;
        const entry = one < other ? this.#cholesky.find(one, other) : this.#cholesky.find(other, one);
        const twice = 2 * (entry === null ? Math.sqrt(own * inverse[columnStart[other]!]!) : inverse[entry]!);
        all += twice;
        if (isMarked[k] === 1 && isMarked[l] === 1) marked += twice;
      }
    }
    into[0] = all;
    into[1] = marked;
  }
}
