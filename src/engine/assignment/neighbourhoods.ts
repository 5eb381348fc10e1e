import type { Random } from "../../domain/index.js";
import type { CostedAssignment, TreeOutcome } from "../tree/assignment-tree.js";
import type { Core } from "./core.js";
import { searchPart } from "./part-search.js";

const STEPS = 15;
/** Tasks that a neighbourhood frees, about; adapted in this range. */
const FREE_TASKS = { first: 50, least: 20, most: 160 } as const;
/** Exhausted neighbourhoods in a row after which larger ones are tried. */
const PATIENCE = 6;
const GROWTH = 1.25;
/** Work of fixing a pair that stays, and of undoing it, where pairs are so many that it counts. Measured. */
const LOOKS_PER_PAIR = 25;

/**
 * Large neighbourhood search (Shaw, CP 1998) with the tree as sub-solver: all tasks of a few related agents are freed, the rest
 * stays; the tree looks for anything cheaper. The size follows the sub-searches: larger where they exhaust, smaller where
 * they reach their node limit.
 */
export class Neighbourhoods {
  #numFree: number = FREE_TASKS.first;
  #numExhausted = 0;
  readonly #isFree: Uint8Array;

  constructor(
    private readonly core: Core,
    private readonly random: Random,
  ) {
    this.#isFree = new Uint8Array(core.state.numAgents);
  }

  /** Searches one neighbourhood of the incumbent; true where it got cheaper. */
  step(workLimit: number): boolean {
    const { core } = this;
    const { progress, state } = core;
    const costBefore = progress.cost;
    if (core.isRoomy) progress.meter.spend(LOOKS_PER_PAIR * state.pairAgent.length);
    const incumbent = { agentOf: progress.agentOf!, cost: progress.cost };
    const { isExhausted } = this.around(incumbent, this.#numFree, STEPS, workLimit);
    this.#adapt(isExhausted, progress.cost < costBefore);
    return progress.cost < costBefore;
  }

  /** Looks for anything cheaper than an assignment with about so many of its tasks free. */
  around({ agentOf, cost }: CostedAssignment, numFree: number, numSteps: number, workLimit: number): TreeOutcome {
    const { core } = this;
    this.#chooseAgents(agentOf, numFree);
    return searchPart(core, {
      parents: [agentOf],
      isOpen: (task) => this.#isFree[agentOf[task]!] === 1,
      highest: cost - core.progress.improvement,
      ...{ numSteps, workLimit },
    });
  }

  #adapt(isExhausted: boolean, isBetter: boolean): void {
    if (isBetter) {
      this.#numExhausted = 0;
    } else if (!isExhausted) {
      this.#numExhausted = 0;
      this.#numFree = Math.max(FREE_TASKS.least, this.#numFree / GROWTH);
    } else if (++this.#numExhausted >= PATIENCE) {
      this.#numExhausted = 0;
      this.#numFree = Math.min(FREE_TASKS.most, this.#numFree * GROWTH);
    }
  }

  /** Agents in play: that of a task with a costly pair, and those its tasks would rather go to. */
  #chooseAgents(agentOf: Int32Array, numFree: number): void {
    const { state, extra } = this.core;
    const { random } = this;
    const isFree = this.#isFree.fill(0);
    const numPerAgent = state.numTasks / state.numAgents;
    const wanted = Math.min(state.numAgents, Math.max(2, Math.round(numFree / numPerAgent)));
    let count = 0;
    let task = this.#costlyTask(agentOf);
    for (let tries = 0; count < wanted && tries < 20 * wanted; tries++) {
      const own = agentOf[task]!;
      if (isFree[own] === 0) [isFree[own], count] = [1, count + 1];
      let [best, bestScore] = [-1, Infinity];
      for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
        const agent = state.pairAgent[pair]!;
        if (isFree[agent] === 1 || state.isAlive[pair] === 0) continue;
        const score = extra[pair]! * (0.5 + random.unit());
        if (score < bestScore) [best, bestScore] = [agent, score];
      }
      if (best >= 0 && count < wanted) [isFree[best], count] = [1, count + 1];
      task = random.unit() < 0.5 ? this.#taskOf(agentOf) : this.#costlyTask(agentOf);
    }
  }

  /** Of a few random tasks the one whose present pair costs most beyond the bound. */
  #costlyTask(agentOf: Int32Array): number {
    const { state, extra } = this.core;
    let [best, bestExtra] = [0, -1];
    for (let k = 0; k < 5; k++) {
      const task = this.random.below(state.numTasks);
      for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
        if (state.pairAgent[pair] === agentOf[task] && extra[pair]! > bestExtra)
          [best, bestExtra] = [task, extra[pair]!];
      }
    }
    return best;
  }

  /** A random task of an agent already in play. */
  #taskOf(agentOf: Int32Array): number {
    let task = this.random.below(agentOf.length);
    for (let k = 0; k < agentOf.length; k++) {
      if (this.#isFree[agentOf[task]!] === 1) return task;
      task = (task + 1) % agentOf.length;
    }
    return task;
  }
}
