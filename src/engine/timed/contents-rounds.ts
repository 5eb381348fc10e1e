import type { SearchProgress } from "../assignment/progress.js";
import { ContentsTree } from "./contents-tree.js";
import { kindsOf } from "./kinds.js";
import { roundAmounts } from "./round-amounts.js";
import { SlotContents } from "./slot-contents.js";
import type { TimedProblem } from "./timed-problem.js";
import { TimedSearch } from "./timed-search.js";

/** Tasks below which trees settle every level sooner. */
const MIN_TASKS = 10;
/** Tasks per slot, and rows of the program, up to which contents are worth while. */
const MAX_TASKS_PER_SLOT = 12;
const MAX_ROWS = 400;
/** The same where tasks are of few kinds. */
const FEW = { kinds: 30, tasksPerSlot: 150 } as const;
/** Kinds of whole times, as a share of the tasks, up to which contents prove more than trees. */
const MOST_KINDS = 0.5;
/** Shares of the expected work: of a search from a new start, of one level, of a proof that can be checked. */
const SHARE = { search: 0.02, level: 0.15, proof: 0.06 } as const;
/** Searches from new starts; they agree long before. */
const MAX_SEARCHES = 6;
/** Width of the first level, a share of what is open; it grows where a level is decided. */
const FIRST_WIDTH = 1 / 4;
const WIDTH_GROWTH = 2;
/** Levels in which a time that stayed open is come to again: contents found on the way make it easier, and the last of them may prove it. */
const STEPS_TO_OPEN = 3;
/** Where no duals ruled out anything, the time from which on it is tried, relative to the bound. */
const PROOF_FLOOR = 0.95;
/** Width, relative to the time, below which levels are given more work instead. */
const LEAST_WIDTH = 2e-4;
const WORK_GROWTH = 2;

/** Duals of the tasks that rule out a time by themselves. */
export interface ContentsProof {
  readonly atTime: number;
  readonly lambda: Float64Array;
}

/**
 * Proof from below by contents of slots, level by level, and search from above between its levels: the search aims well only where the
 * bound is near, and its starts are forgotten, so that a poor one does not last.
 */
export class ContentsRounds {
  /** The highest time that duals rule out by themselves. */
  proof: ContentsProof | null = null;
  readonly #contents: SlotContents;
  readonly #tree: ContentsTree;
  readonly #duals: Float64Array;
  #numSearches = 0;

  constructor(
    private readonly timed: TimedProblem,
    private readonly progress: SearchProgress,
    private readonly mu: Float64Array,
    private readonly options: { readonly seed: number; readonly expectedWork: number },
  ) {
    this.#contents = new SlotContents(timed, progress.meter);
    this.#tree = new ContentsTree(this.#contents, progress.meter);
    this.#duals = this.#contents.noDuals();
  }

  static isFor(timed: TimedProblem): boolean {
    const { assignment, numTimed, isWhole } = timed;
    const { numTasks } = assignment;
    if (numTasks < MIN_TASKS || !SlotContents.knows(timed)) return false;
    const most = Math.min(MAX_ROWS - numTimed, isWhole ? MOST_KINDS * numTasks : Infinity);
    if (numTasks <= MAX_TASKS_PER_SLOT * numTimed) return isOfKinds(timed, most);
    return numTasks <= FEW.tasksPerSlot * numTimed && isOfKinds(timed, Math.min(most, FEW.kinds));
  }

  /** Until the work is spent, nothing is left to gain, or levels stay open however narrow they are and whatever work they get. */
  run(workLimit: number): void {
    const { meter } = this.progress;
    this.#settleLevels(workLimit);
    this.#raiseProof(Math.min(meter.limit, meter.used + SHARE.proof * this.options.expectedWork));
  }

