import { presentMs } from "./agent-time.js";
import type { RootBound } from "./root-bound.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import type { TimeWindows } from "./time-windows.js";

/** Rows kept of each price search, evenly spread over its later half, where prices are near their best. */
const ROWS_PER_SEARCH = 33;
/** Rounding forgiven in sums of prices, relative. */
const TOLERANCE = 1e-9;

interface PriceRow {
  readonly tasks: Int32Array;
  /** Price of each slot's time. */
  readonly prices: Float64Array;
  readonly capacity: number;
}

/**
 * Many sums of loads over the fleet that every schedule keeps which ends by a given time: Σ_i min_j λ_j b_ij ≤ Σ_j λ_j · (time of j within [head, C − tail])
 * for slots j. A partial choice of slots that breaks one has no completion. The row that failed last is looked at first.
 */
export class PriceRows {
  #rows: PriceRow[] = [];

  /** `problem` has one slot per agent; `agentOfSlot` leads to the prices. */
  constructor(
    private readonly problem: SequencingProblem,
    private readonly agentOfSlot: Int32Array,
    private readonly searches: RootBound["windows"],
  ) {}

  /** Sets the latest end that schedules must keep. */
  open(latestEndMs: number): void {
    const { agentOfSlot, problem } = this;
    this.#rows = this.searches.flatMap(({ window, trajectory }) => {
      const from = Math.floor(trajectory.length / 2);
      const stride = Math.max(1, Math.ceil((trajectory.length - from) / ROWS_PER_SEARCH));
      const kept = trajectory.filter((_, step) => step >= from && (step - from) % stride === 0);
      return kept.map((agentPrices) => {
        const prices = Float64Array.from(agentOfSlot, (agent) => agentPrices[agent]!);
        const capacity = prices.reduce((sum, price, slot) => {
          return sum + price * presentMs(problem, slot, window.headMs, latestEndMs - window.tailMs);
        }, 0);
        return { tasks: window.tasks, prices, capacity: capacity * (1 + TOLERANCE) };
      });
    });
  }

  /** Whether the pairs alive break a row. */
  isBroken(windows: TimeWindows): boolean {
    const index = this.#rows.findIndex((row) => this.#exceeds(windows, row));
    if (index < 0) return false;
    this.#rows.unshift(...this.#rows.splice(index, 1));
    return true;
  }

  #exceeds({ isAlive }: TimeWindows, { tasks, prices, capacity }: PriceRow): boolean {
    const { pairStart, pairAgent, busyMs } = this.problem;
    let sum = 0;
    for (let k = 0; k < tasks.length; k++) {
      const to = pairStart[tasks[k]! + 1]!;
      let least = Infinity;
      for (let pair = pairStart[tasks[k]!]!; pair < to; pair++) {
        const price = prices[pairAgent[pair]!]! * busyMs[pair]!;
        if (isAlive[pair] === 1 && price < least) least = price;
      }
      sum += least;
      if (sum > capacity) return true;
    }
    return false;
  }
}
