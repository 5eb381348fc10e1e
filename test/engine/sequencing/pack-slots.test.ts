import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packAgent, packSlots, SlotPacker } from "../../../src/engine/sequencing/pack-slots.js";
import type { Packing, PackingTask } from "../../../src/engine/sequencing/packing.js";
import { canHold, evaluateLoad } from "../../../src/engine/sequencing/packing.js";
import { wave } from "../../planner/forecast/instances.js";

const tasksOf = (busy: readonly number[], room: readonly number[] = []): PackingTask[] =>
  busy.map((busyMs, task) => ({ task, busyMs, roomMs: room[task] ?? Infinity }));

/** Least load over all packings that meet the deadlines, null where there is none. */
function bruteForce(tasks: readonly PackingTask[], numSlots: number): number | null {
  let best: number | null = null;
  for (let code = 0; code < numSlots ** tasks.length; code++) {
    const packing: Packing = Array.from({ length: numSlots }, () => []);
    tasks.forEach((task, k) => packing[Math.floor(code / numSlots ** k) % numSlots]!.push(task));
    if (!packing.every(canHold)) continue;
    best = Math.min(best ?? Infinity, evaluateLoad(packing));
  }
  return best;
}

describe("packAgent", () => {
  it("is exact on few tasks, with and without deadlines", () => {
    const arbitrary = fc.array(
      fc.record({ busyMs: fc.integer({ min: 1, max: 12 }), roomMs: fc.option(fc.integer({ min: 1, max: 25 })) }),
      { maxLength: 7 },
    );
    let numInfeasible = 0;
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 1, max: 3 }), (drawn, numSlots) => {
        const room = drawn.map(({ roomMs }) => roomMs ?? Infinity);
        const tasks = tasksOf(drawn.map(({ busyMs }) => busyMs), room); // prettier-ignore
        const packing = packAgent(tasks, numSlots);
        const best = bruteForce(tasks, numSlots);
        if (best === null) numInfeasible++;
        expect(packing === null ? null : evaluateLoad(packing)).toBe(best);
        if (packing !== null)
          expect(
            packing
              .flat()
              .map(({ task }) => task)
              .sort(),
          ).toEqual([...tasks.keys()]);
      }),
      { numRuns: 150 },
    );
    expect(numInfeasible).toBeGreaterThan(5);
  });

  it("beats LPT where LPT is at its worst", () => {
    expect(evaluateLoad(packAgent(tasksOf([5, 5, 4, 4, 3, 3, 3]), 3)!)).toBe(9);
  });

  it.each([
    { busy: [2, 13, 16, 16, 6, 12], numSlots: 2, best: 33 },
    { busy: [9, 11, 5, 6, 16, 4, 9], numSlots: 3, best: 20 },
  ])("goes on where shifts and swaps are stuck: $busy", ({ busy, numSlots, best }) => {
    expect(evaluateLoad(packAgent(tasksOf(busy), numSlots)!)).toBe(best);
  });

  it("does not even out loads at the price of a deadline", () => {
    const packing = packAgent(tasksOf([10, 4, 4, 2], [Infinity, 4, 4, Infinity]), 2)!;
    expect(packing.every(canHold)).toBe(true);
    expect(evaluateLoad(packing)).toBe(14);
  });

  it("stays near the bound and within deadlines on many tasks", () => {
    const busy = Array.from({ length: 120 }, (_, k) => 5 + ((k * 7919) % 97) / 3);
    const total = busy.reduce((sum, busyMs) => sum + busyMs, 0);
    const room = busy.map((_, k) => (k % 3 === 0 ? (total / 6) * 0.45 : Infinity));
    const packing = packAgent(tasksOf(busy, room), 6)!;
    expect(packing.every(canHold)).toBe(true);
    expect(evaluateLoad(packing)).toBeLessThan((total / 6) * 1.01);
  });

  it("finds the only packing among many tasks by search", () => {
    // Two slots, twelve tasks, one deadline that both slots must fill exactly.
    const busy = [7, 6, 6, 5, 5, 5, 4, 3, 3, 2, 2, 2];
    const packing = packAgent(tasksOf(busy, Array<number>(12).fill(25)), 2);
    expect(packing!.map((slot) => slot.reduce((sum, { busyMs }) => sum + busyMs, 0))).toEqual([25, 25]);
    expect(packAgent(tasksOf([13, 13, 13, ...Array<number>(9).fill(1)], Array<number>(12).fill(24)), 2)).toBeNull();
  });
});

describe("packSlots", () => {
  it("numbers slots by falling load and leaves deferred tasks out", () => {
    const busy = [3, 3, 8, 5].map((busyMs) => ({ busyMs }));
    const { instance } = wave(busy, [{ slots: 2 }, { slots: 3 }]);
    const assignment = packSlots(instance, Int32Array.of(0, 0, 0, -1))!;
    expect([...assignment.slotOf]).toEqual([1, 1, 0, -1]);
    expect([...assignment.agentOf]).toEqual([0, 0, 0, -1]);
  });

  it("counts deadlines from the agent's availability", () => {
    const tasks = [
      { busyMs: 5, deadlineMs: 15 },
      { busyMs: 5, deadlineMs: 15 },
      { busyMs: 5, deadlineMs: 15 },
    ];
    const agentOf = Int32Array.of(0, 0, 0);
    expect(packSlots(wave(tasks, [{ slots: 1 }]).instance, agentOf)).not.toBeNull();
    expect(packSlots(wave(tasks, [{ slots: 1, availableFromMs: 1 }]).instance, agentOf)).toBeNull();
    const onTwo = packSlots(wave(tasks, [{ slots: 2, availableFromMs: 1 }]).instance, agentOf)!;
    expect([...onTwo.slotOf].sort()).toEqual([0, 0, 1]);
    expect(packSlots(wave(tasks, [{ slots: 2, availableFromMs: 6 }]).instance, agentOf)).toBeNull();
  });

  it("tells what was given up from what is proven not to fit", () => {
    // Four slots of 100,000, each filled exactly by four of the tasks.
    const planted = [22091, 38177, 20410, 19322, 27983, 11057, 33391, 27569, 9461, 41213, 30089, 19237];
    const times = [...planted, 25579, 24203, 36110, 14108];
    const fill = (roomMs: number): SlotPacker => {
      const { instance } = wave(
        times.map((busyMs) => ({ busyMs })),
        [{ slots: 4 }],
      );
      const packer = new SlotPacker({ ...instance, loadLimitMs: Float64Array.of(roomMs) });
      expect(packer.pack(new Int32Array(times.length))).toBeNull();
      return packer;
    };
    expect([fill(100_000).wasGivenUp, fill(40_000).wasGivenUp]).toEqual([true, false]);
  });
});
