import type { WorkMeter } from "../bounds/work-meter.js";
import type { SequencedPlan } from "../sequencing/sequenced-plan.js";
import { pairOn, type SequencingProblem } from "../sequencing/sequencing-problem.js";
import type { RefutedWindow } from "../sequencing/bound-certificate.js";
import { shave } from "../sequencing/shaving.js";
import { TimeWindows } from "../sequencing/time-windows.js";
import {
  ContentsTree,
  type Judgement,
  type Placing,
  type TreeVerdict,
  type WholeAmounts,
} from "../timed/contents-tree.js";
import { SlotContents } from "../timed/slot-contents.js";
import type { TimedProblem } from "../timed/timed-problem.js";
import { ContentWindows } from "./content-windows.js";
import { FixedSequencing } from "./fixed-sequencing.js";

/** Width of the first level above the bound, relative to the time, and its growth while levels are ruled out. */
const FIRST_WIDTH = 5e-4;
const WIDTH_GROWTH = 2;
const WIDTH_SHRINKAGE = 3;
/** Width after a better schedule was found, a share of what is open: levels below it are ruled out sooner than all between it and the bound. */
const FOUND_SHARE = 1 / 3;
/** Width, relative to the time, below which nothing is left to try. */
const LEAST_WIDTH = 1e-6;
/** Share of the work that the first level may take, and its growth where a level stays open. */
const LEVEL_SHARE = 0.15;
const WORK_GROWTH = 1.5;
/** Moves for shaving windows before each level. */
const SHAVING_MOVES = 1e5;
/** Share of a makespan by which an earlier one must be earlier to count where times are not whole. */
const LEAST_SHARE = 5e-10;
/** Looks for each window that the sequencing of an assignment computes. Measured. */
const LOOKS_PER_WINDOW = 20;

export interface ContentsInOrderOptions {
  readonly meter: WorkMeter;
  /** No schedule ends earlier. */
  readonly boundMs: number;
  /** End of the best schedule known. */
  readonly makespanMs: number;
  readonly onPlan: (plan: SequencedPlan) => void;
  readonly onBound: (boundMs: number) => void;
}

/**
 * The least makespan where loads bind and order hardly does, from below: does an assignment whose loads end by C have a schedule that does?
 * Contents of slots answer for the loads; what they propose is sequenced, and where that fails the few placings that are to blame are left
 * out together from then on: logic-based Benders cuts (Hooker, Operations Research 55, 2007) by branching. Levels are narrow, so that few
 * assignments of each have to be sequenced.
 */
