import { type Assignment, DEFERRED, findPair, type Instance, isWithin } from "../../../models/index.js";
import { ModelError } from "../../domain/index.js";
import { type OrderedWave, rankTasks, tasksByIndex } from "./task-order.js";
import { orderSlot } from "../../engine/index.js";
import { followersOf } from "../instance/topological-order.js";

/** Where and when a task runs; indices are those of the instance. */
export interface ScheduledTask {
  readonly task: number;
  readonly agent: number;
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly missesDeadline: boolean;
  /** max(0, end − due date); 0 without a due date. */
  readonly tardinessMs: number;
}

export interface Schedule {
  /** Placed tasks by start, then by task; tasks of one slot in their order there. */
  readonly entries: readonly ScheduledTask[];
  /** Tasks of each agent's slots in the order they run: [agent][slot]. */
  readonly slotSequences: readonly (readonly (readonly number[])[])[];
  /** Latest end, 0 where nothing is placed. */
  readonly makespanMs: number;
  /** Rank 1 … numTasks of every task, deferred ones too: the task priorities of the wave. */
  readonly rank: Int32Array;
  readonly numDeadlineMisses: number;
  readonly totalTardinessMs: number;
}

interface Slot {
  readonly agent: number;
  readonly slot: number;
  /** In order of preference; tasks that have started are removed, or stand before `next`. */
  readonly waiting: number[];
  /** Where the tasks that wait begin: to take the first one out of a long list moves all others. */
  next: number;
  readonly done: number[];
  freeAtMs: number;
}

/**
 * Lays an assignment out in time. Each slot follows the ranks of its tasks as far as their hard deadlines allow; a
 * task starts when its slot and its agent are there and its predecessors have ended, and a slot whose first choice
 * must still wait takes the next task that need not (list scheduling, so there is no deadlock). Without dependencies
 * a slot meets all its deadlines if any order does. O(n log n), with dependencies O(n · (slots + tasks a slot)).
 * @throws ModelError where a task sits on a slot that does not exist, on an ineligible pair, or waits for a deferred one
 */
export function scheduleWave(wave: OrderedWave, instance: Instance, assignment: Assignment): Schedule {
  const tasks = tasksByIndex(wave, instance);
  const busyMs = busyTimes(instance, assignment);
  const rank = rankTasks(wave, instance, busyMs);
  const deadlineMs = inheritedDeadlines(instance, assignment, busyMs, rank);
  const slots = buildSlots(instance, assignment);
  for (const slot of slots) {
    const order = orderSlot(slot.waiting, { busyMs, deadlineMs, rank }, instance.availableFromMs[slot.agent]!);
    slot.waiting.splice(0, slot.waiting.length, ...order);
  }
  const startMs = startTimes(instance, assignment, busyMs, slots);

  const entries = slots
    .flatMap(({ agent, slot, done }) =>
      done.map((task): ScheduledTask => {
        const endMs = startMs[task]! + busyMs[task]!;
        return {
          ...{ task, agent, slot, startMs: startMs[task]!, endMs },
          missesDeadline: !isWithin(endMs, instance.deadlineMs[task]!),
          tardinessMs: Math.max(0, endMs - (tasks[task]!.dueMs ?? Infinity)),
        };
      }),
    )
    .sort((a, b) => a.startMs - b.startMs || a.task - b.task);
  const slotSequences: number[][][] = Array.from({ length: instance.numAgents }, () => []);
  for (const { agent, done } of slots) slotSequences[agent]!.push(done);
  return {
    entries,
    slotSequences,
    makespanMs: entries.reduce((latest, { endMs }) => Math.max(latest, endMs), 0),
    rank,
    numDeadlineMisses: entries.filter(({ missesDeadline }) => missesDeadline).length,
    totalTardinessMs: entries.reduce((sum, { tardinessMs }) => sum + tardinessMs, 0),
  };
}

/** Busy time on the assigned agent; of a deferred task the shortest it could have, Infinity where it has no agent. */
function busyTimes(instance: Instance, assignment: Assignment): Float64Array {
  return Float64Array.from({ length: instance.numTasks }, (_, task) => {
    const agent = assignment.agentOf[task]!;
    if (agent === DEFERRED) {
      const pairs = instance.busyMs.subarray(instance.pairStart[task]!, instance.pairStart[task + 1]!);
      return pairs.reduce((least, busyMs) => Math.min(least, busyMs), Infinity);
    }
    const pair = findPair(instance, task, agent);
    if (pair === undefined) {
      throw new ModelError(
        `${instance.taskIds[task]} is assigned to ${instance.agentIds[agent]}, which is not eligible`,
      );
    }
    return instance.busyMs[pair]!;
  });
}

