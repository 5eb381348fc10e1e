import { isWithin } from "../../../models/index.js";

export interface PackingTask {
  readonly task: number;
  readonly busyMs: number;
  /** Busy time that the slot can give to this task and to those with no more room, rows (2) and (5). */
  readonly roomMs: number;
}

/** Tasks of each slot of one agent. */
export type Packing = PackingTask[][];

/** Whether one slot meets row (5) at each of its deadlines, within the feasibility tolerance. O(k log k). */
export function canHold(tasks: readonly PackingTask[]): boolean {
  const urgent = tasks.filter(({ roomMs }) => roomMs !== Infinity).sort((a, b) => a.roomMs - b.roomMs);
  let endMs = 0;
  return urgent.every(({ busyMs, roomMs }) => isWithin((endMs += busyMs), roomMs));
}

/** Largest load of a slot, milliseconds. */
export function evaluateLoad(packing: Packing): number {
  return Math.max(0, ...packing.map((slot) => slot.reduce((sum, { busyMs }) => sum + busyMs, 0)));
}

/** Puts the tasks in turn on the emptiest or fullest slot that can hold them; null where one finds none. */
export function buildPacking(
  tasks: readonly PackingTask[],
  numSlots: number,
  preference: "emptiest" | "fullest",
): Packing | null {
  const packing: Packing = Array.from({ length: numSlots }, () => []);
  const loads = new Float64Array(numSlots);
  for (const task of tasks) {
    let chosen: number | undefined;
    for (let slot = 0; slot < numSlots; slot++) {
      if (chosen !== undefined) {
        const isEmptier = loads[slot]! < loads[chosen]!;
        const isFuller = loads[slot]! > loads[chosen]!;
        if (preference === "emptiest" ? !isEmptier : !isFuller) continue;
      }
      if (task.roomMs === Infinity || canHold([...packing[slot]!, task])) chosen = slot;
    }
    if (chosen === undefined) return null;
    packing[chosen]!.push(task);
    loads[chosen]! += task.busyMs;
  }
  return packing;
}
