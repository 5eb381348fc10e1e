import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { EjectionSearch } from "../search/ejection-search.js";
import type { SearchProgress } from "../assignment/progress.js";
import { roomUntil, type TimedProblem } from "./timed-problem.js";

/** Looks of the first try at a time, per pair and at least; they grow where a try at the last step fails. */
const WORK_PER_PAIR = 12;
const LEAST_WORK = 1e5;
const WORK_GROWTH = 1.5;
/** Relative step below the incumbent where times are not whole. */
const REAL_STEP = 1e-6;

/**
 * Search from above: is there an assignment that ends by C? A generalized assignment problem with μ_j use[i,j] for costs, tried
 * by ejection chains; C is bisected between the bound and the incumbent, each try from the plan the last one ended with
 * (as in Hochbaum, Shmoys, J. ACM 34, 1987), then lowered by the smallest step.
 */
export class TimedSearch {
  readonly #search: EjectionSearch;
  #work: number;
  #tried = -Infinity;

  constructor(
    private readonly timed: TimedProblem,
    private readonly progress: SearchProgress,
    mu: Float64Array,
    seed: number,
    start: Int32Array | null = progress.agentOf,
  ) {
    const { assignment } = timed;
    const { cost, use, pairAgent } = assignment;
    const decision: GeneralizedAssignment = {
      ...assignment,
      cost: use.map((busy, pair) => cost[pair]! + mu[pairAgent[pair]!]! * busy),
      capacity: this.#capacitiesAt(Number.isFinite(progress.cost) ? progress.cost : Infinity),
    };
    this.#search = new EjectionSearch(decision, {
      seed,
      meter: progress.meter,
      prices: mu,
      stopAtFirst: true,
      ...(start === null ? {} : { start }),
    });
    this.#work = Math.max(LEAST_WORK, WORK_PER_PAIR * use.length);
    if (!this.#search.state.agentOf.some((agent) => agent < 0)) progress.offer(this.#search.state.agentOf.slice());
  }

  /** Tries one time after another until the work is spent, nothing is left to gain, or a plan that fits is not allowed. */
  run(workLimit: number): void {
    const { progress } = this;
    const { meter } = progress;
    while (!progress.isDone && !meter.isSpent(workLimit)) {
      const target = this.#nextTarget();
      this.#search.setCapacities(this.#capacitiesAt(target));
      const { incumbent, agentOf, ended } = this.#search.run(Math.min(this.#work, workLimit - meter.used));
      if (ended === "infeasible") return;
      const value = progress.offer(incumbent?.agentOf ?? agentOf);
      if (incumbent !== null) {
        // It keeps the capacities and yet is no plan: the next try would end where this one did.
        if (value === null) return;
        continue;
      }
      this.#tried = Math.max(this.#tried, target);
      if (target >= this.#lastStep) this.#work *= WORK_GROWTH;
    }
  }

  get #lastStep(): number {
    const { cost } = this.progress;
    return this.timed.isWhole ? cost - 1 : cost * (1 - REAL_STEP);
  }

  #nextTarget(): number {
    const { progress, timed } = this;
    const { bound, cost } = progress;
    if (!Number.isFinite(cost)) return Math.max(2 * Math.max(bound, this.#tried), 1);
    const from = Math.max(this.#tried, timed.isWhole ? bound - 1 : bound);
    const middle = timed.isWhole ? Math.floor((from + cost) / 2) : (from + cost) / 2;
    return Math.max(bound, Math.min(this.#lastStep, Math.max(middle, this.#tried)));
  }

  #capacitiesAt(time: number): Float64Array {
    return this.timed.assignment.capacity.map((_, agent) => roomUntil(this.timed, agent, time));
  }
}
