import { type FleetTime, presentMs } from "./agent-time.js";
import type { FleetCertificate } from "./bound-certificate.js";
import { canLeaveOut, type DeferralLeft, mostLeftOut } from "./deferral-left.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Share of the work of all tasks that may be rounding: twice what the check of certificates takes off. */
const ROUNDING = 2e-12;
/** Ends that differ by a smaller share are the same. */
const LEAST_DIFFERENCE = 1e-9;
/** Change of a price by the first step, from even prices and from given ones, and by the last, as logarithms for a load off by all of its capacity. */
const FIRST_STEP = 0.5;
const FIRST_STEP_FROM_GIVEN = 0.2;
const LAST_STEP = 0.002;
/** Largest surplus or shortage of a load that moves its price in one step, as a share of its capacity. */
const MAX_EXCESS = 1;
/** Steps between two yields. */
const STEPS_BETWEEN_LOOKS = 8;

/** What a set of tasks must do between `headMs` and the end of the plan less `tailMs`. */
export interface TaskWindow {
  readonly tasks: Int32Array;
  readonly headMs: number;
  readonly tailMs: number;
  /** How much of each task may be outside of it; null: nothing of any. */
  readonly outsideMs: Float64Array | null;
}

/**
 * The least end of a schedule that the loads of a set of tasks allow, for prices of the agents' and the pools' time: the smallest C at which
 * what there is between head and C − tail is worth what the tasks take at least. No schedule ends earlier, since both sides are added up with
 * the same prices (bound-certificate.ts). O(pairs of the set + agents · log agents).
 */
export function fleetEnd(
  fleet: FleetTime,
  window: TaskWindow,
  prices: Float64Array,
  deferral: DeferralLeft | null,
): number {
  const priced = new FleetLoad(fleet.problem, prices.length).priced(window, prices, deferral);
  return sureEndOf(fleet, window, prices, priced);
}

/** Where nothing must be done, no end is due: not even that of the head. */
function endOf(fleet: FleetTime, { headMs, tailMs }: TaskWindow, prices: Float64Array, work: number): number {
  return work > 0 ? tailMs + fleet.timeForWork(headMs, prices, work) : 0;
}

/** The same; an earlier one where it rests on what rounding leaves of the work, which takes long at a price next to nothing. */
function sureEndOf(fleet: FleetTime, window: TaskWindow, prices: Float64Array, { work, total }: PricedWork): number {
  const endMs = endOf(fleet, window, prices, work);
  const sureEndMs = endOf(fleet, window, prices, work - ROUNDING * total);
  return sureEndMs * (1 + LEAST_DIFFERENCE) < endMs ? sureEndMs : endMs;
}

/** Prices kept from a search for those that prove the most, and what they prove. */
export interface PriceSearch {
  readonly endMs: number;
  readonly certificate: FleetCertificate;
  /** Prices of the search's steps, for checks that need many. */
  readonly trajectory: readonly Float64Array[];
}

interface PriceSearchOptions {
  readonly steps: number;
  /** Prices of agents, and of pools where they count. Default: 1 for each agent. */
  readonly start?: Float64Array | undefined;
  readonly deferral: DeferralLeft | null;
  /** Ends the search after a step. */
  readonly shouldStop: () => boolean;
}

/**
 * Searches for prices by multiplicative subgradient steps: an agent whose load exceeds what it has until the bound gets dearer, and so does a
 * pool. Tasks choose the agent on which they are cheapest. Yields between steps. O(steps · pairs of the set).
 */
