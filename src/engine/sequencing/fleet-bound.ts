import { type FleetTime, presentMs } from "./agent-time.js";
import type { FleetCertificate } from "./bound-certificate.js";

/** Change of a price by the first step, from even prices and from given ones, and by the last, as logarithms for a load off by all of its capacity. */
const FIRST_STEP = 0.5;
const FIRST_STEP_FROM_GIVEN = 0.2;
const LAST_STEP = 0.002;
/** Largest surplus or shortage of an agent's load that moves its price in one step, as a share of its capacity. */
const MAX_EXCESS = 1;

/** A set of tasks that start at `headMs` or later and end at least `tailMs` before the plan does. */
export interface TaskWindow {
  readonly tasks: Int32Array;
  readonly headMs: number;
  readonly tailMs: number;
}

/**
 * The least end of a schedule that the loads of a set of tasks allow, for prices of the agents' time: the smallest C with
 * Σ_i min_j λ_j b_ij ≤ Σ_j λ_j s_j · (time of agent j within [head, C − tail]). No schedule ends earlier, since both sides add up, with the
 * same prices, what the tasks use and what the agents have between head and C − tail. O(pairs of the set + agents · log agents).
 */
export function fleetEnd(fleet: FleetTime, { tasks, headMs, tailMs, prices }: FleetCertificate): number {
  const { pairStart, pairAgent, busyMs } = fleet.problem;
  let work = 0;
  for (const task of tasks) {
    let least = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      least = Math.min(least, prices[pairAgent[pair]!]! * busyMs[pair]!);
    }
    work += least;
  }
  return tailMs + fleet.timeForWork(headMs, prices, work);
}

/** Prices kept from a search for those that prove the most, and what they prove. */
export interface PriceSearch {
  readonly endMs: number;
  readonly certificate: FleetCertificate;
  /** Prices of the search's steps, for checks that need many. */
  readonly trajectory: readonly Float64Array[];
}

/**
 * Searches for prices by multiplicative subgradient steps: an agent whose load exceeds what it has until the bound gets dearer.
 * Tasks choose the agent on which they are cheapest. O(steps · pairs of the set).
 */
export function searchPrices(fleet: FleetTime, window: TaskWindow, steps: number, start?: Float64Array): PriceSearch {
  const { problem } = fleet;
  const { numAgents, pairStart, pairAgent, busyMs, slotStart } = problem;
  const prices = start?.slice() ?? new Float64Array(numAgents).fill(1);
  const firstStep = start === undefined ? FIRST_STEP : FIRST_STEP_FROM_GIVEN;
  let best: PriceSearch | null = null;
  const trajectory: Float64Array[] = [];
  const load = new Float64Array(numAgents);
  for (let step = 0; step < steps; step++) {
    load.fill(0);
    let work = 0;
    for (const task of window.tasks) {
      let [least, chosen] = [Infinity, pairStart[task]!];
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const price = prices[pairAgent[pair]!]! * busyMs[pair]!;
        if (price < least) [least, chosen] = [price, pair];
      }
      work += least;
      load[pairAgent[chosen]!]! += busyMs[chosen]!;
    }
    const endMs = window.tailMs + fleet.timeForWork(window.headMs, prices, work);
    if (best === null || endMs > best.endMs) {
      best = { endMs, certificate: { kind: "fleet", ...window, prices: prices.slice() }, trajectory };
    }
    trajectory.push(prices.slice());
    if (endMs === Infinity) break;
    const size = firstStep * (LAST_STEP / firstStep) ** (step / Math.max(1, steps - 1));
    let dearest = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      const open = presentMs(problem, agent, window.headMs, best.endMs - window.tailMs);
      const capacity = open * (slotStart[agent + 1]! - slotStart[agent]!);
      const excess = capacity > 0 ? load[agent]! / capacity - 1 : load[agent]! > 0 ? MAX_EXCESS : 0;
      prices[agent]! *= Math.exp(size * Math.max(-MAX_EXCESS, Math.min(MAX_EXCESS, excess)));
      dearest = Math.max(dearest, prices[agent]!);
    }
    for (let agent = 0; agent < numAgents; agent++) prices[agent]! /= dearest;
  }
  return best ?? { endMs: 0, certificate: { kind: "fleet", ...window, prices }, trajectory };
}
