/**
 * What a plan is worth, counted straight from the plan: independent of programs, rows and solvers.
 * Every function is O(numTasks + total slots); deferred tasks count nothing except in `deferredWeight`.
 */
import { startChances } from "./ancestry.js";
import { type Assignment, DEFERRED, findPair, type Instance, isPlaceable } from "./instance.js";

/** Calls `visit(pair, task)` for every placed task, in ascending task order. Placing an ineligible pair is a bug. */
export function forEachPlaced(
  instance: Instance,
  assignment: Assignment,
  visit: (pair: number, task: number) => void,
): void {
  for (let task = 0; task < instance.numTasks; task++) {
    const agent = assignment.agentOf[task]!;
    if (agent === DEFERRED) continue;
    const pair = findPair(instance, task, agent);
    if (pair === undefined) throw new RangeError(`task ${task} is placed on agent ${agent}, which is not eligible`);
    visit(pair, task);
  }
}

/** Σ term(pair, task) over placed tasks, in ascending task order. */
export function sumOverPlaced(
  instance: Instance,
  assignment: Assignment,
  term: (pair: number, task: number) => number,
): number {
  // What rounding takes from the sum is added in the end (Neumaier, Z. Angew. Math. Mech. 54, 1974): plans of equal terms in any order have equal values.
  let [sum, lost] = [0, 0];
  forEachPlaced(instance, assignment, (pair, task) => {
    const value = term(pair, task);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  });
  return Number.isFinite(sum) ? sum + lost : sum;
}

/** Σ w_i over deferred tasks. */
export function deferredWeight(instance: Instance, assignment: Assignment): number {
  let sum = 0;
  for (let task = 0; task < instance.numTasks; task++) {
    if (assignment.agentOf[task] === DEFERRED) sum += instance.weight[task]!;
  }
  return sum;
}

/** Σ w_i over deferred tasks that some plan could place: what is left of the deferred weight to decide. */
export function avoidableDeferredWeight(instance: Instance, assignment: Assignment): number {
  let sum = 0;
  for (let task = 0; task < instance.numTasks; task++) {
    if (assignment.agentOf[task] === DEFERRED && isPlaceable(instance, task)) sum += instance.weight[task]!;
  }
  return sum;
}

/** Number of deferred tasks. */
export function numDeferred(assignment: Assignment): number {
  return assignment.agentOf.reduce((count, agent) => count + (agent === DEFERRED ? 1 : 0), 0);
}

/** Σ w_i P[i,j], with timing Σ w_i P[i,j] · chance that i starts. */
export function weightedSuccess(instance: Instance, assignment: Assignment): number {
  const chance = chancesOf(instance, assignment);
  return sumOverPlaced(
    instance,
    assignment,
    (pair, task) => instance.weight[task]! * instance.success[pair]! * (chance?.[task] ?? 1),
  );
}

/** Chance that each task starts; null where no task waits for another. */
function chancesOf(instance: Instance, assignment: Assignment): Float64Array | null {
  if (instance.timing === null || instance.dependsOn.length === 0) return null;
  const success = new Float64Array(instance.numTasks);
  forEachPlaced(instance, assignment, (pair, task) => (success[task] = instance.success[pair]!));
  return startChances(instance, success);
}

/** Σ w_i (A[i,j] − 1). */
export function weightedRetries(instance: Instance, assignment: Assignment): number {
  return sumOverPlaced(instance, assignment, (pair, task) => instance.weight[task]! * instance.retries[pair]!);
}

/** Σ w_i over placed pairs whose success probability lies below the gate's bound. */
export function weightBelowGate(instance: Instance, assignment: Assignment): number {
  return sumOverPlaced(instance, assignment, (pair, task) => (instance.belowGate[pair] ? instance.weight[task]! : 0));
}

/** Σ w_i δ[i,j], with timing Σ w_i δ[i,j] · chance that i starts. */
export function weightedConfidenceDelta(instance: Instance, assignment: Assignment): number {
  const chance = chancesOf(instance, assignment);
  return sumOverPlaced(
    instance,
    assignment,
    (pair, task) => instance.weight[task]! * instance.confidenceDelta[pair]! * (chance?.[task] ?? 1),
  );
}

/** Σ cost[i,j]. */
export function totalCost(instance: Instance, assignment: Assignment): number {
  return sumOverPlaced(instance, assignment, (pair) => instance.cost[pair]!);
}

/** Busy milliseconds of each slot: `loads[j][s]`. */
export function slotLoadsMs(instance: Instance, assignment: Assignment): number[][] {
  const loads = Array.from(instance.slots, (count) => new Array<number>(count).fill(0));
  forEachPlaced(instance, assignment, (pair, task) => {
    const slot = assignment.slotOf[task]!;
    const ofAgent = loads[instance.pairAgent[pair]!]!;
    if (!(slot >= 0 && slot < ofAgent.length))
      throw new RangeError(`task ${task} is in slot ${slot}, which is not there`);
    ofAgent[slot]! += instance.busyMs[pair]!;
  });
  return loads;
}

/**
 * C: end of the last task, milliseconds, 0 for an empty plan. Without timing the tasks of a slot run back to back from the time at
 * which its agent becomes available.
 */
export function makespanMs(instance: Instance, assignment: Assignment): number {
  if (instance.timing !== null) return lastEndMs(instance, assignment);
  const isUsed = Array.from(instance.slots, (count) => new Array<boolean>(count).fill(false));
  forEachPlaced(instance, assignment, (pair, task) => {
    isUsed[instance.pairAgent[pair]!]![assignment.slotOf[task]!] = true;
  });
  let latest = 0;
  slotLoadsMs(instance, assignment).forEach((ofAgent, agent) =>
    ofAgent.forEach((load, slot) => {
      if (isUsed[agent]![slot]) latest = Math.max(latest, instance.availableFromMs[agent]! + load);
    }),
  );
  return latest;
}

function lastEndMs(instance: Instance, assignment: Assignment): number {
  const { startMs } = assignment;
  if (startMs === undefined) throw new RangeError("a plan of an instance with timing has no start times");
  let last = 0;
  forEachPlaced(instance, assignment, (pair, task) => {
    last = Math.max(last, startMs[task]! + instance.busyMs[pair]!);
  });
  return last;
}

/** L_max: busy time of the fullest slot, milliseconds. */
export function maxLoadMs(instance: Instance, assignment: Assignment): number {
  return slotLoadsMs(instance, assignment).reduce((most, loads) => loads.reduce((a, b) => Math.max(a, b), most), 0);
}

/** Agents that can take a task at all: the others would pin L_min to 0 and make the spread say nothing. */
export function canTakeTasks(instance: Instance): Uint8Array {
  const canTake = new Uint8Array(instance.numAgents);
  for (let pair = 0; pair < instance.numPairs; pair++) {
    const agent = instance.pairAgent[pair]!;
    if (instance.maxTasks[agent]! >= 1) canTake[agent] = 1;
  }
  return canTake;
}

/** L_max − L_min over the slots of agents that can take a task, milliseconds. */
export function spreadMs(instance: Instance, assignment: Assignment): number {
  const canTake = canTakeTasks(instance);
  const loads = slotLoadsMs(instance, assignment).filter((_, agent) => canTake[agent]);
  if (loads.length === 0) return 0;
  const flat = loads.flat();
  return Math.max(...flat) - Math.min(...flat);
}
