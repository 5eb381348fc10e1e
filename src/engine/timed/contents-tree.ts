import type { WorkMeter } from "../bounds/work-meter.js";
import type { CoverProgram } from "../bounds/cover-program.js";
import type { SlotContents } from "./slot-contents.js";

/** How far a sum of amounts must be from whole numbers to be branched on. */
const FRACTION = 0.02;
/** Tasks are of one class where no group has times for them that differ by more, relative. */
const CLASS_WIDTH = 0.25;

export type TreeVerdict = "ruled out" | "found" | "open";

/** A task and the group of slots it is on. */
export interface Placing {
  readonly task: number;
  readonly group: number;
}

/** What the contents of a program choose where their sums are whole. */
export interface WholeContents {
  /** Slot of each task; null where like slots share contents in parts. */
  readonly slotOf: Int32Array | null;
  /** Group of each task. */
  readonly groupOf: Int32Array;
}

/** What comes of whole contents: `found` ends the search; placings that no plan has together are left out from there on. */
export type Judgement = "found" | "open" | readonly Placing[];

interface TreeSearch {
  readonly atTime: number;
  readonly workLimit: number;
  readonly judge: (contents: WholeContents) => Judgement;
}

/**
 * Branch and price on the question whether contents of slots cover every task by a time: branches fix how many tasks a group of slots has, how
 * many of a class of like tasks, or whether it has one task, each a row whose dual only adds to the gains of its tasks (Vanderbeck, Math.
 * Programming 130, 2011). Depth first.
 */
export class ContentsTree {
  numNodes = 0;
  readonly #sets: readonly (readonly Uint8Array[])[];

  constructor(
    private readonly contents: SlotContents,
    private readonly numTasks: number,
    private readonly meter: WorkMeter,
  ) {
    const single = (task: number): Uint8Array => Uint8Array.from({ length: numTasks }, (_, k) => (k === task ? 1 : 0));
    this.#sets = [
      [new Uint8Array(numTasks).fill(1)],
      classesOf(contents, numTasks),
      Array.from({ length: numTasks }, (_, task) => single(task)),
    ];
  }

  /**
   * @param best duals of the rows of tasks and groups to start from; the best at the root are written to it
   * @param take gets an assignment to slots that ends by the time
   */
  run(atTime: number, best: Float64Array, workLimit: number, take: (slotOf: Int32Array) => unknown): TreeVerdict {
    const judge = ({ slotOf }: WholeContents): Judgement => {
      if (slotOf === null) return "open";
      take(slotOf);
      return "found";
    };
    const steps = this.steps({ atTime, workLimit, judge }, best);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  }

  /** The same with a judge of whole contents; yields after each node. */
  steps(search: TreeSearch, best: Float64Array): Generator<void, TreeVerdict> {
    return this.#node(search, this.contents.program(), best);
  }

  *#node(search: TreeSearch, program: CoverProgram, duals: Float64Array): Generator<void, TreeVerdict> {
    this.numNodes += 1;
    yield;
    const verdict = this.contents.cover(search.atTime, program, duals, search.workLimit);
    if (verdict !== "covered") return verdict;
    const branch = this.#branch(program);
    if (branch === null) return yield* this.#judge(search, program, duals);
    const { group, members, sum } = branch;
    for (const sign of [1, -1] as const) {
      const rhs = sign === 1 ? Math.ceil(sum) : -Math.floor(sum);
      const child = yield* this.#node(search, program.withSide({ group, members, sign, rhs }), extended(duals, 1));
      if (child !== "ruled out") return child;
    }
    return "ruled out";
  }

  /** Where contents are whole: the end of the search, or branches that each leave out one of the placings in conflict and have those before it. */
  *#judge(search: TreeSearch, program: CoverProgram, duals: Float64Array): Generator<void, TreeVerdict> {
    const groupOf = this.#groupsOf(program);
    if (groupOf === null) return "open";
    const judgement = search.judge({ slotOf: this.#read(program), groupOf });
    if (typeof judgement === "string") return judgement;
    let [withAhead, numRows] = [program, 1];
    for (const { task, group } of judgement) {
      const members = this.#sets[2]![task]!;
      const without = withAhead.withSide({ group, members, sign: -1, rhs: 0 });
      const child = yield* this.#node(search, without, extended(duals, numRows++));
      if (child !== "ruled out") return child;
      withAhead = withAhead.withSide({ group, members, sign: 1, rhs: 1 });
    }
    return "ruled out";
  }

  #branch(program: CoverProgram): { group: number; members: Uint8Array; sum: number } | null {
    const { groups } = this.contents;
    const amounts = groups.map(() => new Float64Array(this.numTasks));
    for (const { content, amount } of program.chosen()) {
      for (const task of content.tasks) amounts[content.group]![task]! += amount;
    }
    this.meter.spend(groups.length * this.numTasks * 4);
    for (const sets of this.#sets) {
      let [best, most]: [{ group: number; members: Uint8Array; sum: number } | null, number] = [null, FRACTION];
      amounts.forEach((ofTask, group) => {
        for (const members of sets) {
          let sum = 0;
          for (let task = 0; task < ofTask.length; task++) if (members[task] === 1) sum += ofTask[task]!;
          const fraction = Math.min(sum - Math.floor(sum), Math.ceil(sum) - sum);
          if (fraction > most) [best, most] = [{ group, members, sum }, fraction];
        }
      });
      if (best !== null) return best;
    }
    return null;
  }

  /** The group that has most of each task; null where some task is short of one. */
  #groupsOf(program: CoverProgram): Int32Array | null {
    const groupOf = new Int32Array(this.numTasks).fill(-1);
    const amounts = this.contents.groups.map(() => new Float64Array(this.numTasks));
    for (const { content, amount } of program.chosen()) {
      for (const task of content.tasks) {
        const ofGroup = amounts[content.group]!;
        ofGroup[task]! += amount;
        if (ofGroup[task]! > 0.5) groupOf[task] = content.group;
      }
    }
    return groupOf.includes(-1) ? null : groupOf;
  }

  /** The assignment of a program whose amounts are whole; null where those of like slots are not. */
  #read(program: CoverProgram): Int32Array | null {
    const slotOf = new Int32Array(this.numTasks).fill(-1);
    const used = this.contents.groups.map(() => 0);
    for (const { content, amount } of program.chosen()) {
      if (amount < 0.5) continue;
      const slot = this.contents.groups[content.group]!.slots[used[content.group]!++];
      if (slot === undefined) return null;
      for (const task of content.tasks) slotOf[task] = slot;
    }
    return slotOf.includes(-1) ? null : slotOf;
  }
}

/** Tasks with times alike on every group, as sets; sets of one are left out. */
function classesOf({ groups }: SlotContents, numTasks: number): Uint8Array[] {
  const leaders: number[] = [];
  const sets: Uint8Array[] = [];
  for (let task = 0; task < numTasks; task++) {
    let at = leaders.findIndex((leader) =>
      groups.every(({ use }) => {
        const [a, b] = [use[task]!, use[leader]!];
        return a === b || Math.abs(a - b) <= CLASS_WIDTH * b;
      }),
    );
    if (at < 0) {
      at = leaders.push(task) - 1;
      sets.push(new Uint8Array(numTasks));
    }
    sets[at]![task] = 1;
  }
  return sets.filter((set) => set.reduce((sum, one) => sum + one, 0) > 1);
}

function extended(duals: Float64Array, numRows: number): Float64Array {
  const longer = new Float64Array(duals.length + numRows);
  longer.set(duals);
  return longer;
}
