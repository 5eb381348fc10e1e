/** Whether a plan keeps every row, checked from the plan and the instance alone. */
import { type Assignment, DEFERRED, findPair, type Instance, isPlaceable } from "./instance.js";
import { label } from "./names.js";
import { findScheduleViolations } from "./check-schedule.js";
import { runAtOnce } from "./steps.js";
import { isWithin, type Violation } from "./tolerance.js";

/**
 * Every row the plan breaks; empty for a feasible plan. On an instance with timing the starts themselves are checked, elsewhere the
 * deadlines by the loads before them. O(pairs + tasks · log tasks).
 */
export function findViolations(instance: Instance, assignment: Assignment): Violation[] {
  return runAtOnce(violationSteps(instance, assignment));
}

/** `findViolations` in steps, so that a caller with a large plan can let others run between them. */
export function* violationSteps(instance: Instance, assignment: Assignment): Generator<void, Violation[]> {
  const misplaced = findMisplaced(instance, assignment);
  if (misplaced.length > 0) return misplaced;
  yield;
  const totals = checkTotals(instance, assignment);
  yield;
  const dependencies = checkDependencies(instance, assignment);
  yield;
  return [...totals, ...dependencies, ...checkRunTimes(instance, assignment)];
}

function checkRunTimes(instance: Instance, assignment: Assignment): Violation[] {
  const { timing } = instance;
  const { startMs } = assignment;
  if (timing === null || startMs === undefined) return checkDeadlines(instance, assignment);
  return findScheduleViolations(instance, timing, assignment, startMs);
}

function findMisplaced(instance: Instance, assignment: Assignment): Violation[] {
  const violations: Violation[] = [];
  for (let task = 0; task < instance.numTasks; task++) {
    const message = misplacement(instance, assignment, task);
    if (message !== null) violations.push({ row: label("assign", instance.taskIds[task]!), message });
  }
  return violations;
}

/** What is wrong with where a task is; null where nothing is. */
function misplacement(instance: Instance, { agentOf, slotOf }: Assignment, task: number): string | null {
  const agent = agentOf[task]!;
  if (agent === DEFERRED)
    return instance.deferral.kind === "forbidden" ? "deferred though deferral is forbidden" : null;
  if (!isPlaceable(instance, task)) return "placed though no agent may take it, or it waits for a task that cannot run";
  if (findPair(instance, task, agent) === undefined)
    return `placed on ${instance.agentIds[agent] ?? agent}, not eligible`;
  const isSlot = slotOf[task]! >= 0 && slotOf[task]! < instance.slots[agent]!;
  return isSlot ? null : `slot ${slotOf[task]} does not exist`;
}

function checkTotals(instance: Instance, { agentOf, slotOf }: Assignment): Violation[] {
  const violations: Violation[] = [];
  const busy = Array.from(instance.slots, (slots) => new Float64Array(slots));
  const count = new Float64Array(instance.numAgents);
  let cost = 0;
  for (let task = 0; task < instance.numTasks; task++) {
    if (agentOf[task] === DEFERRED) continue;
    const pair = findPair(instance, task, agentOf[task]!)!;
    busy[agentOf[task]!]![slotOf[task]!]! += instance.busyMs[pair]!;
    count[agentOf[task]!]! += 1;
    cost += instance.cost[pair]!;
  }
  for (let agent = 0; agent < instance.numAgents; agent++) {
    const agentId = instance.agentIds[agent]!;
    const limit = instance.loadLimitMs[agent]!;
    busy[agent]!.forEach((load, slot) => {
      if (isWithin(load, limit)) return;
      const row = busy[agent]!.length > 1 ? label("load", agentId, slot) : label("load", agentId);
      violations.push({ row, message: `busy ${load} ms, limit ${limit} ms` });
    });
    if (count[agent]! > instance.maxTasks[agent]!) {
      violations.push({
        row: label("count", agentId),
        message: `${count[agent]} tasks, limit ${instance.maxTasks[agent]}`,
      });
    }
  }
  if (!isWithin(cost, instance.budget)) {
    violations.push({ row: "budget", message: `cost ${cost}, budget ${instance.budget}` });
  }
  return violations;
}

/** What is due by a deadline of another slot only is due by an earlier one here, so that a slot's own deadlines decide. */
function checkDeadlines(instance: Instance, { agentOf, slotOf }: Assignment): Violation[] {
  const { deadlineMs, availableFromMs, agentIds, busyMs } = instance;
  const placed = Array.from(deadlineMs.keys())
    .filter((task) => deadlineMs[task]! < Infinity && agentOf[task] !== DEFERRED)
    .sort((a, b) => agentOf[a]! - agentOf[b]! || slotOf[a]! - slotOf[b]! || deadlineMs[a]! - deadlineMs[b]!);
  const violations: Violation[] = [];
  let due = 0;
  placed.forEach((task, k) => {
    const [agent, slot, deadline] = [agentOf[task]!, slotOf[task]!, deadlineMs[task]!];
    const isSameSlot = (other: number | undefined): boolean =>
      other !== undefined && agentOf[other] === agent && slotOf[other] === slot;
    due = (isSameSlot(placed[k - 1]) ? due : 0) + busyMs[findPair(instance, task, agent)!]!;
    const next = placed[k + 1];
    if (isSameSlot(next) && deadlineMs[next!] === deadline) return;
    const room = Math.max(0, deadline - availableFromMs[agent]!);
    if (isWithin(due, room)) return;
    const row = label("deadline", agentIds[agent]!, slot, deadline);
    violations.push({ row, message: `busy ${due} ms before ${deadline} ms, room for ${room} ms` });
  });
  return violations;
}

function checkDependencies(instance: Instance, { agentOf }: Assignment): Violation[] {
  const violations: Violation[] = [];
  for (let task = 0; task < instance.numTasks; task++) {
    if (agentOf[task] === DEFERRED) continue;
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      const before = instance.dependsOn[d]!;
      if (agentOf[before] !== DEFERRED) continue;
      const row = label("depends", instance.taskIds[task]!, instance.taskIds[before]!);
      violations.push({ row, message: "placed though a task it depends on is deferred" });
    }
  }
  return violations;
}