export class ContentsInOrder {
  readonly #windows: TimeWindows;
  readonly #rule: ContentWindows;
  readonly #tree: ContentsTree;
  readonly #duals: Float64Array;
  readonly #agentOfGroup: Int32Array;
  readonly #sequencing: FixedSequencing;
  /** Placings known to be in conflict at a time, and so at all earlier ones. */
  readonly #conflicts: { readonly placings: readonly Placing[]; readonly atTime: number }[] = [];
  #makespanMs: number;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly options: ContentsInOrderOptions,
  ) {
    this.#agentOfGroup = Int32Array.from(new Set(problem.slotAgent));
    this.#sequencing = new FixedSequencing(problem);
    this.#windows = new TimeWindows(problem, null);
    this.#rule = new ContentWindows(this.#agentOfGroup, options.meter);
    const contents = new SlotContents(asTimed(problem), options.meter, this.#rule);
    this.#tree = new ContentsTree(contents, options.meter);
    this.#duals = contents.noDuals();
    this.#makespanMs = options.makespanMs;
  }

  /** Until the best schedule is proven, or the work is done; yields between small steps. */
  *run(): Generator<void, void> {
    const { problem, options } = this;
    const { meter } = options;
    let { boundMs } = options;
    let width = FIRST_WIDTH * boundMs;
    let levelWork = LEVEL_SHARE * meter.limit;
    while (!meter.isSpent() && (width > LEAST_WIDTH * boundMs || width >= this.#makespanMs - boundMs)) {
      const last = problem.isWhole ? this.#makespanMs - 1 : this.#makespanMs * (1 - LEAST_SHARE);
      if (problem.isWhole ? boundMs > last : boundMs >= last) return;
      const level = problem.isWhole ? Math.floor(boundMs + width) : boundMs + width;
      const atTime = Math.min(level, last);
      const verdict = yield* this.#settle(atTime, meter.used + levelWork);
      if (verdict === "open") {
        width /= WIDTH_SHRINKAGE;
        levelWork *= WORK_GROWTH;
      } else if (verdict === "found") {
        width = Math.min(width, FOUND_SHARE * (this.#makespanMs - boundMs));
      } else {
        boundMs = problem.isWhole ? atTime + 1 : atTime;
        options.onBound(boundMs);
        width *= WIDTH_GROWTH;
      }
    }
  }

  *#settle(atTime: number, workLimit: number): Generator<void, TreeVerdict> {
    const { options } = this;
    const windows = this.#windows;
    windows.open(atTime);
    const refuted: RefutedWindow[] = [];
    const before = windows.numMoves;
    const shaving = shave(windows, refuted);
    let step = shaving.next();
    while (step.done !== true && windows.numMoves < before + SHAVING_MOVES) {
      yield;
      step = shaving.next();
    }
    options.meter.spend(LOOKS_PER_WINDOW * (windows.numMoves - before));
    if (step.done === true && step.value === "refuted") return "ruled out";
    this.#rule.read(windows);
    const judge = (amounts: WholeAmounts): Judgement => this.#judge(amounts, atTime);
    return yield* this.#tree.steps({ atTime, workLimit, judge }, this.#duals);
  }

  #judge(amounts: WholeAmounts, atTime: number): Judgement {
    const known = this.#conflicts.find(
      (one) => one.atTime >= atTime && one.placings.every(({ kind, group }) => amounts[group]![kind]! > 0),
    );
    if (known !== undefined) return known.placings;
    const { problem, options } = this;
    const groupOf = new Int32Array(problem.numTasks);
    amounts.forEach((ofTask, group) => {
      for (let task = 0; task < ofTask.length; task++) if (ofTask[task]! > 0) groupOf[task] = group;
    });
    const pairOf = groupOf.map((group, task) => pairOn(problem, task, this.#agentOfGroup[group]!));
    const before = this.#sequencing.numMoves;
    const { verdict, plan } = this.#sequencing.sequence(pairOf, atTime);
    const tasks = verdict === "conflict" ? this.#sequencing.conflict(pairOf, atTime) : [];
    options.meter.spend(LOOKS_PER_WINDOW * (this.#sequencing.numMoves - before));
    if (plan !== null) {
      this.#makespanMs = plan.makespanMs;
      options.onPlan(plan);
      return "found";
    }
    if (verdict === "open") return "open";
    const placings = tasks.map((task) => ({ group: groupOf[task]!, kind: task, count: 1 }));
    this.#conflicts.push({ placings, atTime });
    return placings;
  }
}

/** The problem without order: its slots as agents that are alike where they are of one agent. */
function asTimed({
  numTasks,
  numSlots,
  slotStart,
  slotAgent,
  availableFromMs,
  ...problem
}: SequencingProblem): TimedProblem {
  const [pairStart, pairAgent, use]: [number[], number[], number[]] = [[0], [], []];
  for (let task = 0; task < numTasks; task++) {
    for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
      const agent = problem.pairAgent[pair]!;
      for (let slot = slotStart[agent]!; slot < slotStart[agent + 1]!; slot++) {
        pairAgent.push(slot);
        use.push(problem.busyMs[pair]!);
      }
    }
    pairStart.push(use.length);
  }
  return {
    assignment: {
      ...{ numTasks, numAgents: numSlots, pairStart: Int32Array.from(pairStart) },
      ...{ pairAgent: Int32Array.from(pairAgent), use: Float64Array.from(use), cost: new Float64Array(use.length) },
      capacity: new Float64Array(numSlots).fill(Infinity),
    },
    ...{ costLimit: 0, numTimed: numSlots, isWhole: problem.isWhole },
    availableFrom: Float64Array.from(slotAgent, (agent) => availableFromMs[agent]!),
    twinOf: slotAgent.map((agent) => slotStart[agent]!),
    judge: () => null,
  };
}
