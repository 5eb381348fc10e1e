import { type Assignment, DEFERRED, findPair, type Instance, roomMs } from "../../../models/index.js";
import { ModelError } from "../../domain/index.js";
import { packExactly } from "./pack-exactly.js";
import { buildPacking, canHold, evaluateLoad, type Packing, type PackingTask } from "./packing.js";

/** Up to this many tasks of an agent the packing is exact, as long as the search stays within its nodes. */
const EXACT_TASKS = 10;
/** Nodes of the exact search: more than ten tasks ever need, and what more tasks get where no start is feasible. Measured. */
const EXACT_NODES = 200_000;
const START_NODES = 20_000;
/** Packings that are remembered at most. */
const MAX_REMEMBERED = 20_000;

/**
 * Distributes each agent's tasks over its slots so that its last slot ends early (P ‖ Cmax) and every slot meets row
 * (5), Σ_{deadline ≤ D} b ≤ D − available_from for each of its deadlines D, and its load limit, row (2). Exact up to 10 tasks an agent; beyond that
 * LPT with shifts and swaps (Graham 1969), and branch and bound where that finds no feasible start. Slots are numbered
 * by falling load. Deterministic. Dependencies are ignored.
 * @returns null where no packing that meets deadlines and load limit was found (proven for exact ones)
 * @throws ModelError where a pair is not eligible
 */
export function packSlots(instance: Instance, agentOf: Int32Array): Assignment | null {
  return new SlotPacker(instance).pack(agentOf);
}

/** `packSlots` for many assignments of one instance, in which agents often keep their tasks: what was packed once is remembered. */
export class SlotPacker {
  readonly #instance: Instance;
  /** Packing of an agent's tasks, by agent and tasks. */
  readonly #known = new Map<string, Packing | "none" | "open">();
  #wasGivenUp = false;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** Whether the last assignment was given up: null then proves nothing. */
  get wasGivenUp(): boolean {
    return this.#wasGivenUp;
  }

  pack(agentOf: Int32Array): Assignment | null {
    this.#wasGivenUp = false;
    const slotOf = new Int32Array(this.#instance.numTasks).fill(DEFERRED);
    for (const [agent, tasks] of tasksByAgent(this.#instance, agentOf).entries()) {
      const packing = this.#packingOf(agent, tasks);
      if (packing === "none") {
        this.#wasGivenUp = false;
        return null;
      }
      if (packing === "open") this.#wasGivenUp = true;
      else numberSlots(packing, slotOf);
    }
    return this.#wasGivenUp ? null : { agentOf: agentOf.slice(), slotOf };
  }

  #packingOf(agent: number, tasks: readonly PackingTask[]): Packing | "none" | "open" {
    const numSlots = this.#instance.slots[agent]!;
    if (numSlots === 1) return tryPacking(tasks, 1);
    const key = `${agent}:${tasks.map(({ task }) => task).join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const packing = tryPacking(tasks, numSlots);
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(key, packing);
    return packing;
  }
}

/** The tasks of each agent, ascending. */
function tasksByAgent(instance: Instance, agentOf: Int32Array): PackingTask[][] {
  const tasksOf: PackingTask[][] = Array.from({ length: instance.numAgents }, () => []);
  for (let task = 0; task < instance.numTasks; task++) {
    const agent = agentOf[task]!;
    if (agent === DEFERRED) continue;
    const pair = findPair(instance, task, agent);
    if (pair === undefined) {
      throw new ModelError(
        `${instance.taskIds[task]} is assigned to ${instance.agentIds[agent]}, which is not eligible`,
      );
    }
    tasksOf[agent]!.push({ task, busyMs: instance.busyMs[pair]!, roomMs: roomMs(instance, task, agent) });
  }
  return tasksOf;
}

/** One agent's tasks on `numSlots` equal slots, null where none that meets the deadlines was found. */
export function packAgent(tasks: readonly PackingTask[], numSlots: number): Packing | null {
  const packing = tryPacking(tasks, numSlots);
  return typeof packing === "string" ? null : packing;
}

/** The same; "none" where there is proven to be none, "open" where the search was given up. */
function tryPacking(tasks: readonly PackingTask[], numSlots: number): Packing | "none" | "open" {
  if (numSlots === 1) return canHold(tasks) ? [[...tasks]] : "none";
  const start = startPacking(tasks, numSlots);
  const improved = start === null ? null : improvePacking(start);
  if (tasks.length <= EXACT_TASKS) return packExactly(tasks, numSlots, improved, EXACT_NODES);
  return improved ?? packExactly(tasks, numSlots, null, START_NODES);
}

/** The best of the greedy packings that meet the deadlines. */
function startPacking(tasks: readonly PackingTask[], numSlots: number): Packing | null {
  const longestFirst = [...tasks].sort((a, b) => b.busyMs - a.busyMs || a.task - b.task);
  const urgentFirst = [...longestFirst].sort((a, b) => (a.roomMs === b.roomMs ? 0 : a.roomMs < b.roomMs ? -1 : 1));
  const packings = [
    buildPacking(longestFirst, numSlots, "emptiest"),
    buildPacking(urgentFirst, numSlots, "emptiest"),
    buildPacking(urgentFirst, numSlots, "fullest"),
  ].filter((packing) => packing !== null);
  packings.sort((a, b) => evaluateLoad(a) - evaluateLoad(b));
  return packings[0] ?? null;
}

/** Moves a task off the fullest slot, or swaps it for a shorter one, as long as the fuller of the two slots gets emptier. */
function improvePacking(packing: Packing): Packing {
  for (;;) {
    const order = [...packing].sort((a, b) => totalMs(b) - totalMs(a));
    const fullest = order[0]!;
    const isImproved = order.slice(1).some((other) => moveOrSwap(fullest, other));
    if (!isImproved) return packing;
  }
}

function moveOrSwap(fullest: PackingTask[], other: PackingTask[]): boolean {
  const loadMs = totalMs(fullest);
  const otherMs = totalMs(other);
  for (const [place, task] of fullest.entries()) {
    for (let k = -1; k < other.length; k++) {
      const swapped = k === -1 ? undefined : other[k]!;
      const shiftMs = task.busyMs - (swapped?.busyMs ?? 0);
      // Twice the rounding of a sum, so that no exchange is undone and repeated.
      if (shiftMs <= 1e-9 * loadMs || otherMs + shiftMs >= loadMs * (1 - 1e-9)) continue;
      const without = fullest.filter((_, l) => l !== place);
      const others = other.filter((_, l) => l !== k);
      if (swapped !== undefined) without.push(swapped);
      others.push(task);
      if (!canHold(without) || !canHold(others)) continue;
      fullest.splice(0, fullest.length, ...without);
      other.splice(0, other.length, ...others);
      return true;
    }
  }
  return false;
}

/** Numbers slots by falling load, ties by their first task, and writes the number of each task. */
function numberSlots(packing: Packing, slotOf: Int32Array): void {
  const firstTask = (slot: readonly PackingTask[]): number => Math.min(...slot.map(({ task }) => task));
  const order = [...packing].sort((a, b) => totalMs(b) - totalMs(a) || firstTask(a) - firstTask(b));
  for (const [number, slot] of order.entries()) for (const { task } of slot) slotOf[task] = number;
}

function totalMs(tasks: readonly PackingTask[]): number {
  return tasks.reduce((sum, { busyMs }) => sum + busyMs, 0);
}
