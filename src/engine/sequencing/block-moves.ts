import type { CriticalPath } from "./critical-path.js";
import type { MoveChoice } from "./move-choice.js";
import type { SequenceState } from "./sequence-state.js";
import type { TabuList } from "./tabu-list.js";

/**
 * Moves within the critical blocks of a path: each task of a block behind the last and ahead of the first, and the last and the
 * first to each place inside (Balas, Vazacopoulos, Management Science 44, 1998; Zhang et al., Computers & OR 34, 2007). A block is a
 * longest run of path tasks that follow each other on a slot. A move is tabu if most of the orders that it reverses are. Lengths are estimated by chains of heads and tails over the tasks between.
 */
export class BlockMoves {
  readonly #heads: Float64Array;
  #iteration = 0;

  constructor(
    private readonly state: SequenceState,
    private readonly choice: MoveChoice,
    private readonly tabuArcs: TabuList,
    /** Moves over more places are not offered. */
    private readonly maxSpan: number,
  ) {
    this.#heads = new Float64Array(state.problem.numTasks);
  }

  /** Offers the moves of all blocks of the path. */
  offerAll({ tasks, size }: CriticalPath, iteration: number): void {
    this.#iteration = iteration;
    const { slotOf, position } = this.state;
    for (let last = 0; last < size;) {
      const slot = slotOf[tasks[last]!]!;
      let first = last;
      while (first + 1 < size && slotOf[tasks[first + 1]!] === slot && isNext(position, tasks, first)) first++;
      if (first > last) this.#offerBlock(slot, position[tasks[first]!]!, position[tasks[last]!]!);
      last = first + 1;
    }
  }

  #offerBlock(slot: number, first: number, last: number): void {
    for (let k = first; k < last; k++) this.#offerBehind(slot, k, last);
    for (let k = first + 2; k <= last; k++) this.#offerAhead(slot, k, first);
    for (let k = first + 1; k < last; k++) {
      this.#offerBehind(slot, first, k);
      if (k > first + 1) this.#offerAhead(slot, last, k);
    }
  }

  /** The task at `from` to the place behind the task at `to` > from. */
  #offerBehind(slot: number, from: number, to: number): void {
    if (to - from > this.maxSpan) return;
    const { state, choice } = this;
    const { busy, dependencyHead, dependencyTail, head, finish, reach } = state;
    const { successorStart, successors } = state.problem;
    const sequence = state.sequences[slot]!;
    const task = sequence[from]!;
    const last = sequence[to]!;
    // No path leads from a successor to the last task unless its way to the end is longer and it ends before the last one starts.
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      const next = successors[k]!;
      if (next === last || (reach[next]! > reach[last]! && finish[next]! <= head[last]!)) return;
    }
    const highest = choice.estimate;
    let free = this.#freeBefore(slot, from);
    let numTabu = 0;
    for (let k = from + 1; k <= to; k++) {
      const node = sequence[k]!;
      const start = Math.max(dependencyHead[node]!, free);
      this.#heads[k - from - 1] = start;
      free = start + busy[node]!;
      if (free + dependencyTail[node]! > highest) return choice.pass();
      if (this.tabuArcs.isTabu(node, task, this.#iteration)) numTabu++;
    }
    let way = Math.max(dependencyTail[task]!, this.#reachAfter(slot, to)) + busy[task]!;
    let longest = Math.max(dependencyHead[task]!, free) + way;
    if (longest > highest) return choice.pass();
    for (let k = to; k > from; k--) {
      const node = sequence[k]!;
      way = Math.max(dependencyTail[node]!, way) + busy[node]!;
      longest = Math.max(longest, this.#heads[k - from - 1]! + way);
    }
    choice.offer(longest, numTabu > Math.abs(to - from) / 2, task, state.pairOf[task]!, slot, to);
  }

  /** The task at `from` to the place ahead of the task at `to` < from. */
  #offerAhead(slot: number, from: number, to: number): void {
    if (from - to > this.maxSpan) return;
    const { state, choice } = this;
    const { busy, dependencyHead, dependencyTail, tail, finish, reach } = state;
    const { predecessorStart, predecessors } = state.problem;
    const sequence = state.sequences[slot]!;
    const task = sequence[from]!;
    const first = sequence[to]!;
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const before = predecessors[k]!;
      if (before === first || (finish[before]! > finish[first]! && reach[before]! <= tail[first]!)) return;
    }
    let free = Math.max(dependencyHead[task]!, this.#freeBefore(slot, to));
    const taskHead = free;
    free += busy[task]!;
    const highest = choice.estimate;
    if (free + dependencyTail[task]! > highest) return choice.pass();
    let numTabu = 0;
    for (let k = to; k < from; k++) {
      const node = sequence[k]!;
      const start = Math.max(dependencyHead[node]!, free);
      this.#heads[k - to] = start;
      free = start + busy[node]!;
      if (free + dependencyTail[node]! > highest) return choice.pass();
      if (this.tabuArcs.isTabu(task, node, this.#iteration)) numTabu++;
    }
    let way = this.#reachAfter(slot, from);
    let longest = 0;
    for (let k = from - 1; k >= to; k--) {
      const node = sequence[k]!;
      way = Math.max(dependencyTail[node]!, way) + busy[node]!;
      longest = Math.max(longest, this.#heads[k - to]! + way);
    }
    longest = Math.max(longest, taskHead + busy[task]! + Math.max(dependencyTail[task]!, way));
    choice.offer(longest, numTabu > Math.abs(to - from) / 2, task, state.pairOf[task]!, slot, to);
  }

  #freeBefore(slot: number, position: number): number {
    const { sequences, finish, problem } = this.state;
    if (position > 0) return finish[sequences[slot]![position - 1]!]!;
    return problem.availableFromMs[problem.slotAgent[slot]!]!;
  }

  #reachAfter(slot: number, position: number): number {
    const { sequences, lengths, reach } = this.state;
    return position + 1 < lengths[slot]! ? reach[sequences[slot]![position + 1]!]! : 0;
  }
}

/** Whether the path's next entry (an earlier task) stands directly before this one on their slot. */
function isNext(position: Int32Array, tasks: Int32Array, k: number): boolean {
  return position[tasks[k + 1]!]! + 1 === position[tasks[k]!]!;
}
