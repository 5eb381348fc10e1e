import { KnapsackItems } from "../bounds/knapsack/items.js";
import { KnapsackTree, NO_ITEM } from "../bounds/knapsack/knapsack-tree.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { Random } from "../../domain/index.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";

/** Nodes of an agent's knapsack. Measured: solved to the end, choices freeze before they make an assignment. */
const NODE_LIMIT = 100;
/** Work of a pair that an agent looks at, of one of the few that its knapsack is left with, and of a node. */
const LOOKS = { perPair: 2, perItem: 12, perNode: 6, perOffer: 25 } as const;
/** Gains that differ by less are the same. */
const SAME = 1e-9;

/**
 * A choice of tasks for every agent, each within the agent's capacity, where tasks may be chosen by no agent or by several, and the
 * augmented Lagrangian of the rows that every task is chosen once:
 *
 *   L(x) = Σ_ij cost[i,j] x[i,j] + Σ_i λ_i (1 − Σ_j x[i,j]) + penalty/2 · Σ_i (1 − Σ_j x[i,j])².
 *
 * With the choices of all others as they are, what an agent saves by a task is λ_i − cost + penalty · (1/2 − how many others chose it), so that its best
 * choice is a knapsack. Memory O(pairs in play).
 */
export class SoftAssignment {
  readonly lambda: Float64Array;
  readonly numAgents: number;
  /** Median over the open tasks of what the second best agent costs beyond the best: the size of penalties that matter. */
  readonly scale: number;
  /** Pairs in play, by agent: those of agent j stand at start[j] … start[j + 1] − 1. */
  readonly #start: Int32Array;
  readonly #pair: Int32Array;
  readonly #task: Int32Array;
  readonly #cost: Float64Array;
  readonly #use: Float64Array;
  readonly #isChosen: Uint8Array;
  /** Gain of each pair when its agent's knapsack was last solved. */
  readonly #lastGain: Float64Array;
  readonly #gain: Float64Array;
  readonly #timesChosen: Int32Array;
  /** Price of a unit of each agent's room in the knapsack solved last. */
  readonly #price: Float64Array;
  readonly #order: Int32Array;
  readonly #openTasks: Int32Array;
  readonly #items: KnapsackItems;
  readonly #knapsack: KnapsackTree;
  readonly #meter: WorkMeter;

