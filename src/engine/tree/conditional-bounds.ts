import { NO_ITEM } from "../bounds/knapsack/knapsack-tree.js";
import { KnapsackBand } from "../bounds/knapsack/knapsack-band.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { KnapsackLagrangian } from "./knapsack-lagrangian.js";

/**
 * What each alive pair costs at least beyond the bound v(λ) (Posta, Ferland, Michelon, Computational Optimization and
 * Applications 52, 2012): with in[p] what agent j's knapsack loses by taking the pair, and out[p] by leaving it out,
 *
 *   extra[i,j] = in[i,j] + Σ_k out[i,k] − out[i,j]:   any completion with x[i,j] = 1 costs at least v + extra[i,j].
 *
 * For whole-numbered uses from a dynamic program run forward and backward; otherwise from Dantzig's bound, and
 * from an exact knapsack where that bound does not decide.
 */
export class ConditionalBounds {
  /** By pair; valid for the alive ones after `compute`. */
  readonly extra: Float64Array;
  readonly #out: Float64Array;
  readonly #outOfTask: Float64Array;
  readonly #isChosen: Uint8Array;
  readonly #isItem: Uint8Array;
  readonly #band = new KnapsackBand();

  constructor(
    private readonly lagrangian: KnapsackLagrangian,
    private readonly meter: WorkMeter,
  ) {
    const numPairs = lagrangian.state.pairAgent.length;
    this.extra = new Float64Array(numPairs);
    this.#out = new Float64Array(numPairs);
    this.#outOfTask = new Float64Array(lagrangian.state.numTasks);
    this.#isChosen = new Uint8Array(numPairs);
    this.#isItem = new Uint8Array(numPairs);
  }

  /**
   * Computes `extra` under the present multipliers; the Lagrangian must be evaluated. Where a clock strikes on the way all
   * become 0, which holds whatever was computed.
   * @param ceiling larger values need not be told apart
   */
  compute(ceiling: number, isLinear = false): void {
    const { state } = this.lagrangian;
    this.#outOfTask.fill(0);
    for (let agent = 0; agent < state.numAgents; agent++) {
      if (this.meter.wasStopped) {
        this.extra.fill(0);
        return;
      }
      if (isLinear) this.#byPrice(agent);
      else this.#computeAgent(agent, ceiling);
    }
    for (let agent = 0; agent < state.numAgents; agent++) {
      const start = state.listStart[agent]!;
      const end = start + state.listCount[agent]!;
      for (let at = start; at < end; at++) {
        const pair = state.list[at]!;
        this.extra[pair]! += this.#outOfTask[state.pairTask[pair]!]! - this.#out[pair]!;
      }
    }
  }

  /** Drops the alive pairs of which no completion costs at most `highest`; returns how many, −1 where a task has none left. */
  dropAbove(highest: number): number {
    const { state, value } = this.lagrangian;
    let numDropped = 0;
    for (let agent = 0; agent < state.numAgents; agent++) {
      const start = state.listStart[agent]!;
      for (let at = start + state.listCount[agent]! - 1; at >= start; at--) {
        const pair = state.list[at]!;
        if (value + this.extra[pair]! <= highest) continue;
        state.drop(pair);
        numDropped += 1;
        if (state.numChoices[state.pairTask[pair]!] === 0) return -1;
      }
    }
    return numDropped;
  }

