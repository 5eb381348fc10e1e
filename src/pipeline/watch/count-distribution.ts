/** Mass below this at the ends goes to the neighbour, which keeps the window about ± 9 standard deviations wide. */
const NEGLIGIBLE_MASS = 1e-18;
const INITIAL_CAPACITY = 64;

/**
 * Distribution of the number of successes of independent tries with chances of their own (Poisson-binomial), exact up
 * to the negligible mass, by convolution. Mass can be removed from its ends: what is left are the paths that go on.
 */
export class CountDistribution {
  #masses = new Float64Array(INITIAL_CAPACITY);
  /** The window holds the counts #first … #first + #size − 1. */
  #first = 0;
  #size = 1;

  constructor() {
    this.#masses[0] = 1;
  }

  /** Adds a try with this chance in [0, 1]. O(width of the window). */
  add(chance: number): void {
    if (this.#size === this.#masses.length) {
      const larger = new Float64Array(2 * this.#size);
      larger.set(this.#masses);
      this.#masses = larger;
    }
    const masses = this.#masses;
    masses[this.#size] = 0;
    for (let k = this.#size; k > 0; k--) masses[k] = masses[k]! * (1 - chance) + masses[k - 1]! * chance;
    masses[0]! *= 1 - chance;
    this.#size++;
    this.#trim();
  }

  /** Pr(count ≤ k), of the mass that is left. */
  lowerTail(k: number): number {
    let sum = 0;
    for (let i = 0; i < this.#size && this.#first + i <= k; i++) sum += this.#masses[i]!;
    return Math.min(1, sum);
  }

  /** Pr(count ≥ k), of the mass that is left. */
  upperTail(k: number): number {
    let sum = 0;
    for (let i = this.#size - 1; i >= 0 && this.#first + i >= k; i--) sum += this.#masses[i]!;
    return Math.min(1, sum);
  }

  /** Removes the greatest lower tail of at most `allowance`; returns the greatest count removed (−1: none) and its mass. */
  removeLowerTail(allowance: number): { readonly bound: number; readonly mass: number } {
    let mass = 0;
    let i = 0;
    for (; i < this.#size && mass + this.#masses[i]! <= allowance; i++) {
      mass += this.#masses[i]!;
      this.#masses[i] = 0;
    }
    return { bound: this.#first + i - 1, mass };
  }

  /** Removes the greatest upper tail of at most `allowance`; returns the least count removed and its mass. */
  removeUpperTail(allowance: number): { readonly bound: number; readonly mass: number } {
    let mass = 0;
    let i = this.#size - 1;
    for (; i >= 0 && mass + this.#masses[i]! <= allowance; i--) {
      mass += this.#masses[i]!;
      this.#masses[i] = 0;
    }
    return { bound: this.#first + i + 1, mass };
  }

  #trim(): void {
    const masses = this.#masses;
    while (this.#size > 1 && masses[this.#size - 1]! < NEGLIGIBLE_MASS) {
      masses[this.#size - 2]! += masses[this.#size - 1]!;
      this.#size--;
    }
    let low = 0;
    while (low < this.#size - 1 && masses[low]! < NEGLIGIBLE_MASS) masses[low + 1]! += masses[low++]!;
    if (low === 0) return;
    masses.copyWithin(0, low, this.#size);
    this.#first += low;
    this.#size -= low;
  }
}