export function* searchPrices(
  fleet: FleetTime,
  window: TaskWindow,
  { steps, start, deferral, shouldStop }: PriceSearchOptions,
): Generator<void, PriceSearch> {
  const { problem } = fleet;
  const { tasks, headMs, tailMs } = window;
  const prices = start?.slice() ?? new Float64Array(problem.numAgents).fill(1);
  const firstStep = start === undefined ? FIRST_STEP : FIRST_STEP_FROM_GIVEN;
  let best: PriceSearch | null = null;
  const trajectory: Float64Array[] = [];
  const loads = new FleetLoad(problem, prices.length);
  for (let step = 0; step < steps; step++) {
    const priced = loads.priced(window, prices, deferral);
    const { load } = priced;
    let endMs = endOf(fleet, window, prices, priced.work);
    if (best === null || endMs > best.endMs) endMs = sureEndOf(fleet, window, prices, priced);
    if (best === null || endMs > best.endMs) {
      best = { endMs, certificate: { kind: "fleet", tasks, headMs, tailMs, prices: prices.slice() }, trajectory };
    }
    trajectory.push(prices.slice());
    if (endMs === Infinity) break;
    const size = firstStep * (LAST_STEP / firstStep) ** (step / Math.max(1, steps - 1));
    let dearest = 0;
    for (let row = 0; row < prices.length; row++) {
      const capacity = capacityOf(problem, row, headMs, best.endMs - tailMs);
      const excess = capacity > 0 ? load[row]! / capacity - 1 : load[row]! > 0 ? MAX_EXCESS : 0;
      prices[row]! *= Math.exp(size * Math.max(-MAX_EXCESS, Math.min(MAX_EXCESS, excess)));
      dearest = Math.max(dearest, prices[row]!);
    }
    for (let row = 0; row < prices.length; row++) prices[row]! /= dearest;
    if (step % STEPS_BETWEEN_LOOKS === 0) {
      yield;
      if (shouldStop()) break;
    }
  }
  return best ?? { endMs: 0, certificate: { kind: "fleet", tasks, headMs, tailMs, prices }, trajectory };
}

/** Slots · time of an agent within [from, to], or limit · (to − from) of a pool: rows are agents, then pools. */
function capacityOf(problem: SequencingProblem, row: number, from: number, to: number): number {
  const { numAgents, slotStart, pools } = problem;
  if (row >= numAgents) return pools!.limit[row - numAgents]! * Math.max(0, to - from);
  return presentMs(problem, row, from, to) * (slotStart[row + 1]! - slotStart[row]!);
}

interface PricedWork {
  /** What cannot be left out of the total. */
  readonly work: number;
  readonly total: number;
  /** By agent, then pool. */
  readonly load: Float64Array;
}

/** What a set of tasks takes at least at given prices, and of whom it takes it. Reuses its arrays. */
class FleetLoad {
  readonly #load: Float64Array;
  readonly #values: Float64Array;

  /** @param numRows agents, and the pools where they count */
  constructor(
    private readonly problem: SequencingProblem,
    numRows: number,
  ) {
    this.#load = new Float64Array(numRows);
    this.#values = new Float64Array(problem.numTasks);
  }

  priced({ tasks, outsideMs }: TaskWindow, prices: Float64Array, deferral: DeferralLeft | null): PricedWork {
    const { pairStart, pairAgent, busyMs, numAgents, pools } = this.problem;
    const [load, values] = [this.#load, this.#values];
    const withPools = prices.length > numAgents;
    load.fill(0);
    let total = 0;
    for (let k = 0; k < tasks.length; k++) {
      const task = tasks[k]!;
      let ofPools = 0;
      const [from, to] = withPools ? [pools!.useStart[task]!, pools!.useStart[task + 1]!] : [0, 0];
      for (let use = from; use < to; use++)
        ofPools += prices[numAgents + pools!.usePool[use]!]! * pools!.useAmount[use]!;
      const outside = outsideMs === null ? 0 : outsideMs[k]!;
      let [least, chosen] = [Infinity, pairStart[task]!];
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const price = (prices[pairAgent[pair]!]! + ofPools) * Math.max(0, busyMs[pair]! - outside);
        if (price < least) [least, chosen] = [price, pair];
      }
      values[k] = least;
      total += least;
      const inside = Math.max(0, busyMs[chosen]! - outside);
      load[pairAgent[chosen]!]! += inside;
      for (let use = from; use < to; use++) load[numAgents + pools!.usePool[use]!]! += pools!.useAmount[use]! * inside;
    }
    if (deferral === null) return { work: total, total, load };
    // What rounding would leave of tasks that may all be left out is no work.
    return { work: canLeaveOut(tasks, deferral) ? 0 : total - mostLeftOut(tasks, values, deferral), total, load };
  }
}
