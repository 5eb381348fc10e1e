import type { RefutedWindow, WindowsCertificate } from "./bound-certificate.js";
import { isCheckable } from "./certificate-work.js";
import type { SearchRecord } from "./search-record.js";
import { latestUsefulEnd } from "./sequencing-problem.js";
import { shave } from "./shaving.js";
import { TimeWindows } from "./time-windows.js";

/** Real times: bisection ends within this share of the makespan, and shaving begins with a step of this share. */
const REAL_PRECISION = 1e-3;

/**
 * Destructive lower bounds (Klein, Scholl, EJOR 112, 1999): a latest end that no windows allow is below every schedule's. First by
 * bisection with propagation alone, then by shaving: just below the best plan, then upwards from the bound. Yields between assumptions.
 */
export class DestructiveBound {
  readonly #windows: TimeWindows;

  constructor(
    private readonly record: SearchRecord,
    private readonly prices: Float64Array,
  ) {
    this.#windows = new TimeWindows(record.problem, prices);
  }

  get numMoves(): number {
    return this.#windows.numMoves;
  }

  /** Tries to prove that no schedule keeps the deadlines, since none ends by a time by which a best one would. */
  *refuteAll(horizonMs: number): Generator<void, void, void> {
    this.#windows.open(horizonMs);
    if (!this.#windows.propagate()) this.#prove(horizonMs, []);
    yield;
  }

  /** Raises the bound between itself and the plan on record by propagation alone. */
  *bisect(): Generator<void, void, void> {
    const { record } = this;
    const precision = record.problem.isWhole ? 1 : REAL_PRECISION * record.makespanMs;
    let highest = record.latestOfInterest;
    while (!record.isDone && highest - record.boundMs >= -1e-9) {
      const isLast = highest - record.boundMs < precision;
      const middle = isLast ? highest : (record.boundMs + highest) / 2;
      const tried = record.problem.isWhole ? Math.floor(middle) : middle;
      this.#windows.open(tried);
      if (!this.#windows.propagate()) this.#prove(tried, []);
      else if (isLast || tried <= record.boundMs) return;
      else highest = record.problem.isWhole ? tried - 1 : tried;
      highest = Math.min(highest, record.latestOfInterest);
      yield;
    }
  }

  /**
   * Tries to refute everything better than the plan, at most for the number of moves; then, unless only that is wanted, raises the
   * bound while that succeeds.
   */
  *shaveUp(maxMovesAtTop: number, isTopOnly: boolean): Generator<void, void, void> {
    const { record } = this;
    if (record.isDone) return;
    if ((yield* this.#refute(record.latestOfInterest, maxMovesAtTop)) === "refuted" || isTopOnly) return;
    let step = record.problem.isWhole ? 0 : REAL_PRECISION * record.makespanMs;
    while (!record.isDone) {
      const tried = Math.min(record.boundMs + step, record.latestOfInterest);
      const outcome = yield* this.#refute(tried, Infinity);
      if (outcome === "refuted") step = record.problem.isWhole ? 2 * step + 1 : 2 * step;
      else if (step < 1e-5 * record.makespanMs || (record.problem.isWhole && step < 1)) return;
      else step = record.problem.isWhole ? Math.floor(step / 2) : step / 4;
    }
  }

  *#refute(latestEndMs: number, maxMoves: number): Generator<void, "refuted" | "open", void> {
    const windows = this.#windows;
    const limit = windows.numMoves + maxMoves;
    const refuted: RefutedWindow[] = [];
    windows.open(latestEndMs);
    const shaving = shave(windows, refuted);
    for (;;) {
      const step = shaving.next();
      if (step.done === true) {
        if (step.value === "refuted") this.#prove(latestEndMs, refuted);
        return step.value;
      }
      // A better plan may have come in between.
      if (windows.numMoves > limit || this.record.isDone) return "open";
      yield;
    }
  }

  #prove(latestEndMs: number, refuted: readonly RefutedWindow[]): void {
    const { problem, plan } = this.record;
    const prices = this.prices.slice(0, problem.numAgents);
    const windows: WindowsCertificate = { kind: "windows", latestEndMs, refuted, prices, pricings: [] };
    const certificate = isCheckable(problem, refuted.length) ? windows : ({ kind: "search" } as const);
    if (latestEndMs >= latestUsefulEnd(problem) && plan === null) this.record.offerBound(Infinity, certificate);
    else this.record.ruleOut(latestEndMs, certificate);
  }
}
