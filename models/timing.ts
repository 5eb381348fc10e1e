/** The rows of programs that speak of times. One machine per slot; b = busy time. */
import type { Instance } from "./instance.js";
import { canTakeTasks } from "./measures.js";
import { label } from "./names.js";
import { LinearExpression, type ProgramBuilder } from "./program.js";
import { type AssignmentVariables, sumOfSlot } from "./variables.js";

const every = (): boolean => true;

function forEachSlot(instance: Instance, visit: (agent: number, slot: number) => void): void {
  for (let agent = 0; agent < instance.numAgents; agent++) {
    for (let slot = 0; slot < instance.slots[agent]!; slot++) visit(agent, slot);
  }
}

/**
 * (7) makespan[j,s]: Σ_i b[i,j] x[i,j,s] + available_from_j · y[j,s] ≤ C,
 * (8) used[i,j,s]:   x[i,j,s] ≤ y[j,s], only where available_from_j > 0, so that an unused late agent does not count.
 * y needs no integrality: a placed task forces it to 1.
 */
export function addMakespanRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables, c: number): void {
  forEachSlot(instance, (agent, slot) => {
    const agentId = instance.agentIds[agent]!;
    const end = sumOfSlot(instance, x, agent, slot, every).add(c, -1);
    const start = instance.availableFromMs[agent]!;
    if (start > 0) {
      const y = builder.addVariable(label("y", agentId, slot), 0, 1, false);
      end.add(y, start);
      addUsedRows(builder, instance, x, agent, slot, y);
    }
    builder.addRow(label("makespan", agentId, slot), end, -Infinity, 0);
  });
}

function addUsedRows(
  builder: ProgramBuilder,
  instance: Instance,
  x: AssignmentVariables,
  agent: number,
  slot: number,
  y: number,
): void {
  for (let pair = 0; pair < instance.numPairs; pair++) {
    if (instance.pairAgent[pair] !== agent || slot >= x.numOfPair[pair]!) continue;
    const difference = new LinearExpression().add(x.firstOfPair[pair]! + slot, 1).add(y, -1);
    const name = label("used", instance.taskIds[instance.pairTask[pair]!]!, instance.agentIds[agent]!, slot);
    builder.addRow(name, difference, -Infinity, 0);
  }
}

/** (9) max_load[j,s]: Σ_i b[i,j] x[i,j,s] ≤ L_max. */
export function addMaxLoadRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables, l: number): void {
  forEachSlot(instance, (agent, slot) => {
    const load = sumOfSlot(instance, x, agent, slot, every).add(l, -1);
    builder.addRow(label("max_load", instance.agentIds[agent]!, slot), load, -Infinity, 0);
  });
}

/** (10) min_load[j,s]: Σ_i b[i,j] x[i,j,s] ≥ L_min, over agents that can take a task. */
export function addMinLoadRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables, l: number): void {
  const canTake = canTakeTasks(instance);
  forEachSlot(instance, (agent, slot) => {
    if (!canTake[agent]) return;
    const load = sumOfSlot(instance, x, agent, slot, every).add(l, -1);
    builder.addRow(label("min_load", instance.agentIds[agent]!, slot), load, 0, Infinity);
  });
}

/** (11) order[j,s]: load of slot s ≥ load of slot s + 1; slots of one agent are interchangeable, one order stands for all. */
export function addSlotOrderRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  forEachSlot(instance, (agent, slot) => {
    if (slot + 1 >= instance.slots[agent]!) return;
    const difference = sumOfSlot(instance, x, agent, slot, every);
    const next = sumOfSlot(instance, x, agent, slot + 1, every).terms();
    next.indices.forEach((variable, k) => difference.add(variable, -next.coefficients[k]!));
    builder.addRow(label("order", instance.agentIds[agent]!, slot), difference, 0, Infinity);
  });
}
