import { expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
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
  const random = drawingRandom(1);
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

/** The rule of `raiseStarts` as it is written, set by set; null where required tasks do not fit. */
function raisedByDefinition(tasks: readonly Window[], isRequired: readonly boolean[]): number[] | null {
  const raised = tasks.map(({ earliestStart }) => earliestStart);
  for (const { latestEnd: limit } of tasks.filter((_, k) => isRequired[k])) {
    const members = tasks.filter((task, k) => isRequired[k] && task.latestEnd <= limit);
    const workFrom = (start: number): number =>
      members.reduce((sum, one) => sum + (one.earliestStart >= start ? one.busy : 0), 0);
    const endOf = (start: number): number =>
      Math.max(...members.filter((one) => one.earliestStart >= start).map((one) => one.earliestStart + workFrom(one.earliestStart))); // prettier-ignore
    if (endOf(-Infinity) > limit) return null;
    tasks.forEach((task, k) => {
      if (members.includes(task)) return;
      for (const { earliestStart: first } of members) {
        if (Math.min(first, task.earliestStart) + workFrom(first) + task.busy <= limit) continue;
        raised[k] = Math.max(raised[k]!, endOf(first));
      }
    });
  }
  return raised;
}

it("raises starts exactly as far as its rule says, whatever the order of the tasks", () => {
  const random = drawingRandom(2);
  for (let round = 0; round < 1500; round++) {
    const tasks = Array.from({ length: 2 + random.below(5) }, () => {
      const [earliestStart, busy] = [random.below(12), 1 + random.below(6)];
      return { earliestStart, busy, latestEnd: earliestStart + busy + random.below(20) };
    });
    const isRequired = tasks.map(() => random.below(3) > 0);
    const slot = fill(tasks, (k) => isRequired[k]!);
    const found = slot.raiseStarts(0) ? [...slot.raised.slice(0, tasks.length)] : null;
    expect({ round, found }).toEqual({ round, found: raisedByDefinition(tasks, isRequired) });
  }
});

it("forgives what passes a limit by rounding alone", () => {
  const tight = [
    { earliestStart: 0, busy: 5, latestEnd: 5 - 1e-9 },
    { earliestStart: 0, busy: 5, latestEnd: 10 },
  ];
  expect(fill(tight, () => true).raiseStarts(1e-8)).toBe(true);
  expect(fill(tight, () => true).raiseStarts(1e-10)).toBe(false);
  const beside = fill([{ earliestStart: 0, busy: 5, latestEnd: 10 - 1e-9 }, tight[1]!], (k) => k === 0);
  beside.raiseStarts(1e-8);
  expect(beside.raised[1]).toBe(0);
  beside.raiseStarts(1e-10);
  expect(beside.raised[1]).toBe(5);
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
