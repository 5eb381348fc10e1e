import { type Assignment, DEFERRED } from "../../../models/index.js";
import { createRandom, type Random } from "../../domain/index.js";
import { DeadlineSchedule } from "./deadline-schedule.js";
import { type DeadlineWave } from "./deadline-wave.js";
import { findPairs } from "./find-pairs.js";

/** Tasks taken out at once, at most, and slots they are taken from. */
const MOST_STRING = 4;
const MOST_SLOTS = 4;
/** Left-out tasks tried again in a round, at most. */
const MOST_TRIED = 150;
/** How much the cost of a place may be off, a share of it. */
const COST_NOISE = 0.4;
/** Worsening that is accepted at the first and at the last move with a chance of 1 in e, in mean weights. */
const FIRST_HEAT = 0.5;
const LAST_HEAT = 0.03;
const ROUNDS_A_SLICE = 16;
const TASKS_A_SLICE = 64;

export interface DeferralSearchOptions {
  readonly seed: number;
  /** A plan to begin at. */
  readonly start: Assignment | null;
  /** Looks, at most. */
  readonly maxLooks: number;
  readonly shouldStop: () => boolean;
}

export interface DeferralOutcome {
  readonly schedule: DeadlineSchedule;
  readonly numLooks: number;
  readonly numRounds: number;
}

/**
 * Searches for a schedule that leaves out little weight: some tasks of neighbouring slots are taken out, left-out tasks put in where they fit
 * (ruin and recreate: Schrimpf et al., J. Comput. Phys. 159, 2000; strings: Christiaens, Vanden Berghe, Transp. Sci. 54, 2020), and the
 * change is kept by annealing. Ends where nothing is left out that any plan places.
 */
export function* searchDeferrals(
  wave: DeadlineWave,
  { seed, start, maxLooks, shouldStop }: DeferralSearchOptions,
): Generator<void, DeferralOutcome> {
  const { instance } = wave;
  const random = createRandom(seed);
  const search = new Recreation(wave, random);
  const [current, best] = [new DeadlineSchedule(wave), new DeadlineSchedule(wave)];
  if (start !== null) search.restore(start);
  yield* search.recreateAll();
  current.copyFrom(search.schedule);
  best.copyFrom(current);
  const meanWeight = instance.weight.reduce((sum, own) => sum + own, 0) / Math.max(1, instance.numTasks);
  const { schedule } = search;
  let numRounds = 0;
  for (; best.outWeight > wave.hopelessWeight * (1 + 1e-12) && schedule.numLooks < maxLooks; numRounds++) {
    if (numRounds % ROUNDS_A_SLICE === 0) {
      yield;
      if (shouldStop()) break;
    }
    const done = schedule.numLooks / maxLooks;
    const heat = meanWeight * FIRST_HEAT * (LAST_HEAT / FIRST_HEAT) ** done;
    if (!search.ruin()) break;
    search.recreate(search.leftOut(MOST_TRIED));
    const worse = schedule.outWeight - current.outWeight;
    if (worse <= 0 || random.unit() < Math.exp(-worse / heat)) current.copyFrom(schedule);
    else schedule.copyFrom(current);
    if (current.outWeight < best.outWeight) best.copyFrom(current);
  }
  return { schedule: best, numLooks: schedule.numLooks, numRounds };
}

/** What one look at the tasks places; yields now and then. */
export function* firstRecreation(wave: DeadlineWave, seed: number): Generator<void, DeadlineSchedule> {
  const search = new Recreation(wave, createRandom(seed));
  yield* search.recreateAll();
  return search.schedule;
}

class Recreation {
  readonly schedule: DeadlineSchedule;
  readonly #urgent: Int32Array;
  readonly #key: Float64Array;
  readonly #weigh = (): number => 1 + COST_NOISE * this.random.unit();

  constructor(
    private readonly wave: DeadlineWave,
    private readonly random: Random,
  ) {
    this.schedule = new DeadlineSchedule(wave);
    const { isUrgent, isHopeless } = wave;
    this.#urgent = Int32Array.from(isUrgent.keys()).filter((task) => isUrgent[task] === 1 && isHopeless[task] === 0);
    this.#key = new Float64Array(isUrgent.length);
  }