  #computeAgent(agent: number, ceiling: number): void {
    const { state, chosen, chosenCount, knapsack, items } = this.lagrangian;
    const start = state.listStart[agent]!;
    const end = start + state.listCount[agent]!;
    for (let at = start; at < end; at++) {
      this.#out[state.list[at]!] = 0;
      this.#isChosen[state.list[at]!] = 0;
      this.#isItem[state.list[at]!] = 0;
    }
    for (let at = start; at < start + chosenCount[agent]!; at++) this.#isChosen[chosen[at]!] = 1;
    this.lagrangian.collect(agent);
    for (let k = 0; k < items.count; k++) this.#isItem[items.id[k]!] = 1;
    if (items.count > 0) items.sort();
    if (knapsack.usesBand(Math.min(state.room[agent]!, items.totalWeight))) this.#byBand(agent, ceiling);
    else this.#byTree(agent, ceiling);
  }

  /**
   * By the linear relaxation at one price per unit of use: whatever the price, no selection has more profit than
   * price · room + Σ max(0, profit − price · use). O(pairs of the agent).
   */
  #byPrice(agent: number): void {
    const { state, profit, lambda, chosen, chosenCount, priceOf } = this.lagrangian;
    const [start, end, price] = [
      state.listStart[agent]!,
      state.listStart[agent]! + state.listCount[agent]!,
      priceOf[agent]!,
    ];
    // Unlimited room is free.
    let relaxed = price > 0 ? price * state.room[agent]! : 0;
    for (let at = start; at < end; at++) {
      const pair = state.list[at]!;
      const gain = lambda[state.pairTask[pair]!]! - state.cost[pair]! - price * state.use[pair]!;
      this.extra[pair] = gain;
      this.#out[pair] = 0;
      this.#isChosen[pair] = 0;
      if (gain > 0) relaxed += gain;
    }
    const room = relaxed - profit[agent]!;
    for (let at = start; at < start + chosenCount[agent]!; at++) this.#isChosen[chosen[at]!] = 1;
    for (let at = start; at < end; at++) {
      const pair = state.list[at]!;
      const gain = this.extra[pair]!;
      this.extra[pair] = this.#isChosen[pair] === 1 ? 0 : Math.max(0, -gain - room);
      if (this.#isChosen[pair] === 1 && gain > room) this.#setOut(pair, gain - room);
    }
    this.meter.spend(2 * (end - start));
  }

  #byBand(agent: number, ceiling: number): void {
    const { state, items, profit, lambda } = this.lagrangian;
    const band = this.#band;
    const [room, best] = [state.room[agent]!, profit[agent]!];
    const capacity = Math.min(room, items.totalWeight);
    const cells = band.fill(items, capacity, items.relaxed(capacity) - best + ceiling);
    this.meter.spend(2 * cells + band.fillBackward(items));
    for (let k = 0; k < items.count; k++) {
      const pair = items.id[k]!;
      if (this.#isChosen[pair] === 1) {
        this.extra[pair] = 0;
        this.#setOut(pair, cap(best - band.bestWithout(k), ceiling));
      } else {
        this.extra[pair] = cap(best - band.bestWith(items, k), ceiling);
      }
    }
    const start = state.listStart[agent]!;
    const end = start + state.listCount[agent]!;
    for (let at = start; at < end; at++) {
      const pair = state.list[at]!;
      if (this.#isItem[pair] === 1) continue;
      const loss = state.cost[pair]! - lambda[state.pairTask[pair]!]!;
      this.extra[pair] = loss > ceiling ? loss : cap(loss + best - band.best(room - state.use[pair]!), ceiling);
    }
  }

  #byTree(agent: number, ceiling: number): void {
    const { state, items, profit, lambda, knapsack } = this.lagrangian;
    const room = state.room[agent]!;
    const best = profit[agent]!;
    const workBefore = knapsack.work;
    for (let k = 0; k < items.count; k++) {
      const pair = items.id[k]!;
      if (this.#isChosen[pair] === 1) {
        this.extra[pair] = 0;
        this.#setOut(pair, this.#loss(k, room, best, ceiling));
      } else {
        this.extra[pair] = this.#loss(k, room - items.weight[k]!, best - items.profit[k]!, ceiling);
      }
    }
    const start = state.listStart[agent]!;
    const end = start + state.listCount[agent]!;
    for (let at = start; at < end; at++) {
      const pair = state.list[at]!;
      if (this.#isItem[pair] === 1) continue;
      const loss = state.cost[pair]! - lambda[state.pairTask[pair]!]!;
      this.extra[pair] = this.#loss(NO_ITEM, room - state.use[pair]!, best + loss, ceiling);
    }
    this.meter.spend(knapsack.work - workBefore + 8 * (end - start));
  }

  /** How far the best profit without item k in `room` stays below `best`, exact up to `ceiling`. */
  #loss(k: number, room: number, best: number, ceiling: number): number {
    const { items, knapsack } = this.lagrangian;
    if (room < 0) return cap(Infinity, ceiling);
    const relaxed = best - (k === NO_ITEM ? items.relaxed(room) : items.relaxedWithout(k, room));
    if (relaxed > ceiling) return cap(relaxed, ceiling);
    return cap(best - knapsack.upperWithout(items, k, room, best - ceiling), ceiling);
  }

  #setOut(pair: number, out: number): void {
    this.#out[pair] = out;
    this.#outOfTask[this.lagrangian.state.pairTask[pair]!]! += out;
  }
}

/** A loss between 0 and a number beyond the ceiling that still adds and subtracts. */
function cap(loss: number, ceiling: number): number {
  return Math.max(0, Math.min(loss, 2 * ceiling + 1));
}
