import { KnapsackItems } from "../bounds/knapsack/items.js";
import { Knapsack } from "../bounds/knapsack/knapsack.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { SlotContent } from "../bounds/cover-columns.js";
import { CoverProgram } from "../bounds/cover-program.js";
import { kindsOf } from "./kinds.js";
import { roomUntil, type TimedProblem } from "./timed-problem.js";

/** Share of the best duals known in those that contents are priced by (Wentges, Int. Trans. Operational Research 4, 1997). */
const BEST_SHARE = 0.5;
/** Sums of duals above it count, for contents and for bounds. */
const TOLERANCE = 1e-7;
/** Rows that lack less lack nothing. */
const NOTHING = 5e-3;
/** Rounding of how many like tasks fit, forgiven towards one more: the knapsack itself decides. */
const FIT_SLACK = 1e-6;
/** Slots with equal pairs, uses and starts. */
export interface Group {
  readonly slots: number[];
  /** Use of each kind of task, Infinity where it cannot go there. */
  readonly use: Float64Array;
}

/** What contents must keep beside the time of their slots, by task: every part of a content that is allowed is allowed too. */
export interface ContentRule {
  allows(group: number, tasks: readonly number[]): boolean;
  /** The most gainful content that is allowed; `bound` is what none of them exceeds. */
  best(group: number, gains: Float64Array): { readonly tasks: number[]; readonly bound: number };
}

export type CoverVerdict = "ruled out" | "covered" | "open";

/**
 * Contents of slots that end in time, found as they are needed, and what they say of a time C: where duals λ in [0, 1] of the tasks have
 *
 *   Σ_i λ_i > Σ_slots max { Σ_{i ∈ S} λ_i : S fits the slot until C },
 *
 * nothing ends by C. It is the bound of `LevelMultipliers` at its best, reached by column generation in far less work where slots have few
 * tasks. Contents that are known stay good for later times. Tasks that are alike on all slots are of one kind, with one row and one dual: else
 * they could be exchanged for each other without end, in contents as in branches.
 */
export class SlotContents {
  readonly groups: Group[] = [];
  /** Tasks of each kind; where a rule knows tasks apart, each is a kind of its own, in their order. */
  readonly kinds: readonly (readonly number[])[];
  readonly #numTasks: number;
  readonly #pool: (SlotContent & { readonly use: number })[] = [];
  readonly #known = new Set<string>();
  readonly #items: KnapsackItems;
  readonly #knapsack: Knapsack;

  constructor(
    private readonly timed: TimedProblem,
    private readonly meter: WorkMeter,
    private readonly rule: ContentRule | null = null,
  ) {
    const { assignment, numTimed, twinOf } = timed;
    const { numTasks, pairStart, pairAgent, use } = assignment;
    this.kinds =
      (rule === null ? kindsOf(assignment, { perPair: [use] }) : null) ??
      Array.from({ length: numTasks }, (_, task) => [task]);
    const groupOf = new Int32Array(numTimed);
    for (let slot = 0; slot < numTimed; slot++) {
      if (twinOf[slot] === slot) {
        groupOf[slot] = this.groups.length;
        this.groups.push({ slots: [], use: new Float64Array(this.kinds.length).fill(Infinity) });
      } else groupOf[slot] = groupOf[twinOf[slot]!]!;
      this.groups[groupOf[slot]!]!.slots.push(slot);
    }
    this.#numTasks = numTasks;
    for (const [kind, [task]] of this.kinds.entries()) {
      for (let pair = pairStart[task!]!; pair < pairStart[task! + 1]!; pair++) {
        this.groups[groupOf[pairAgent[pair]!]!]!.use[kind] = use[pair]!;
      }
    }
    this.#items = new KnapsackItems(numTasks);
    this.#knapsack = new Knapsack(numTasks, timed.isWhole, true);
    meter.spend(use.length);
  }

  /** Whether the assignment has nothing but times: slots that are all held to the time, and no costs. */
  static knows({ assignment, numTimed, costLimit }: TimedProblem): boolean {
    return numTimed === assignment.numAgents && costLimit === 0 && assignment.cost.every((cost) => cost === 0);
  }

  /** Duals to start from: nothing is known. */
  noDuals(): Float64Array {
    return new Float64Array(this.kinds.length + this.groups.length);
  }

  /** What one slot of a group may bear until a time. */
  room(group: number, atTime: number): number {
    return roomUntil(this.timed, this.groups[group]!.slots[0]!, atTime);
  }

  program(): CoverProgram {
    return new CoverProgram(
      this.kinds.map((tasks) => tasks.length),
      this.groups.map(({ slots }) => slots.length),
      this.meter,
    );
  }

