import { type Assignment, DEFERRED } from "../../../models/index.js";
import { createRandom, type Random } from "../../domain/index.js";
import type { DeadlineWave } from "./deadline-wave.js";
import { findPairs } from "./find-pairs.js";
import { behindItsOwn, dropBehind, planOfSums } from "./plan-of-sums.js";
import { inRandomOrder } from "./sum-order.js";
import { SumSchedule } from "./sum-schedule.js";
import type { SumValues } from "./sum-values.js";

/** Tasks taken out in a row, at most, and slots they are taken from beside that of the first. */
const MOST_STRING = 4;
const MOST_SLOTS = 3;
/** Tasks looked at for the one that is dearest where it is. */
const NUM_TRIED = 6;
/** Left-out tasks tried again in a round, at most. */
const MOST_LEFT_OUT = 10;
/** One round in so many tries a left-out task before those taken out, the others after them. */
const LEFT_OUT_FIRST = 3;
/** Worsening that is accepted at the first and at the last round with a chance of 1 in e, in spreads of a task's costs. */
const FIRST_HEAT = 0.3;
const LAST_HEAT = 0.01;
/** A pair is passed over at random so often, so that unlike rounds place alike tasks unlike. */
const BLINK = 0.08;
/** What a mean busy time counts, at most, in spreads of a task's costs: places that leave room go first. */
const MOST_TIME_COST = 0.5;
/** Looks that a round counts for beside its own, so that rounds in which nothing can move end too. */
const LOOKS_A_ROUND = 10;
const ROUNDS_A_SLICE = 16;
/** Rounds after which the costs that guide the search are computed again where they depend on the plan. */
const ROUNDS_A_GUIDE = 32;

export interface SumSearchOptions {
  readonly seed: number;
  /** A plan to begin at. */
  readonly start: Assignment;
  /** Looks, at most. */
  readonly maxLooks: number;
  readonly shouldStop: () => boolean;
  /** Gets a plan better than all before it, now and then. */
  readonly onPlan: (plan: Assignment) => void;
}

export interface SumSearchOutcome {
  readonly numLooks: number;
  readonly numRounds: number;
}

/**
 * Searches for a schedule of little cost under deadlines: a task that is dear where it is and a few of those in its way are taken out and put where
 * they cost least, and the change is kept by annealing (ruin and recreate: Schrimpf et al., J. Comput. Phys. 159, 2000; strings:
 * Christiaens, Vanden Berghe, Transp. Sci. 54, 2020). What waits for the tasks taken out stays where it is.
 */
export function* searchSums(
  wave: DeadlineWave,
  values: SumValues,
  { seed, start, maxLooks, shouldStop, onPlan }: SumSearchOptions,
): Generator<void, SumSearchOutcome> {
  const search = new SumSearch(wave, values, createRandom(seed));
  search.restore(start);
  let numRounds = 0;
  for (; search.numLooks < maxLooks; numRounds++) {
    if (numRounds % ROUNDS_A_SLICE === 0) {
      yield;
      const better = search.takeBetter();
      if (better !== null) onPlan(better);
      if (shouldStop()) break;
    }
    if (numRounds % ROUNDS_A_GUIDE === 0) search.guide();
    const heat = values.spread * FIRST_HEAT * (LAST_HEAT / FIRST_HEAT) ** (search.numLooks / maxLooks);
    search.round(heat);
  }
  const better = search.takeBetter();
  if (better !== null) onPlan(better);
  return { numLooks: search.numLooks, numRounds };
}

class SumSearch {
  readonly #schedule: SumSchedule;
  readonly #current: SumSchedule;
  readonly #best: SumSchedule;
  readonly #costs: Float64Array;
  readonly #noisy: Float64Array;
  readonly #meanBusyMs: number;
  #currentValue = Infinity;
  #bestValue = Infinity;
  #isBetter = false;
  /** Tasks taken out in this round. */
  #out: number[] = [];

