import { describe, expect, it } from "vitest";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { leastConflict, packKinds, type SharedTasks } from "../../../src/engine/timed/pack-kinds.js";

const NUM_CASES = 300;

function drawShared(seed: number): SharedTasks {
  const random = drawingRandom(seed);
  const use = Float64Array.from({ length: 3 }, () => 1 + Math.floor(9 * random.unit()));
  const counts = use.map(() => random.below(4));
  const total = use.reduce((sum, time, kind) => sum + time * counts[kind]!, 0);
  const numSlots = 1 + random.below(3);
  return { use, counts, numSlots, room: Math.ceil((total / numSlots) * (1 + 0.15 * random.unit())) };
}

/** Whether every way of putting the tasks one by one breaks a slot's room. */
function fitsNowhere({ use, counts, numSlots, room }: SharedTasks): boolean {
  const tasks = Array.from(use.keys()).flatMap((kind) => Array.from({ length: counts[kind]! }, () => use[kind]!));
  const load = new Float64Array(numSlots);
  const place = (k: number): boolean => {
    if (k === tasks.length) return true;
    for (let slot = 0; slot < numSlots; slot++) {
      if (load[slot]! + tasks[k]! > room) continue;
      load[slot]! += tasks[k]!;
      const isPlaced = place(k + 1);
      load[slot]! -= tasks[k]!;
      if (isPlaced) return true;
    }
    return false;
  };
  return !place(0);
}

describe("tasks of few kinds in like slots", () => {
  it("are packed exactly where they fit", () => {
    let numNone = 0;
    for (let seed = 1; seed <= NUM_CASES; seed++) {
      const shared = drawShared(seed);
      const packed = packKinds(shared, new WorkMeter(Infinity));
      expect(packed).not.toBe("open");
      expect(packed === "none").toBe(fitsNowhere(shared));
      if (typeof packed === "string") {
        numNone += 1;
        continue;
      }
      const load = new Float64Array(shared.numSlots);
      packed.forEach((slots, kind) => {
        expect(slots).toHaveLength(shared.counts[kind]!);
        for (const slot of slots) load[slot]! += shared.use[kind]!;
      });
      for (const busy of load) expect(busy).toBeLessThanOrEqual(shared.room * (1 + 1e-9));
    }
    expect(numNone).toBeGreaterThan(NUM_CASES / 10);
  });

  it("that do not fit name fewest tasks that do not", () => {
    const meter = new WorkMeter(Infinity);
    for (let seed = 1; seed <= NUM_CASES; seed++) {
      const shared = drawShared(seed);
      if (packKinds(shared, meter) !== "none") continue;
      const counts = leastConflict(shared, meter);
      expect(packKinds({ ...shared, counts }, meter)).toBe("none");
      counts.forEach((count, kind) => {
        expect(count).toBeLessThanOrEqual(shared.counts[kind]!);
        if (count === 0) return;
        const fewer = counts.slice();
        fewer[kind]! -= 1;
        expect(packKinds({ ...shared, counts: fewer }, meter)).not.toBe("none");
      });
    }
  });
});
