import { createRandom, type Random, shuffle } from "../../domain/index.js";
import type { SearchProgress } from "../assignment/progress.js";
import { AgentPacks, type Packs } from "./agent-packs.js";
import { SlotContents } from "./slot-contents.js";
import { roomUntil, type TimedProblem } from "./timed-problem.js";

/** Agents that are packed again together. Measured. */
const TOGETHER = 4;
/** How far chance moves what tasks are worth, at most, relative. */
const MAX_NOISE = 0.02;
/** Repackings without less overload after which everything is packed anew. */
const PATIENCE = 800;
/** Entries of the table of uses up to which it is kept. */
const MAX_CELLS = 4e6;
/** Rounding of priced loads that is forgiven. */
const TOLERANCE = 1e-12;

/**
 * Search from above by exact packing: is there an assignment that ends by C? All agents are packed one after another; what is left over
 * overloads the last one. Then a few agents at a time, one of them overloaded, are packed anew in another order (large neighbourhood
 * search: Shaw, CP 1998), and stay so where that leaves no more overload nor costs more at the prices. Agents are filled to the brim, so
 * that what tasks lose to other agents is all that is in excess, and comes together in few places where it can be seen.
 */
export class RepackSearch {
  readonly #packs: AgentPacks;
  readonly #random: Random;
  readonly #mu: Float64Array;
  readonly #tasksOf: (readonly number[])[];
  readonly #load: Float64Array;
  #rooms: Float64Array;
  #tried = -Infinity;

  /** @param mu μ[j] ≥ 0, by agent */
  constructor(
    private readonly timed: TimedProblem,
    private readonly progress: SearchProgress,
    mu: Float64Array,
    seed: number,
  ) {
    const { numAgents } = timed.assignment;
    this.#mu = withoutZeros(mu);
    this.#random = createRandom(seed);
    this.#packs = new AgentPacks(timed, this.#mu, progress.meter, this.#random);
    this.#tasksOf = Array.from({ length: numAgents }, () => []);
    this.#load = new Float64Array(numAgents);
    this.#rooms = this.#load;
  }

  /** Where there is nothing but times, and whole ones, which knapsacks fill soon. */
  static isFor(timed: TimedProblem): boolean {
    const { numTasks, numAgents } = timed.assignment;
    const isSmall = numTasks * numAgents <= MAX_CELLS && numAgents > 1 && numTasks > 0;
    return isSmall && timed.isWhole && SlotContents.knows(timed);
  }

  /** Tries one time after another until the work is spent or nothing is left to gain. */
  run(workLimit: number): void {
    const { progress } = this;
    while (!progress.isDone && !progress.meter.isSpent(workLimit)) {
      const atTime = this.#nextTime();
      this.#rooms = this.#load.map((_, agent) => roomUntil(this.timed, agent, atTime));
      if (!this.#reach(workLimit)) {
        this.#tried = Math.max(this.#tried, atTime);
        continue;
      }
      const value = progress.offer(this.#readAgents());
      // It keeps the rooms and yet is no plan: the next try would end where this one did.
      if (value === null || value > atTime) return;
    }
  }

  /** Half way between what was tried in vain and the incumbent, in the end just below it. */
  #nextTime(): number {
    const { cost, bound } = this.progress;
    const from = Math.max(this.#tried, bound - 1);
    return Math.max(bound, Math.min(cost - 1, Math.floor((from + cost) / 2)));
  }

  /** Packs everything, then some agents again and again, until all keep their rooms (true) or nothing is gained for long. */
  #reach(workLimit: number): boolean {
    const { numAgents, numTasks } = this.timed.assignment;
    const agents = Int32Array.from({ length: numAgents }, (_, agent) => agent);
    shuffle(agents, this.#random);
    const tasks = Array.from({ length: numTasks }, (_, task) => task);
    const packs = this.#packs.pack(tasks, agents, this.#rooms, 0);
    this.#take(packs);
    let overload = this.#overloadOf(agents, packs.loads);
    for (let inVain = 0; overload > 0; inVain++) {
      if (inVain > PATIENCE || this.progress.meter.isSpent(workLimit)) return false;
      const gained = this.#repack();
      overload -= gained;
      if (gained > 0) inVain = 0;
    }
    return true;
  }

  /** Packs a few agents anew; by how much less they are overloaded. */
  #repack(): number {
    const agents = this.#chooseAgents();
    const tasks = Array.from(agents).flatMap((agent) => this.#tasksOf[agent]!);
    const noise = MAX_NOISE * this.#random.unit() ** 2;
    const packs = this.#packs.pack(tasks, agents, this.#rooms, noise);
    const loads = Array.from(agents, (agent) => this.#load[agent]!);
    const gained = this.#overloadOf(agents, loads) - this.#overloadOf(agents, packs.loads);
    if (gained < 0 || (gained === 0 && this.#priceOf(agents, packs.loads) > this.#priceOf(agents, loads) + TOLERANCE))
      return 0;
    this.#take(packs);
    return gained;
  }

  /** An overloaded agent and any others, in any order. */
  #chooseAgents(): Int32Array {
    const { numAgents } = this.timed.assignment;
    const overloaded: number[] = [];
    for (let agent = 0; agent < numAgents; agent++) {
      if (this.#load[agent]! > this.#rooms[agent]!) overloaded.push(agent);
    }
    const chosen = [overloaded[this.#random.below(overloaded.length)]!];
    while (chosen.length < Math.min(TOGETHER, numAgents)) {
      const agent = this.#random.below(numAgents);
      if (!chosen.includes(agent)) chosen.push(agent);
    }
    const order = Int32Array.from(chosen);
    shuffle(order, this.#random);
    this.progress.meter.spend(numAgents);
    return order;
  }

  #take({ agents, tasks, loads }: Packs): void {
    agents.forEach((agent, k) => {
      this.#tasksOf[agent] = tasks[k]!;
      this.#load[agent] = loads[k]!;
    });
  }

  #overloadOf(agents: Int32Array, loads: readonly number[]): number {
    let sum = 0;
    agents.forEach((agent, k) => (sum += Math.max(0, loads[k]! - this.#rooms[agent]!)));
    return sum;
  }

  #priceOf(agents: Int32Array, loads: readonly number[]): number {
    let sum = 0;
    agents.forEach((agent, k) => (sum += this.#mu[agent]! * loads[k]!));
    return sum;
  }

  #readAgents(): Int32Array {
    const agentOf = new Int32Array(this.timed.assignment.numTasks);
    this.#tasksOf.forEach((tasks, agent) => {
      for (const task of tasks) agentOf[task] = agent;
    });
    return agentOf;
  }
}

/** An agent without a price would be left for the last, whatever it could do: it gets the least of the others. */
function withoutZeros(mu: Float64Array): Float64Array {
  const least = mu.reduce((most, price) => (price > 0 ? Math.min(most, price) : most), Infinity);
  return mu.map((price) => (price > 0 ? price : Math.min(least, 1)));
}
