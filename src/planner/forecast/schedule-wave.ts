import { type Assignment, DEFERRED, findPair, type Instance, isWithin, runAtOnce } from "../../../models/index.js";
import { ModelError, type Task } from "../../domain/index.js";
import { type OrderedWave, rankSteps, tasksByIndex } from "./task-order.js";
import { orderSlotSteps, sortSteps } from "../../engine/index.js";
import { depthsOf, followersOf } from "../instance/topological-order.js";

/** Where and when a task runs; indices are those of the instance. */
export interface PlacedEntry {
  readonly task: number;
  readonly agent: number;
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ScheduledTask extends PlacedEntry {
  readonly missesDeadline: boolean;
  /** max(0, end − due date); 0 without a due date. */
  readonly tardinessMs: number;
}

export interface Schedule {
  /** Placed tasks by start, each behind those that it waits for, then by task; tasks of one slot in their order there. */
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
  waiting: number[];
  /** Where the tasks that wait begin: to take the first one out of a long list moves all others. */
  next: number;
  done: number[];
  freeAtMs: number;
}

/** Tasks handled between two yields. */
const PIECE = 1_024;

/** `scheduleSteps` at once. */
export function scheduleWave(wave: OrderedWave, instance: Instance, assignment: Assignment): Schedule {
  return runAtOnce(scheduleSteps(wave, instance, assignment));
}

/**
 * Lays an assignment out in time. Each slot follows the ranks of its tasks as far as their hard deadlines allow; a
 * task starts when its slot and its agent are there and its predecessors have ended, and a slot whose first choice
 * must still wait takes the next task that need not (list scheduling, so there is no deadlock). Without dependencies
 * a slot meets all its deadlines if any order does. O(n log n), with dependencies O(n · (slots + tasks a slot)); in slices.
 * @throws ModelError where a task sits on a slot that does not exist, on an ineligible pair, or waits for a deferred one
 */
export function* scheduleSteps(
  wave: OrderedWave,
  instance: Instance,
  assignment: Assignment,
): Generator<void, Schedule> {
  const busyMs = busyTimes(instance, assignment);
  yield;
  const rank = yield* rankSteps(wave, instance, busyMs);
  yield;
  const deadlineMs = inheritedDeadlines(instance, assignment, busyMs, rank);
  yield;
  const slots = buildSlots(instance, assignment);
  yield;
  for (const slot of slots) {
    slot.waiting = yield* orderSlotSteps(
      slot.waiting,
      { busyMs, deadlineMs, rank },
      instance.availableFromMs[slot.agent]!,
    );
    yield;
  }
  const startMs = yield* startTimes(instance, assignment, busyMs, slots);
  yield;
  const tasks = tasksByIndex(wave, instance);
  yield;
  const entries = yield* listEntries(tasks, instance, { busyMs, startMs, slots });
  const slotSequences: number[][][] = Array.from({ length: instance.numAgents }, () => []);
  for (const { agent, done } of slots) slotSequences[agent]!.push(done);
  yield;
  return {
    entries,
    slotSequences,
    makespanMs: entries.reduce((latest, { endMs }) => Math.max(latest, endMs), 0),
    rank,
    numDeadlineMisses: entries.filter(({ missesDeadline }) => missesDeadline).length,
    totalTardinessMs: entries.reduce((sum, { tardinessMs }) => sum + tardinessMs, 0),
  };
}

interface StartedSlots {
  readonly busyMs: Float64Array;
  readonly startMs: Float64Array;
  readonly slots: readonly Slot[];
}

/** Placed tasks by start, each behind those that it waits for, then by task. */
function* listEntries(
  tasks: readonly Pick<Task<unknown>, "dueMs">[],
  instance: Instance,
  { busyMs, startMs, slots }: StartedSlots,
): Generator<void, ScheduledTask[]> {
  const [agentOf, slotOf] = [new Int32Array(tasks.length), new Int32Array(tasks.length)];
  for (const { agent, slot, done } of slots) {
    for (const task of done) [agentOf[task], slotOf[task]] = [agent, slot];
  }
  yield;
  const placed = Int32Array.from(slots.flatMap(({ done }) => done));
  const depths = depthsOf(instance);
  yield;
  const order = yield* sortSteps(placed, (a, b) => startMs[a]! - startMs[b]! || depths[a]! - depths[b]! || a - b);
  const entries: ScheduledTask[] = [];
  for (const task of order) {
    const endMs = startMs[task]! + busyMs[task]!;
    entries.push({
      ...{ task, agent: agentOf[task]!, slot: slotOf[task]!, startMs: startMs[task]!, endMs },
      missesDeadline: !isWithin(endMs, instance.deadlineMs[task]!),
      tardinessMs: Math.max(0, endMs - (tasks[task]!.dueMs ?? Infinity)),
    });
    if (entries.length % PIECE === 0) yield;
  }
  return entries;
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
function* startTimes(
  instance: Instance,
  assignment: Assignment,
  busyMs: Float64Array,
  slots: Slot[],
): Generator<void, Float64Array> {
  const planned = assignment.startMs;
  if (planned !== undefined) {
    for (const slot of slots) {
      const byStart = yield* sortSteps(Int32Array.from(slot.waiting), (a, b) => planned[a]! - planned[b]! || a - b);
      [slot.done, slot.waiting] = [[...byStart], []];
    }
    return planned;
  }
  if (instance.dependsOn.length === 0) return startsInTurn(instance, busyMs, slots);
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
    yield;
  }
}

/** The same where no task waits for another: slots know nothing of each other. */
function startsInTurn(instance: Instance, busyMs: Float64Array, slots: Slot[]): Float64Array {
  const startMs = new Float64Array(instance.numTasks);
  for (const slot of slots) {
    for (const task of slot.waiting) {
      startMs[task] = slot.freeAtMs;
      slot.freeAtMs += busyMs[task]!;
    }
    [slot.done, slot.waiting] = [slot.waiting, []];
  }
  return startMs;
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
