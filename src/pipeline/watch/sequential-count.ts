import { CountDistribution } from "./count-distribution.js";

export type Side = "lower" | "upper";

/** Rounding of sums of chances: a total this close above a whole number is that number. */
const ROUNDING = 1e-9;

/**
 * Group-sequential test of a number of successes against the chances that were predicted, exact over all looks: the
 * distribution under the null is carried on only along paths that have not crossed a bound before, so the looks together
 * spend exactly what they are allowed and nothing is lost to counting looks as if they were independent
 * (Armitage, McPherson and Rowe, 1969; spending after Lan and DeMets, 1983).
 *
 * The observed total may hold predicted chances in place of results nobody saw. It is rounded towards the expectation.
 */
export class SequentialCount {
  readonly #sides: readonly Side[];
  readonly #all = new CountDistribution();
  readonly #surviving = new CountDistribution();
  readonly #unspent: Record<Side, number> = { lower: 0, upper: 0 };
  #allowed = 0;
  #observed = 0;
  #expected = 0;
  #tries = 0;
  #crossed: Side | null = null;
  #leastPValue = 1;

  constructor(sides: readonly Side[]) {
    this.#sides = sides;
  }

  /** Adds a try: its predicted chance, and its result (0 or 1, or a chance where the result was not seen). */
  add(chance: number, result: number): void {
    this.#tries++;
    this.#observed += result;
    this.#expected += chance;
    this.#all.add(chance);
    if (this.#crossed === null) this.#surviving.add(chance);
  }

  /** Takes a look with `allowance` more false-alarm probability, shared evenly by the sides. O(width). */
  look(allowance: number): void {
    this.#allowed += allowance;
    this.#leastPValue = Math.min(this.#leastPValue, this.#currentPValue());
    for (const side of this.#sides) {
      if (this.#crossed !== null) return;
      this.#unspent[side] += allowance / this.#sides.length;
      const { bound, mass } =
        side === "lower"
          ? this.#surviving.removeLowerTail(this.#unspent.lower)
          : this.#surviving.removeUpperTail(this.#unspent.upper);
      this.#unspent[side] -= mass;
      if (side === "lower" ? this.#lowCount() <= bound : this.#highCount() >= bound) this.#crossed = side;
    }
  }

  /** The side whose bound was crossed at some look, null where none was. */
  get crossed(): Side | null {
    return this.#crossed;
  }

  /** False-alarm probability all looks so far were allowed together. */
  get allowed(): number {
    return this.#allowed;
  }

  get tries(): number {
    return this.#tries;
  }

  /** Predicted minus observed share of successes, in [−1, 1]; 0 without tries. */
  get deficit(): number {
    return this.#tries === 0 ? 0 : (this.#expected - this.#observed) / this.#tries;
  }

  /**
   * Least tail probability of the observed total at any look: of one side, or twice the smaller of two. Where a bound
   * was crossed it is at most what was allowed.
   */
  get pValue(): number {
    return this.#leastPValue;
  }

  #currentPValue(): number {
    const tails = this.#sides.map((side) =>
      side === "lower" ? this.#all.lowerTail(this.#lowCount()) : this.#all.upperTail(this.#highCount()),
    );
    return Math.min(1, tails.length * Math.min(...tails));
  }

  #lowCount(): number {
    return Math.ceil(this.#observed - ROUNDING);
  }

  #highCount(): number {
    return Math.floor(this.#observed + ROUNDING);
  }
}
