import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import type { AssignmentLimits, LimitRow } from "../sequencing/assignment-limits.js";
import type { GivenStart } from "../sequencing/given-start.js";
import type { SequencedPlan } from "../sequencing/sequenced-plan.js";
import {
  type Absences,
  buildSequencingProblem,
  type Pools,
  type SequencingProblem,
} from "../sequencing/sequencing-problem.js";
import { timingOf } from "./plan-decoder.js";

/** Some tasks of an instance as a sequencing problem. */
export interface SequencingView {
  readonly problem: SequencingProblem;
  /** Task of the instance for each task of the problem. */
  readonly taskOf: Int32Array;
  /** Pair of the instance for each pair of the problem. */
  readonly pairOf: Int32Array;
  /** Agent of the instance and first of its slots, for each agent of the problem. */
  readonly agentOf: Int32Array;
  readonly firstSlot: Int32Array;
}

/** What of an instance is to be sequenced. */
export interface Selection {
  /** Pairs open to each task, DEFERRED for all where it is left out: `any`, or the one pair of the task. */
  readonly pairOf: Int32Array | "any";
  /** Where given, tasks stay on these slots too. */
  readonly slotOf?: Int32Array;
  /** With `any`: tasks that are selected; all that can be placed where it is missing. */
  readonly isSelected?: (task: number) => boolean;
  /** Σ value of the chosen pairs ≤ limit, by pair of the instance: what settled goals leave open. */
  readonly rows?: readonly LimitRow[];
  /** Most busy time on each slot of an agent, by agent; the instance's own where it is missing. */
  readonly loadLimitMs?: Float64Array;
}

/**
 * The sequencing problem of the tasks selected; what one of them waits for has to be selected too. Where tasks stay on given slots, load limits,
 * counts and the budget are not in it. O(pairs + dependencies + uses).
 */
export function viewSequencing(
  instance: Instance,
  { pairOf: chosen, slotOf, isSelected, rows = [], loadLimitMs = instance.loadLimitMs }: Selection,
): SequencingView {
  const { numTasks, numAgents, pairStart, pairAgent, busyMs, dependsStart, dependsOn } = instance;
  const timing = timingOf(instance);
  const isIn = (task: number): boolean =>
    chosen === "any"
      ? pairStart[task]! < pairStart[task + 1]! && (isSelected?.(task) ?? true)
      : chosen[task] !== DEFERRED;
  const taskOf = Int32Array.from(Array.from({ length: numTasks }, (_, task) => task).filter(isIn));
  const indexOf = new Int32Array(numTasks).fill(-1);
  taskOf.forEach((task, index) => (indexOf[task] = index));
  const agents = slotOf === undefined ? wholeAgents(numAgents) : singleSlots(instance);
  const starts = new Int32Array(taskOf.length + 1);
  const dependencies: [number, number][] = [];
  taskOf.forEach((task, index) => {
    starts[index + 1] = starts[index]! + (chosen === "any" ? pairStart[task + 1]! - pairStart[task]! : 1);
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      dependencies.push([indexOf[dependsOn[d]!]!, index]);
    }
  });
  const pairs = new Int32Array(starts[taskOf.length]!);
  taskOf.forEach((task, index) => {
    const first = chosen === "any" ? pairStart[task]! : chosen[task]!;
    for (let place = starts[index]!; place < starts[index + 1]!; place++) pairs[place] = first + place - starts[index]!;
  });
  const placeOf = (pair: number): number => {
    const agent = pairAgent[pair]!;
    return slotOf === undefined ? agent : agents.firstOf[agent]! + slotOf[instance.pairTask[pair]!]!;
  };
  const pick = (values: Float64Array): Float64Array => Float64Array.from(taskOf, (task) => values[task]!);
  const problem = buildSequencingProblem({
    numTasks: taskOf.length,
    numAgents: agents.agentOf.length,
    agentSlots: Int32Array.from(agents.agentOf, (agent) => (slotOf === undefined ? instance.slots[agent]! : 1)),
    availableFromMs: Float64Array.from(agents.agentOf, (agent) => instance.availableFromMs[agent]!),
    pairStart: starts,
    pairAgent: pairs.map(placeOf),
    busyMs: Float64Array.from(pairs, (pair) => busyMs[pair]!),
    dependencies,
    releaseMs: pick(timing.releaseMs),
    deadlineMs: pick(instance.deadlineMs),
    ...absencesOf(instance, agents.agentOf),
    ...poolsOf(instance, taskOf),
    ...(slotOf === undefined ? limitsOf({ ...instance, loadLimitMs }, pairs, rows) : {}),
  });
  return { problem, taskOf, pairOf: pairs, agentOf: agents.agentOf, firstSlot: agents.firstSlot };
}

