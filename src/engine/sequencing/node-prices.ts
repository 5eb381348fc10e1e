import { TimePriceBound } from "./time-price-bound.js";
import { TimePrices } from "./time-prices.js";
import type { TimeWindows } from "./time-windows.js";

const NUM_INTERVALS = 96;
/** Steps of the prices before the first search, before each later one, and at each node. */
const FIRST_STEPS = 400;
const NEXT_STEPS = 100;
const NODE_STEPS = 2;
/** Size of the first and of the last step for an end, and of one at a node (time-prices.ts). */
const [FIRST_SIZE, LAST_SIZE] = [0.05, 0.003];
const STEPS_BETWEEN_CUTS = 20;
/** Farther from a proof than this share, nothing is too dear: on chains, where windows decide, prices only cost time. */
const HOPE = -0.02;
/** Least excess that is no rounding. */
const LEAST_EXCESS = 1e-7;

/**
 * Prices that change with time at the nodes of an exhaustive search: with what has been decided all tasks may cost more than there is, or starts cost
 * more than the rest leaves (Lagrangian bound and reduced-cost fixing; Christofides, Alvarez-Valdes, Tamarit, EJOR 29, 1987). Both hold for
 * any prices, so that these may follow the search from node to node.
 */
export class NodePrices {
  #isHopeful = true;
  #isFirst = true;

  private constructor(
    private readonly windows: TimeWindows,
    private readonly prices: TimePrices,
  ) {}

  /** @param start prices of agents at first; null where the problem is too large */
  static of(windows: TimeWindows, start: Float64Array): NodePrices | null {
    if (!TimePriceBound.isFor(windows.problem)) return null;
    return new NodePrices(windows, new TimePrices(windows.problem, NUM_INTERVALS, start));
  }

  get numMoves(): number {
    return this.prices.numMoves;
  }

  /** Finds prices for windows that were opened for a latest end, and narrows them; false where nothing is left of them. */
  *open(): Generator<void, boolean, void> {
    const { windows, prices } = this;
    if (!windows.propagate()) return false;
    if (!this.#isHopeful) return true;
    prices.open(windows.latestEndMs);
    const numSteps = this.#isFirst ? FIRST_STEPS : NEXT_STEPS;
    this.#isFirst = false;
    let best = -1;
    for (let k = 0; k < numSteps; k++) {
      const excess = prices.excess(windows);
      best = Math.max(best, excess);
      if (excess > LEAST_EXCESS) return false;
      const isCut = k % STEPS_BETWEEN_CUTS === STEPS_BETWEEN_CUTS - 1 && excess > HOPE;
      if (isCut && prices.narrow(windows) && !windows.propagate()) return false;
      prices.step(FIRST_SIZE * (LAST_SIZE / FIRST_SIZE) ** (k / numSteps));
      yield;
    }
    // Later ends cost less.
    this.#isHopeful = best > HOPE;
    return true;
  }

  /** Whether nothing is left of windows once what cannot be afforded is taken from them. */
  isBroken(): boolean {
    const { windows, prices } = this;
    if (!this.#isHopeful) return false;
    for (let step = 0; ; step++) {
      const excess = prices.excess(windows);
      if (excess > LEAST_EXCESS) return true;
      if (excess < HOPE) return false;
      if (prices.narrow(windows) && !windows.propagate()) return true;
      if (step === NODE_STEPS) return false;
      prices.step(LAST_SIZE);
    }
  }
}
