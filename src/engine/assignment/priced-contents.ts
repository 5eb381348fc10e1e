import type { SlotContent } from "../bounds/cover-columns.js";
import { CoverProgram } from "../bounds/cover-program.js";
import { KnapsackItems } from "../bounds/knapsack/items.js";
import { Knapsack } from "../bounds/knapsack/knapsack.js";
import { createRandom, type Random } from "../../domain/index.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { type LikeTasks, SlotAmounts } from "./slot-amounts.js";

/** What a task that is nowhere costs, in spans between the least and the largest cost of its kind. */
const LACK_COST = 20;
/** Share of the best duals known in those that contents are priced by (Wentges, Int. Trans. Operational Research 4, 1997). */
const BEST_SHARE = 0.5;
/** Reduced costs of contents below it are none, in costs of a task that lacks. */
const TOLERANCE = 1e-9;
/** Distance of the program from its bound, relative, that is near enough. */
const NEAR = 2e-5;
/** Rounds of pricing of the whole, and of what is left once some slots are filled. */
const ROUNDS = { whole: 60, rest: 12 } as const;
/** An amount that lacks less of a whole number is one. */
const ALMOST_WHOLE = 1e-3;
/** Share of the slots that are open filled at a time, beside whole amounts. */
const BATCH = 0.1;
/** What chance may add to an amount, and tries with it. Measured. */
const CHANCE = 0.5;
const MAX_TRIES = 200;

export interface ContentsOptions {
  readonly meter: WorkMeter;
  readonly seed: number;
  /** Looks to spend at most, about. */
  readonly workLimit: number;
  /** Told of λ as soon as it is known, before slots are filled. */
  readonly onPrices?: (lambda: Float64Array) => void;
}

export interface ContentsOutcome {
  /** λ of each kind: a multiplier of the assignment row of each of its tasks. */
  readonly lambda: Float64Array;
  /** How many tasks of each kind each slot has; null where some task could not be placed. */
  readonly plan: SlotAmounts | null;
}

/**
 * An assignment of like tasks by contents of slots, min Σ_S cost_S x_S over contents S that fit their slots and cover the tasks together (column generation:
 * Gilmore, Gomory, Operations Research 9, 1961; its linear relaxation is that of knapsacks, Σ_k λ_k demand_k − Σ_slots max Σ (λ − cost)). An optimal point has no more
 * fractional slots than there are kinds: what is whole of it is kept, and what is left priced again after each slot, several times with other choices.
 */
export function assignByContents(like: LikeTasks, options: ContentsOptions): ContentsOutcome {
  return new PricedContents(like, options).run();
}

class PricedContents {
  readonly #numKinds: number;
  readonly #numGroups: number;
  /** What every task of a kind costs at least. */
  readonly #least: Float64Array;
  /** What a task that is nowhere costs. */
  readonly #unit: number;
  /** Costs above the least ones, in units, by kind and group. */
  readonly #cost: Float64Array;
  readonly #pool: SlotContent[] = [];
  readonly #known = new Set<string>();
  readonly #items: KnapsackItems;
  readonly #knapsack: Knapsack;
  readonly #random: Random;
  #lambda: Float64Array;

