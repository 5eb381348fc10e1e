import type { Random } from "../../domain/index.js";
import type { SequenceState } from "./sequence-state.js";

/** One longest path of a schedule, drawn at random; reused from iteration to iteration. */
export class CriticalPath {
  /** Tasks of the path from the last to the first: the first `size` entries. */
  readonly tasks: Int32Array;
  size = 0;

  constructor(
    private readonly state: SequenceState,
    private readonly random: Random,
  ) {
    this.tasks = new Int32Array(state.problem.numTasks);
  }

  /** Traces a path back from a task that ends last: each task starts when the one before it on the path ends. */
  trace(): void {
    const { state, random } = this;
    const { head, finish, delivery, length } = state;
    const { predecessorStart, predecessors } = state.problem;
    this.size = 0;
    let numTied = 0;
    let task = -1;
    for (let one = 0; one < finish.length; one++) {
      if (finish[one]! + delivery[one]! === length && random.below(++numTied) === 0) task = one;
    }
    while (task >= 0) {
      this.tasks[this.size++] = task;
      const start = head[task]!;
      numTied = 0;
      const neighbour = state.before[task]!;
      let previous = -1;
      if (neighbour >= 0 && finish[neighbour] === start) {
        previous = neighbour;
        numTied = 1;
      }
      for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
        const before = predecessors[k]!;
        if (finish[before] === start && before !== neighbour && random.below(++numTied) === 0) previous = before;
      }
      task = previous;
    }
  }
}
