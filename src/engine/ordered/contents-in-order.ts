import type { WorkMeter } from "../bounds/work-meter.js";
import type { SequencedPlan } from "../sequencing/sequenced-plan.js";
import { pairOn, type SequencingProblem } from "../sequencing/sequencing-problem.js";
import { ContentsTree, type Judgement, type Placing, type WholeContents } from "../timed/contents-tree.js";
import { SlotContents } from "../timed/slot-contents.js";
import type { TimedProblem } from "../timed/timed-problem.js";
import { FixedSequencing } from "./fixed-sequencing.js";

/** Width of the first level above the bound, relative to the time, and its growth while levels are ruled out. */
const FIRST_WIDTH = 5e-4;
const WIDTH_GROWTH = 2;
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

/** Whether contents of slots and sequences of them are all there is to the problem. */
export function isForContents({ absences, pools, limits }: SequencingProblem): boolean {
  return absences === null && pools === null && limits === null;
}

/**
 * The least makespan where loads bind and order hardly does, from below: does an assignment whose loads end by C have a schedule that does?
 * Contents of slots answer for the loads; what they propose is sequenced, and where that fails the few placings that are to blame are left
 * out together from then on: logic-based Benders cuts (Hooker, Operations Research 55, 2007) by branching. Levels are narrow, so that few
 * assignments of each have to be sequenced.
 */
export class ContentsInOrder {
  readonly #timed: TimedProblem;
  readonly #agentOfGroup: Int32Array;
  readonly #sequencing: FixedSequencing;
  /** Placings known to be in conflict at a time, and so at all earlier ones. */
  readonly #conflicts: { readonly placings: readonly Placing[]; readonly atTime: number }[] = [];
  #makespanMs: number;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly options: ContentsInOrderOptions,
  ) {
    this.#timed = asTimed(problem);
    this.#agentOfGroup = Int32Array.from(new Set(problem.slotAgent));
    this.#sequencing = new FixedSequencing(problem);
    this.#makespanMs = options.makespanMs;
  }

  /** Until the best schedule is proven, or the work is done; yields between small steps. */
  *run(): Generator<void, void> {
    const { problem, options } = this;
    const { meter } = options;
    const contents = new SlotContents(this.#timed, meter);
    const tree = new ContentsTree(contents, problem.numTasks, meter);
    const duals = contents.noDuals();
    let { boundMs } = options;
    let width = FIRST_WIDTH * boundMs;
    while (!meter.isSpent()) {
      const last = problem.isWhole ? this.#makespanMs - 1 : this.#makespanMs * (1 - LEAST_SHARE);
      if (boundMs > last || (boundMs === last && !problem.isWhole)) return;
      const level = problem.isWhole ? Math.floor(boundMs + width) : boundMs + width;
      const atTime = Math.min(level, last);
      const judge = (found: WholeContents): Judgement => this.#judge(found, atTime);
      const verdict = yield* tree.steps({ atTime, workLimit: meter.limit, judge }, duals);
      if (verdict === "open") return;
      if (verdict === "found") continue;
      boundMs = problem.isWhole ? atTime + 1 : atTime;
      options.onBound(boundMs);
      width *= WIDTH_GROWTH;
    }
  }

  #judge({ groupOf }: WholeContents, atTime: number): Judgement {
    const known = this.#conflicts.find(
      (one) => one.atTime >= atTime && one.placings.every(({ task, group }) => groupOf[task] === group),
    );
    if (known !== undefined) return known.placings;
    const { problem, options } = this;
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
    const placings = tasks.map((task) => ({ task, group: groupOf[task]! }));
    this.#conflicts.push({ placings, atTime });
    return placings;
  }
}

/** The problem without order: its slots as agents that are alike where they are of one agent. */
function asTimed({ numTasks, numSlots, slotStart, slotAgent, availableFromMs, ...problem }: SequencingProblem): TimedProblem {
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
