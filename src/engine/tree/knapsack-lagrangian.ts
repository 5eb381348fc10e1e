import { Knapsack } from "../bounds/knapsack/knapsack.js";
import { KnapsackItems } from "../bounds/knapsack/items.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { isRoomy, type ListObserver, OPEN, type PartialAssignment } from "./partial-assignment.js";

/** Weight of the newest subgradient in the direction; the rest keeps the direction before. */
const NEWEST_SHARE = 0.7;
/** Parts of a direction below it are dropped, so that settled tasks disturb no agent. */
const NEGLIGIBLE = 1e-3;

/**
 * The Lagrangian relaxation of the assignment rows (Fisher, Jaikumar, Van Wassenhove, Management Science 32, 1986):
 *
 *   v(λ) = Σ_i λ_i + Σ_j min{ Σ_i (cost[i,j] − λ_i) x[i,j] : Σ_i use[i,j] x[i,j] ≤ room_j, x ∈ {0, 1} }
 *
 * over what is left open of a partial assignment, one knapsack per agent. Only agents whose best selection may have changed are
 * solved again: dropping what was not selected changes nothing, and fixing what was leaves the rest of the selection best.
 */
export class KnapsackLagrangian implements ListObserver {
  /** λ of each task; those of fixed tasks mean nothing. */
  readonly lambda: Float64Array;
  /** v(λ) + cost of what is fixed, after `evaluate`: no completion costs less. */
  value = -Infinity;
  /** Whether every knapsack was solved to its end. */
  isExact = true;
  /** How many agents chose each open task. */
  readonly timesChosen: Int32Array;
  /** What each agent chose: the first chosenCount[j] entries from the agent's place in the lists on. */
  readonly chosen: Int32Array;
  readonly chosenCount: Int32Array;
  /** Upper bound on the profit of each agent's knapsack. */
  readonly profit: Float64Array;
  /** What a unit of each agent's room is worth in the linear relaxation of its knapsack, when it was last solved. */
  readonly priceOf: Float64Array;
  readonly knapsack: Knapsack;
  readonly items: KnapsackItems;
  readonly #isSelected: Uint8Array;
  /** 1 where an agent's best selection may have changed. */
  readonly #isTouched: Uint8Array;
  readonly #isOpenEnded: Uint8Array;
  readonly #direction: Float64Array;

  constructor(
    readonly state: PartialAssignment,
    isWhole: boolean,
    private readonly meter: WorkMeter,
  ) {
    const { numTasks, numAgents, listStart, list } = state;
    let longest = 0;
    for (let j = 0; j < numAgents; j++) longest = Math.max(longest, listStart[j + 1]! - listStart[j]!);
    this.lambda = new Float64Array(numTasks);
    this.timesChosen = new Int32Array(numTasks);
    this.chosen = new Int32Array(list.length);
    this.chosenCount = new Int32Array(numAgents);
    this.profit = new Float64Array(numAgents);
    this.priceOf = new Float64Array(numAgents);
    this.knapsack = new Knapsack(longest, isWhole, false, isRoomy(state));
    this.items = new KnapsackItems(longest);
    this.#isSelected = new Uint8Array(list.length);
    this.#isTouched = new Uint8Array(numAgents).fill(1);
    this.#isOpenEnded = new Uint8Array(numAgents);
    this.#direction = new Float64Array(numTasks);
    state.observer = this;
  }

