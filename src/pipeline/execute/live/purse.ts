/**
 * The money of a run: what is spent, and what the attempts under way are expected to cost. An attempt may start only while
 * its expected cost is within what is left, so the budget is passed by no more than attempts under way cost more than expected.
 */
export class Purse {
  #spent = 0;
  #promised = 0;
  /** Attempts under way. Sums of money are rounded, so that they do not say whether there are any. */
  #numPromised = 0;

  /** @param budget null: no limit */
  constructor(readonly budget: number | null) {}

  get spent(): number {
    return this.#spent;
  }

  /** Whether attempts under way hold money that may come free. */
  get hasPromises(): boolean {
    return this.#numPromised > 0;
  }

  /** Null where there is no limit; never below 0. */
  get left(): number | null {
    return this.budget === null ? null : Math.max(0, this.budget - this.#spent - this.#promised);
  }

  canPay(expectedCost: number): boolean {
    const { left } = this;
    // What costs nothing may run on an empty purse.
    return left === null || expectedCost === 0 || expectedCost <= left * (1 + ROUNDING);
  }

  promise(expectedCost: number): void {
    this.#promised += expectedCost;
    this.#numPromised++;
  }

  /** @param expectedCost what was promised; null where nothing was */
  pay(expectedCost: number | null, cost: number): void {
    this.#spent += cost;
    if (expectedCost === null) return;
    this.#numPromised--;
    this.#promised = this.#numPromised === 0 ? 0 : Math.max(0, this.#promised - expectedCost);
  }
}

const ROUNDING = 1e-9;
