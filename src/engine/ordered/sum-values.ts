import { DEFERRED, dependencyOrder, type Goal, type GoalChain, type Instance, isTimed } from "../../../models/index.js";

/** Entries of the lists of ancestors, at most: beyond it what a change does to chances takes longer than the change. */
const MOST_ANCESTORS = 2_000_000;
/** What a goal counts before those after it, and a deferred weight before all of them, in the widest spreads of a task. */
const BEFORE_FACTOR = 3;

/** Sums as one number, minimised: what a schedule is worth by the goals up to the first, the earlier ones counting so much that none is traded for a later. */
export class SumValues {
  /** Cost of each pair as far as it is a sum over pairs. */
  readonly perPair: Float64Array;
  /** Cost of leaving out each task. */
  readonly perOut: Float64Array;
  /** The scale of a change: the widest difference of costs on the first goal among the pairs of a task; where chances count, the root of the mean square of these. */
  spread: number;
  /** Entries looked at so far. */
  numLooks = 0;
  /** Of the first goal where pairs count by the chance that their tasks start: minimised, by pair; null where they do not. */
  readonly #perStarted: Float64Array | null;
  readonly #descendantStart: Int32Array;
  readonly #descendants: Int32Array;
  readonly #order: Int32Array;
  readonly #chance: Float64Array;
  readonly #gain: Float64Array;

