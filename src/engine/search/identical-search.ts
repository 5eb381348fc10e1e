import type { WorkMeter } from "../bounds/work-meter.js";
import { createRandom, type Random, shuffle } from "../../domain/index.js";
import { chooseSubset } from "./subset-sum.js";

export interface IdenticalSearchOptions {
  readonly seed: number;
  readonly meter: WorkMeter;
  /** Certified lower bound on the makespan, at which the search stops. */
  readonly bound: number;
  /** Reading of the meter at which to stop; default: its own limit. */
  readonly workLimit?: number;
  readonly onIncumbent?: (agentOf: Int32Array, makespan: number) => void;
}

export interface IdenticalOutcome {
  readonly agentOf: Int32Array;
  readonly makespan: number;
  readonly ended: "target" | "work";
}

/** Tasks of random agents that change hands where no split of two agents helps. */
const KICKED_TASKS = 3;

/**
 * Short makespan on identical agents (P || Cmax): longest task first on the least loaded agent (Graham, SIAM J. Appl. Math.
 * 17, 1969), then the fullest agent and another share their tasks anew, as evenly as a subset sum can (França et al.,
 * Computers & Operations Research 21, 1994, with exact splits); where no partner helps, a few tasks change hands.
 */
export function searchIdentical(
  uses: Float64Array,
  numAgents: number,
  options: IdenticalSearchOptions,
): IdenticalOutcome {
  const { meter, bound, workLimit, onIncumbent } = options;
  const random = createRandom(options.seed);
  const plan = new Split(uses, numAgents);
  meter.spend(uses.length * numAgents);
  let best = { agentOf: plan.agentOf.slice(), makespan: plan.makespan() };
  onIncumbent?.(best.agentOf.slice(), best.makespan);
  const target = bound * (1 + 1e-12);
  while (best.makespan > target && numAgents > 1 && !meter.isSpent(workLimit)) {
    const hasImproved = plan.evenOut(random, meter);
    const makespan = plan.makespan();
    if (makespan < best.makespan) {
      best = { agentOf: plan.agentOf.slice(), makespan };
      onIncumbent?.(best.agentOf.slice(), makespan);
    }
    if (!hasImproved) plan.kick(random);
  }
  return { ...best, ended: best.makespan <= target ? "target" : "work" };
}

class Split {
  readonly agentOf: Int32Array;
  readonly #load: Float64Array;

  constructor(
    private readonly uses: Float64Array,
    numAgents: number,
  ) {
    this.agentOf = new Int32Array(uses.length);
    this.#load = new Float64Array(numAgents);
    const order = Int32Array.from(uses.keys()).sort((a, b) => uses[b]! - uses[a]! || a - b);
    for (const task of order) {
      let least = 0;
      for (let agent = 1; agent < numAgents; agent++) if (this.#load[agent]! < this.#load[least]!) least = agent;
      this.agentOf[task] = least;
      this.#load[least]! += uses[task]!;
    }
  }

  /** Largest load, summed afresh in the order of tasks. */
  makespan(): number {
    this.#load.fill(0);
    this.agentOf.forEach((agent, task) => (this.#load[agent]! += this.uses[task]!));
    return this.#load.reduce((most, load) => Math.max(most, load), 0);
  }

  /** One better split of the fullest agent with another, least loaded first; false where there is none. */
  evenOut(random: Random, meter: WorkMeter): boolean {
    const load = this.#load;
    const fullest = load.indexOf(load.reduce((most, value) => Math.max(most, value), 0));
    const partners = Int32Array.from(load.keys()).filter((agent) => agent !== fullest);
    partners.sort((a, b) => load[a]! - load[b]! || a - b);
    for (const partner of partners) {
      if (meter.isSpent() || load[partner]! >= load[fullest]!) return false;
      if (this.#share(fullest, partner, random, meter)) return true;
    }
    return false;
  }

  #share(full: number, partner: number, random: Random, meter: WorkMeter): boolean {
    const tasks = Int32Array.from(this.agentOf.keys()).filter(
      (task) => this.agentOf[task] === full || this.agentOf[task] === partner,
    );
    shuffle(tasks, random);
    const sizes = Float64Array.from(tasks, (task) => this.uses[task]!);
    const isChosen = new Uint8Array(tasks.length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    meter.spend(this.agentOf.length + chooseSubset(sizes, Math.floor(total / 2) || total / 2, isChosen));
    const chosen = sizes.reduce((sum, size, k) => sum + (isChosen[k] === 1 ? size : 0), 0);
    if (Math.max(chosen, total - chosen) >= this.#load[full]! * (1 - 1e-12)) return false;
    tasks.forEach((task, k) => (this.agentOf[task] = isChosen[k] === 1 ? full : partner));
    this.#load[full] = chosen;
    this.#load[partner] = total - chosen;
    return true;
  }

  kick(random: Random): void {
    for (let k = 0; k < KICKED_TASKS; k++) {
      const task = random.below(this.agentOf.length);
      const to = random.below(this.#load.length);
      this.#load[this.agentOf[task]!]! -= this.uses[task]!;
      this.#load[to]! += this.uses[task]!;
      this.agentOf[task] = to;
    }
  }
}
