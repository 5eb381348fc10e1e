import type { Random } from "../../domain/index.js";
import { OPEN } from "../tree/partial-assignment.js";
import type { Core } from "./core.js";
import type { SearchProgress } from "./progress.js";

const STEPS = 15;
const NODE_LIMIT = 300;
/** Tasks that a neighbourhood frees, about; adapted in this range. */
const FREE_TASKS = { first: 50, least: 20, most: 160 } as const;
/** Exhausted neighbourhoods in a row after which larger ones are tried. */
const PATIENCE = 6;
const GROWTH = 1.25;
/** Free tasks may use pairs up to so many units beyond the root's bound. */
const THRESHOLD_UNITS = 6;
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
    this.#chooseAgents(progress.agentOf!);
    if (core.isRoomy) progress.meter.spend(LOOKS_PER_PAIR * state.pairAgent.length);
    const mark = state.mark();
    const isFree = this.#fixTheRest(progress);
    const { isExhausted } = core.tree.run(core.lambda, {
      highest: progress.highestOfInterest,
      improvement: progress.improvement,
      tolerance: progress.tolerance,
      margin: core.nodeMargin,
      numSteps: STEPS,
      maxRounds: 1,
      nodeLimit: NODE_LIMIT,
      workLimit,
      stopAtFirst: false,
      dive: null,
    });
    state.undo(mark);
    this.#adapt(isFree && isExhausted, progress.cost < costBefore);
    return progress.cost < costBefore;
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
  #chooseAgents(agentOf: Int32Array): void {
    const { state, extra } = this.core;
    const { random } = this;
    const isFree = this.#isFree.fill(0);
    const numPerAgent = state.numTasks / state.numAgents;
    const wanted = Math.min(state.numAgents, Math.max(2, Math.round(this.#numFree / numPerAgent)));
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

  /** Fixes the tasks of the other agents where they are; drops dear pairs of the free ones. False where that is impossible. */
  #fixTheRest({ agentOf }: SearchProgress): boolean {
    const { state, extra, unit } = this.core;
    for (let task = 0; task < state.numTasks; task++) {
      if (state.fixedPair[task] !== OPEN) continue;
      const agent = agentOf![task]!;
      const isFree = this.#isFree[agent] === 1;
      const end = state.pairStart[task + 1]!;
      for (let pair = state.pairStart[task]!; pair < end; pair++) {
        if (state.isAlive[pair] === 0) continue;
        const isOwn = state.pairAgent[pair] === agent;
        if (!isFree && isOwn) {
          state.fix(pair);
          break;
        }
        if (isFree && !isOwn && extra[pair]! > THRESHOLD_UNITS * unit && state.numChoices[task]! > 1) state.drop(pair);
      }
    }
    return true;
  }
}