  /** Takes over what a plan does with urgent tasks, as far as it fits. */
  restore(plan: Assignment): void {
    const { instance, wantedMs } = this.wave;
    const pairOf = findPairs(instance, plan.agentOf);
    // Without start times any order by deadlines is in time where one is.
    const startOf = (task: number): number => plan.startMs?.[task] ?? wantedMs[task]!;
    const order = Array.from(this.#urgent)
      .filter((task) => pairOf[task] !== DEFERRED)
      .sort((a, b) => startOf(a) - startOf(b) || a - b);
    for (const task of order) this.schedule.restore(task, pairOf[task]!, plan.slotOf[task]!, startOf(task));
  }

  /** Some of the tasks that are left out, about so many at most, in the order in which they are tried. */
  leftOut(most: number): Int32Array {
    const { random } = this;
    const { isIn } = this.schedule;
    const { wantedMs, lostWeight, leastBusyMs } = this.wave;
    let out = this.#urgent.filter((task) => isIn[task] === 0);
    if (out.length > most) out = out.filter(() => random.unit() * out.length < most);
    const rule = random.below(4);
    for (const task of out) {
      const noise = 0.7 + 0.6 * random.unit();
      if (rule === 0) this.#key[task] = wantedMs[task]! * noise;
      else if (rule === 1) this.#key[task] = random.unit();
      else this.#key[task] = (leastBusyMs[task]! / lostWeight[task]!) * noise;
    }
    return out.sort((a, b) => this.#key[a]! - this.#key[b]! || a - b);
  }

  /** Puts in what is left out, as far as it fits; yields now and then. */
  *recreateAll(): Generator<void, void> {
    const tasks = this.leftOut(Infinity);
    for (let from = 0; from < tasks.length; from += TASKS_A_SLICE) {
      this.recreate(tasks.subarray(from, from + TASKS_A_SLICE));
      yield;
    }
  }

  recreate(tasks: Int32Array): void {
    for (const task of tasks) this.#insert(task);
  }

  /** Puts a task in, after all that it waits for; false where one of these has no place. Not by recursion: chains may be as long as the wave. */
  #insert(task: number): boolean {
    const { schedule } = this;
    const { dependsStart, dependsOn } = this.wave.instance;
    const open = [task];
    while (open.length > 0) {
      const one = open.at(-1)!;
      if (schedule.isIn[one] === 0) {
        if (this.wave.isHopeless[one] === 1) return false;
        if (!schedule.isReady(one)) {
          let d = dependsStart[one]!;
          while (schedule.isIn[dependsOn[d]!] === 1) d++;
          open.push(dependsOn[d]!);
          continue;
        }
        if (!schedule.insert(one, this.#weigh)) return false;
      }
      open.pop();
    }
    return true;
  }

  /** Takes out a few tasks next to a random one, and from other slots at that time; false where no task is placed. */
  ruin(): boolean {
    const { schedule, random } = this;
    const placed = this.#urgent.filter((task) => schedule.isIn[task] === 1);
    if (placed.length === 0) return false;
    const at = schedule.startMs[placed[random.below(placed.length)]!]!;
    const numStrings = 1 + random.below(MOST_SLOTS);
    for (let k = 0; k < numStrings; k++) {
      const near = this.#nearest(placed, at);
      if (near !== DEFERRED) this.#takeString(near, 1 + random.below(MOST_STRING));
    }
    return true;
  }

  /** A placed task that starts near the time: the nearest of a few random ones. */
  #nearest(placed: Int32Array, atMs: number): number {
    const { schedule, random } = this;
    let [nearest, distance] = [DEFERRED, Infinity];
    for (let k = 0; k < 6; k++) {
      const task = placed[random.below(placed.length)]!;
      const own = Math.abs(schedule.startMs[task]! - atMs);
      if (schedule.isIn[task] === 1 && own < distance) [nearest, distance] = [task, own];
    }
    return nearest;
  }

  #takeString(first: number, length: number): void {
    const { schedule } = this;
    const { numTasks } = this.wave.instance;
    let task = first;
    for (let k = 0; k < length && task < numTasks; k++) {
      const next = schedule.next[task]!;
      if (schedule.isIn[task] === 0) return;
      schedule.remove(task);
      task = next;
    }
  }
}