  #settleLevels(workLimit: number): void {
    const { progress, options } = this;
    const { meter } = progress;
    let width = FIRST_WIDTH * (progress.cost - progress.bound);
    let levelWork = SHARE.level * options.expectedWork;
    let [openAt, numSteps] = [Infinity, STEPS_TO_OPEN];
    while (!progress.isDone && !meter.isSpent(workLimit)) {
      if (this.#numSearches < MAX_SEARCHES) this.#search();
      if (progress.isDone) return;
      const { isWhole } = this.timed;
      const last = isWhole ? progress.cost - 1 : progress.cost - progress.improvement / 2;
      const step = Math.min(width, (openAt - progress.bound) / numSteps);
      const next = progress.bound + step;
      const atTime = Math.min(isWhole ? Math.floor(next) : next, last);
      const costBefore = progress.cost;
      const levelLimit = Math.min(workLimit, meter.used + levelWork);
      const verdict = this.#settle(atTime, levelLimit);
      if (verdict === "ruled out") {
        width *= WIDTH_GROWTH;
        numSteps = Math.max(1, numSteps - 1);
        if (progress.bound >= openAt) [openAt, numSteps] = [Infinity, STEPS_TO_OPEN];
      } else if (step > LEAST_WIDTH * atTime) [openAt, numSteps] = [atTime, STEPS_TO_OPEN];
      // More work would end alike: other rows forbid the plan that contents know of, or like slots share contents in halves.
      else if (progress.cost === costBefore && !meter.isSpent(levelLimit)) return;
      else {
        openAt = Infinity;
        levelWork *= WORK_GROWTH;
      }
    }
  }

  #settle(atTime: number, workLimit: number): "ruled out" | "found" | "open" {
    const { progress } = this;
    progress.stage = "contents";
    const { numNodes } = this.#tree;
    const verdict = this.#tree.run(atTime, this.#duals, workLimit, progress.offer, (amounts) => this.#round(amounts));
    if (verdict !== "ruled out") return verdict;
    if (this.#tree.numNodes === numNodes + 1) this.#noteProof(atTime);
    progress.ruleOut(atTime);
    return verdict;
  }

  /** Raises the time of the proof towards the bound: trees rule out more than duals, and leave none that could be checked. */
  #raiseProof(workLimit: number): void {
    const { progress } = this;
    let [low, high] = [this.proof?.atTime ?? PROOF_FLOOR * progress.bound, progress.bound];
    while (high - low > LEAST_WIDTH * high && !progress.meter.isSpent(workLimit)) {
      const atTime = (low + high) / 2;
      const verdict = this.#contents.cover(atTime, this.#contents.program(), this.#duals, workLimit);
      if (verdict === "ruled out") {
        this.#noteProof(atTime);
        low = atTime;
      } else high = atTime;
    }
  }

  /** What the root chooses in parts, rounded, and a search from there where that is a better plan. */
  #round(amounts: readonly Float64Array[]): void {
    const { timed, progress, options } = this;
    const costBefore = progress.cost;
    const slotOf = roundAmounts(this.#contents, amounts, timed.availableFrom);
    progress.meter.spend(timed.assignment.numTasks + amounts.length * this.#contents.kinds.length);
    if (slotOf !== null) progress.offer(slotOf);
    if (progress.cost === costBefore || progress.isDone) return;
    progress.stage = "search";
    const search = new TimedSearch(timed, progress, this.mu, options.seed);
    search.run(progress.meter.used + SHARE.search * options.expectedWork);
    progress.stage = "contents";
  }

  #noteProof(atTime: number): void {
    const lambda = new Float64Array(this.timed.assignment.numTasks);
    for (const [kind, tasks] of this.#contents.kinds.entries()) {
      for (const task of tasks) lambda[task] = this.#duals[kind]!;
    }
    this.proof = { atTime, lambda };
  }

  #search(): void {
    const { timed, progress, options } = this;
    progress.stage = "search";
    const alike = new Float64Array(timed.numTimed).fill(1 / timed.numTimed);
    // Neither prices are the better ones for all waves.
    const prices = this.#numSearches++ % 2 === 0 ? alike : this.mu;
    const search = new TimedSearch(timed, progress, prices, options.seed + this.#numSearches, null);
    search.run(progress.meter.used + SHARE.search * options.expectedWork);
  }
}

function isOfKinds({ assignment }: TimedProblem, most: number): boolean {
  return kindsOf(assignment, { perPair: [assignment.use], most }) !== null;
}
