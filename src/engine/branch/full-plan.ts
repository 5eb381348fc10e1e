import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import { PlanState, withTolerance } from "../search/plan-state.js";
import { twinAgents } from "./twin-agents.js";

/** Nodes between two looks at the clock. */
const NODES_PER_LOOK = 64;

/** Places tried at most, about 15 ms. Measured. */
const MAX_TRIES = 200_000;

export interface FullPlanOptions {
  /** Places tried at most, beside a limit of its own. Default: that. */
  readonly maxTries?: number;
  readonly shouldStop: () => boolean;
}

export interface FullPlanOutcome {
  /** Null where none was found. */
  readonly plan: Assignment | null;
  /** Whether there is no such plan, every choice ruled out. */
  readonly isImpossible: boolean;
  readonly numTries: number;
  readonly wasStopped: boolean;
}

/** Whether the way down to a first plan is short enough to look for one. O(pairs). */
export function isFullPlanNear({ numTasks, pairAgent, slots }: Instance): boolean {
  const numPlaces = pairAgent.reduce((sum, agent) => sum + slots[agent]!, 0);
  return numTasks * numPlaces <= MAX_TRIES;
}

/**
 * Looks for a plan that places every task, depth first, until every choice is ruled out: always the task with the fewest places left
 * (Haralick and Elliott, Artificial Intelligence 14, 1980), on its fastest agent first. A choice is left where a task has no place, or
 * the fastest or cheapest places of the tasks to come exceed the time or the money left. Of slots and agents that are empty alike one is
 * tried. Where time binds, a plan is one of the instance without order. O(tasks · pairs · slots) a node.
 */
export function searchFullPlan(instance: Instance, options: FullPlanOptions): FullPlanOutcome {
  return new FullPlanSearch(instance, options).run();
}

/** Where a task may go now. */
interface Places {
  readonly task: number;
  readonly pairs: readonly number[];
  readonly slots: readonly number[];
}

class FullPlanSearch {
  readonly #state: PlanState;
  readonly #twinOf: Int32Array;
  #numNodes = 0;
  #numTries = 0;
  #isCut = false;
  #wasStopped = false;
  readonly #maxTries: number;

  constructor(
    private readonly instance: Instance,
    private readonly options: FullPlanOptions,
  ) {
    this.#maxTries = Math.min(MAX_TRIES, options.maxTries ?? Infinity);
    this.#state = new PlanState(instance, []);
    this.#twinOf = twinAgents(instance);
  }

  run(): FullPlanOutcome {
    const plan = this.#complete(this.instance.numTasks) ? this.#state.snapshot() : null;
    const isImpossible = plan === null && !this.#isCut;
    return { plan, isImpossible, numTries: this.#numTries, wasStopped: this.#wasStopped };
  }

  /** Whether the tasks that are open could all be placed; they are then. */
  #complete(numOpen: number): boolean {
    if (numOpen === 0) return true;
    if (this.#mustStop()) return false;
    const places = this.#scarcest();
    if (places === null) return false;
    const { busyMs } = this.instance;
    const order = Array.from(places.pairs.keys()).sort(
      (a, b) => busyMs[places.pairs[a]!]! - busyMs[places.pairs[b]!]! || a - b,
    );
    for (const k of order) {
      this.#state.place(places.pairs[k]!, places.slots[k]!);
      if (this.#complete(numOpen - 1)) return true;
      this.#state.remove(places.task);
      if (this.#isCut) return false;
    }
    return false;
  }

  /** The places of the task with the fewest; null where the open tasks cannot all be placed. */
  #scarcest(): Places | null {
    const { instance } = this;
    const state = this.#state;
    let [scarcest, leastMs, leastCost]: [Places | null, number, number] = [null, 0, state.costInUse];
    for (let task = 0; task < instance.numTasks; task++) {
      if (state.agentOf[task] !== DEFERRED || this.#waits(task)) continue;
      const places = this.#placesOf(task);
      if (places.pairs.length === 0) return null;
      leastMs += least(instance.busyMs, places.pairs);
      leastCost += least(instance.cost, places.pairs);
      if (scarcest === null || places.pairs.length < scarcest.pairs.length) scarcest = places;
    }
    const isEnough = leastMs <= this.#roomMs() && leastCost <= withTolerance(instance.budget);
    return isEnough ? scarcest : null;
  }

  #waits(task: number): boolean {
    const { dependsStart, dependsOn } = this.instance;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      if (this.#state.agentOf[dependsOn[d]!] === DEFERRED) return true;
    }
    return false;
  }

  #placesOf(task: number): Places {
    const { pairStart, pairAgent, slots: numSlots } = this.instance;
    const [pairs, slots]: [number[], number[]] = [[], []];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      if (this.#hasEmptyTwin(agent)) continue;
      const first = this.#state.firstSlot(agent);
      let isEmptyTried = false;
      for (let slot = 0; slot < numSlots[agent]!; slot++) {
        const isEmpty = this.#state.slotCount[first + slot] === 0;
        if (isEmpty && isEmptyTried) continue;
        isEmptyTried ||= isEmpty;
        this.#numTries += 1;
        if (!this.#state.canPlace(pair, slot)) continue;
        pairs.push(pair);
        slots.push(slot);
      }
    }
    return { task, pairs, slots };
  }

  #hasEmptyTwin(agent: number): boolean {
    const { agentCount } = this.#state;
    const twin = this.#twinOf[agent]!;
    return agentCount[agent] === 0 && twin !== DEFERRED && agentCount[twin] === 0;
  }

  /** Time that the agents which may take a task more have left. */
  #roomMs(): number {
    const { numAgents, slots, loadLimitMs, maxTasks } = this.instance;
    const { agentCount, agentBusyMs } = this.#state;
    let room = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      if (agentCount[agent]! >= maxTasks[agent]!) continue;
      room += slots[agent]! * withTolerance(loadLimitMs[agent]!) - agentBusyMs[agent]!;
    }
    return room;
  }

  #mustStop(): boolean {
    if (this.#numNodes++ % NODES_PER_LOOK === 0 && this.options.shouldStop()) this.#wasStopped = true;
    if (this.#wasStopped || this.#numTries >= this.#maxTries) this.#isCut = true;
    return this.#isCut;
  }
}

function least(values: Float64Array, pairs: readonly number[]): number {
  let least = Infinity;
  for (const pair of pairs) least = Math.min(least, values[pair]!);
  return least;
}