  /**
   * Whether contents that fit until a time cover the tasks, side rows and all, as far as knapsacks that were given up can tell.
   *
   * @param best duals of every row of the program to start from; the best ones found are written to it
   * @param workLimit reading of the meter at which it stays open
   */
  cover(atTime: number, program: CoverProgram, best: Float64Array, workLimit: number): CoverVerdict {
    const rooms = this.groups.map((_, group) => this.room(group, atTime));
    for (; program.numSeen < this.#pool.length; program.numSeen++) {
      const content = this.#pool[program.numSeen]!;
      const isAllowed = this.rule?.allows(content.group, content.tasks) ?? true;
      if (content.use <= rooms[content.group]! && isAllowed) program.add(content);
    }
    const least = TOLERANCE * Math.max(1, this.#numTasks);
    let bestBound = this.#price(program, best, rooms).bound;
    while (bestBound <= least) {
      if (this.meter.isSpent(workLimit)) return "open";
      program.solve();
      if (program.lack < NOTHING) return "covered";
      let duals = program.duals.map((dual, row) => BEST_SHARE * best[row]! + (1 - BEST_SHARE) * dual);
      let { bound, numAdded } = this.#price(program, duals, rooms);
      if (numAdded === 0) {
        duals = program.duals.slice();
        ({ bound, numAdded } = this.#price(program, duals, rooms));
      }
      if (bound > bestBound) {
        bestBound = bound;
        best.set(duals);
      }
      if (numAdded === 0 && bestBound <= least) return "covered";
    }
    return "ruled out";
  }

  /** The bound under some duals; adds the contents that the program gains by. */
  #price(program: CoverProgram, duals: Float64Array, rooms: readonly number[]): { bound: number; numAdded: number } {
    const numKinds = this.kinds.length;
    const firstSide = numKinds + this.groups.length;
    let [bound, numAdded] = [0, 0];
    for (let kind = 0; kind < numKinds; kind++) bound += this.kinds[kind]!.length * duals[kind]!;
    program.sides.forEach(({ rhs }, r) => (bound += rhs * duals[firstSide + r]!));
    const gains = new Float64Array(numKinds);
    this.groups.forEach(({ use, slots }, group) => {
      gains.set(duals.subarray(0, numKinds));
      program.sides.forEach((row, r) => {
        if (row.group !== group || duals[firstSide + r] === 0) return;
        const gain = row.sign * duals[firstSide + r]!;
        for (let kind = 0; kind < numKinds; kind++) if (row.members[kind] === 1) gains[kind]! += gain;
      });
      let { tasks, upper } = this.#best(gains, use, rooms[group]!);
      if (this.rule?.allows(group, tasks) === false) {
        const best = this.rule.best(group, gains);
        [tasks, upper] = [best.tasks, best.bound];
      }
      bound -= slots.length * upper;
      if (this.#gain(program, group, tasks) > TOLERANCE && this.#keep(group, tasks)) {
        program.add({ group, tasks });
        program.numSeen += 1;
        numAdded += 1;
      }
    });
    return { bound, numAdded };
  }

  /** The most gainful content by its time, as kinds; what none gains more than. */
  #best(gains: Float64Array, use: Float64Array, room: number): { tasks: number[]; upper: number } {
    const [items, knapsack] = [this.#items, this.#knapsack];
    let negligible = 0;
    items.clear();
    for (let kind = 0; kind < gains.length; kind++) {
      if (gains[kind]! <= 0 || use[kind]! > room) continue;
      const numTasks = this.kinds[kind]!.length;
      const numFit = use[kind]! > 0 ? Math.min(numTasks, Math.floor(room / use[kind]! + FIT_SLACK)) : numTasks;
      if (gains[kind]! <= TOLERANCE) {
        negligible += numFit * gains[kind]!;
        continue;
      }
      // Bundles of 1, 2, 4 … and the rest: any number can be had of them, in fewer ways than of single tasks.
      for (let [rest, size] = [numFit, 1]; rest > 0; rest -= size, size = Math.min(2 * size, rest)) {
        items.add(kind, size * gains[kind]!, size * use[kind]!);
      }
    }
    const workBefore = knapsack.work;
    knapsack.solve(items, room);
    this.meter.spend(gains.length + knapsack.work - workBefore);
    const tasks: number[] = [];
    for (let k = 0; k < items.count; k++) {
      if (knapsack.isChosen[k] === 0) continue;
      const kind = items.id[k]!;
      for (let t = Math.round(items.profit[k]! / gains[kind]!); t > 0; t--) tasks.push(kind);
    }
    return { tasks, upper: negligible + knapsack.upper };
  }

  /** What a unit of the content gains the program under its own duals. */
  #gain({ duals, sides }: CoverProgram, group: number, tasks: readonly number[]): number {
    let gain = -duals[this.kinds.length + group]!;
    for (const task of tasks) gain += duals[task]!;
    const firstSide = this.kinds.length + this.groups.length;
    sides.forEach((row, r) => {
      if (row.group !== group || duals[firstSide + r] === 0) return;
      for (const task of tasks) gain += row.sign * row.members[task]! * duals[firstSide + r]!;
    });
    return gain;
  }

  #keep(group: number, tasks: number[]): boolean {
    tasks.sort((a, b) => a - b);
    const key = `${group}:${tasks.join()}`;
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    const { use } = this.groups[group]!;
    this.#pool.push({ group, tasks, use: tasks.reduce((sum, task) => sum + use[task]!, 0) });
    return true;
  }
}
