import {
  type CountedGoalKind,
  type GoalSource,
  type InstanceArrays,
  type NumberArray,
  type PlainStrategy,
  type Sense,
  STRATEGY_MODELS,
} from "../../../models/index.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";

/** Slack of capacities against the rounding of sums, relative. */
const CAPACITY_SLACK = 1e-9;

/** Instance arrays as the kernels see them: minimised costs, tasks that have a pair, and arrays that threads share. */
export interface ArraysView {
  readonly goal: Pick<CountedGoalKind, "name" | "sense">;
  /** Costs are all 0 where the goal is of times. */
  readonly problem: GeneralizedAssignment;
  /** Slots and releases where the goal is of times, else null. */
  readonly timing: { readonly slots: Int32Array; readonly availableFrom: Float64Array } | null;
  /** Task of the arrays behind each task of the problem; the others have no pair. */
  readonly taskOf: Int32Array;
  /** Weight of each task of the problem. */
  readonly weight: Float64Array;
}

/**
 * What the kernels work on; null where the instance has limits beyond busy time, or limits on a goal of times. Arrays are copied
 * into shared memory unless they lie there already, in the type that is wanted. O(pairs).
 */
export function viewArrays(arrays: InstanceArrays, strategy: PlainStrategy): ArraysView | null {
  const { name, sense, source } = STRATEGY_MODELS[strategy].first;
  const isFree = (limits: NumberArray | undefined): boolean => limits === undefined || limits.every(isInfinite);
  if (!isFree(arrays.maxTasks) || !isFree(arrays.deadlineMs) || (arrays.budget ?? Infinity) < Infinity) return null;
  if (source.kind === "slots" && !isFree(arrays.capacityMs)) return null;
  const { numTasks, numAgents } = arrays;
  const taskOf: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    if (arrays.pairStart[task + 1]! > arrays.pairStart[task]!) taskOf.push(task);
  }
  const pairStart = sharedInts(taskOf.length + 1);
  taskOf.forEach((task, k) => (pairStart[k + 1] = arrays.pairStart[task + 1]!));
  const use = asSharedFloats(arrays.busyMs);
  const weight = sharedFloats(taskOf.length);
  taskOf.forEach((task, k) => (weight[k] = arrays.weight?.[task] ?? 1));
  const problem = {
    numTasks: taskOf.length,
    numAgents,
    pairStart,
    pairAgent: asSharedInts(arrays.pairAgent),
    cost: minimisedCosts(arrays, { source, sense }, { taskOf, pairStart, weight }),
    use,
    capacity: capacities(arrays, use),
  };
  const isOfStart = source.kind === "slots" && source.startsAt === "available";
  const slots = Int32Array.from({ length: numAgents }, (_, agent) => slotsOf(arrays, agent));
  const availableFrom = Float64Array.from({ length: numAgents }, (_, agent) =>
    isOfStart ? (arrays.availableFromMs?.[agent] ?? 0) : 0,
  );
  const timing = source.kind === "slots" ? { slots, availableFrom } : null;
  return { goal: { name, sense }, problem, timing, taskOf: Int32Array.from(taskOf), weight };
}

/** Slots of an agent, at most one a task: more would stay empty. */
export function slotsOf({ slots, numTasks }: InstanceArrays, agent: number): number {
  return Math.max(1, Math.min(slots?.[agent] ?? 1, numTasks));
}

interface PlacedTasks {
  readonly taskOf: readonly number[];
  readonly pairStart: Int32Array;
  readonly weight: Float64Array;
}

function minimisedCosts(
  arrays: InstanceArrays,
  { source, sense }: { readonly source: GoalSource; readonly sense: Sense },
  { taskOf, pairStart, weight }: PlacedTasks,
): Float64Array {
  const numPairs = pairStart[taskOf.length]!;
  if (source.kind === "slots") return sharedFloats(numPairs);
  const { array, isWeighted, term } = source;
  const values = arrays[array]!;
  const isPlain = sense === "min" && term === null && (!isWeighted || weight.every((one) => one === 1));
  if (isPlain) return asSharedFloats(values);
  const cost = sharedFloats(numPairs);
  for (let k = 0; k < taskOf.length; k++) {
    const factor = (sense === "min" ? 1 : -1) * (isWeighted ? weight[k]! : 1);
    for (let pair = pairStart[k]!; pair < pairStart[k + 1]!; pair++) {
      cost[pair] = factor * (term === null ? values[pair]! : term(values[pair]!));
    }
  }
  return cost;
}

/** slots · capacity of each agent; whole where uses are, so that knapsacks may count on it. */
function capacities({ capacityMs, slots, numAgents }: InstanceArrays, use: Float64Array): Float64Array {
  const capacity = sharedFloats(numAgents).fill(Infinity);
  if (capacityMs === undefined) return capacity;
  const isWhole = use.every(Number.isInteger);
  for (let agent = 0; agent < numAgents; agent++) {
    const room = capacityMs[agent]! * (slots?.[agent] ?? 1) * (1 + CAPACITY_SLACK);
    capacity[agent] = isWhole ? Math.floor(room) : room;
  }
  return capacity;
}

function isInfinite(value: number): boolean {
  return value === Infinity;
}

function sharedFloats(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

function asSharedFloats(values: NumberArray): Float64Array {
  if (values instanceof Float64Array && values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedFloats(values.length);
  copy.set(values);
  return copy;
}

function asSharedInts(values: NumberArray): Int32Array {
  if (values instanceof Int32Array && values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedInts(values.length);
  copy.set(values);
  return copy;
}