  constructor(
    private readonly wave: DeadlineWave,
    private readonly values: SumValues,
    private readonly random: Random,
  ) {
    const { numPairs, busyMs } = wave.instance;
    [this.#schedule, this.#current, this.#best] = [new SumSchedule(wave), new SumSchedule(wave), new SumSchedule(wave)];
    this.#costs = values.perPair.slice();
    this.#noisy = new Float64Array(numPairs);
    this.#meanBusyMs = busyMs.reduce((sum, own) => sum + own, 0) / Math.max(1, numPairs);
  }

  get numLooks(): number {
    return this.#schedule.numLooks + this.values.numLooks;
  }

  /** Takes over a plan, as far as it fits. */
  restore(plan: Assignment): void {
    const { instance } = this.wave;
    const pairOf = findPairs(instance, plan.agentOf);
    const startOf = (task: number): number => plan.startMs![task]!;
    const order = Array.from(pairOf.keys()).filter((task) => pairOf[task] !== DEFERRED);
    order.sort((a, b) => startOf(a) - startOf(b) || a - b);
    const schedule = this.#schedule;
    for (const task of order) schedule.restore(task, pairOf[task]!, plan.slotOf[task]!, startOf(task));
    for (const task of order) if (!schedule.isIn(task)) dropBehind(schedule, task);
    this.#current.copyFrom(schedule);
    this.#best.copyFrom(schedule);
    this.#currentValue = this.#bestValue = this.values.evaluate(schedule.pairOf);
  }

  /** The best plan, where it is new. */
  takeBetter(): Assignment | null {
    if (!this.#isBetter) return null;
    this.#isBetter = false;
    return planOfSums(this.#best);
  }

  guide(): void {
    this.values.guide(this.#current.pairOf, this.#costs);
  }

  /** One change, kept or not. */
  round(heat: number): void {
    const [schedule, current] = [this.#schedule, this.#current];
    schedule.numLooks += LOOKS_A_ROUND;
    this.#out = [];
    const leftOut = this.#leftOut();
    const task = this.#dearest();
    if (task !== DEFERRED) this.#ruin(task);
    this.#recreate(leftOut);
    const value = this.values.evaluate(schedule.pairOf);
    const worse = value - this.#currentValue;
    if (worse > 0 && this.random.unit() >= Math.exp(-worse / heat)) {
      schedule.copyFrom(current);
      return;
    }
    current.copyFrom(schedule);
    this.#currentValue = value;
    if (value < this.#bestValue - 1e-9 * Math.max(1, Math.abs(value))) {
      this.#bestValue = value;
      this.#best.copyFrom(schedule);
      this.#isBetter = true;
    }
  }

  /** Takes out a task, and strings that are in its way on better agents at that time, or anywhere at that time. */
  #ruin(task: number): void {
    const { random } = this;
    const schedule = this.#schedule;
    const at = schedule.startMs[task]!;
    const numStrings = random.below(MOST_SLOTS + 1);
    const isAimed = random.below(3) > 0;
    this.#takeString(task, 1 + (random.below(3) === 0 ? random.below(MOST_STRING) : 0));
    const { numAgents, slots } = this.wave.instance;
    for (let k = 0; k < numStrings; k++) {
      const agent = isAimed ? this.#betterAgent(task) : random.below(numAgents);
      const near = this.#nearOn(schedule.headOf(agent, random.below(slots[agent]!)), at);
      if (near !== DEFERRED) this.#takeString(near, 1 + random.below(MOST_STRING));
    }
  }

  /** The placed task of a few that would gain most on its best pair, or any of them; DEFERRED where none is placed. */
  #dearest(): number {
    const { random } = this;
    const { numTasks, pairStart } = this.wave.instance;
    let [dearest, most] = [DEFERRED, -Infinity];
    const numTried = random.below(2) === 0 ? NUM_TRIED : 1;
    for (let k = 0; k < numTried; k++) {
      const task = this.#placedFrom(random.below(numTasks));
      if (task === DEFERRED) break;
      let least = Infinity;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++)
        least = Math.min(least, this.#costs[pair]!);
      const regret = (this.#costs[this.#schedule.pairOf[task]!]! - least) * random.unit();
      if (regret > most) [dearest, most] = [task, regret];
    }
    return dearest;
  }

  /** The first placed task from one on, going round. */
  #placedFrom(first: number): number {
    const { numTasks } = this.wave.instance;
    for (let k = 0; k < numTasks; k++) if (this.#schedule.isIn((first + k) % numTasks)) return (first + k) % numTasks;
    return DEFERRED;
  }

  /** An agent whose pair costs less than a random one of the task's. */
  #betterAgent(task: number): number {
    const { pairStart, pairAgent } = this.wave.instance;
    const [first, count] = [pairStart[task]!, pairStart[task + 1]! - pairStart[task]!];
    const [a, b] = [first + this.random.below(count), first + this.random.below(count)];
    return pairAgent[this.#costs[a]! <= this.#costs[b]! ? a : b]!;
  }

  /** A task of a slot that runs about a time. */
  #nearOn(head: number, atMs: number): number {
    const schedule = this.#schedule;
    const { numTasks } = this.wave.instance;
    let [near, item] = [DEFERRED, schedule.next[head]!];
    const from = atMs + (this.random.unit() - 0.5) * 2 * this.#meanBusyMs;
    while (item !== head) {
      if (item < numTasks) near = item;
      if (near !== DEFERRED && schedule.startMs[item]! + schedule.busyMs[item]! > from) break;
      item = schedule.next[item]!;
      schedule.numLooks++;
    }
    return near;
  }

  #takeString(first: number, length: number): void {
    const schedule = this.#schedule;
    const { numTasks } = this.wave.instance;
    let task = first;
    for (let k = 0; k < length && task < numTasks; k++) {
      const next = schedule.next[task]!;
      if (!schedule.isIn(task)) return;
      schedule.take(task);
      this.#out.push(task);
      task = next;
    }
  }

  /** Puts back what was taken out, and some of what was left out, each where it costs least; what fits nowhere takes out what waits for it. */
  #recreate(leftOut: readonly number[]): void {
    const { random } = this;
    const schedule = this.#schedule;
    const perMs = (MOST_TIME_COST * this.values.spread * random.unit() ** 3) / this.#meanBusyMs;
    if (leftOut.length > 0 && random.below(LEFT_OUT_FIRST) === 0) {
      const found = behindItsOwn(schedule, leftOut[random.below(leftOut.length)]!);
      this.#out = [...new Set([...this.#out, ...found])];
      this.#insertAll(found, perMs);
    }
    this.#insertAll(inRandomOrder(this.#out, this.wave, this.#costs, this.random), perMs);
    for (const task of this.#out) if (!schedule.isIn(task)) dropBehind(schedule, task);
    for (const task of leftOut) if (this.#isReady(task)) this.#insertAll([task], perMs);
  }

  #insertAll(tasks: readonly number[], perMs: number): void {
    const schedule = this.#schedule;
    const costs = { perPair: this.#noisy, perMs };
    for (const task of tasks) {
      if (schedule.isIn(task) || this.wave.isHopeless[task] === 1) continue;
      this.#shuffleCostsOf(task);
      schedule.insert(task, costs);
    }
  }

  /** Some of the tasks that are out and could be in, those that others wait for first. */
  #leftOut(): number[] {
    const { instance, isHopeless } = this.wave;
    const out: number[] = [];
    for (let task = 0; task < instance.numTasks; task++) {
      if (!this.#schedule.isIn(task) && isHopeless[task] === 0) out.push(task);
    }
    if (out.length > MOST_LEFT_OUT) {
      const share = MOST_LEFT_OUT / out.length;
      return out.filter(() => this.random.unit() < share);
    }
    return out;
  }

  #isReady(task: number): boolean {
    const { dependsStart, dependsOn } = this.wave.instance;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      if (!this.#schedule.isIn(dependsOn[d]!)) return false;
    }
    return true;
  }

  #shuffleCostsOf(task: number): void {
    const { pairStart } = this.wave.instance;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      this.#noisy[pair] = this.#costs[pair]! + (this.random.unit() < BLINK ? this.values.spread : 0);
    }
  }
}
