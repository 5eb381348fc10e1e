import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { SideRooms, type SideRows } from "./side-rows.js";

/** Pair of a task that is still open. */
export const OPEN = -1;

/** Pairs from which on linear bounds save most of a search's work, and tasks per agent from which on they lose little. Measured. */
const ROOMY = { pairs: 12_000, tasksPerAgent: 12 } as const;

/** Whether agents hold so many tasks that a knapsack is hardly better than its linear relaxation, and that this matters. */
export function isRoomy({ pairAgent, numTasks, numAgents }: PartialAssignment): boolean {
  return pairAgent.length >= ROOMY.pairs && numTasks >= ROOMY.tasksPerAgent * numAgents;
}

/** Hears of every change of an agent's list. */
export interface ListObserver {
  onDrop(pair: number): void;
  onFix(pair: number): void;
  /** A dropped pair is alive again. */
  onReturn(pair: number): void;
  /** A fixed pair is open again, and its agent has its room back. */
  onRelease(pair: number): void;
}

/**
 * A generalized assignment under branching: pairs are dropped, tasks fixed to an agent, and both are undone in reverse
 * order. The alive pairs of open tasks stand at the front of each agent's list; a fixed task leaves the lists and takes its
 * use from the agent's room. O(1) a pair dropped.
 */
export class PartialAssignment {
  readonly numTasks: number;
  readonly numAgents: number;
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
  readonly pairTask: Int32Array;
  readonly cost: Float64Array;
  readonly use: Float64Array;
  /** Capacity left of each agent. */
  readonly room: Float64Array;
  /** Pair of each fixed task, OPEN for the others. */
  readonly fixedPair: Int32Array;
  /** 1 for pairs that may still be chosen, of open tasks. */
  readonly isAlive: Uint8Array;
  /** Alive pairs of each open task. */
  readonly numChoices: Int32Array;
  /** Pairs by agent: the alive ones of agent j are list[listStart[j]] … listStart[j] + listCount[j] − 1. */
  readonly list: Int32Array;
  readonly listStart: Int32Array;
  readonly listCount: Int32Array;
  /** Tasks fixed to each agent. */
  readonly numFixed: Int32Array;
  /** Cost of the fixed tasks, and whatever else costs come on top of. */
  fixedCost: number;
  numOpen: number;
  observer: ListObserver | null = null;
  /** 1 where an agent's room shrank since its misfits were dropped. */
  readonly #isTight: Uint8Array;
  readonly #position: Int32Array;
  /** What was done: a pair dropped as p, fixed as ~p, with the room and cost before. */
  readonly #trail: Int32Array;
  readonly #roomBefore: Float64Array;
  readonly #costBefore: Float64Array;
  #depth = 0;

  readonly #side: SideRooms | null;

  /** @param offset added to every cost */
  constructor(problem: GeneralizedAssignment, offset = 0, sideRows: SideRows | null = null) {
    const { numTasks, numAgents, pairStart, pairAgent, cost, use, capacity } = problem;
    const numPairs = pairAgent.length;
    this.numTasks = this.numOpen = numTasks;
    this.numAgents = numAgents;
    this.pairStart = pairStart;
    this.pairAgent = pairAgent;
    this.cost = cost;
    this.use = use;
    this.fixedCost = offset;
    this.#side = sideRows === null ? null : new SideRooms(sideRows);
    this.room = capacity.slice();
    this.fixedPair = new Int32Array(numTasks).fill(OPEN);
    this.numFixed = new Int32Array(numAgents);
    this.isAlive = new Uint8Array(numPairs).fill(1);
    this.numChoices = new Int32Array(numTasks);
    this.#isTight = new Uint8Array(numAgents).fill(1);
    this.pairTask = new Int32Array(numPairs);
    for (let task = 0; task < numTasks; task++) {
      this.numChoices[task] = pairStart[task + 1]! - pairStart[task]!;
      this.pairTask.fill(task, pairStart[task], pairStart[task + 1]);
    }
    this.listCount = new Int32Array(numAgents);
    this.listStart = new Int32Array(numAgents + 1);
    for (let pair = 0; pair < numPairs; pair++) this.listCount[pairAgent[pair]!]! += 1;
    for (let j = 0; j < numAgents; j++) this.listStart[j + 1] = this.listStart[j]! + this.listCount[j]!;
    this.list = new Int32Array(numPairs);
    this.#position = new Int32Array(numPairs);
    const next = this.listStart.slice();
    for (let pair = 0; pair < numPairs; pair++) {
      const at = next[pairAgent[pair]!]!++;
      this.list[at] = pair;
      this.#position[pair] = at;
    }
    this.#trail = new Int32Array(numPairs + numTasks);
    this.#roomBefore = new Float64Array(numTasks);
    this.#costBefore = new Float64Array(numTasks);
  }

