/** Units between two looks at the clock: about a tenth of a millisecond, since a unit is about a nanosecond or two. */
const UNITS_PER_LOOK = 1e5;

/**
 * Counts work in deterministic units, so that equal inputs end at equal points on any machine: one unit is one step of an
 * inner loop (a cell of a knapsack table, a pair looked at). A clock or a signal may strike earlier; then `wasStopped` says
 * so, and the outcome is not reproducible.
 */
export class WorkMeter {
  used = 0;
  wasStopped = false;
  #nextLook = UNITS_PER_LOOK;

  /**
   * @param limit units in all
   * @param shouldStop asked now and then; true where a clock or a signal has struck
   */
  constructor(
    readonly limit: number,
    private readonly shouldStop: () => boolean = () => false,
  ) {}

  spend(units: number): void {
    this.used += units;
    if (this.used < this.#nextLook) return;
    this.#nextLook = this.used + UNITS_PER_LOOK;
    this.wasStopped ||= this.shouldStop();
  }

  /** A meter of its own for a part of the work, stopped by the same clock; what it used is to be spent here in the end. */
  part(limit: number): WorkMeter {
    return new WorkMeter(Math.min(limit, this.limit - this.used), () => (this.wasStopped ||= this.shouldStop()));
  }

  /** Whether the work up to `limit` (never more than the meter's own) is done, or a clock has struck. */
  isSpent(limit = this.limit): boolean {
    return this.wasStopped || this.used >= limit || this.used >= this.limit;
  }
}
