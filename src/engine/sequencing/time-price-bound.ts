import type { WindowsCertificate } from "./bound-certificate.js";
import type { SearchRecord } from "./search-record.js";
import { TimePrices } from "./time-prices.js";
import { TimeWindows } from "./time-windows.js";

/** Intervals of time with prices of their own. More of them raise the bound by less than .1 % and take longer. */
const NUM_INTERVALS = 32;
/** Steps of the prices, and their size at first and at last, as logarithms for a load off by all of its capacity. */
const NUM_STEPS = 2_000;
const [FIRST_SIZE, LAST_SIZE] = [0.05, 0.003];
/** Steps after which prices that are farther from a proof than this share are given up. */
const TRIAL_STEPS = 400;
const HOPELESS = -0.01;
/** Least excess that is no rounding, and least share by which the latest end then rises. */
const LEAST_EXCESS = 1e-7;
const LEAST_RISE = 1e-4;
/** With more pairs a step takes too long. */
const MAX_PAIRS = 20_000;
/** What a pool's price is at first beside the highest of an agent. */
const POOL_PRICE = 0.02;

/** Raises the bound by prices that change with time (time-prices.ts), as long as they refute ends a little later than the bound. */
export class TimePriceBound {
  readonly #windows: TimeWindows;
  readonly #prices: TimePrices;
  #step = 0;
  #latestEndMs = 0;

  /** @param prices of agents: where their prices begin, and what loads of the fleet are checked with */
  constructor(
    private readonly record: SearchRecord,
    private readonly prices: Float64Array,
  ) {
    const { problem } = record;
    const start = new Float64Array(problem.numAgents + (problem.pools?.limit.length ?? 0)).fill(POOL_PRICE);
    start.set(prices.subarray(0, problem.numAgents));
    this.#windows = new TimeWindows(problem, prices);
    this.#prices = new TimePrices(problem, NUM_INTERVALS, start);
  }

  get numMoves(): number {
    return this.#windows.numMoves + this.#prices.numMoves;
  }

  /** Goes on from where it was stopped; yields after each step. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    if (record.plan === null || record.problem.busyMs.length > MAX_PAIRS) return;
    while (this.#step < NUM_STEPS && !record.isDone) {
      if (this.#latestEndMs <= record.boundMs && !this.#open(LEAST_RISE)) return;
      const excess = this.#prices.excess(this.#windows);
      if (excess > LEAST_EXCESS && this.#prove()) {
        if (!this.#open(Math.max(LEAST_RISE, excess / 2))) return;
        continue;
      }
      this.#prices.step(FIRST_SIZE * (LAST_SIZE / FIRST_SIZE) ** (this.#step / NUM_STEPS));
      this.#step++;
      if (this.#step === TRIAL_STEPS && excess < HOPELESS) this.#step = NUM_STEPS;
      yield;
    }
  }

  /** Windows up to an end later than the bound by a share, as long as propagation alone refutes them; false where nothing is left to refute. */
  #open(share: number): boolean {
    const { record } = this;
    const windows = this.#windows;
    while (!record.isDone) {
      const later = record.problem.isWhole ? Math.floor(record.boundMs * (1 + share)) : record.boundMs * (1 + share);
      this.#latestEndMs = Math.min(record.latestOfInterest, later);
      windows.open(this.#latestEndMs);
      if (windows.propagate()) {
        this.#prices.open(this.#latestEndMs);
        return true;
      }
      record.ruleOut(this.#latestEndMs, this.#certificate(null));
    }
    return false;
  }

  /** Whether prices of few digits still refute the latest end; then the bound rises. */
  #prove(): boolean {
    const timed = this.#prices.round();
    if (this.#prices.excess(this.#windows) <= LEAST_EXCESS) return false;
    this.record.ruleOut(this.#latestEndMs, this.#certificate(timed));
    return true;
  }

  #certificate(timePrices: Float64Array | null): WindowsCertificate {
    const prices = this.prices.slice(0, this.record.problem.numAgents);
    return { kind: "windows", latestEndMs: this.#latestEndMs, refuted: [], prices, timePrices };
  }
}
