import type { Pricing, WindowsCertificate } from "./bound-certificate.js";
import { mostPricings } from "./certificate-work.js";
import { ContentCover } from "./content-cover.js";
import type { SearchRecord } from "./search-record.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { TimePrices } from "./time-prices.js";
import { TimeWindows } from "./time-windows.js";

/** Intervals of time with prices of their own. With fewer the bounds of layers and of the fixture flow are .1 to .2 % lower, with 128 no step is left for later ends. */
const NUM_INTERVALS = 96;
/** Steps of the prices in all, and for one latest end at most. */
const NUM_STEPS = 4_000;
const STEPS_PER_END = 600;
/** The same where contents of slots decide in the end. */
const STEPS_BEFORE_CONTENTS = 200;
/** Size of the first step of all, of the first for each later end, and of the last, as logarithms for a load off by all of its capacity. */
const [FIRST_SIZE, NEXT_SIZE, LAST_SIZE] = [0.05, 0.02, 0.003];
/** Steps for one end after which prices that are farther from a proof than a share are given up. */
const TRIALS = [
  [150, -0.012],
  [300, -0.005],
] as const;
/** Steps between two times at which what cannot be afforded is taken from the windows, and the share from a proof from which on that is tried. */
const STEPS_BETWEEN_CUTS = 20;
const CUTTING_FROM = -0.02;
/** Least excess that is no rounding; share by which the latest end rises at first and at least. */
const LEAST_EXCESS = 1e-7;
const FIRST_RISE = 2e-3;
const LEAST_RISE = 2e-4;
/** With more pairs a step takes too long, with more dependencies their prices too much memory. */
const MAX_PAIRS = 20_000;
const MAX_DEPENDENCIES = 5_000;
/** What a pool's price is at first beside the highest of an agent. */
const POOL_PRICE = 0.02;

/** Where a way to raise the bound stands. */
interface Pass {
  readonly cover: ContentCover | null;
  /** Steps of the prices so far. */
  step: number;
  /** The next latest end to refute, above the bound, as a share of it. */
  rise: number;
}

/**
 * Raises the bound by contents of slots (content-cover.ts) and by prices that change with time (time-prices.ts): ends later than the bound are refuted
 * by contents in the widest windows, by what all tasks cost, by taking from the windows what cannot be afforded until nothing is left, or by contents in
 * the windows that are left. The rise doubles after a refutation and falls to a quarter where there is none.
 */
export class TimePriceBound {
  readonly #windows: TimeWindows;
  readonly #prices: TimePrices;
  /** To find out how few pricings are enough. */
  readonly #replayed: TimePrices;
  readonly #maxPricings: number;
  /** By prices alone, then with contents, which take longer. */
  readonly #passes: readonly Pass[];
  #latestEndMs = 0;
  #pricings: Pricing[] = [];

  /**
   * @param prices of agents: where their prices begin, and what loads of the fleet are checked with
   * @param cover null: prices decide alone
   */
  constructor(
    private readonly record: SearchRecord,
    private readonly prices: Float64Array,
    private readonly cover = ContentCover.of(record.problem),
  ) {
    this.#passes = [null, ...(cover === null ? [] : [cover])].map((one) => ({ cover: one, step: 0, rise: FIRST_RISE }));
    const { problem } = record;
    const start = new Float64Array(problem.numAgents + (problem.pools?.limit.length ?? 0)).fill(POOL_PRICE);
    start.set(prices.subarray(0, problem.numAgents));
    this.#windows = new TimeWindows(problem, prices);
    this.#prices = new TimePrices(problem, NUM_INTERVALS, start);
    this.#replayed = new TimePrices(problem, NUM_INTERVALS, start);
    this.#maxPricings = mostPricings(problem);
  }

  /** Whether a problem is small enough. */
  static isFor({ busyMs, successors }: SequencingProblem): boolean {
    return busyMs.length <= MAX_PAIRS && successors.length <= MAX_DEPENDENCIES;
  }

  get numMoves(): number {
    const ofPrices = this.#prices.numMoves + this.#replayed.numMoves;
    return this.#windows.numMoves + ofPrices + (this.cover?.numMoves ?? 0);
  }

