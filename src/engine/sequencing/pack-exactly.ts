import { evaluateLoad, type Packing, type PackingTask } from "./packing.js";
import { isWithin } from "../../../models/index.js";

/**
 * Branch and bound for P ‖ Cmax with deadlines: depth first over the tasks by deadline, then longest first. Taken in
 * that order, a slot meets its deadlines exactly if each added task ends in time behind those before it. Of slots
 * with the same load only the first is tried, and of equal tasks each goes to no slot before that of the one before it.
 * @param incumbent a feasible packing to beat, or null
 * @param maxNodes after which the search keeps what it has
 * @returns the best packing; "none" where there is proven to be none, "open" where the nodes did not last
 */
export function packExactly(
  tasks: readonly PackingTask[],
  numSlots: number,
  incumbent: Packing | null,
  maxNodes: number,
): Packing | "none" | "open" {
  const order = [...tasks].sort((a, b) =>
    a.roomMs === b.roomMs ? b.busyMs - a.busyMs || a.task - b.task : a.roomMs < b.roomMs ? -1 : 1,
  );
  const total = order.reduce((sum, { busyMs }) => sum + busyMs, 0);
  const bound = Math.max(total / numSlots, ...order.map(({ busyMs }) => busyMs), 0);
  const loads = new Float64Array(numSlots);
  const slotOf = new Int32Array(order.length);
  let best = incumbent;
  let bestMs = incumbent === null ? Infinity : evaluateLoad(incumbent);
  let numNodes = 0;

  const place = (k: number, highestMs: number): void => {
    if (k === order.length) {
      best = Array.from({ length: numSlots }, (_, slot) => order.filter((_task, l) => slotOf[l] === slot));
      bestMs = highestMs;
      return;
    }
    const { busyMs, roomMs } = order[k]!;
    const previous = order[k - 1];
    const first = previous?.busyMs === busyMs && previous.roomMs === roomMs ? slotOf[k - 1]! : 0;
    for (let slot = first; slot < numSlots; slot++) {
      // An improvement within rounding is none.
      if (bestMs <= bound * (1 + 1e-12) || ++numNodes > maxNodes) return;
      const before = loads[slot]!;
      if (loads.indexOf(before, first) < slot) continue;
      const endMs = before + busyMs;
      if (endMs >= bestMs * (1 - 1e-12) || !isWithin(endMs, roomMs)) continue;
      loads[slot] = endMs;
      slotOf[k] = slot;
      place(k + 1, Math.max(highestMs, endMs));
      loads[slot] = before;
    }
  };
  place(0, 0);
  return best ?? (numNodes > maxNodes ? "open" : "none");
}
