import type { SlotContent } from "../bounds/cover-columns.js";
import { CoverProgram } from "../bounds/cover-program.js";
import { WorkMeter } from "../bounds/work-meter.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { type Stay, StayContents, staysOf } from "./stay-contents.js";
import type { TimeWindows } from "./time-windows.js";

/** Tasks per slot up to which contents are worth while. */
const MAX_TASKS_PER_SLOT = 15;
/** Rows of the program, likewise: on layers of 100 × 10 contents take so long that after 12 million moves the bound is 2 % below that of prices alone. */
const MAX_ROWS = 80;
/** Programs solved for one question, at most. */
const MAX_PROGRAMS = 150;
/** Share of the best duals known in those that contents are priced by (Wentges, Int. Trans. Operational Research 4, 1997). */
const BEST_SHARE = 0.5;
/** Gains above it are worth a content; rows that lack less lack nothing. */
const LEAST_GAIN = 1e-7;
const NOTHING = 5e-3;
/** Digits of a dual that are kept in a certificate. */
const KEPT_DIGITS = 6;
/** By how much the duals of all tasks must exceed what contents gain, so that no rounding decides; more than the check asks for. */
const LEAST_EXCESS = 2e-6;
/** Looks of a program and for contents that take as long as a move. */
const PROGRAM_LOOKS_PER_MOVE = 24;
const MOVES_PER_LOOK = 8;

/**
 * Whether contents of slots cover all tasks within windows: with duals λ of the tasks, nothing ends in time where
 *
 *   Σ_i λ_i > Σ_stays slots · max { Σ_{i ∈ S} λ_i : S fits a slot within the windows }.
 *
 * This is the dual of the program with a variable for each content, by column generation (Gilmore, Gomory, Operations Research 9, 1961). It knows that
 * tasks are not divided, which prices of time do not.
 */
export class ContentCover {
  readonly #contents: StayContents;
  readonly #meter = new WorkMeter(Infinity);
  /** Contents found so far: a later end leaves most of them. */
  readonly #pool: SlotContent[] = [];
  readonly #known = new Set<string>();
  /** Those that came nearest to a proof last. */
  #duals: Float64Array | null = null;

  constructor(private readonly numTasks: number) {
    this.#contents = new StayContents(numTasks);
  }

  /** Null where slots have too many tasks for it. */
  static of({ numTasks, numSlots }: SequencingProblem): ContentCover | null {
    const isFew = numTasks <= MAX_TASKS_PER_SLOT * numSlots && numTasks + numSlots <= MAX_ROWS;
    return isFew ? new ContentCover(numTasks) : null;
  }

  get numMoves(): number {
    return this.#meter.used / PROGRAM_LOOKS_PER_MOVE + MOVES_PER_LOOK * this.#contents.numLooks;
  }

  /** Duals of the tasks, with few digits, that prove that nothing fits the windows; null where none are found. Yields between searches for contents. */
  *refute(windows: TimeWindows): Generator<void, Float64Array | null, void> {
    const { numTasks } = this;
    const stays = staysOf(windows);
    const program = this.#begin(stays, windows.tolerance);
    let best = this.#duals ?? new Float64Array(numTasks + stays.length);
    let { excess: bestExcess } = yield* this.#price(program, stays, best, windows.tolerance);
    for (let k = 0; k < MAX_PROGRAMS; k++) {
      const rounded = best.slice(0, numTasks).map(keepDigits);
      if (bestExcess > LEAST_EXCESS && this.isRefutedBy(windows, rounded)) {
        this.#duals = best;
        return rounded;
      }
      program.solve();
      if (program.lack < NOTHING) return null;
      let duals = program.duals.map((dual, row) => BEST_SHARE * best[row]! + (1 - BEST_SHARE) * dual);
      let { excess, numAdded } = yield* this.#price(program, stays, duals, windows.tolerance);
      if (numAdded === 0) {
        duals = program.duals.slice();
        ({ excess, numAdded } = yield* this.#price(program, stays, duals, windows.tolerance));
      }
      if (excess > bestExcess) [best, bestExcess] = [duals, excess];
      else if (numAdded === 0) return null;
    }
    return null;
  }

  /** Whether duals of the tasks prove that nothing fits the windows. */
  isRefutedBy(windows: TimeWindows, duals: Float64Array): boolean {
    let excess = sumOf(duals);
    for (const stay of staysOf(windows)) {
      excess -= stay.numSlots * this.#contents.best(stay, duals, windows.tolerance).bound;
    }
    return excess > LEAST_EXCESS;
  }

  /** The program with the contents that are known and fit. */
  #begin(stays: readonly Stay[], tolerance: number): CoverProgram {
    const slots = stays.map(({ numSlots }) => numSlots);
    const program = new CoverProgram(new Uint8Array(this.numTasks).fill(1), slots, this.#meter);
    for (const content of this.#pool) {
      if (this.#contents.fits(stays[content.group]!, content.tasks, tolerance)) program.add(content);
    }
    return program;
  }

  /** By how much the duals exceed what contents gain; adds the contents that the program gains by. */
  *#price(
    program: CoverProgram,
    stays: readonly Stay[],
    duals: Float64Array,
    tolerance: number,
  ): Generator<void, { readonly excess: number; readonly numAdded: number }, void> {
    const { numTasks } = this;
    let numAdded = 0;
    const gains = duals.slice(0, numTasks);
    let excess = sumOf(gains);
    for (const [group, stay] of stays.entries()) {
      const { tasks, bound } = this.#contents.best(stay, gains, tolerance);
      excess -= stay.numSlots * bound;
      const gain = tasks.reduce((sum, task) => sum + program.duals[task]!, -program.duals[numTasks + group]!);
      const content = { group, tasks: tasks.sort((a, b) => a - b) };
      yield;
      if (!(gain > LEAST_GAIN)) continue;
      program.add(content);
      numAdded++;
      const key = `${group}:${tasks.join()}`;
      if (!this.#known.has(key)) this.#pool.push(content);
      this.#known.add(key);
    }
    return { excess, numAdded };
  }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, one) => sum + one, 0);
}

function keepDigits(dual: number): number {
  return Number(dual.toPrecision(KEPT_DIGITS));
}
