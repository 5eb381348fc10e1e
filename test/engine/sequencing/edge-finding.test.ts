import { expect, it } from "vitest";
import { createRandom } from "../../../src/domain/index.js";
import { SlotTasks } from "../../../src/engine/sequencing/edge-finding.js";

interface Window {
  readonly earliestStart: number;
  readonly latestEnd: number;
  readonly busy: number;
}

/** Earliest start of each task over all orders in which every task keeps its window; Infinity where there is none. */
function earliestStarts(tasks: readonly Window[]): number[] {
  const earliest = tasks.map(() => Infinity);
  function extend(placed: readonly number[], starts: readonly number[], free: number): void {
    if (placed.length === tasks.length) {
      placed.forEach((task, k) => (earliest[task] = Math.min(earliest[task]!, starts[k]!)));
      return;
    }
    tasks.forEach(({ earliestStart, latestEnd, busy }, task) => {
      const start = Math.max(free, earliestStart);
      if (placed.includes(task) || start + busy > latestEnd) return;
      extend([...placed, task], [...starts, start], start + busy);
    });
  }
  extend([], [], 0);
  return earliest;
}

function fill(tasks: readonly Window[], isRequired: (k: number) => boolean): SlotTasks {
  const slot = new SlotTasks(tasks.length);
  slot.size = tasks.length;
  tasks.forEach(({ earliestStart, latestEnd, busy }, k) => {
    slot.earliestStart[k] = earliestStart;
    slot.latestEnd[k] = latestEnd;
    slot.busy[k] = busy;
    slot.isRequired[k] = isRequired(k) ? 1 : 0;
  });
  return slot;
}

it("raises starts as far as some order allows at most, and often", () => {
  const random = createRandom(1);
  let [numRaised, numFailed] = [0, 0];
  for (let round = 0; round < 600; round++) {
    const tasks = Array.from({ length: 2 + random.below(4) }, () => {
      const [earliestStart, busy] = [random.below(15), 1 + random.below(6)];
      return { earliestStart, busy, latestEnd: earliestStart + busy + random.below(12) };
    });
    const truth = earliestStarts(tasks);
    const slot = fill(tasks, () => true);
    if (!slot.raiseStarts(0)) {
      numFailed++;
      expect(truth).toEqual(tasks.map(() => Infinity));
      continue;
    }
    tasks.forEach(({ earliestStart }, k) => {
      if (slot.raised[k]! > earliestStart) numRaised++;
      expect(slot.raised[k]!).toBeLessThanOrEqual(truth[k]!);
    });
  }
  expect(numRaised).toBeGreaterThan(100);
  expect(numFailed).toBeGreaterThan(50);
});

it("lets optional tasks yield to required ones but not the other way round", () => {
  const tasks = [
    { earliestStart: 0, busy: 5, latestEnd: 6 },
    { earliestStart: 0, busy: 4, latestEnd: 20 },
  ];
  const yielding = fill(tasks, (k) => k === 0);
  expect(yielding.raiseStarts(0)).toBe(true);
  expect(yielding.raised[1]).toBe(5);
  const unmoved = fill(tasks, (k) => k === 1);
  expect(unmoved.raiseStarts(0)).toBe(true);
  expect(unmoved.raised[0]).toBe(0);
});

it("is unchanged after two mirrors", () => {
  const slot = fill([{ earliestStart: 1, busy: 2, latestEnd: 9 }], () => true);
  slot.mirror();
  expect([slot.earliestStart[0], slot.latestEnd[0]]).toEqual([-9, -1]);
  slot.mirror();
  expect([slot.earliestStart[0], slot.latestEnd[0]]).toEqual([1, 9]);
});
