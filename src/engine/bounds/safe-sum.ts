/** A sum with Neumaier's compensation (ZAMM 54, 1974) that knows how far rounding can have moved it. */
export class SafeSum {
  #sum = 0;
  #compensation = 0;
  #magnitude = 0;

  add(value: number): void {
    const next = this.#sum + value;
    this.#compensation += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
    this.#magnitude += Math.abs(value);
  }

  get value(): number {
    return this.#sum + this.#compensation;
  }

  /** A value that is certainly not above the exact sum, where each term came from at most `numProducts` rounded products. */
  lowerEnd(numProducts: number): number {
    return this.#sum + this.#compensation - (numProducts + 4) * Number.EPSILON * this.#magnitude;
  }
}