  onDrop(pair: number): void {
    if (this.#isSelected[pair] === 1) this.#isTouched[this.state.pairAgent[pair]!] = 1;
  }

  onFix(pair: number): void {
    const { state } = this;
    const agent = state.pairAgent[pair]!;
    if (this.#isSelected[pair] === 0) this.#isTouched[agent] = 1;
    else this.profit[agent]! -= this.lambda[state.pairTask[pair]!]! - state.cost[pair]!;
  }

  onReturn(pair: number): void {
    const { state } = this;
    const isWanted = this.lambda[state.pairTask[pair]!]! > state.cost[pair]!;
    if (isWanted || this.#isSelected[pair] === 1) this.#isTouched[state.pairAgent[pair]!] = 1;
  }

  onRelease(pair: number): void {
    this.#isTouched[this.state.pairAgent[pair]!] = 1;
  }

  /** Replaces all multipliers; forgets the direction. */
  setLambda(lambda: Float64Array): void {
    for (let task = 0; task < lambda.length; task++) {
      if (lambda[task] !== this.lambda[task]) this.#move(task, lambda[task]!);
    }
    this.#direction.fill(0);
  }

  /** Brings `value`, `timesChosen` and `chosen` up to date; −Infinity, and not all of them, where a clock struck on the way. */
  evaluate(): number {
    const { state, lambda, profit } = this;
    const { numAgents, numTasks, fixedPair } = state;
    const isTouched = this.#isTouched;
    for (let agent = 0; agent < numAgents; agent++) {
      if (isTouched[agent] === 0) continue;
      if (this.meter.wasStopped) {
        this.isExact = false;
        return (this.value = -Infinity);
      }
      this.#solveAgent(agent);
      isTouched[agent] = 0;
    }
    let value = state.fixedCost;
    for (let task = 0; task < numTasks; task++) if (fixedPair[task] === OPEN) value += lambda[task]!;
    this.isExact = true;
    for (let agent = 0; agent < numAgents; agent++) {
      value -= profit[agent]!;
      if (this.#isOpenEnded[agent] === 1) this.isExact = false;
    }
    this.meter.spend(numTasks + numAgents);
    this.value = value;
    return value;
  }

  /** Whether every open task was chosen exactly once: then the choices make a complete assignment. */
  isComplete(): boolean {
    const { state, timesChosen } = this;
    for (let task = 0; task < state.numTasks; task++) {
      if (state.fixedPair[task] === OPEN && timesChosen[task] !== 1) return false;
    }
    return true;
  }

  /** Agents of a complete choice, fixed tasks included. */
  readAgents(): Int32Array {
    const { state, chosen, chosenCount } = this;
    const agentOf = new Int32Array(state.numTasks);
    for (let task = 0; task < state.numTasks; task++) {
      const pair = state.fixedPair[task]!;
      if (pair !== OPEN) agentOf[task] = state.pairAgent[pair]!;
    }
    for (let agent = 0; agent < state.numAgents; agent++) {
      const start = state.listStart[agent]!;
      for (let at = start; at < start + chosenCount[agent]!; at++) agentOf[state.pairTask[chosen[at]!]!] = agent;
    }
    return agentOf;
  }

  /**
   * One step of the deflected subgradient method (Camerini, Fratta, Maffioli, Math. Programming Study 3, 1975) with Polyak's
   * step length towards `target`. False where no task wants a change.
   */
  step(target: number, theta: number): boolean {
    const { state, timesChosen } = this;
    const direction = this.#direction;
    let norm = 0;
    for (let task = 0; task < state.numTasks; task++) {
      if (state.fixedPair[task] !== OPEN) continue;
      let d = NEWEST_SHARE * (1 - timesChosen[task]!) + (1 - NEWEST_SHARE) * direction[task]!;
      if (d < NEGLIGIBLE && d > -NEGLIGIBLE) d = 0;
      direction[task] = d;
      norm += d * d;
    }
    if (norm === 0) return false;
    const length = (theta * (target - this.value)) / norm;
    for (let task = 0; task < state.numTasks; task++) {
      if (state.fixedPair[task] === OPEN && direction[task] !== 0) {
        this.#move(task, this.lambda[task]! + length * direction[task]!);
      }
    }
    return true;
  }

  /** To be called after costs were changed from outside: every agent is solved again. */
  reprice(): void {
    this.#isTouched.fill(1);
  }

  forgetDirection(): void {
    this.#direction.fill(0);
  }

  /** Collects the items agent j would gain by, under the present multipliers. */
  collect(agent: number): void {
    const { state, items, lambda } = this;
    const start = state.listStart[agent]!;
    const end = start + state.listCount[agent]!;
    items.clear();
    for (let at = start; at < end; at++) {
      const pair = state.list[at]!;
      const gain = lambda[state.pairTask[pair]!]! - state.cost[pair]!;
      if (gain > 0) items.add(pair, gain, state.use[pair]!);
    }
    this.meter.spend(end - start);
  }

  #move(task: number, after: number): void {
    const { state, lambda } = this;
    const highest = Math.max(lambda[task]!, after);
    lambda[task] = after;
    const end = state.pairStart[task + 1]!;
    for (let pair = state.pairStart[task]!; pair < end; pair++) {
      if (state.isAlive[pair] === 1 && state.cost[pair]! < highest) this.#isTouched[state.pairAgent[pair]!] = 1;
    }
  }

  #solveAgent(agent: number): void {
    const { state, items, knapsack, chosen, timesChosen } = this;
    const start = state.listStart[agent]!;
    for (let at = start; at < start + this.chosenCount[agent]!; at++) {
      timesChosen[state.pairTask[chosen[at]!]!]! -= 1;
      this.#isSelected[chosen[at]!] = 0;
    }
    this.collect(agent);
    const workBefore = knapsack.work;
    knapsack.solve(items, state.room[agent]!);
    this.meter.spend(knapsack.work - workBefore);
    let count = 0;
    for (let k = 0; k < items.count; k++) {
      if (knapsack.isChosen[k] === 0) continue;
      const pair = items.id[k]!;
      chosen[start + count++] = pair;
      this.#isSelected[pair] = 1;
      timesChosen[state.pairTask[pair]!]! += 1;
    }
    this.chosenCount[agent] = count;
    this.profit[agent] = knapsack.upper;
    this.priceOf[agent] = knapsack.price;
    this.#isOpenEnded[agent] = knapsack.upper > knapsack.value ? 1 : 0;
  }
}
