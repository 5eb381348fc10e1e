import {
  type Assignment,
  DEFERRED,
  type Goal,
  type Instance,
  isTimed,
  isPlaceable,
  runAtOnce,
} from "../../../models/index.js";
import { createRandom, type Random, shuffle } from "../../domain/index.js";
import { constructByRegret, insertBest, insertDeferred, dependenciesFirst, type PairPreference } from "./construct.js";
import { Descent, isSpent, type WorkMeter } from "./descent.js";
import { PlanState } from "./plan-state.js";
import { compareScores, Scoring } from "./scoring.js";
import { Trial } from "./trial.js";

/** Most tasks one ruin takes out; small enough that a step costs little, large enough to leave a local optimum. */
const MAX_RUIN = 10;

export interface SearchOptions {
  readonly seed: number;
  /** Moves to evaluate at most. */
  readonly workLimit: number;
  /** Guides for the constructions; the search goes on from the best of them. At least one. */
  readonly preferences: readonly PairPreference[];
  /** Plans known already, each feasible. */
  readonly starts?: readonly Assignment[];
  readonly shouldStop?: () => boolean;
  /** Called with the value of every goal, in its own sense, whenever the best plan improves. */
  readonly onIncumbent?: (assignment: Assignment, values: readonly number[]) => void;
}

export interface SearchOutcome {
  readonly assignment: Assignment;
  /** Value of every goal, in its own sense. */
  readonly values: readonly number[];
  readonly work: number;
  /** Whether a clock or a signal ended the search before its work limit. */
  readonly wasStopped: boolean;
}

/**
 * Iterated ruin and recreate (Schrimpf et al., J. Comp. Physics 159, 2000) over a lexicographic chain of goals: construct,
 * descend, then take out a few tasks of two or three agents, put them back where the score is best and descend again from
 * there; a step is kept unless it is worse. Seeded and counted in moves, so equal inputs give equal plans.
 */
export function searchPlan(instance: Instance, goals: readonly Goal[], options: SearchOptions): SearchOutcome {
  return runAtOnce(searchSteps(instance, goals, options));
}

/** The same search in slices: it yields every few moves, so that the caller can let others run. */
export function* searchSteps(
  instance: Instance,
  goals: readonly Goal[],
  options: SearchOptions,
): Generator<void, SearchOutcome> {
  const search = new PlanSearch(instance, goals, options);
  yield;
  yield* search.construct();
  if (!search.wasStopped) yield* search.iterate();
  return search.outcome();
}

class PlanSearch {
  readonly #state: PlanState;
  readonly #scoring: Scoring;
  readonly #trial: Trial;
  readonly #descent: Descent;
  readonly #random: Random;
  readonly #meter: WorkMeter;
  readonly #order: Int32Array;
  readonly #best: Float64Array;
  readonly #score: Float64Array;
  /** Goals of times improve only where the latest agent gives something away. */
  readonly #isTimed: boolean;
  #bestPlan: Assignment | null = null;
  /** Whether the best plan defers no task that has an agent. */
  #isPlaced = false;
  #wasStopped = false;

  constructor(
    private readonly instance: Instance,
    goals: readonly Goal[],
    private readonly options: SearchOptions,
  ) {
    this.#state = new PlanState(instance, goals);
    this.#scoring = new Scoring(this.#state);
    this.#isTimed = goals.some(isTimed);
    this.#descent = new Descent(this.#state, this.#scoring);
    this.#random = createRandom(options.seed);
    this.#meter = { used: 0, limit: options.workLimit, shouldStop: () => this.#looksAtClock() };
    this.#order = Int32Array.from({ length: instance.numTasks }, (_, task) => task);
    this.#best = new Float64Array(this.#scoring.length);
    this.#score = new Float64Array(this.#scoring.length);
    this.#trial = new Trial(this.#state, this.#scoring);
  }

  get wasStopped(): boolean {
    return this.#wasStopped;
  }