/** A predecessor must leave its followers time: D_i = min(deadline_i, min over followers k of D_k − b_k). */
function inheritedDeadlines(
  instance: Instance,
  assignment: Assignment,
  busyMs: Float64Array,
  rank: Int32Array,
): Float64Array {
  const deadlineMs = instance.deadlineMs.slice();
  if (instance.dependsOn.length === 0) return deadlineMs;
  const taskOfRank = new Int32Array(instance.numTasks);
  rank.forEach((place, task) => (taskOfRank[place - 1] = task));
  for (const task of taskOfRank.reverse()) {
    if (assignment.agentOf[task] === DEFERRED) continue;
    for (let k = instance.dependsStart[task]!; k < instance.dependsStart[task + 1]!; k++) {
      const predecessor = instance.dependsOn[k]!;
      if (assignment.agentOf[predecessor] === DEFERRED) {
        const [waiting, deferred] = [instance.taskIds[task], instance.taskIds[predecessor]];
        throw new ModelError(`${waiting} is placed, but depends on ${deferred}, which is deferred`);
      }
      deadlineMs[predecessor] = Math.min(deadlineMs[predecessor]!, deadlineMs[task]! - busyMs[task]!);
    }
  }
  return deadlineMs;
}

function buildSlots(instance: Instance, assignment: Assignment): Slot[] {
  const slotsOf = Array.from({ length: instance.numAgents }, (_, agent) =>
    Array.from({ length: instance.slots[agent]! }, (_, slot): Slot => {
      return { agent, slot, waiting: [], next: 0, done: [], freeAtMs: instance.availableFromMs[agent]! };
    }),
  );
  for (let task = 0; task < instance.numTasks; task++) {
    const agent = assignment.agentOf[task]!;
    if (agent === DEFERRED) continue;
    const slot = slotsOf[agent]?.[assignment.slotOf[task]!];
    if (slot === undefined) {
      throw new ModelError(`${instance.taskIds[task]} sits on slot ${assignment.slotOf[task]} of agent ${agent}`);
    }
    slot.waiting.push(task);
  }
  return slotsOf.flat();
}

/** Start of each placed task; moves the tasks of every slot from `waiting` to `done` as they start. */
function startTimes(instance: Instance, assignment: Assignment, busyMs: Float64Array, slots: Slot[]): Float64Array {
  const planned = assignment.startMs;
  if (planned !== undefined) {
    for (const slot of slots) {
      slot.done.push(...slot.waiting.splice(0).sort((a, b) => planned[a]! - planned[b]! || a - b));
    }
    return planned;
  }
  const startMs = new Float64Array(instance.numTasks);
  const followers = followersOf(instance);
  const slotOfTask = new Map(slots.flatMap((slot) => slot.waiting.map((task): [number, Slot] => [task, slot])));
  // Latest end of the predecessors; known once all of them have started.
  const readyAtMs = new Float64Array(instance.numTasks);
  const numOpen = Int32Array.from(readyAtMs, (_, i) => instance.dependsStart[i + 1]! - instance.dependsStart[i]!);
  const candidates = new Map(slots.map((slot) => [slot, firstToStart(slot, readyAtMs, numOpen)]));
  for (;;) {
    let chosen: Slot | undefined;
    let best: Candidate | null = null;
    for (const [slot, candidate] of candidates) {
      if (candidate !== null && (best === null || candidate.startMs < best.startMs)) {
        best = candidate;
        chosen = slot;
      }
    }
    if (best === null || chosen === undefined) return startMs;
    const task = chosen.waiting[best.place]!;
    if (best.place === chosen.next) chosen.next++;
    else chosen.waiting.splice(best.place, 1);
    startMs[task] = best.startMs;
    chosen.freeAtMs = best.startMs + busyMs[task]!;
    chosen.done.push(task);
    const stale = new Set([chosen]);
    for (const follower of followers[task]!) {
      numOpen[follower]!--;
      readyAtMs[follower] = Math.max(readyAtMs[follower]!, chosen.freeAtMs);
      if (assignment.agentOf[follower] !== DEFERRED) stale.add(slotOfTask.get(follower)!);
    }
    for (const slot of stale) candidates.set(slot, firstToStart(slot, readyAtMs, numOpen));
  }
}

interface Candidate {
  readonly place: number;
  readonly startMs: number;
}

/** The task of the slot that can start earliest, of several the most preferred; null while all wait for an open one. */
function firstToStart(slot: Slot, readyAtMs: Float64Array, numOpen: Int32Array): Candidate | null {
  let best: Candidate | null = null;
  for (let place = slot.next; place < slot.waiting.length; place++) {
    const task = slot.waiting[place]!;
    if (numOpen[task]! > 0) continue;
    const startMs = Math.max(slot.freeAtMs, readyAtMs[task]!);
    if (best === null || startMs < best.startMs) best = { place, startMs };
    if (startMs === slot.freeAtMs) break;
  }
  return best;
}