  private constructor(
    private readonly instance: Instance,
    sums: readonly Goal[],
    first: Goal,
    descendants: Descendants,
  ) {
    const sign = first.sense === "min" ? 1 : -1;
    const { chanced } = first;
    const ofPairs = chanced === undefined ? first.perPair! : chanced.perPlaced;
    this.#perStarted = chanced?.perStarted.map((one) => sign * one) ?? null;
    this.perPair = ofPairs?.map((one) => sign * one) ?? new Float64Array(instance.numPairs);
    this.spread = widestSpread(instance, first.perPair!) || 1;
    let scale = this.spread;
    for (const goal of sums.toReversed()) {
      const own = widestSpread(instance, goal.perPair!);
      if (own === 0) continue;
      const least = goal.perPair!.reduce((most, one) => (one !== 0 ? Math.min(most, Math.abs(one)) : most), Infinity);
      const factor = ((goal.sense === "min" ? 1 : -1) * BEFORE_FACTOR * scale) / least;
      goal.perPair!.forEach((one, pair) => (this.perPair[pair]! += factor * one));
      scale = Math.abs(factor) * own;
    }
    const leastWeight = instance.weight.reduce((least, one) => (one > 0 ? Math.min(least, one) : least), Infinity);
    this.perOut = instance.weight.map((one) => (BEFORE_FACTOR * scale * one) / leastWeight);
    [this.#descendantStart, this.#descendants] = [descendants.start, descendants.tasks];
    this.#order = dependencyOrder(instance);
    this.#chance = new Float64Array(instance.numTasks);
    this.#gain = new Float64Array(instance.numTasks);
  }

  /** Null where a goal up to the first is no sum, leaving out has a price among them, or chances depend on too much. */
  static of(instance: Instance, { goals, firstIndex }: GoalChain): SumValues | null {
    if (instance.deferral.kind === "priced") return null;
    const first = goals[firstIndex]!;
    const before = goals.slice(0, firstIndex).filter(({ name }) => name !== "deferral");
    if (![...before, first].every(isPairSum) || before.some(({ chanced }) => chanced !== undefined)) return null;
    const isChanced = first.chanced !== undefined;
    if (!isChanced && first.linearity !== undefined && first.linearity !== "is") return null;
    const descendants = isChanced ? findDescendants(instance) : NO_DESCENDANTS;
    return descendants === null ? null : new SumValues(instance, before, first, descendants);
  }

  /** The value of a choice of pairs. O(tasks), and where chances count O(pairs of a task and an ancestor). */
  evaluate(pairOf: Int32Array): number {
    const { perPair, perOut } = this;
    let value = 0;
    for (let task = 0; task < pairOf.length; task++) {
      const pair = pairOf[task]!;
      value += pair === DEFERRED ? perOut[task]! : perPair[pair]!;
    }
    if (this.#perStarted === null) return value;
    this.#computeChances(pairOf);
    for (let task = 0; task < pairOf.length; task++) {
      if (pairOf[task] !== DEFERRED) value += this.#perStarted[pairOf[task]!]! * this.#chance[task]!;
    }
    return value;
  }

  /** What each pair costs where all other tasks stay as they are, into `costs`; a task that is left out counts with its best success. */
  guide(pairOf: Int32Array, costs: Float64Array): void {
    costs.set(this.perPair);
    const perStarted = this.#perStarted;
    if (perStarted === null) return;
    const { pairStart, success } = this.instance;
    this.#computeChances(pairOf);
    const [chance, gain] = [this.#chance, this.#gain];
    let squares = 0;
    for (let task = 0; task < pairOf.length; task++) {
      gain[task] = 0;
      for (let d = this.#descendantStart[task]!; d < this.#descendantStart[task + 1]!; d++) {
        const pair = pairOf[this.#descendants[d]!]!;
        if (pair !== DEFERRED) gain[task]! += perStarted[pair]! * chance[this.#descendants[d]!]!;
      }
      const own = pairOf[task] === DEFERRED ? 1 : success[pairOf[task]!]!;
      let [least, most] = [Infinity, -Infinity];
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const cost = perStarted[pair]! * chance[task]! + (own > 0 ? (gain[task]! * success[pair]!) / own : 0);
        costs[pair]! += cost;
        [least, most] = [Math.min(least, cost), Math.max(most, cost)];
      }
      if (most > least) squares += (most - least) ** 2;
    }
    if (squares > 0) this.spread = Math.sqrt(squares / pairOf.length);
    this.numLooks += this.#descendants.length / 4;
  }

  #computeChances(pairOf: Int32Array): void {
    const { success } = this.instance;
    const [chance, start, descendants] = [this.#chance, this.#descendantStart, this.#descendants];
    chance.fill(1);
    for (const task of this.#order) {
      const pair = pairOf[task]!;
      const own = pair === DEFERRED ? 1 : success[pair]!;
      if (own === 1) continue;
      for (let d = start[task]!; d < start[task + 1]!; d++) chance[descendants[d]!]! *= own;
    }
    this.numLooks += descendants.length / 16;
  }
}

interface Descendants {
  readonly start: Int32Array;
  readonly tasks: Int32Array;
}

const NO_DESCENDANTS: Descendants = { start: new Int32Array(0), tasks: new Int32Array(0) };

function isPairSum(goal: Goal): boolean {
  return goal.perPair !== null && !isTimed(goal);
}

/** Largest difference of a goal's coefficients among the pairs of one task. */
function widestSpread({ numTasks, pairStart }: Instance, perPair: Float64Array): number {
  let widest = 0;
  for (let task = 0; task < numTasks; task++) {
    let [least, most] = [Infinity, -Infinity];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      [least, most] = [Math.min(least, perPair[pair]!), Math.max(most, perPair[pair]!)];
    }
    widest = Math.max(widest, most - least);
  }
  return widest;
}

/** All tasks that wait for each, directly or through others; null where these are too many. */
function findDescendants(instance: Instance): Descendants | null {
  const { numTasks, dependsStart, dependsOn } = instance;
  const waiting = Array.from({ length: numTasks }, (): number[] => []);
  for (let task = 0; task < numTasks; task++) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) waiting[dependsOn[d]!]!.push(task);
  }
  const lists = Array.from({ length: numTasks }, (): readonly number[] => []);
  const mark = new Int32Array(numTasks).fill(-1);
  let numEntries = 0;
  for (const task of dependencyOrder(instance).toReversed()) {
    const own: number[] = [];
    for (const next of waiting[task]!) {
      for (const one of [next, ...lists[next]!]) {
        if (mark[one] === task) continue;
        mark[one] = task;
        own.push(one);
      }
    }
    lists[task] = own;
    numEntries += own.length;
    if (numEntries > MOST_ANCESTORS) return null;
  }
  const start = new Int32Array(numTasks + 1);
  lists.forEach((own, task) => (start[task + 1] = start[task]! + own.length));
  return { start, tasks: Int32Array.from(lists.flat()) };
}
