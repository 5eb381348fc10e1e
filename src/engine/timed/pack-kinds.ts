import type { WorkMeter } from "../bounds/work-meter.js";

/** Places tried for one question at most, and the looks of each. */
const MAX_NODES = 5000;
const LOOKS_PER_NODE = 8;
/** Rounding of loads that is forgiven, relative. */
const SLACK = 1e-10;

/** Tasks that are to share like slots. */
export interface SharedTasks {
  /** Time of each kind of task on one of the slots. */
  readonly use: Float64Array;
  /** Tasks of each kind. */
  readonly counts: ArrayLike<number>;
  readonly numSlots: number;
  /** Time of each slot. */
  readonly room: number;
}

/**
 * Packs tasks into like slots: depth first, longest kinds first, tasks of a kind into slots in order, of slots with the same load only the first, and
 * nothing below where slots that can take no more have lost more time than there is to lose (Martello, Toth, Knapsack Problems, 1990, ch. 8).
 *
 * @returns slot of each task, kind by kind; "none" where they do not fit, "open" where the search was given up
 */
export function packKinds(
  { use, counts, numSlots, room }: SharedTasks,
  meter: WorkMeter,
): readonly number[][] | "none" | "open" {
  const kinds = Array.from(use.keys()).filter((kind) => counts[kind]! > 0);
  kinds.sort((a, b) => use[b]! - use[a]! || a - b);
  const items = kinds.flatMap((kind) => Array.from({ length: counts[kind]! }, () => kind));
  const most = room * (1 + SLACK);
  const total = items.reduce((sum, kind) => sum + use[kind]!, 0);
  const load = new Float64Array(numSlots);
  const slotOf = new Int32Array(items.length);
  const shortest = items.length === 0 ? 0 : use[items.at(-1)!]!;
  let numNodes = 0;

  const losesTooMuch = (): boolean => {
    let lost = 0;
    for (const busy of load) if (busy + shortest > most) lost += most - busy;
    return lost > numSlots * most - total;
  };
  const place = (k: number): boolean => {
    if (k === items.length) return true;
    if (losesTooMuch()) return false;
    const kind = items[k]!;
    const first = k > 0 && items[k - 1] === kind ? slotOf[k - 1]! : 0;
    for (let slot = first; slot < numSlots; slot++) {
      const before = load[slot]!;
      if (before + use[kind]! > most || load.indexOf(before, first) < slot) continue;
      if (++numNodes > MAX_NODES) return false;
      load[slot] = before + use[kind]!;
      slotOf[k] = slot;
      if (place(k + 1)) return true;
      load[slot] = before;
    }
    return false;
  };
  const isPacked = place(0);
  meter.spend(LOOKS_PER_NODE * numNodes + items.length);
  if (!isPacked) return numNodes > MAX_NODES ? "open" : "none";
  const slotsOf: number[][] = Array.from(use, () => []);
  items.forEach((kind, k) => slotsOf[kind]!.push(slotOf[k]!));
  return slotsOf;
}

/** Fewest of the tasks of each kind, one kind after another, that still do not fit; `counts` do not. */
export function leastConflict(shared: SharedTasks, meter: WorkMeter): Int32Array {
  const counts = Int32Array.from(shared.counts);
  for (let kind = 0; kind < counts.length; kind++) {
    while (counts[kind]! > 0) {
      counts[kind]! -= 1;
      if (packKinds({ ...shared, counts }, meter) === "none") continue;
      counts[kind]! += 1;
      break;
    }
  }
  return counts;
}