  /** First by prices alone, then with contents of slots; yields after each step. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    if (record.plan === null) return;
    for (const pass of this.#passes) {
      while (pass.step < NUM_STEPS && pass.rise >= LEAST_RISE && !record.isDone) {
        const isRefuted = yield* this.#refute(pass);
        pass.rise *= isRefuted ? 2 : 0.25;
      }
    }
  }

  /** Tries to refute an end later than the bound by the rise. */
  *#refute(pass: Pass): Generator<void, boolean, void> {
    const { record } = this;
    const { cover } = pass;
    const [windows, prices] = [this.#windows, this.#prices];
    const later = record.boundMs * (1 + pass.rise);
    this.#latestEndMs = Math.min(record.latestOfInterest, record.problem.isWhole ? Math.floor(later) : later);
    this.#pricings = [];
    windows.open(this.#latestEndMs);
    if (!windows.propagate()) return this.#prove();
    if (yield* this.#proveByContents(cover)) return true;
    prices.open(this.#latestEndMs);
    const numSteps = cover === null ? STEPS_PER_END : STEPS_BEFORE_CONTENTS;
    const firstSize = cover === null && pass.step === 0 ? FIRST_SIZE : NEXT_SIZE;
    let best = -1;
    for (let k = 0; k < numSteps && pass.step < NUM_STEPS; k++, pass.step++) {
      const excess = prices.excess(windows);
      best = Math.max(best, excess);
      const isCut = k % STEPS_BETWEEN_CUTS === STEPS_BETWEEN_CUTS - 1 && excess > CUTTING_FROM;
      if ((excess > LEAST_EXCESS || isCut) && this.#cut()) return this.#prove();
      if (TRIALS.some(([steps, share]) => k === steps && best < share)) return false;
      prices.step(firstSize * (LAST_SIZE / firstSize) ** (k / numSteps));
      yield;
      // Something else may have raised the bound, or found a better plan.
      if (record.isDone || record.boundMs > this.#latestEndMs) return true;
    }
    return this.#pricings.length > 0 && (yield* this.#proveByContents(cover));
  }

  /** Whether contents of slots refute what is left of the windows. */
  *#proveByContents(cover: ContentCover | null): Generator<void, boolean, void> {
    const taskPrices = (yield* cover?.refute(this.#windows) ?? []) ?? null;
    return taskPrices !== null && this.#prove(taskPrices);
  }

  /** Whether the prices at hand, with few digits, refute what is left; else what cannot be afforded is taken away. */
  #cut(): boolean {
    const [windows, prices] = [this.#windows, this.#prices];
    const pricing = prices.round();
    if (prices.excess(windows) > LEAST_EXCESS) {
      this.#pricings.push(pricing);
      return true;
    }
    if (this.#pricings.length + 1 >= this.#maxPricings || !prices.narrow(windows)) return false;
    this.#pricings.push(pricing);
    return !windows.propagate();
  }

  /** Records the refutation with as few of the last pricings as are found to be enough. */
  #prove(taskPrices: Float64Array | null = null): true {
    const all = this.#pricings;
    for (let count = Math.min(1, all.length); ; count *= 2) {
      if (count < all.length && !this.#isRefutedBy(all.slice(-count), taskPrices)) continue;
      const prices = this.prices.slice(0, this.record.problem.numAgents);
      const pricings = all.slice(-count);
      const certificate: WindowsCertificate = {
        kind: "windows",
        latestEndMs: this.#latestEndMs,
        refuted: [],
        prices,
        pricings,
        ...(taskPrices !== null && { taskPrices }),
      };
      this.record.ruleOut(this.#latestEndMs, certificate);
      return true;
    }
  }

  #isRefutedBy(pricings: readonly Pricing[], taskPrices: Float64Array | null): boolean {
    const [windows, prices] = [this.#windows, this.#replayed];
    windows.open(this.#latestEndMs);
    if (!windows.propagate()) return true;
    prices.open(this.#latestEndMs);
    for (const pricing of pricings) {
      prices.take(pricing);
      if (prices.excess(windows) > LEAST_EXCESS) return true;
      if (prices.narrow(windows) && !windows.propagate()) return true;
    }
    return taskPrices !== null && this.cover!.isRefutedBy(windows, taskPrices);
  }
}
