import type { TaskOrder } from "./sequence-state.js";

/** A topological order of all tasks with the pair of each, changed in place. */
export class TaskList {
  readonly order: Int32Array;
  readonly pairOf: Int32Array;
  /** Inverse of `order`. */
  readonly position: Int32Array;

  constructor(numTasks: number) {
    this.order = new Int32Array(numTasks);
    this.pairOf = new Int32Array(numTasks);
    this.position = new Int32Array(numTasks);
  }

  load({ order, pairOf }: Pick<TaskOrder, "order" | "pairOf">): void {
    this.order.set(order);
    this.pairOf.set(pairOf);
    for (let place = 0; place < order.length; place++) this.position[order[place]!] = place;
  }

  /** The task at one place goes to another; those between move by one. */
  shift(from: number, to: number): void {
    const { order, position } = this;
    const task = order[from]!;
    const step = to < from ? -1 : 1;
    for (let place = from; place !== to; place += step) {
      const next = order[place + step]!;
      order[place] = next;
      position[next] = place;
    }
    order[to] = task;
    position[task] = to;
  }
}
