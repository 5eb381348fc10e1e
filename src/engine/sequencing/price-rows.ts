import { presentMs } from "./agent-time.js";
import type { RootBound } from "./root-bound.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import type { TimeWindows } from "./time-windows.js";

/** Rows kept of each price search, evenly spread over its later half, where prices are near their best. */
const ROWS_PER_SEARCH = 6;
/** Steps of a search for a row that a partial choice breaks, and how far a price moves in the first and the last. */
const STEPS = 6;
const FIRST_STEP = 0.3;
const LAST_STEP = 0.05;
/** Rows found on the way are kept up to this many. */
const MAX_ROWS = 30;
/** Rounding forgiven in sums of prices, relative. */
const TOLERANCE = 1e-9;

interface PriceRow {
  readonly tasks: Int32Array;
  /** Of each task: what it may do outside of the row's window; null: nothing. */
  readonly outsideMs: Float64Array | null;
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
  /** Tasks of the best window, what each slot has in it, and prices from which the next search begins. */
  #tasks: Int32Array = new Int32Array(0);
  #outsideMs: Float64Array | null = null;
  #capacity: Float64Array = new Float64Array(0);
  #prices: Float64Array = new Float64Array(0);
  readonly #load: Float64Array;

  /** `problem` has one slot per agent; `agentOfSlot` leads to the prices. */
  constructor(
    private readonly problem: SequencingProblem,
    private readonly agentOfSlot: Int32Array,
    private readonly searches: RootBound["windows"],
  ) {
    this.#load = new Float64Array(problem.numAgents);
  }

  /** Sets the latest end that schedules must keep. */
  open(latestEndMs: number): void {
    const { agentOfSlot, problem } = this;
    const best = this.searches[0];
    if (best !== undefined) {
      const { tasks, headMs, tailMs, outsideMs } = best.window;
      this.#tasks = tasks;
      this.#outsideMs = outsideMs;
      this.#capacity = Float64Array.from(agentOfSlot, (_, slot) =>
        presentMs(problem, slot, headMs, latestEndMs - tailMs),
      );
      this.#prices = Float64Array.from(agentOfSlot, (agent) => best.trajectory.at(-1)?.[agent] ?? 1);
    }
    this.#rows = this.searches.flatMap(({ window, trajectory }) => {
      const from = Math.floor(trajectory.length / 2);
      const stride = Math.max(1, Math.ceil((trajectory.length - from) / ROWS_PER_SEARCH));
      const kept = trajectory.filter((_, step) => step >= from && (step - from) % stride === 0);
      return kept.map((agentPrices) => {
        const prices = Float64Array.from(agentOfSlot, (agent) => agentPrices[agent]!);
        const capacity = prices.reduce((sum, price, slot) => {
          return sum + price * presentMs(problem, slot, window.headMs, latestEndMs - window.tailMs);
        }, 0);
        return { tasks: window.tasks, outsideMs: window.outsideMs, prices, capacity: capacity * (1 + TOLERANCE) };
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

  /** Searches for prices that show that the pairs alive do not fit, by multiplicative subgradient steps; the row found joins the others. */
  findBroken({ isAlive }: TimeWindows): boolean {
    const { pairStart, pairAgent, busyMs } = this.problem;
    const [load, prices, capacity] = [this.#load, this.#prices, this.#capacity];
    for (let step = 0; step < STEPS; step++) {
      load.fill(0);
      let sum = 0;
      for (let at = 0; at < this.#tasks.length; at++) {
        const task = this.#tasks[at]!;
        const outside = this.#outsideMs === null ? 0 : this.#outsideMs[at]!;
        let [least, chosen] = [Infinity, -1];
        for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
          if (isAlive[pair] === 0) continue;
          const price = prices[pairAgent[pair]!]! * Math.max(0, busyMs[pair]! - outside);
          if (price < least) [least, chosen] = [price, pair];
        }
        sum += least;
        if (chosen >= 0) load[pairAgent[chosen]!]! += Math.max(0, busyMs[chosen]! - outside);
      }
      const room = prices.reduce((total, price, slot) => total + price * capacity[slot]!, 0);
      if (sum > room * (1 + TOLERANCE)) {
        this.#rows.unshift({
          tasks: this.#tasks,
          outsideMs: this.#outsideMs,
          prices: prices.slice(),
          capacity: room * (1 + TOLERANCE),
        });
        if (this.#rows.length > MAX_ROWS) this.#rows.pop();
        return true;
      }
      const size = FIRST_STEP * (LAST_STEP / FIRST_STEP) ** (step / (STEPS - 1));
      let dearest = 0;
      for (let slot = 0; slot < prices.length; slot++) {
        const excess = capacity[slot]! > 0 ? load[slot]! / capacity[slot]! - 1 : 0;
        prices[slot]! *= Math.exp(size * Math.max(-1, Math.min(1, excess)));
        dearest = Math.max(dearest, prices[slot]!);
      }
      for (let slot = 0; slot < prices.length; slot++) prices[slot] = Math.max(1e-6, prices[slot]! / dearest);
    }
    return false;
  }

  #exceeds({ isAlive }: TimeWindows, { tasks, outsideMs, prices, capacity }: PriceRow): boolean {
    const { pairStart, pairAgent, busyMs } = this.problem;
    let sum = 0;
    for (let k = 0; k < tasks.length; k++) {
      const to = pairStart[tasks[k]! + 1]!;
      const outside = outsideMs === null ? 0 : outsideMs[k]!;
      let least = Infinity;
      for (let pair = pairStart[tasks[k]!]!; pair < to; pair++) {
        const price = prices[pairAgent[pair]!]! * Math.max(0, busyMs[pair]! - outside);
        if (isAlive[pair] === 1 && price < least) least = price;
      }
      sum += least;
      if (sum > capacity) return true;
    }
    return false;
  }
}
