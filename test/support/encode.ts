import type { Assignment, Instance } from "../../models/instance.js";
import { label } from "../../models/names.js";
import type { Program } from "../../models/program.js";
import { drawingRandom } from "./drawing-random.js";

const TOLERANCE = 1e-6;

/** A plan as a point of a program, by the names of its variables: the inverse of `decode`, written from the headers. */
export function encode(program: Program, instance: Instance, plan: Assignment): Float64Array {
  const point = new Float64Array(program.variableNames.length);
  const set = (name: string, value: number): void => {
    const at = program.variableNames.indexOf(name);
    if (at >= 0) point[at] = value;
  };
  const loads = slotLoads(instance, plan);
  instance.taskIds.forEach((taskId, task) => {
    const agent = plan.agentOf[task]!;
    if (agent < 0) return set(label("u", taskId), 1);
    const agentId = instance.agentIds[agent]!;
    set(label("x", taskId, agentId), 1);
    set(label("x", taskId, agentId, plan.slotOf[task]!), 1);
    set(label("y", agentId, plan.slotOf[task]!), 1);
  });
  const ends = loads.map((ofAgent, agent) =>
    ofAgent.map((load) => (load > 0 ? load + instance.availableFromMs[agent]! : 0)),
  );
  set("C", Math.max(0, ...ends.flat()));
  set("L_max", Math.max(0, ...loads.flat()));
  const shared = loads.filter((_, agent) => canWork(instance, agent)).flat();
  set("L_min", shared.length === 0 ? 0 : Math.min(...shared));
  return point;
}

/** The first row or bound that the point breaks; null where all hold. */
export function findBroken(program: Program, point: Float64Array): string | null {
  const isOver = (value: number, limit: number): boolean => value > limit + TOLERANCE * Math.max(1, Math.abs(limit));
  for (const [k, value] of point.entries()) {
    if (isOver(value, program.upper[k]!) || isOver(-value, -program.lower[k]!)) return program.variableNames[k]!;
  }
  for (const row of program.rows) {
    const activity = row.indices.reduce((sum, index, k) => sum + row.coefficients[k]! * point[index]!, 0);
    if (isOver(activity, row.upper) || isOver(-activity, -row.lower)) return row.name;
  }
  return null;
}

/** cᵀx with the program's constant. */
export function objectiveOf(program: Program, point: Float64Array): number {
  return point.reduce((sum, value, k) => sum + program.objective[k]! * value, program.objectiveConstant);
}

/** Any choice of eligible pairs and existing slots, feasible or not; slots of an agent by falling load. */
export function randomPlan(instance: Instance, seed: number, deferShare: number): Assignment {
  const random = drawingRandom(seed);
  const agentOf = new Int32Array(instance.numTasks).fill(-1);
  const slotOf = new Int32Array(instance.numTasks).fill(-1);
  for (let task = 0; task < instance.numTasks; task++) {
    const [from, to] = [instance.pairStart[task]!, instance.pairStart[task + 1]!];
    if (from === to || random.unit() < deferShare) continue;
    agentOf[task] = instance.pairAgent[from + random.below(to - from)]!;
    slotOf[task] = random.below(instance.slots[agentOf[task]!]!);
  }
  return sortSlots(instance, { agentOf, slotOf });
}

/** The same plan with the slots of every agent renamed by falling load, as row (11) wants them. */
export function sortSlots(instance: Instance, plan: Assignment): Assignment {
  const loads = slotLoads(instance, plan);
  const rank = loads.map((ofAgent) => {
    const order = Array.from(ofAgent.keys()).sort((a, b) => ofAgent[b]! - ofAgent[a]! || a - b);
    return ofAgent.map((_, slot) => order.indexOf(slot));
  });
  const slotOf = plan.slotOf.map((slot, task) => (slot < 0 ? slot : rank[plan.agentOf[task]!]![slot]!));
  return { agentOf: plan.agentOf.slice(), slotOf };
}

function slotLoads(instance: Instance, plan: Assignment): number[][] {
  const loads = Array.from(instance.slots, (count) => new Array<number>(count).fill(0));
  for (let pair = 0; pair < instance.numPairs; pair++) {
    const task = instance.pairTask[pair]!;
    if (plan.agentOf[task] === instance.pairAgent[pair]) {
      loads[plan.agentOf[task]!]![plan.slotOf[task]!]! += instance.busyMs[pair]!;
    }
  }
  return loads;
}

function canWork(instance: Instance, agent: number): boolean {
  if (instance.maxTasks[agent]! < 1) return false;
  return instance.pairAgent.includes(agent);
}