  /** A point to which `undo` comes back. */
  mark(): number {
    return this.#depth;
  }

  drop(pair: number): void {
    this.#leaveList(pair);
    this.observer?.onDrop(pair);
    this.numChoices[this.pairTask[pair]!]! -= 1;
    this.#trail[this.#depth++] = pair;
  }

  /** Fixes the open task of an alive pair to its agent; its other pairs are dropped. O(pairs of the task). */
  fix(pair: number): void {
    const task = this.pairTask[pair]!;
    for (let other = this.pairStart[task]!; other < this.pairStart[task + 1]!; other++) {
      if (other !== pair && this.isAlive[other]) this.drop(other);
    }
    this.#leaveList(pair);
    this.observer?.onFix(pair);
    const agent = this.pairAgent[pair]!;
    this.#isTight[agent] = 1;
    this.#roomBefore[task] = this.room[agent]!;
    this.#costBefore[task] = this.fixedCost;
    this.room[agent]! -= this.use[pair]!;
    this.fixedCost += this.cost[pair]!;
    this.#side?.take(pair);
    this.fixedPair[task] = pair;
    this.numFixed[agent]! += 1;
    this.numOpen -= 1;
    this.#trail[this.#depth++] = ~pair;
  }

  undo(mark: number): void {
    while (this.#depth > mark) {
      const entry = this.#trail[--this.#depth]!;
      const pair = entry >= 0 ? entry : ~entry;
      const task = this.pairTask[pair]!;
      const agent = this.pairAgent[pair]!;
      // Swapped pairs stand beyond the count in the order they left, so counting up again restores the list.
      this.listCount[agent]! += 1;
      this.isAlive[pair] = 1;
      if (entry >= 0) {
        this.observer?.onReturn(pair);
        this.numChoices[task]! += 1;
      } else {
        this.room[agent] = this.#roomBefore[task]!;
        this.fixedCost = this.#costBefore[task]!;
        this.observer?.onRelease(pair);
        this.#side?.giveBack(pair);
        this.fixedPair[task] = OPEN;
        this.numFixed[agent]! -= 1;
        this.numOpen += 1;
      }
    }
  }

  /**
   * Drops pairs that no longer fit and fixes tasks with one choice left, until nothing changes.
   * False where some task has no choice or some agent no room.
   */
  propagate(): boolean {
    for (;;) {
      if (!this.#dropMisfits() || !this.#dropSideMisfits()) return false;
      let isChanged = false;
      for (let task = 0; task < this.numTasks; task++) {
        if (this.fixedPair[task] !== OPEN) continue;
        if (this.numChoices[task] === 0) return false;
        if (this.numChoices[task] !== 1) continue;
        const pair = this.onlyChoice(task);
        if (this.use[pair]! > this.room[this.pairAgent[pair]!]!) return false;
        this.fix(pair);
        isChanged = true;
      }
      if (!isChanged) return true;
    }
  }

  /** Agent of every task of a complete assignment. */
  readAgents(): Int32Array {
    return this.fixedPair.map((pair) => this.pairAgent[pair]!);
  }

  /** The alive pair of an open task that has just one. */
  onlyChoice(task: number): number {
    for (let pair = this.pairStart[task]!; pair < this.pairStart[task + 1]!; pair++) {
      if (this.isAlive[pair]) return pair;
    }
    throw new RangeError(`task ${task} has no choice left`);
  }

  #dropMisfits(): boolean {
    for (let agent = 0; agent < this.numAgents; agent++) {
      if (this.#isTight[agent] === 0) continue;
      this.#isTight[agent] = 0;
      const room = this.room[agent]!;
      const start = this.listStart[agent]!;
      for (let at = start + this.listCount[agent]! - 1; at >= start; at--) {
        const pair = this.list[at]!;
        if (this.use[pair]! <= room) continue;
        this.drop(pair);
        if (this.numChoices[this.pairTask[pair]!] === 0) return false;
      }
    }
    return true;
  }

  #dropSideMisfits(): boolean {
    if (this.#side === null) return true;
    return this.#side.forEachMisfit((pair) => {
      if (this.isAlive[pair] === 0) return true;
      this.drop(pair);
      return this.numChoices[this.pairTask[pair]!]! > 0;
    });
  }

  #leaveList(pair: number): void {
    const agent = this.pairAgent[pair]!;
    const last = this.listStart[agent]! + --this.listCount[agent]!;
    const at = this.#position[pair]!;
    const other = this.list[last]!;
    this.list[at] = other;
    this.#position[other] = at;
    this.list[last] = pair;
    this.#position[pair] = last;
    this.isAlive[pair] = 0;
  }
}