  /** Makes first plans, all of them where there is time: once one was given or places whatever can be placed, a clock or a signal ends this too. */
  *construct(): Generator<void, void> {
    const steps = this.#constructions();
    const isAnyGiven = (this.options.starts ?? []).length > 0;
    const hasPlan = (): boolean => this.#isPlaced || (isAnyGiven && this.#bestPlan !== null);
    while (!(hasPlan() && this.#looksAtClock()) && !steps.next().done) yield;
  }

  *#constructions(): Generator<void, void> {
    const nothing = new PlanState(this.instance, []).snapshot();
    for (const start of this.options.starts ?? []) yield* this.#descendFrom(start);
    if (this.#isTimed && this.options.preferences.length > 0) {
      this.#state.restore(nothing);
      this.#meter.used += yield* insertDeferred(this.#trial, this.#longestFirst());
      yield* this.#descendFrom(this.#state.snapshot());
    }
    // Where deferral has a price, constructions place too much; from nothing, each task has to pay for itself.
    if (this.instance.deferral.kind === "priced") yield* this.#descendFrom(nothing);
    for (const preference of this.options.preferences) {
      this.#state.restore(nothing);
      yield;
      yield* constructByRegret(this.#state, preference);
      yield;
      this.#meter.used += yield* insertDeferred(this.#trial, Array.from(this.#order));
      yield;
      yield* this.#descendFrom(this.#state.snapshot());
    }
  }

  /** LPT order (Graham, SIAM J. Appl. Math. 17, 1969): tasks by the time of their fastest agent, longest first. */
  #longestFirst(): number[] {
    const { busyMs, pairTask, numTasks } = this.instance;
    const shortest = new Float64Array(numTasks).fill(Infinity);
    busyMs.forEach((busy, pair) => (shortest[pairTask[pair]!] = Math.min(shortest[pairTask[pair]!]!, busy)));
    return Array.from(this.#order).sort((a, b) => (shortest[a] === shortest[b] ? a - b : shortest[b]! - shortest[a]!));
  }

  *iterate(): Generator<void, void> {
    const movable = this.instance.numTasks > 1 && this.instance.numPairs > this.instance.numTasks;
    while (movable && !isSpent(this.#meter)) {
      const before = this.#meter.used;
      this.#state.restore(this.#bestPlan!);
      const removed = this.#ruin();
      for (const task of removed) this.#meter.used += 1 + insertBest(this.#trial, task);
      shuffle(this.#order, this.#random);
      yield* this.#descent.steps(this.#order, this.#meter);
      this.#keepUnlessWorse();
      if (this.#meter.used === before) return;
    }
  }

  outcome(): SearchOutcome {
    const assignment = this.#bestPlan!;
    const values = this.#state.goals.map((goal) => goal.evaluate(assignment));
    return { assignment, values, work: this.#meter.used, wasStopped: this.#wasStopped };
  }

  *#descendFrom(start: Assignment): Generator<void, void> {
    this.#state.restore(start);
    yield;
    yield* this.#descent.steps(this.#order, this.#meter);
    yield;
    this.#keepUnlessWorse();
  }

  #keepUnlessWorse(): void {
    this.#scoring.read(this.#score);
    const change = this.#bestPlan === null ? -1 : compareScores(this.#score, this.#best);
    if (change > 0) return;
    this.#best.set(this.#score);
    this.#bestPlan = this.#state.snapshot();
    this.#isPlaced = this.#order.every(
      (task) => this.#state.agentOf[task] !== DEFERRED || !isPlaceable(this.instance, task),
    );
    if (change < 0) this.#report();
  }

  #report(): void {
    const plan = this.#bestPlan!;
    this.options.onIncumbent?.(
      plan,
      this.#state.goals.map((goal) => goal.evaluate(plan)),
    );
  }

  /** Takes tasks out of a few agents, and with each whatever depends on it; returns them and the deferred, shuffled. */
  #ruin(): number[] {
    const state = this.#state;
    const { instance } = this;
    const isChosen = new Uint8Array(instance.numAgents);
    const numAgents = Math.min(instance.numAgents, 2 + this.#random.below(2));
    for (let k = 0; k < numAgents; k++) isChosen[this.#random.below(instance.numAgents)] = 1;
    if (this.#isTimed) isChosen[state.latestAgent()] = 1;
    shuffle(this.#order, this.#random);
    const out: number[] = [];
    const size = 2 + this.#random.below(MAX_RUIN - 1);
    for (const task of this.#order) {
      if (state.agentOf[task] === DEFERRED) {
        if (isPlaceable(instance, task) && !out.includes(task)) out.push(task);
      } else if (out.length < size && isChosen[state.agentOf[task]!]) this.#removeWithDependents(task, out);
    }
    return dependenciesFirst(state, out);
  }

  /** Each task before what depends on it; not by recursion, for chains may be as long as the wave. */
  #removeWithDependents(task: number, out: number[]): void {
    const state = this.#state;
    const open = [task];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (state.agentOf[one] === DEFERRED) continue;
      state.remove(one);
      out.push(one);
      const dependents = state.dependents[one]!;
      for (let k = dependents.length - 1; k >= 0; k--) open.push(dependents[k]!);
    }
  }

  #looksAtClock(): boolean {
    this.#wasStopped ||= this.options.shouldStop?.() ?? false;
    return this.#wasStopped;
  }
}
