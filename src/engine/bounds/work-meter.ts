/** Looks after which the clock is asked: a tenth of a millisecond to half of one. */
const LOOKS_PER_CLOCK = 1e5;

/**
 * Counts looks, so that equal inputs end at equal points on any machine: a look is one step of an inner loop (a cell of a knapsack
 * table, a pair looked at), and so many are a move (`LOOKS_PER_MOVE`). A clock or a signal may strike earlier; then `wasStopped` says
 * so, and the outcome is not reproducible.
 */
export class WorkMeter {
  used = 0;
  wasStopped = false;
  #nextClock = LOOKS_PER_CLOCK;

  /**
   * @param limit looks in all
   * @param shouldStop asked now and then; true where a clock or a signal has struck
   */
  constructor(
    readonly limit: number,
    private readonly shouldStop: () => boolean = () => false,
  ) {}

  spend(looks: number): void {
    this.used += looks;
    if (this.used < this.#nextClock) return;
    this.#nextClock = this.used + LOOKS_PER_CLOCK;
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
