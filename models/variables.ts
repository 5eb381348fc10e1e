/**
 * The variables every program of ours shares.
 *
 *   x[i,j]   ∈ {0,1}   task i runs on agent j                       (i,j) ∈ E
 *   x[i,j,s] ∈ {0,1}   … in slot s of agent j, where slots matter: on an agent with several slots, for every task when the
 *                      program speaks of times or the agent has a load limit, else for tasks with a hard deadline only
 *   u[i]     ∈ {0,1}   task i is deferred; absent where no deferral is left to decide
 */
import { type Assignment, DEFERRED, type Instance, isPlaceable, roomMs } from "./instance.js";
import { label } from "./names.js";
import { LinearExpression, type ProgramBuilder } from "./program.js";

export interface AssignmentVariables {
  /** Variable of pair p (of its slot 0 where the pair is split by slot). */
  readonly firstOfPair: Int32Array;
  /** Number of consecutive variables of pair p: 1, or the number of slots. */
  readonly numOfPair: Int32Array;
  /** u[i]; DEFERRED-free programs have none. */
  readonly deferral: readonly (number | null)[];
}

/** Whether task i may be left out: always while deferral is open, never where it is forbidden or settled at zero. */
export type DeferralState = "open" | "closed";

/** Declares x and u. O(pairs · slots). */
export function declareVariables(
  builder: ProgramBuilder,
  instance: Instance,
  bySlot: boolean,
  deferral: DeferralState,
): AssignmentVariables {
  const firstOfPair = new Int32Array(instance.numPairs);
  const numOfPair = new Int32Array(instance.numPairs);
  for (let pair = 0; pair < instance.numPairs; pair++) {
    const task = instance.pairTask[pair]!;
    const agent = instance.pairAgent[pair]!;
    const [taskId, agentId] = [instance.taskIds[task]!, instance.agentIds[agent]!];
    const slots = instance.slots[agent]!;
    const isSplit = slots > 1 && (bySlot || roomMs(instance, task, agent) < Infinity);
    firstOfPair[pair] = builder.numVariables;
    numOfPair[pair] = isSplit ? slots : 1;
    if (!isSplit) builder.addVariable(label("x", taskId, agentId), 0, 1, true);
    else for (let s = 0; s < slots; s++) builder.addVariable(label("x", taskId, agentId, s), 0, 1, true);
  }
  const deferralVariables = instance.taskIds.map((taskId, task) => {
    if (instance.deferral.kind === "forbidden") return null;
    if (!isPlaceable(instance, task)) return builder.addVariable(label("u", taskId), 1, 1, true);
    return deferral === "closed" ? null : builder.addBinary(label("u", taskId));
  });
  return { firstOfPair, numOfPair, deferral: deferralVariables };
}

/** Adds coefficient · Σ_s x[p,s] to the expression. */
export function addPair(expression: LinearExpression, x: AssignmentVariables, pair: number, coefficient: number): void {
  for (let k = 0; k < x.numOfPair[pair]!; k++) expression.add(x.firstOfPair[pair]! + k, coefficient);
}

/** Σ coefficient[p] x[p] over the pairs that `selects` accepts. */
export function sumOfPairs(
  instance: Instance,
  x: AssignmentVariables,
  coefficient: (pair: number) => number,
  selects: (pair: number) => boolean,
): LinearExpression {
  const expression = new LinearExpression();
  for (let pair = 0; pair < instance.numPairs; pair++) {
    if (selects(pair)) addPair(expression, x, pair, coefficient(pair));
  }
  return expression;
}

/** Σ coefficient[p] x[p,s] over the pairs of one slot that `selects` accepts; pairs not split by slot count in slot 0. */
export function sumOfSlot(
  instance: Instance,
  x: AssignmentVariables,
  agent: number,
  slot: number,
  selects: (pair: number) => boolean,
): LinearExpression {
  const expression = new LinearExpression();
  for (let pair = 0; pair < instance.numPairs; pair++) {
    if (instance.pairAgent[pair] !== agent || !selects(pair)) continue;
    if (slot < x.numOfPair[pair]!) expression.add(x.firstOfPair[pair]! + slot, instance.busyMs[pair]!);
  }
  return expression;
}

/** Values of x and u at a plan, in the first places of `values`, which are 0. O(pairs). */
export function writeAssignment(
  instance: Instance,
  x: AssignmentVariables,
  { agentOf, slotOf }: Assignment,
  values: Float64Array,
): void {
  for (let pair = 0; pair < instance.numPairs; pair++) {
    const task = instance.pairTask[pair]!;
    if (agentOf[task] !== instance.pairAgent[pair]) continue;
    values[x.firstOfPair[pair]! + (x.numOfPair[pair] === 1 ? 0 : slotOf[task]!)] = 1;
  }
  x.deferral.forEach((variable, task) => {
    if (variable !== null && agentOf[task] === DEFERRED) values[variable] = 1;
  });
}

/**
 * Reads a plan from integer values. Tasks whose pair is not split by slot go, longest first, to the slot of their agent
 * with the least load so far: without a deadline no row tells slots apart.
 */
export function readAssignment(instance: Instance, x: AssignmentVariables, values: Float64Array): Assignment {
  const agentOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const slotOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const loads = Array.from(instance.slots, (count) => new Float64Array(count));
  const anySlot: number[] = [];
  for (let pair = 0; pair < instance.numPairs; pair++) {
    const task = instance.pairTask[pair]!;
    const agent = instance.pairAgent[pair]!;
    for (let k = 0; k < x.numOfPair[pair]!; k++) {
      if (values[x.firstOfPair[pair]! + k]! < 0.5) continue;
      agentOf[task] = agent;
      if (x.numOfPair[pair] === 1 && instance.slots[agent]! > 1) anySlot.push(pair);
      else {
        slotOf[task] = k;
        loads[agent]![k]! += instance.busyMs[pair]!;
      }
    }
  }
  anySlot.sort((p, q) => instance.busyMs[q]! - instance.busyMs[p]! || p - q);
  for (const pair of anySlot) {
    const ofAgent = loads[instance.pairAgent[pair]!]!;
    const slot = ofAgent.indexOf(Math.min(...ofAgent));
    slotOf[instance.pairTask[pair]!] = slot;
    ofAgent[slot]! += instance.busyMs[pair]!;
  }
  return { agentOf, slotOf };
}