  constructor(
    private readonly like: LikeTasks,
    private readonly options: ContentsOptions,
  ) {
    const { demand, slots, cost, use } = like;
    const numGroups = (this.#numGroups = slots.length);
    this.#numKinds = demand.length;
    this.#least = Float64Array.from(demand, (_, kind) => {
      let least = Infinity;
      for (let g = 0; g < numGroups; g++) if (this.#fits(kind, g)) least = Math.min(least, cost[kind * numGroups + g]!);
      return least;
    });
    let span = 0;
    for (let pair = 0; pair < cost.length; pair++) {
      if (use[pair]! < Infinity) span = Math.max(span, cost[pair]! - this.#least[Math.floor(pair / numGroups)]!);
    }
    this.#unit = LACK_COST * (span > 0 ? span : 1);
    this.#cost = cost.map((one, pair) => (one - this.#least[Math.floor(pair / numGroups)]!) / this.#unit);
    const numItems = demand.reduce((sum, count) => sum + Math.ceil(Math.log2(count + 1)) + 1, 0);
    this.#items = new KnapsackItems(numItems);
    this.#knapsack = new Knapsack(numItems, false);
    this.#lambda = new Float64Array(demand.length);
    this.#random = createRandom(options.seed);
  }

  run(): ContentsOutcome {
    const { demand, slots } = this.like;
    const { meter, workLimit, onPrices } = this.options;
    const state = new SlotAmounts(this.like, meter);
    for (let group = 0; group < this.#numGroups; group++) {
      for (let kind = 0; kind < this.#numKinds; kind++)
        if (this.#fits(kind, group)) this.#keep(group, this.#fullOf(kind, group));
    }
    const whole = this.#solve(demand, slots, ROUNDS.whole);
    const lambda = this.#lambda.map((one, kind) => one * this.#unit + this.#least[kind]!);
    onPrices?.(lambda);
    const open = slots.slice();
    for (const { content, amount } of whole.chosen()) {
      for (let k = Math.floor(amount + ALMOST_WHOLE); k > 0; k--) this.#fillSlot(state, content, open);
    }
    const limit = meter.used + workLimit;
    const maxTries = open.some((count) => count > 0) ? MAX_TRIES : 1;
    let best: SlotAmounts | null = null;
    for (let k = 0; k < maxTries && (k === 0 || !meter.isSpent(limit)); k++) {
      const plan = this.#fillRest(state.copy(), open.slice(), k === 0 ? 0 : CHANCE);
      if (plan !== null && (best === null || plan.cost() < best.cost())) best = plan;
    }
    return { lambda, plan: best };
  }

  /** Slot by slot, by the largest of the amounts, up to a chance. */
  #fillRest(state: SlotAmounts, open: Int32Array, chance: number): SlotAmounts | null {
    while (!this.options.meter.isSpent() && open.some((count) => count > 0) && state.left.some((count) => count > 0)) {
      const chosen = this.#solve(state.left, open, ROUNDS.rest)
        .chosen()
        .map(({ content, amount }) => ({ content, amount, rank: amount + chance * this.#random.unit() }))
        .sort((a, b) => b.rank - a.rank);
      if (chosen.length === 0) break;
      const numOpen = open.reduce((sum, count) => sum + count, 0);
      const isTaken = (amount: number, k: number): boolean => k < BATCH * numOpen || amount >= 1 - ALMOST_WHOLE;
      for (const { content } of chosen.filter(({ amount }, k) => isTaken(amount, k)))
        this.#fillSlot(state, content, open);
    }
    if (!state.placeLeft()) return null;
    state.improve();
    return state;
  }

  #fits(kind: number, group: number): boolean {
    return this.like.use[kind * this.#numGroups + group]! <= this.like.room[group]!;
  }

  /** As many tasks of one kind as a slot has room for. */
  #fullOf(kind: number, group: number): number[] {
    const use = this.like.use[kind * this.#numGroups + group]!;
    const fits = use > 0 ? Math.floor(this.like.room[group]! / use) : Infinity;
    return new Array<number>(Math.min(this.like.demand[kind]!, fits)).fill(kind);
  }

  #keep(group: number, tasks: readonly number[]): SlotContent | null {
    const key = `${group}:${tasks.join()}`;
    if (this.#known.has(key)) return null;
    this.#known.add(key);
    const cost = tasks.reduce((sum, kind) => sum + this.#cost[kind * this.#numGroups + group]!, 0);
    const content = { group, tasks, cost };
    this.#pool.push(content);
    return content;
  }

  /** The linear program of contents for tasks and slots that are left, with all contents that it needs to be near its optimum. */
  #solve(demand: Int32Array, open: Int32Array, maxRounds: number): CoverProgram {
    const program = new CoverProgram(demand, open, this.options.meter);
    for (const content of this.#pool) if (open[content.group]! > 0 && isCovered(content, demand)) program.add(content);
    let [bound, best]: [number, Float64Array | null] = [-Infinity, null];
    for (let round = 0; round < maxRounds && !this.options.meter.isSpent(); round++) {
      program.solve();
      const duals = program.duals;
      if (program.cost - bound <= NEAR * Math.abs(program.cost)) break;
      const known: Float64Array | null = best;
      const mixed: Float64Array =
        known === null ? duals.slice() : duals.map((dual, row) => BEST_SHARE * known[row]! + (1 - BEST_SHARE) * dual);
      let price = this.#price(program, mixed, demand, open);
      if (price.bound > bound) [bound, best] = [price.bound, mixed];
      if (price.numAdded > 0) continue;
      const own = duals.slice();
      price = this.#price(program, own, demand, open);
      if (price.bound > bound) [bound, best] = [price.bound, own];
      if (price.numAdded === 0) break;
    }
    if (best !== null) this.#lambda = best.slice(0, this.#numKinds);
    return program;
  }

  /** Σ λ demand less what slots can gain at these duals; adds the contents that the program gains by. */
  #price(
    program: CoverProgram,
    lambda: Float64Array,
    demand: Int32Array,
    open: Int32Array,
  ): { bound: number; numAdded: number } {
    const [numKinds, numGroups, items, knapsack] = [this.#numKinds, this.#numGroups, this.#items, this.#knapsack];
    let [bound, numAdded] = [0, 0];
    for (let kind = 0; kind < numKinds; kind++) bound += lambda[kind]! * demand[kind]!;
    for (let group = 0; group < numGroups; group++) {
      if (open[group] === 0) continue;
      const room = this.like.room[group]!;
      items.clear();
      for (let kind = 0; kind < numKinds; kind++) {
        const pair = kind * numGroups + group;
        const gain = lambda[kind]! - this.#cost[pair]!;
        if (gain <= 0 || !this.#fits(kind, group)) continue;
        const use = this.like.use[pair]!;
        const most = use > 0 ? Math.min(demand[kind]!, Math.floor(room / use)) : demand[kind]!;
        for (let [rest, size] = [most, 1]; rest > 0; rest -= size, size = Math.min(2 * size, rest))
          items.add(kind, size * gain, size * use);
      }
      const workBefore = knapsack.work;
      knapsack.solve(items, room);
      this.options.meter.spend(numKinds + knapsack.work - workBefore);
      bound -= open[group]! * knapsack.upper;
      const tasks: number[] = [];
      for (let k = 0; k < items.count; k++) {
        if (knapsack.isChosen[k] === 0) continue;
        const gain = lambda[items.id[k]!]! - this.#cost[items.id[k]! * numGroups + group]!;
        for (let t = Math.round(items.profit[k]! / gain); t > 0; t--) tasks.push(items.id[k]!);
      }
      tasks.sort((a, b) => a - b);
      let reduced = program.duals[numKinds + group]!;
      for (const kind of tasks) reduced -= program.duals[kind]! - this.#cost[kind * numGroups + group]!;
      const content = reduced < -TOLERANCE ? this.#keep(group, tasks) : null;
      if (content === null) continue;
      program.add(content);
      numAdded += 1;
    }
    return { bound, numAdded };
  }

  #fillSlot(state: SlotAmounts, { group, tasks }: SlotContent, open: Int32Array): void {
    if (open[group] === 0) return;
    let slot = state.groupOf.indexOf(group);
    slot += this.like.slots[group]! - open[group]!;
    open[group]! -= 1;
    for (let k = 0; k < tasks.length;) {
      const kind = tasks[k]!;
      const end = tasks.lastIndexOf(kind) + 1;
      state.fill(slot, kind, end - k);
      k = end;
    }
  }
}

/** Whether there are as many tasks of each kind as the content has. */
function isCovered({ tasks }: SlotContent, demand: Int32Array): boolean {
  for (let k = 0; k < tasks.length;) {
    const kind = tasks[k]!;
    const end = k + demand[kind]!;
    if (tasks[end] === kind) return false;
    while (tasks[k] === kind) k += 1;
  }
  return true;
}
