/** Chances that tasks start: a task runs only if every ancestor in the wave has succeeded. */
import type { Instance } from "./instance.js";

interface Ancestry {
  /** Every task after those it depends on. */
  readonly order: Int32Array;
  /** What the chance of each task is made of; built when the first chance is asked for. */
  factors: Factors | null;
}

/** A task starts if one of its predecessors could start and succeeds, and so do all other ancestors. */
interface Factors {
  /** The predecessor with the most ancestors, −1 for a task that waits for none. */
  readonly predecessor: Int32Array;
  /** By task: ancestors that are neither the predecessor nor an ancestor of it, as pairs of a word's index and its bits; null for none. */
  readonly others: readonly (Uint32Array | null)[];
}

/** What an instance says of dependencies. */
type Arcs = Pick<Instance, "numTasks" | "dependsStart" | "dependsOn">;

/** By the arcs, which copies of an instance share. */
const KNOWN = new WeakMap<Int32Array, Ancestry>();

/**
 * Π_{a ancestor of i} success[a] for every task i: the chance that i starts, attempts being independent. An ancestor counts once, however
 * many paths lead from it. O(tasks + dependencies) where no task waits for more than one, or all are sure to succeed; O(tasks²) otherwise.
 */
export function startChances(instance: Arcs, success: ArrayLike<number>): Float64Array {
  const chance = new Float64Array(instance.numTasks).fill(1);
  if (areAllSure(instance, success)) return chance;
  const { order, predecessor, others } = factorsOf(instance);
  for (const task of order) {
    const before = predecessor[task]!;
    if (before < 0) continue;
    const own = others[task]!;
    const product = chance[before]! * success[before]!;
    chance[task] = own === null ? product : product * productOver(own, success);
  }
  return chance;
}

function areAllSure({ numTasks }: Arcs, success: ArrayLike<number>): boolean {
  for (let task = 0; task < numTasks; task++) if (success[task] !== 1) return false;
  return true;
}

/** Every task after those it depends on. */
export function dependencyOrder(instance: Arcs): Int32Array {
  return ancestryOf(instance).order;
}

/** @param set pairs of a word's index and its bits */
function productOver(set: Uint32Array, success: ArrayLike<number>): number {
  let product = 1;
  for (let k = 0; k < set.length; k += 2) {
    for (let bits = set[k + 1]!; bits !== 0; bits &= bits - 1) {
      product *= success[32 * set[k]! + 31 - Math.clz32(bits & -bits)]!;
    }
  }
  return product;
}

function ancestryOf(instance: Arcs): Ancestry {
  const known = KNOWN.get(instance.dependsOn);
  if (known !== undefined) return known;
  const ancestry: Ancestry = { order: orderOf(instance), factors: null };
  KNOWN.set(instance.dependsOn, ancestry);
  return ancestry;
}

function factorsOf(instance: Arcs): Factors & Pick<Ancestry, "order"> {
  const ancestry = ancestryOf(instance);
  ancestry.factors ??= buildFactors(instance, ancestry.order);
  return { order: ancestry.order, ...ancestry.factors };
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

function buildFactors({ numTasks, dependsStart, dependsOn }: Arcs, order: Int32Array): Factors {
  const predecessor = new Int32Array(numTasks).fill(-1);
  const others = new Array<Uint32Array | null>(numTasks).fill(null);
  const numBefore = (task: number): number => dependsStart[task + 1]! - dependsStart[task]!;
  if (!order.some((task) => numBefore(task) > 1)) {
    for (const task of order) if (numBefore(task) === 1) predecessor[task] = dependsOn[dependsStart[task]!]!;
    return { predecessor, others };
  }
  const sets: Uint32Array[] = [];
  const sizes = new Int32Array(numTasks);
  const numWords = (numTasks + 31) >> 5;
  for (const task of order) {
    const set = new Uint32Array(numWords);
    let largest = -1;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      const before = dependsOn[d]!;
      if (largest < 0 || sizes[before]! > sizes[largest]!) largest = before;
      const bit = 1 << (before & 31);
      // Its ancestors are in the set already where another predecessor waits for it.
      if ((set[before >> 5]! & bit) === 0) addAll(set, sets[before]!);
      set[before >> 5]! |= bit;
    }
    sets[task] = set;
    sizes[task] = sizeOf(set);
    predecessor[task] = largest;
    if (numBefore(task) > 1) others[task] = otherBits(set, sets[largest]!, largest);
  }
  return { predecessor, others };
}

function addAll(set: Uint32Array, more: Uint32Array): void {
  for (let word = 0; word < set.length; word++) set[word]! |= more[word]!;
}

function sizeOf(set: Uint32Array): number {
  let size = 0;
  for (let word = 0; word < set.length; word++) for (let bits = set[word]!; bits !== 0; bits &= bits - 1) size++;
  return size;
}

/** What a set holds besides a predecessor and its ancestors, as pairs of a word's index and its bits; null for nothing. */
function otherBits(set: Uint32Array, ofPredecessor: Uint32Array, predecessor: number): Uint32Array | null {
  const pairs: number[] = [];
  for (let word = 0; word < set.length; word++) {
    let bits = set[word]! & ~ofPredecessor[word]!;
    if (word === predecessor >> 5) bits &= ~(1 << (predecessor & 31));
    if (bits !== 0) pairs.push(word, bits);
  }
  return pairs.length === 0 ? null : Uint32Array.from(pairs);
}
