import { selectCandidates } from "../bounds/candidate-lists.js";
import { type GeneralizedAssignment, pairOf } from "../bounds/generalized-assignment.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { createRandom, type Random, shuffle } from "../../domain/index.js";
import { EjectionMoves } from "./ejection-moves.js";
import { EjectionState, NONE } from "./ejection-state.js";
import { moveAnywhere, overloadShare } from "./move-anywhere.js";
import { leastPenalties } from "./penalties.js";
import { placeByRegret } from "./regret-greedy.js";

export interface EjectionSearchOptions {
  readonly seed: number;
  readonly meter: WorkMeter;
  /** u[j] ≥ 0 of `priceCapacities`: they rank the pairs and set the size of the penalties. */
  readonly prices: Float64Array;
  /** What a pair is ranked by instead of cost + u · use, e.g. a conditional bound; the objective stays the cost. */
  readonly pairPrices?: Float64Array;
  /** Agent of each task to start from; may overload agents. Default: greedy by regret. */
  readonly start?: Int32Array;
  /** Stop once a plan costs no more; default: never. */
  readonly target?: number;
  /** Stop at the first feasible plan. */
  readonly stopAtFirst?: boolean;
  /** Pairs of a task that moves look at; default: all of a small problem, 10 of a large one. */
  readonly candidatesPerTask?: number;
  /** Called with each better feasible plan; the array is the callee's to keep. */
  readonly onIncumbent?: (agentOf: Int32Array, value: number) => void;
}

export interface EjectionOutcome {
  /** The best feasible plan and its cost; null where none was found. */
  readonly incumbent: { readonly agentOf: Int32Array; readonly value: number } | null;
  /** The plan the search stands at; it may overload agents. Where a task fits nowhere ("infeasible"), it has no agent: −1. */
  readonly agentOf: Int32Array;
  readonly ended: "target" | "first" | "work" | "infeasible";
}

/** Pairs up to which every pair is a candidate. */
const SMALL_PAIRS = 20_000;
const LARGE_CANDIDATES = 10;
/** A pass that gains less than this fraction of the cost is the last of its descent. */
const LEAST_PASS_GAIN = 1e-6;
/** A plan is given up for the best one where so many rounds of pressing leave agents overloaded. */
const MAX_SHIFT_PENALTY = 64;
/** Share of departures from the best plan that are kicks; the others lend capacity. */
const KICK_SHARE = 0.15;
const MAX_FAILURES = 6;
/** Share of the load that stays too much after shifts where candidates have no room for all tasks; elsewhere next to nothing does. */
const MOST_OVERLOAD = 0.01;
const REPAIR_ROUNDS = 60;
const PRESS = 1.5;
/** Penalty of overload, in multipliers: well above 1, so that a descent from a feasible plan hardly leaves it. */
const PENALTY = 1.2;

/**
 * Search over shifts, swaps and ejection chains with a penalty per agent on overload (Yagiura, Ibaraki, Glover, EJOR 169,
 * 2006). Penalties swing about the multipliers: a little below them, a few agents at a time, to let a local optimum go;
 * then up on whatever stays overloaded, until the plan is feasible again (strategic oscillation, Glover, Decision Sciences
 * 8, 1977). Memory O(tasks · candidates); the same seed and work give the same plan.
 */
export class EjectionSearch {
  readonly state: EjectionState;
  #best: Int32Array | null = null;
  #bestValue = Infinity;
  #failures = 0;
  #isDescended = false;
  #capacity: Float64Array;
  readonly #moves: EjectionMoves;
  readonly #random: Random;
  readonly #order: Int32Array;
  readonly #least: Float64Array;
  readonly #threshold: number;
  /** Whether candidates are not all pairs. */
  readonly #knowsSomePairs: boolean;

