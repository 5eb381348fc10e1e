import type { SearchRecord } from "./search-record.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** The first latest end to try, in lengths of a schedule without deadlines. */
const FIRST_SHARE = 1.5;

/**
 * What a search for short schedules aims at. With a latest end C, let every task with deadline d take a delivery of
 * max(0, C − d) after its end. A schedule's length with deliveries is at most C if and only if it ends by C and keeps all
 * deadlines: end + C − d ≤ C is end ≤ d. Without deadlines all deliveries are 0 and the length is the makespan.
 */
export class DeadlineAim {
  readonly delivery: Float64Array;
  #latestEnd = Infinity;

  constructor(private readonly problem: SequencingProblem) {
    this.delivery = new Float64Array(problem.numTasks);
  }

  /** A schedule of at most this length is a plan better than the one on record. */
  targetLength(record: SearchRecord): number {
    return this.problem.hasDeadlines ? this.#latestEnd : record.boundMs;
  }

  /** Sets the first latest end from the makespan of a schedule that may miss deadlines. */
  begin(makespanMs: number): void {
    if (!this.problem.hasDeadlines) return;
    const lastDeadline = this.problem.deadlineMs.reduce((last, at) => (at < Infinity ? Math.max(last, at) : last), 0);
    this.#aimAt(Math.max(FIRST_SHARE * makespanMs, lastDeadline));
  }

  /** Aims below the plan on record; whether deliveries changed. */
  lower(record: SearchRecord): boolean {
    if (!this.problem.hasDeadlines || !(record.latestOfInterest < this.#latestEnd)) return false;
    this.#aimAt(record.latestOfInterest);
    return true;
  }

  #aimAt(latestEnd: number): void {
    this.#latestEnd = latestEnd;
    this.problem.deadlineMs.forEach((deadline, task) => (this.delivery[task] = Math.max(0, latestEnd - deadline)));
  }
}