/** A schedule of the view as a plan of the instance; what the view leaves out is deferred. */
export function toAssignment(instance: Instance, view: SequencingView, plan: SequencedPlan): Assignment {
  const agentOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const slotOf = agentOf.slice();
  const startMs = new Float64Array(instance.numTasks).fill(NaN);
  const { slotStart, pairAgent } = view.problem;
  view.taskOf.forEach((task, index) => {
    const agent = pairAgent[plan.pairOf[index]!]!;
    agentOf[task] = view.agentOf[agent]!;
    slotOf[task] = view.firstSlot[agent]! + plan.slotOf[index]! - slotStart[agent]!;
    startMs[task] = plan.startMs[index]!;
  });
  return { agentOf, slotOf, startMs };
}

/** The assignment of a plan, as where a sequencing of the view begins; null where it is not one of the view's. */
export function startOf(view: SequencingView, pairOf: Int32Array): GivenStart | null {
  const placeOf = new Map<number, number>();
  view.pairOf.forEach((pair, place) => placeOf.set(pair, place));
  const places = Array.from(view.taskOf, (task) => placeOf.get(pairOf[task]!) ?? -1);
  return places.includes(-1) ? null : { pairOf: Int32Array.from(places) };
}

interface ViewAgents {
  readonly agentOf: Int32Array;
  readonly firstSlot: Int32Array;
  /** First of each agent's. */
  readonly firstOf: Int32Array;
}

function wholeAgents(numAgents: number): ViewAgents {
  const agentOf = Int32Array.from({ length: numAgents }, (_, agent) => agent);
  return { agentOf, firstSlot: new Int32Array(numAgents), firstOf: agentOf };
}

function singleSlots({ numAgents, slots }: Instance): ViewAgents {
  const [agentOf, firstSlot]: [number[], number[]] = [[], []];
  const firstOf = new Int32Array(numAgents);
  for (let agent = 0; agent < numAgents; agent++) {
    firstOf[agent] = agentOf.length;
    for (let slot = 0; slot < slots[agent]!; slot++) {
      agentOf.push(agent);
      firstSlot.push(slot);
    }
  }
  return { agentOf: Int32Array.from(agentOf), firstSlot: Int32Array.from(firstSlot), firstOf };
}

/** Load limits, counts, the budget and the given rows, where one of them can bind. */
function limitsOf(
  { loadLimitMs, maxTasks, cost, budget }: Instance,
  pairs: Int32Array,
  given: readonly LimitRow[],
): { limits?: AssignmentLimits } {
  const rows = budget === Infinity ? given : [...given, { value: cost, limit: budget }];
  const isFree = loadLimitMs.every((limit) => limit === Infinity) && maxTasks.every((limit) => limit === Infinity);
  if (isFree && rows.length === 0) return {};
  return {
    limits: {
      ...{ slotLoadMs: loadLimitMs, maxTasks },
      rows: rows.map(({ value, limit }) => ({ value: Float64Array.from(pairs, (pair) => value[pair]!), limit })),
    },
  };
}

function absencesOf(instance: Instance, agentOf: Int32Array): { absences?: Absences } {
  const { availableUntilMs, absenceStart, absenceFromMs, absenceToMs } = timingOf(instance);
  if (absenceFromMs.length === 0 && availableUntilMs.every((until) => until === Infinity)) return {};
  const intervalStart = new Int32Array(agentOf.length + 1);
  const intervals: number[] = [];
  agentOf.forEach((agent, place) => {
    for (let k = absenceStart[agent]!; k < absenceStart[agent + 1]!; k++) intervals.push(k);
    intervalStart[place + 1] = intervals.length;
  });
  return {
    absences: {
      availableUntilMs: Float64Array.from(agentOf, (agent) => availableUntilMs[agent]!),
      intervalStart,
      fromMs: Float64Array.from(intervals, (k) => absenceFromMs[k]!),
      toMs: Float64Array.from(intervals, (k) => absenceToMs[k]!),
    },
  };
}

function poolsOf(instance: Instance, taskOf: Int32Array): { pools?: Pools } {
  const { poolLimit, useStart, usePool, useAmount } = timingOf(instance);
  const uses: number[] = [];
  const starts = new Int32Array(taskOf.length + 1);
  taskOf.forEach((task, index) => {
    for (let k = useStart[task]!; k < useStart[task + 1]!; k++) uses.push(k);
    starts[index + 1] = uses.length;
  });
  if (uses.length === 0) return {};
  return {
    pools: {
      limit: poolLimit,
      useStart: starts,
      usePool: Int32Array.from(uses, (k) => usePool[k]!),
      useAmount: Float64Array.from(uses, (k) => useAmount[k]!),
    },
  };
}
