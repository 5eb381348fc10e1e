/** Entries for pairs of numbers up to this many; above it pairs share entries, which only makes some more moves tabu. */
const MAX_ENTRIES = 1 << 20;

/** Until which iteration an ordered pair of numbers (task and slot, or two tasks) is tabu. */
export class TabuList {
  readonly #until: Int32Array;

  constructor(
    firsts: number,
    private readonly seconds: number,
  ) {
    let size = 1;
    while (size < Math.min(firsts * seconds, MAX_ENTRIES)) size *= 2;
    this.#until = new Int32Array(size);
  }

  forbid(first: number, second: number, until: number): void {
    this.#until[this.#entry(first, second)] = until;
  }

  isTabu(first: number, second: number, iteration: number): boolean {
    return this.#until[this.#entry(first, second)]! > iteration;
  }

  clear(): void {
    this.#until.fill(0);
  }

  #entry(first: number, second: number): number {
    // The size is a power of two, and `&` keeps the low bits of products beyond 2³² too.
    return (first * this.seconds + second) & (this.#until.length - 1);
  }
}