  /** @param pairsPerTask pairs of each open task in play: those of least cost, what they use priced as the root does */
  constructor(
    private readonly core: Core,
    pairsPerTask: number,
  ) {
    const { state, lagrangian, progress } = core;
    this.#meter = progress.meter;
    this.numAgents = state.numAgents;
    this.lambda = core.lambda.slice();
    lagrangian.setLambda(core.lambda);
    lagrangian.evaluate();
    const { pairs, openTasks, scale } = pairsInPlay(core, pairsPerTask);
    this.scale = scale;
    this.#openTasks = openTasks;
    this.#start = new Int32Array(state.numAgents + 1);
    for (const pair of pairs) this.#start[state.pairAgent[pair]! + 1]! += 1;
    let longest = 0;
    for (let agent = 0; agent < state.numAgents; agent++) {
      longest = Math.max(longest, this.#start[agent + 1]!);
      this.#start[agent + 1]! += this.#start[agent]!;
    }
    this.#pair = new Int32Array(pairs.length);
    const next = this.#start.slice();
    for (const pair of pairs) this.#pair[next[state.pairAgent[pair]!]!++] = pair;
    this.#task = this.#pair.map((pair) => state.pairTask[pair]!);
    this.#cost = Float64Array.from(this.#pair, (pair) => state.cost[pair]!);
    this.#use = Float64Array.from(this.#pair, (pair) => state.use[pair]!);
    this.#isChosen = new Uint8Array(pairs.length);
    this.#lastGain = new Float64Array(pairs.length);
    this.#gain = new Float64Array(longest);
    this.#timesChosen = new Int32Array(state.numTasks);
    this.#price = new Float64Array(state.numAgents);
    this.#order = Int32Array.from({ length: state.numAgents }, (_, agent) => agent);
    this.#items = new KnapsackItems(longest);
    this.#knapsack = new KnapsackTree(longest);
  }

  /** Begins again with the root's multipliers, and with what agents choose under them. */
  reset(): void {
    const { state, lagrangian, lambda } = this.core;
    this.lambda.set(lambda);
    lagrangian.setLambda(lambda);
    lagrangian.evaluate();
    const isWanted = new Uint8Array(state.pairAgent.length);
    for (let agent = 0; agent < this.numAgents; agent++) {
      this.#price[agent] = lagrangian.priceOf[agent]!;
      const start = state.listStart[agent]!;
      for (let at = start; at < start + lagrangian.chosenCount[agent]!; at++) isWanted[lagrangian.chosen[at]!] = 1;
    }
    this.#timesChosen.fill(0);
    for (let at = 0; at < this.#pair.length; at++) {
      this.#isChosen[at] = isWanted[this.#pair[at]!]!;
      this.#timesChosen[this.#task[at]!]! += this.#isChosen[at]!;
    }
    // What was never compared counts as changed.
    this.#lastGain.fill(-Infinity);
    this.#meter.spend(2 * this.#pair.length);
  }

  /** Lets all agents, in random order, choose again under a penalty. */
  sweep(penalty: number, random: Random): void {
    const order = this.#order;
    for (let k = order.length - 1; k > 0; k--) {
      const other = random.below(k + 1);
      const agent = order[k]!;
      order[k] = order[other]!;
      order[other] = agent;
    }
    for (const agent of order) if (this.#mayGain(agent, penalty)) this.#choose(agent);
  }

  /**
   * Moves the multipliers of tasks that are not chosen once by `step` times what is missing, and those of all tasks by `commonStep` times what is missing in
   * all, for each agent; returns how much is missing or too much. Where rooms are tight to the last unit a missing task is one that no agent has room for: all
   * must rise before agents change to choices of more and smaller tasks.
   */
  moveMultipliers(step: number, commonStep: number): number {
    const [openTasks, lambda] = [this.#openTasks, this.lambda];
    let [imbalance, numMissing] = [0, 0];
    for (const task of openTasks) {
      const missing = 1 - this.#timesChosen[task]!;
      if (missing === 0) continue;
      imbalance += Math.abs(missing);
      numMissing += missing;
      lambda[task]! += step * missing;
    }
    const common = (commonStep * numMissing) / this.numAgents;
    if (common !== 0) for (const task of openTasks) lambda[task]! += common;
    this.#meter.spend(openTasks.length);
    return imbalance;
  }

  /** The cheapest pair of each task that some agent chose, and that of tasks the core has fixed; OPEN for tasks that none chose. */
  readPairs(): Int32Array {
    const pairs = this.core.state.fixedPair.slice();
    for (let at = 0; at < this.#pair.length; at++) {
      const task = this.#task[at]!;
      if (this.#isChosen[at] === 0) continue;
      const other = pairs[task]!;
      if (other === OPEN || this.#cost[at]! < this.core.state.cost[other]!) pairs[task] = this.#pair[at]!;
    }
    this.#meter.spend(this.#pair.length);
    return pairs;
  }

  /** Computes what the pairs of an agent save; false where its choice surely stays best: what it chose saves as much as before, nothing else more. */
  #mayGain(agent: number, penalty: number): boolean {
    const [start, end] = [this.#start[agent]!, this.#start[agent + 1]!];
    const [gains, lastGain, isChosen, timesChosen, lambda] = [
      this.#gain,
      this.#lastGain,
      this.#isChosen,
      this.#timesChosen,
      this.lambda,
    ];
    let isChanged = false;
    for (let at = start; at < end; at++) {
      const task = this.#task[at]!;
      const own = isChosen[at]!;
      const gain = lambda[task]! - this.#cost[at]! + penalty * (0.5 - timesChosen[task]! + own);
      gains[at - start] = gain;
      if (
        own === 1 ? gain < lastGain[at]! - SAME || lastGain[at] === -Infinity : gain > 0 && gain > lastGain[at]! + SAME
      )
        isChanged = true;
    }
    this.#meter.spend(LOOKS.perPair * (end - start));
    return isChanged;
  }

  /** Solves the knapsack of an agent; the choice stays where none was found that saves more. */
  #choose(agent: number): void {
    const [start, end] = [this.#start[agent]!, this.#start[agent + 1]!];
    const [gains, uses, isChosen, items, knapsack] = [
      this.#gain,
      this.#use,
      this.#isChosen,
      this.#items,
      this.#knapsack,
    ];
    const room = this.core.state.room[agent]!;
    const price = this.#price[agent]!;
    // No choice has more than the linear relaxation at the price: Σ max(0, gain − price · use) + price · room.
    let [relaxed, present] = [price > 0 ? price * room : 0, 0];
    for (let at = start; at < end; at++) {
      const gain = gains[at - start]!;
      this.#lastGain[at] = gain;
      const reduced = gain - price * uses[at]!;
      if (reduced > 0) relaxed += reduced;
      if (isChosen[at] === 1) present += gain;
    }
    const slack = relaxed - present + SAME;
    let [left, forced] = [room, 0];
    items.clear();
    for (let at = start; at < end; at++) {
      const gain = gains[at - start]!;
      const reduced = gain - price * uses[at]!;
      if (reduced > slack) {
        left -= uses[at]!;
        forced += gain;
      } else if (gain > 0 && reduced >= -slack) items.add(at, gain, uses[at]!);
    }
    items.sort();
    const breakItem = items.breakItem(left);
    this.#price[agent] = breakItem < items.count ? items.ratio[breakItem]! : 0;
    knapsack.solve(items, left, NO_ITEM, present - forced + SAME, NODE_LIMIT);
    this.#meter.spend(2 * (end - start) + LOOKS.perItem * items.count + LOOKS.perNode * knapsack.numNodes);
    if (knapsack.isImproved) this.#take(start, end, price, slack);
  }

  #take(start: number, end: number, price: number, slack: number): void {
    const [isChosen, timesChosen, tasks, items] = [this.#isChosen, this.#timesChosen, this.#task, this.#items];
    for (let at = start; at < end; at++) {
      const isForced = this.#gain[at - start]! - price * this.#use[at]! > slack ? 1 : 0;
      timesChosen[tasks[at]!]! += isForced - isChosen[at]!;
      isChosen[at] = isForced;
    }
    for (let k = 0; k < items.count; k++) {
      if (this.#knapsack.isChosen[k] === 0) continue;
      const at = items.id[k]!;
      isChosen[at] = 1;
      timesChosen[tasks[at]!]! += 1;
    }
    this.#meter.spend(end - start);
  }
}

/** The pairs of open tasks that are cheapest once the agents' prices of room are added. The Lagrangian must be evaluated. O(pairs). */
function pairsInPlay(
  { state, lagrangian, progress }: Core,
  pairsPerTask: number,
): { readonly pairs: number[]; readonly openTasks: Int32Array; readonly scale: number } {
  const pairs: number[] = [];
  const openTasks: number[] = [];
  const regrets: number[] = [];
  const priced: { pair: number; price: number }[] = [];
  for (let task = 0; task < state.numTasks; task++) {
    if (state.fixedPair[task] !== OPEN) continue;
    openTasks.push(task);
    priced.length = 0;
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      if (state.isAlive[pair] === 0) continue;
      const agent = state.pairAgent[pair]!;
      priced.push({ pair, price: state.cost[pair]! + lagrangian.priceOf[agent]! * state.use[pair]! });
    }
    priced.sort((a, b) => a.price - b.price || a.pair - b.pair);
    for (const { pair } of priced.slice(0, pairsPerTask)) pairs.push(pair);
    if (priced.length > 1) regrets.push(priced[1]!.price - priced[0]!.price);
  }
  regrets.sort((a, b) => a - b);
  progress.meter.spend(state.pairAgent.length + LOOKS.perOffer * pairs.length);
  return { pairs, openTasks: Int32Array.from(openTasks), scale: regrets[regrets.length >> 1] ?? 0 };
}