  constructor(
    private readonly problem: GeneralizedAssignment,
    private readonly options: EjectionSearchOptions,
  ) {
    const { prices, pairPrices, meter, start } = options;
    const isSmall = problem.pairAgent.length <= SMALL_PAIRS;
    const perTask = options.candidatesPerTask ?? (isSmall ? problem.numAgents : LARGE_CANDIDATES);
    const lists = selectCandidates(problem, { prices, pairPrices }, perTask, meter);
    this.#knowsSomePairs = perTask < problem.numAgents;
    this.state = new EjectionState(problem, lists, prices);
    this.#capacity = problem.capacity.slice();
    this.#random = createRandom(options.seed);
    this.#order = Int32Array.from({ length: problem.numTasks }, (_, task) => task);
    shuffle(this.#order, this.#random);
    this.#least = leastPenalties(lists, prices);
    this.#setPenalties(PENALTY);
    if (start !== undefined) this.#takeOver(start);
    placeByRegret(this.state, { prices, pairPrices }, meter);
    this.#moves = new EjectionMoves(this.state);
    this.#threshold = 1e-9 * Math.max(1e-300, Math.abs(this.state.cost) / Math.max(1, problem.numTasks));
  }

  /** Goes on until the target, the first feasible plan or the end of the work, whichever is first. */
  run(workLimit = Infinity): EjectionOutcome {
    const { meter } = this.options;
    const limit = meter.used + workLimit;
    if (this.state.agentOf.includes(NONE)) {
      return { incumbent: null, agentOf: this.state.agentOf.slice(), ended: "infeasible" };
    }
    if (!this.#isDescended) this.#descendByShifts(limit);
    let ended = this.#settle();
    while (ended === null && !meter.isSpent(limit)) {
      meter.spend(REPAIR_ROUNDS * this.problem.numTasks);
      ended = this.#repair(limit) ? this.#improve(limit) : this.#unlock(limit);
    }
    const incumbent = this.#best && { agentOf: this.#best.slice(), value: this.#bestValue };
    return { incumbent, agentOf: this.state.agentOf.slice(), ended: ended ?? "work" };
  }

  /** A quick first plan: shifts alone, which cost a hundredth of ejections. */
  #descendByShifts(limit: number): void {
    this.#moves.shiftsOnly = true;
    for (let factor = 2; factor <= MAX_SHIFT_PENALTY && this.state.numOverloaded() > 0; factor *= 2) {
      this.#setPenalties(factor);
      this.#descend(limit);
    }
    this.#moves.shiftsOnly = false;
    this.#moves.forget();
    this.#isDescended = true;
    if (this.#knowsSomePairs && overloadShare(this.state) > MOST_OVERLOAD) moveAnywhere(this.state, this.options);
    if (this.state.numOverloaded() > 0 && !this.#repair(limit)) this.#setPenalties(PENALTY);
  }

  /** From a feasible plan: down to a local optimum, then away from it. */
  #improve(limit: number): EjectionOutcome["ended"] | null {
    let ended = this.#settle();
    if (ended !== null) return ended;
    this.#setPenalties(PENALTY);
    this.#descend(limit);
    if (!this.#repair(limit)) return null;
    ended = this.#settle();
    if (ended !== null || this.options.meter.isSpent(limit)) return ended;
    if (this.#best !== null && this.state.cost > this.#bestValue) this.#return(this.#best);
    if (this.#random.unit() < KICK_SHARE) {
      this.#kick();
      return null;
    }
    this.#widen();
    this.#descend(limit);
    this.#narrow();
    return null;
  }

  /** From a plan that repair could not mend: the other tasks get to move, at the penalties of now; if that does not help, a kick. */
  #unlock(limit: number): EjectionOutcome["ended"] | null {
    this.#failures += 1;
    if (this.#best === null && this.#knowsSomePairs && moveAnywhere(this.state, this.options)) return this.#settle();
    if (this.#failures < MAX_FAILURES) {
      this.#setPenalties(this.#failures % 2 === 1 ? 0.8 + 0.6 * this.#random.unit() : 1 + 2 * this.#random.unit());
      this.#descend(limit);
    } else {
      this.#failures = 0;
      if (this.#best !== null) this.#return(this.#best);
      else this.#kick();
    }
    return this.#settle();
  }

  /** A new capacity for every agent; what was feasible before no longer counts. */
  setCapacities(capacity: Float64Array): void {
    this.#capacity = capacity.slice();
    for (let agent = 0; agent < capacity.length; agent++) this.state.setCapacity(agent, capacity[agent]!);
    this.#moves.noteChange();
    this.#best = null;
    this.#bestValue = Infinity;
    this.#failures = 0;
  }

  /** Improving moves, task by task, until a whole pass brings (next to) nothing. */
  #descend(limit: number): void {
    const { state, options } = this;
    const order = this.#order;
    let gain = Infinity;
    this.#moves.noteChange();
    while (gain > LEAST_PASS_GAIN * Math.abs(state.cost) && !options.meter.isSpent(limit)) {
      gain = 0;
      const offset = this.#random.below(order.length);
      for (let k = 0; k < order.length; k++) {
        const task = order[k + offset < order.length ? k + offset : k + offset - order.length]!;
        while (this.#moves.find(task, this.#threshold)) {
          gain -= this.#moves.gain;
          this.#moves.apply(task);
        }
        if ((k & 63) !== 0) continue;
        options.meter.spend(this.#moves.takeWork() + 64);
        if (options.meter.isSpent(limit)) return;
      }
    }
  }

  /** Where the plan is feasible, keeps it if it is the best so far; says whether the search is over. */
  #settle(): EjectionOutcome["ended"] | null {
    const { state, options } = this;
    if (state.numOverloaded() > 0) return null;
    state.recount();
    options.meter.spend(state.agentOf.length);
    if (state.numOverloaded() > 0) return null;
    if (state.cost < this.#bestValue) {
      this.#bestValue = state.cost;
      this.#best = state.agentOf.slice();
      options.onIncumbent?.(this.#best.slice(), this.#bestValue);
    }
    if (options.target !== undefined && this.#bestValue <= options.target) return "target";
    return options.stopAtFirst === true ? "first" : null;
  }

  /** Moves tasks off overloaded agents, at rising penalties, until none is overloaded; false where they stay so. */
  #repair(limit: number): boolean {
    const { state, options } = this;
    this.#moves.noteChange();
    for (let round = 0; round < REPAIR_ROUNDS && !options.meter.isSpent(limit); round++) {
      let remaining = 0;
      for (let agent = 0; agent < state.load.length && !options.meter.isSpent(limit); agent++) {
        if (!state.isOverloaded(agent)) continue;
        options.meter.spend(this.#moves.takeWork());
        if (!this.#relieve(agent)) {
          state.setPenalty(agent, PRESS * state.penalty[agent]!);
          this.#moves.noteChange();
        }
        if (state.isOverloaded(agent)) remaining += 1;
      }
      options.meter.spend(state.load.length + this.#moves.takeWork());
      if (remaining === 0 && state.numOverloaded() === 0) return true;
    }
    return false;
  }

  /** Makes improving moves that begin with a task of the overloaded agent, not for ever; false where there is none. */
  #relieve(agent: number): boolean {
    const { state } = this;
    let [hasMoved, task] = [false, state.firstTask[agent]!];
    for (let k = 0; k < 4 * this.problem.numTasks && task !== NONE && state.isOverloaded(agent); k++) {
      const next = state.nextTask[task]!;
      if (this.#moves.find(task, this.#threshold)) {
        this.#moves.apply(task);
        hasMoved = true;
        task = next !== NONE && state.agentOf[next] === agent ? next : state.firstTask[agent]!;
      } else task = next;
    }
    return hasMoved;
  }

  /** Lends some room to the agents that a few random tasks could go to: about one task's use each. */
  #widen(): void {
    const { state } = this;
    const { start, agent } = state.lists;
    for (let draws = 1 + this.#random.below(3); draws > 0; draws--) {
      const task = this.#random.below(this.problem.numTasks);
      const k = start[task]! + this.#random.below(start[task + 1]! - start[task]!);
      const j = agent[k]!;
      const meanUse = state.load[j]! / Math.max(1, state.tasksOn[j]!);
      state.setCapacity(j, this.#capacity[j]! + this.#random.unit() * meanUse);
    }
    this.#moves.noteChange();
  }

  #narrow(): void {
    this.#capacity.forEach((capacity, agent) => this.state.setCapacity(agent, capacity));
    this.#setPenalties(PENALTY);
  }

  #setPenalties(factor: number): void {
    for (let agent = 0; agent < this.#least.length; agent++) this.state.setPenalty(agent, factor * this.#least[agent]!);
  }

  /** Moves a few random tasks anywhere and takes the penalties back to their size at the start. */
  #kick(): void {
    const { state } = this;
    const { start } = state.lists;
    const count = 2 + this.#random.below(4);
    for (let k = 0; k < count; k++) {
      const task = this.#random.below(this.problem.numTasks);
      state.moveTo(task, start[task]! + this.#random.below(start[task + 1]! - start[task]!));
    }
    for (let agent = 0; agent < state.load.length; agent++) {
      state.setPenalty(agent, (1 + 2 * this.#random.unit()) * this.#least[agent]!);
    }
    this.#moves.noteChange();
  }

  #return(agentOf: Int32Array): void {
    this.#takeOver(agentOf);
    this.#moves.noteChange();
    this.options.meter.spend(agentOf.length);
  }

  #takeOver(agentOf: Int32Array): void {
    const { state, problem } = this;
    for (let task = 0; task < agentOf.length; task++) {
      const agent = agentOf[task]!;
      const pair = agent === state.agentOf[task] ? NONE : pairOf(problem, task, agent);
      if (pair !== NONE) state.put(task, agent, problem.cost[pair]!, problem.use[pair]!);
    }
  }
}
