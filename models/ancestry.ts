/** Chances that tasks start: a task runs only if every ancestor in the wave has succeeded. */
import type { Instance } from "./instance.js";

interface Ancestry {
  /** Every task after those it depends on. */
  readonly order: Int32Array;
  /** Where the chance is not that of its one predecessor: all ancestors of the task, one bit each. */
  readonly ancestors: ReadonlyMap<number, Uint32Array>;
}

/** What an instance says of dependencies. */
type Arcs = Pick<Instance, "numTasks" | "dependsStart" | "dependsOn">;

/** By the arcs, which copies of an instance share. */
const KNOWN = new WeakMap<Int32Array, Ancestry>();

/**
 * Π_{a ancestor of i} success[a] for every task i: the chance that i starts, attempts being independent. An ancestor counts once, however
 * many paths lead from it. O(tasks + dependencies) where no task waits for more than one; O(tasks²) otherwise.
 */
export function startChances(instance: Arcs, success: ArrayLike<number>): Float64Array {
  const { dependsStart, dependsOn } = instance;
  const { order, ancestors } = ancestryOf(instance);
  const chance = new Float64Array(instance.numTasks).fill(1);
  for (const task of order) {
    const set = ancestors.get(task);
    if (set !== undefined) chance[task] = productOver(set, success);
    else if (dependsStart[task]! < dependsStart[task + 1]!) {
      const before = dependsOn[dependsStart[task]!]!;
      chance[task] = chance[before]! * success[before]!;
    }
  }
  return chance;
}

/** Every task after those it depends on. */
export function dependencyOrder(instance: Arcs): Int32Array {
  return ancestryOf(instance).order;
}

function productOver(set: Uint32Array, success: ArrayLike<number>): number {
  let product = 1;
  for (let word = 0; word < set.length; word++) {
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1) {
      product *= success[32 * word + 31 - Math.clz32(bits & -bits)]!;
    }
  }
  return product;
}

function ancestryOf(instance: Arcs): Ancestry {
  const known = KNOWN.get(instance.dependsOn);
  if (known !== undefined) return known;
  const order = orderOf(instance);
  const ancestry = { order, ancestors: ancestorsOf(instance, order) };
  KNOWN.set(instance.dependsOn, ancestry);
  return ancestry;
}

function orderOf({ numTasks, dependsStart, dependsOn }: Arcs): Int32Array {
  const numWaitingFor = Int32Array.from({ length: numTasks }, (_, i) => dependsStart[i + 1]! - dependsStart[i]!);
  const followers: number[][] = Array.from({ length: numTasks }, () => []);
  for (let task = 0; task < numTasks; task++) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) followers[dependsOn[d]!]!.push(task);
  }
  const order = new Int32Array(numTasks);
  let size = 0;
  for (let task = 0; task < numTasks; task++) if (numWaitingFor[task] === 0) order[size++] = task;
  for (let read = 0; read < size; read++) {
    for (const next of followers[order[read]!]!) if (--numWaitingFor[next]! === 0) order[size++] = next;
  }
  return order;
}

/** Sets of the tasks that wait for several; those of tasks on the way to them are built from their predecessors' and dropped. */
function ancestorsOf({ numTasks, dependsStart, dependsOn }: Arcs, order: Int32Array): Map<number, Uint32Array> {
  const numBefore = (task: number): number => dependsStart[task + 1]! - dependsStart[task]!;
  const kept = new Map<number, Uint32Array>();
  if (!order.some((task) => numBefore(task) > 1)) return kept;
  const sets: Uint32Array[] = [];
  for (const task of order) {
    const set = new Uint32Array((numTasks + 31) >> 5);
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      const before = dependsOn[d]!;
      sets[before]!.forEach((bits, word) => (set[word]! |= bits));
      set[before >> 5]! |= 1 << (before & 31);
    }
    sets[task] = set;
    if (numBefore(task) > 1) kept.set(task, set);
  }
  return kept;
}
