import type { Random } from "../../domain/index.js";
import { KnapsackItems } from "../bounds/knapsack/items.js";
import { Knapsack } from "../bounds/knapsack/knapsack.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { TimedProblem } from "./timed-problem.js";

/** Looks of a call beside those at tasks: most of the time where tasks are few. Measured. */
const LOOKS_PER_CALL = 1000;

/** Contents of some agents, and what they bear with them. */
export interface Packs {
  readonly agents: Int32Array;
  readonly tasks: readonly (readonly number[])[];
  readonly loads: readonly number[];
}

/**
 * Packs tasks into agents one after another: each takes the tasks that would cost the agents after it most at the prices μ,
 *
 *   max Σ_i w_i x_i,   w_i = min { μ_k use[i,k] : k after j },   Σ_i use[i,j] x_i ≤ room_j,
 *
 * a knapsack, so that it is filled to the brim; the last two are packed exactly, the one before the last within its room and the last with
 * as little as possible. What does not fit into any room is on the last one.
 */
export class AgentPacks {
  /** By task and agent; Infinity where it cannot go there. */
  readonly #use: Float64Array;
  readonly #numAgents: number;
  readonly #items: KnapsackItems;
  readonly #knapsack: Knapsack;
  readonly #worth: Float64Array;

  /** @param mu μ[j] > 0, by agent */
  constructor(
    { assignment, isWhole }: TimedProblem,
    private readonly mu: Float64Array,
    private readonly meter: WorkMeter,
    private readonly random: Random,
  ) {
    const { numTasks, numAgents, pairStart, pairAgent, use } = assignment;
    this.#numAgents = numAgents;
    this.#use = new Float64Array(numTasks * numAgents).fill(Infinity);
    for (let task = 0; task < numTasks; task++) {
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        this.#use[task * numAgents + pairAgent[pair]!] = use[pair]!;
      }
    }
    this.#items = new KnapsackItems(numTasks);
    this.#knapsack = new Knapsack(numTasks, isWhole, false, true);
    this.#worth = new Float64Array(numTasks);
    meter.spend(this.#use.length);
  }

  /**
   * @param tasks each can go to one of the agents at least
   * @param agents in the order in which they are packed
   * @param noise how far chance moves what a task is worth, relative, either way
   */
  pack(tasks: readonly number[], agents: Int32Array, rooms: Float64Array, noise: number): Packs {
    const prices = Array.from(agents, (agent) => this.mu[agent]! * this.#jitter(noise));
    const packed: number[][] = [];
    let rest = tasks;
    for (let k = 0; k + 1 < agents.length; k++) {
      const isExact = k + 2 === agents.length;
      for (const task of rest) {
        this.#worth[task] = isExact
          ? this.#useOf(task, agents[k + 1]!)
          : this.#leastPrice(task, agents, prices, k + 1) * this.#jitter(noise);
      }
      this.meter.spend(rest.length * (agents.length - k));
      const [own, others] = this.#fill(rest, agents[k]!, rooms[agents[k]!]!);
      packed.push(own);
      rest = others;
    }
    packed.push([...rest]);
    this.meter.spend(LOOKS_PER_CALL);
    return { agents, tasks: packed, loads: packed.map((own, k) => this.#loadOf(own, agents[k]!)) };
  }

  /** The tasks of the most worth that fit an agent, with those that can go nowhere else; and the others. */
  #fill(tasks: readonly number[], agent: number, room: number): [own: number[], others: number[]] {
    const [items, knapsack] = [this.#items, this.#knapsack];
    const [own, others]: [number[], number[]] = [[], []];
    let left = room;
    for (const task of tasks) {
      if (this.#worth[task] !== Infinity) continue;
      own.push(task);
      left -= this.#useOf(task, agent);
    }
    items.clear();
    for (const task of tasks) {
      const worth = this.#worth[task]!;
      if (worth === Infinity) continue;
      const use = this.#useOf(task, agent);
      if (use <= left && worth > 0) items.add(task, worth, use);
      else others.push(task);
    }
    if (items.count > 0) {
      const workBefore = knapsack.work;
      knapsack.solve(items, left);
      this.meter.spend(knapsack.work - workBefore);
    }
    for (let k = 0; k < items.count; k++) (knapsack.isChosen[k] === 1 ? own : others).push(items.id[k]!);
    return [own, others];
  }

  #leastPrice(task: number, agents: Int32Array, prices: readonly number[], from: number): number {
    let least = Infinity;
    for (let k = from; k < agents.length; k++) least = Math.min(least, prices[k]! * this.#useOf(task, agents[k]!));
    return least;
  }

  #loadOf(tasks: readonly number[], agent: number): number {
    let load = 0;
    for (const task of tasks) load += this.#useOf(task, agent);
    this.meter.spend(tasks.length);
    return load;
  }

  #useOf(task: number, agent: number): number {
    return this.#use[task * this.#numAgents + agent]!;
  }

  #jitter(noise: number): number {
    return 1 + noise * (2 * this.random.unit() - 1);
  }
}
