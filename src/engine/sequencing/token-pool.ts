/** Share by which sums of amounts may exceed a limit: rounding. */
const TOLERANCE = 1e-9;

/**
 * A pool for schedules made task by task without a look for gaps: its whole amount lies in parts, each free from some time on. A use takes
 * the parts that are free first, and gives them back at its end, so that no more than the limit is in use at any moment.
 */
export class TokenPool {
  /** Parts in order of the times from which on they are free. */
  readonly #freeAt: Float64Array;
  readonly #amount: Float64Array;
  #size = 1;

  /** `maxUses` between two calls of `clear`. */
  constructor(
    private readonly limit: number,
    maxUses: number,
  ) {
    this.#freeAt = new Float64Array(maxUses + 1);
    this.#amount = new Float64Array(maxUses + 1);
    this.clear();
  }

  clear(): void {
    this.#size = 1;
    this.#freeAt[0] = 0;
    this.#amount[0] = this.limit;
  }

  /** Takes over another pool's parts; both allow as many uses. */
  copyFrom(other: TokenPool): void {
    this.#size = other.#size;
    for (let k = 0; k < other.#size; k++) {
      this.#freeAt[k] = other.#freeAt[k]!;
      this.#amount[k] = other.#amount[k]!;
    }
  }

  /** The time from which on so much is free; Infinity where it is more than the limit. O(parts). */
  freeFrom(amount: number): number {
    let left = amount * (1 - TOLERANCE);
    for (let k = 0; k < this.#size; k++) {
      left -= this.#amount[k]!;
      if (left <= 0) return this.#freeAt[k]!;
    }
    return Infinity;
  }

  /** Takes so much until the end of a use. O(parts). */
  take(amount: number, endMs: number): void {
    const freeAt = this.#freeAt;
    const amounts = this.#amount;
    let [left, read] = [amount, 0];
    while (read < this.#size && amounts[read]! <= left) left -= amounts[read++]!;
    if (read < this.#size) amounts[read]! -= left;
    if (read === 0) {
      // No part is used up: those that are free later make room for the new one.
      let place = this.#size++;
      for (; place > 0 && freeAt[place - 1]! > endMs; place--) {
        freeAt[place] = freeAt[place - 1]!;
        amounts[place] = amounts[place - 1]!;
      }
      freeAt[place] = endMs;
      amounts[place] = amount;
      return;
    }
    let write = 0;
    for (; read < this.#size && freeAt[read]! <= endMs; read++, write++) {
      freeAt[write] = freeAt[read]!;
      amounts[write] = amounts[read]!;
    }
    freeAt[write] = endMs;
    amounts[write++] = amount;
    if (write === read) return;
    for (; read < this.#size; read++, write++) {
      freeAt[write] = freeAt[read]!;
      amounts[write] = amounts[read]!;
    }
    this.#size = write;
  }
}
