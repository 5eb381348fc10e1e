/** The rows that every strategy shares: MATH of a feasible plan. b = busy time, K = load limit per slot. */
import { findPair, type Instance } from "./instance.js";
import { label } from "./names.js";
import { LinearExpression, type ProgramBuilder } from "./program.js";
import { addPair, type AssignmentVariables, sumOfPairs, sumOfSlot } from "./variables.js";

/** (1) assign[i]: Σ_j x[i,j] + u[i] = 1. */
export function addAssignRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  for (let task = 0; task < instance.numTasks; task++) {
    const sum = new LinearExpression();
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) addPair(sum, x, pair, 1);
    const deferral = x.deferral[task];
    if (typeof deferral === "number") sum.add(deferral, 1);
    builder.addRow(label("assign", instance.taskIds[task]!), sum, 1, 1);
  }
}

/**
 * (2) load[j,s]: Σ_i b[i,j] x[i,j,s] ≤ K_j for each slot of an agent with several; and load[j]: Σ_i b[i,j] x[i,j] ≤ slots_j · K_j,
 * which for several slots is their sum, kept because bounds price it.
 */
export function addLoadRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  for (let agent = 0; agent < instance.numAgents; agent++) {
    const limit = instance.slots[agent]! * instance.loadLimitMs[agent]!;
    if (limit === Infinity) continue;
    for (let slot = 0; instance.slots[agent]! > 1 && slot < instance.slots[agent]!; slot++) {
      const busy = sumOfSlot(instance, x, agent, slot, () => true);
      builder.addRow(label("load", instance.agentIds[agent]!, slot), busy, -Infinity, instance.loadLimitMs[agent]!);
    }
    const load = sumOfPairs(
      instance,
      x,
      (pair) => instance.busyMs[pair]!,
      (pair) => instance.pairAgent[pair] === agent,
    );
    builder.addRow(label("load", instance.agentIds[agent]!), load, -Infinity, limit);
  }
}

/** (3) count[j]: Σ_i x[i,j] ≤ max_tasks_j. */
export function addCountRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  for (let agent = 0; agent < instance.numAgents; agent++) {
    const limit = instance.maxTasks[agent]!;
    if (limit === Infinity) continue;
    const count = sumOfPairs(
      instance,
      x,
      () => 1,
      (pair) => instance.pairAgent[pair] === agent,
    );
    builder.addRow(label("count", instance.agentIds[agent]!), count, -Infinity, limit);
  }
}

/** (4) budget: Σ cost[i,j] x[i,j] ≤ budget. */
export function addBudgetRow(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  if (instance.budget === Infinity) return;
  const cost = sumOfPairs(
    instance,
    x,
    (pair) => instance.cost[pair]!,
    () => true,
  );
  builder.addRow("budget", cost, -Infinity, instance.budget);
}

/** (5) deadline[j,s,D]: Σ_{deadline_i ≤ D} b[i,j] x[i,j,s] ≤ max(0, D − available_from_j), for each slot and distinct D. */
export function addDeadlineRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  for (let agent = 0; agent < instance.numAgents; agent++) {
    for (const deadline of distinctDeadlines(instance, agent)) {
      const room = Math.max(0, deadline - instance.availableFromMs[agent]!);
      const isDue = (pair: number): boolean => instance.deadlineMs[instance.pairTask[pair]!]! <= deadline;
      for (let slot = 0; slot < instance.slots[agent]!; slot++) {
        const load = sumOfSlot(instance, x, agent, slot, isDue);
        builder.addRow(label("deadline", instance.agentIds[agent]!, slot, deadline), load, -Infinity, room);
      }
    }
  }
}

/** (6) depends[i,k]: u[i] ≥ u[k] for every k that i depends on. */
export function addDependencyRows(builder: ProgramBuilder, instance: Instance, x: AssignmentVariables): void {
  for (let task = 0; task < instance.numTasks; task++) {
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      const before = instance.dependsOn[d]!;
      const [waits, leads] = [x.deferral[task], x.deferral[before]];
      if (typeof leads !== "number") continue;
      const difference = new LinearExpression().add(leads, -1);
      if (typeof waits === "number") difference.add(waits, 1);
      const name = label("depends", instance.taskIds[task]!, instance.taskIds[before]!);
      builder.addRow(name, difference, 0, Infinity);
    }
  }
}

/** Finite deadlines among the tasks the agent may take, ascending. */
export function distinctDeadlines(instance: Instance, agent: number): number[] {
  const deadlines = new Set<number>();
  for (let task = 0; task < instance.numTasks; task++) {
    const deadline = instance.deadlineMs[task]!;
    if (deadline < Infinity && findPair(instance, task, agent) !== undefined) deadlines.add(deadline);
  }
  return [...deadlines].sort((a, b) => a - b);
}
