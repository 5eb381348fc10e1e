import type { WorkMeter } from "../bounds/work-meter.js";
import type { CoverProgram } from "../bounds/cover-program.js";
import { ContentsBranching } from "./contents-branching.js";
import { leastConflict, packKinds } from "./pack-kinds.js";
import type { SlotContents } from "./slot-contents.js";

export type TreeVerdict = "ruled out" | "found" | "open";

/** A group of slots that has a number of tasks of a kind, or more. */
export interface Placing {
  readonly group: number;
  readonly kind: number;
  readonly count: number;
}

/** Whole numbers of tasks, by group of slots and kind. */
export type WholeAmounts = readonly Int32Array[];

/** What comes of whole amounts: `found` ends the search; placings that no plan has together are left out from there on. */
export type Judgement = "found" | "open" | readonly Placing[];

interface TreeSearch {
  readonly atTime: number;
  readonly workLimit: number;
  readonly judge: (amounts: WholeAmounts) => Judgement;
  /** Gets the amounts that cover everything before the first branch, in parts. */
  readonly onRoot?: (amounts: readonly Float64Array[]) => void;
}

/**
 * Branch and price on the question whether contents of slots cover every task by a time: branches fix how many tasks a group of slots has, how
 * many of a class of similar tasks, or how many of one kind, each a row whose dual only adds to the gains of its tasks (Vanderbeck, Math.
 * Programming 130, 2011). Depth first.
 */
export class ContentsTree {
  numNodes = 0;
  readonly #branching: ContentsBranching;

  constructor(
    private readonly contents: SlotContents,
    private readonly meter: WorkMeter,
  ) {
    this.#branching = new ContentsBranching(contents, meter);
  }

  /**
   * @param best duals of the rows of tasks and groups to start from; the best at the root are written to it
   * @param take gets an assignment to slots that ends by the time
   * @param onRoot gets the amounts that cover everything before the first branch
   */
  run(
    atTime: number,
    best: Float64Array,
    workLimit: number,
    take: (slotOf: Int32Array) => unknown,
    onRoot: (amounts: readonly Float64Array[]) => void = () => undefined,
  ): TreeVerdict {
    const judge = (amounts: WholeAmounts): Judgement => this.#pack(amounts, atTime, take);
    const steps = this.steps({ atTime, workLimit, judge, onRoot }, best);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  }

  /** The same with a judge of whole contents; yields after each node and each branch that is looked at. */
  steps(search: TreeSearch, best: Float64Array): Generator<void, TreeVerdict> {
    return this.#node(search, this.contents.program(), best);
  }

  *#node(search: TreeSearch, program: CoverProgram, duals: Float64Array): Generator<void, TreeVerdict> {
    this.numNodes += 1;
    yield;
    const verdict = this.contents.cover(search.atTime, program, duals, search.workLimit);
    if (verdict !== "covered") return verdict;
    const amounts = this.#amounts(program);
    if (program.sides.length === 0) search.onRoot?.(amounts);
    const branch = yield* this.#branching.choose(program, amounts);
    if (branch === null) return yield* this.#judge(search, program, duals);
    for (const side of branch.sides) {
      const child = yield* this.#node(search, side, extended(duals, 1));
      if (child !== "ruled out") return child;
    }
    return "ruled out";
  }

  /** Where amounts are whole: the end of the search, or branches that each leave out one of the placings in conflict and have those before it. */
  *#judge(search: TreeSearch, program: CoverProgram, duals: Float64Array): Generator<void, TreeVerdict> {
    const amounts = this.#wholeAmounts(program);
    if (amounts === null) return "open";
    const judgement = search.judge(amounts);
    if (typeof judgement === "string") return judgement;
    let [withAhead, numRows] = [program, 1];
    for (const { group, kind, count } of judgement) {
      const members = this.#branching.single(kind);
      const without = withAhead.withSide({ group, members, sign: -1, rhs: 1 - count });
      const child = yield* this.#node(search, without, extended(duals, numRows++));
      if (child !== "ruled out") return child;
      withAhead = withAhead.withSide({ group, members, sign: 1, rhs: count });
    }
    return "ruled out";
  }

  /** Packs the tasks of each group into its slots: the contents that were chosen may have been so in parts. */
  #pack(amounts: WholeAmounts, atTime: number, take: (slotOf: Int32Array) => unknown): Judgement {
    const { groups, kinds } = this.contents;
    const slotOf = new Int32Array(kinds.reduce((sum, tasks) => sum + tasks.length, 0));
    const numTaken = new Int32Array(kinds.length);
    for (const [group, { slots, use }] of groups.entries()) {
      const shared = { use, counts: amounts[group]!, numSlots: slots.length, room: this.contents.room(group, atTime) };
      const packed = packKinds(shared, this.meter);
      if (packed === "open") return "open";
      if (packed === "none") {
        const placings: Placing[] = [];
        leastConflict(shared, this.meter).forEach((count, kind) => {
          if (count > 0) placings.push({ group, kind, count });
        });
        return placings;
      }
      packed.forEach((slotsOfKind, kind) => {
        for (const slot of slotsOfKind) slotOf[kinds[kind]![numTaken[kind]!++]!] = slots[slot]!;
      });
    }
    take(slotOf);
    return "found";
  }

  /** How many tasks of each kind each group has, by group and kind. */
  #amounts(program: CoverProgram): Float64Array[] {
    const { groups, kinds } = this.contents;
    const amounts = groups.map(() => new Float64Array(kinds.length));
    for (const { content, amount } of program.chosen()) {
      for (const kind of content.tasks) amounts[content.group]![kind]! += amount;
    }
    return amounts;
  }

  /** The amounts where they are whole, what is covered more than once only where it is first; null where some task is short of one. */
  #wholeAmounts(program: CoverProgram): WholeAmounts | null {
    const { kinds } = this.contents;
    const open = Int32Array.from(kinds, (tasks) => tasks.length);
    const amounts = this.#amounts(program).map((ofKind) =>
      Int32Array.from(ofKind, (amount, kind) => {
        const taken = Math.min(open[kind]!, Math.round(amount));
        open[kind]! -= taken;
        return taken;
      }),
    );
    return open.some((numTasks) => numTasks > 0) ? null : amounts;
  }
}

function extended(duals: Float64Array, numRows: number): Float64Array {
  const longer = new Float64Array(duals.length + numRows);
  longer.set(duals);
  return longer;
}
