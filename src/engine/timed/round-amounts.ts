import type { SlotContents } from "./slot-contents.js";

/** Amounts that lack less than this of a whole number have it. */
const ALMOST_WHOLE = 0.02;

/**
 * An assignment near fractional amounts: each group of slots gets what is whole of them, its longest tasks first and each on the slot that ends
 * earliest; what is left over goes, longest first, where it ends earliest of all (Lenstra, Shmoys, Tardos, Math. Programming 46, 1990, round a
 * program of loads; here the parts are of contents).
 *
 * @param amounts tasks of each kind, by group and kind
 * @returns slot of each task, null where one cannot go anywhere. O(tasks · slots)
 */
export function roundAmounts(
  { groups, kinds }: SlotContents,
  amounts: readonly Float64Array[],
  availableFrom: Float64Array,
): Int32Array | null {
  const end = availableFrom.slice();
  const numTasks = kinds.reduce((sum, tasks) => sum + tasks.length, 0);
  const slotOf = new Int32Array(numTasks);
  const numPlaced = new Int32Array(kinds.length);
  const place = (kind: number, group: number, slot: number): void => {
    end[slot]! += groups[group]!.use[kind]!;
    slotOf[kinds[kind]![numPlaced[kind]!++]!] = slot;
  };
  groups.forEach(({ slots, use }, group) => {
    const longestFirst = Array.from(use.keys()).sort((a, b) => use[b]! - use[a]! || a - b);
    for (const kind of longestFirst) {
      const whole = Math.floor(amounts[group]![kind]! + ALMOST_WHOLE);
      const count = Math.min(whole, kinds[kind]!.length - numPlaced[kind]!);
      for (let k = 0; k < count; k++) place(kind, group, earliest(slots, end));
    }
  });
  const leastUse = kinds.map((_, kind) => groups.reduce((least, { use }) => Math.min(least, use[kind]!), Infinity));
  const left = Array.from(kinds.keys()).sort((a, b) => leastUse[b]! - leastUse[a]! || a - b);
  for (const kind of left) {
    while (numPlaced[kind]! < kinds[kind]!.length) {
      let [best, bestSlot, bestEnd] = [-1, -1, Infinity];
      groups.forEach(({ slots, use }, group) => {
        const slot = earliest(slots, end);
        const ends = end[slot]! + use[kind]!;
        if (ends < bestEnd) [best, bestSlot, bestEnd] = [group, slot, ends];
      });
      if (best < 0) return null;
      place(kind, best, bestSlot);
    }
  }
  return slotOf;
}

function earliest(slots: readonly number[], end: Float64Array): number {
  return slots.reduce((best, slot) => (end[slot]! < end[best]! ? slot : best));
}
