import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelError } from "../../../src/domain/errors.js";
import { checkSchedule } from "../../../src/planner/forecast/check-schedule.js";
import type { Schedule } from "../../../src/planner/forecast/schedule-wave.js";
import { scheduleWave } from "../../../src/planner/forecast/schedule-wave.js";
import type { PlainTask } from "./instances.js";
import { onOneSlot, permutations, placed, wave } from "./instances.js";

function scheduleOnOneSlot(tasks: readonly PlainTask[], availableFromMs = 0): Schedule {
  const { problem, instance } = wave(tasks, [{ slots: 1, availableFromMs }]);
  return scheduleWave(problem, instance, onOneSlot(tasks.length));
}

const orderOf = (schedule: Schedule): readonly number[] => schedule.slotSequences[0]![0]!;

describe("the order inside a slot", () => {
  it("goes by bucket, then EDD, then priority, then WSPT, then id", () => {
    const tasks: PlainTask[] = [
      { busyMs: 10 },
      { busyMs: 10 },
      { busyMs: 5 },
      { busyMs: 10, priority: 7 },
      { busyMs: 10, dueMs: 900, priority: 9 },
      { busyMs: 10, riskLevel: "HIGH", confidence: 0.95 },
      { busyMs: 10, weight: 4 },
    ];
    const { problem, instance } = wave(tasks, [{ slots: 1 }]);
    const priorityOrder = [{ riskLevel: "HIGH", confidenceMin: 0.95 } as const];
    const schedule = scheduleWave({ ...problem, priorityOrder }, instance, onOneSlot(tasks.length));
    expect(orderOf(schedule)).toEqual([5, 4, 3, 6, 2, 0, 1]);
    expect([...schedule.rank]).toEqual([6, 7, 5, 3, 2, 1, 4]);
  });

  it("puts what fits no bucket last", () => {
    const tasks: PlainTask[] = [
      { busyMs: 1, riskLevel: "MEDIUM", confidence: 0.74 },
      { busyMs: 1, riskLevel: "MEDIUM", confidence: 0.75 },
      { busyMs: 1, confidence: 0.85 },
    ];
    const { problem, instance } = wave(tasks, [{ slots: 1 }]);
    const priorityOrder = [
      { riskLevel: "LOW", confidenceMin: 0.85 } as const,
      { riskLevel: "MEDIUM", confidenceMin: 0.75 } as const,
    ];
    expect(orderOf(scheduleWave({ ...problem, priorityOrder }, instance, onOneSlot(3)))).toEqual([2, 1, 0]);
  });

  it("yields to a hard deadline only as far as it must", () => {
    const tasks: PlainTask[] = [
      { busyMs: 10, priority: 1, dueMs: 1 },
      { busyMs: 10, priority: 2, dueMs: 2 },
      { busyMs: 10, priority: 3, deadlineMs: 20 },
    ];
    const schedule = scheduleOnOneSlot(tasks);
    expect(orderOf(schedule)).toEqual([0, 2, 1]);
    expect(schedule.numDeadlineMisses).toBe(0);
    expect(schedule.totalTardinessMs).toBe(9 + 28);
  });

  it("meets all deadlines whenever any order does", () => {
    const arbitrary = fc.record({
      busyMs: fc.integer({ min: 1, max: 9 }),
      deadlineMs: fc.option(fc.integer({ min: 1, max: 40 })),
      priority: fc.option(fc.integer({ min: 1, max: 5 })),
      dueMs: fc.option(fc.integer({ min: 1, max: 40 })),
    });
    const startMs = fc.integer({ min: 0, max: 5 });
    let numFeasible = 0;
    fc.assert(
      fc.property(fc.array(arbitrary, { minLength: 1, maxLength: 6 }), startMs, (tasks, availableFromMs) => {
        const isFeasible = permutations(tasks).some((order) => {
          let endMs = availableFromMs;
          return order.every((task) => (endMs += task.busyMs) <= (task.deadlineMs ?? Infinity));
        });
        if (isFeasible) numFeasible++;
        expect(scheduleOnOneSlot(tasks, availableFromMs).numDeadlineMisses === 0).toBe(isFeasible);
      }),
    );
    expect(numFeasible).toBeGreaterThan(5);
  });
});

describe("dependencies", () => {
  it("make a chain across slots wait, without idling what can run", () => {
    const tasks: PlainTask[] = [
      { busyMs: 10 },
      { busyMs: 10, after: [0], priority: 1 },
      { busyMs: 4, after: [1] },
      { busyMs: 6, priority: 9 },
    ];
    const { problem, instance } = wave(tasks, [{ slots: 1 }, { slots: 1, availableFromMs: 2 }]);
    const assignment = placed([0, 0], [1, 0], [0, 0], [1, 0]);
    const schedule = scheduleWave(problem, instance, assignment);
    expect(schedule.entries.map(({ task, startMs, endMs }) => [task, startMs, endMs])).toEqual([
      [0, 0, 10],
      [3, 2, 8],
      [1, 10, 20],
      [2, 20, 24],
    ]);
    expect(schedule.makespanMs).toBe(24);
    expect(checkSchedule(instance, assignment, schedule)).toEqual([]);
  });

  it("rank predecessors first and inherit deadlines backward", () => {
    const tasks: PlainTask[] = [
      { busyMs: 10, priority: 1 },
      { busyMs: 10, after: [2], deadlineMs: 20 },
      { busyMs: 10, priority: 8 },
    ];
    const schedule = scheduleOnOneSlot(tasks);
    expect(orderOf(schedule)).toEqual([2, 1, 0]);
    expect(schedule.numDeadlineMisses).toBe(0);
    expect(schedule.rank[2]).toBeLessThan(schedule.rank[1]!);
  });

  it("leave a predecessor on another slot early enough for its follower", () => {
    const tasks: PlainTask[] = [
      { busyMs: 10, priority: 9 },
      { busyMs: 8, priority: 1 },
      { busyMs: 10, after: [0], deadlineMs: 20 },
    ];
    const { problem, instance } = wave(tasks, [{ slots: 1 }, { slots: 1 }]);
    const schedule = scheduleWave(problem, instance, placed([0, 0], [0, 0], [1, 0]));
    expect(orderOf(schedule)).toEqual([0, 1]);
    expect(schedule.numDeadlineMisses).toBe(0);
  });

  it("let a slot take what becomes ready first, whatever slot that depends on", () => {
    const tasks: PlainTask[] = [
      { busyMs: 5 },
      { busyMs: 2 },
      { busyMs: 6, after: [0], priority: 1 },
      { busyMs: 6, after: [1] },
    ];
    const agents = [{ slots: 1, availableFromMs: 2 }, { slots: 1, availableFromMs: 1 }, { slots: 1 }];
    const { problem, instance } = wave(tasks, agents);
    const schedule = scheduleWave(problem, instance, placed([0, 0], [1, 0], [2, 0], [2, 0]));
    const starts = schedule.entries.map(({ task, startMs }) => [task, startMs]);
    expect(starts).toEqual([[1, 1], [0, 2], [3, 3], [2, 9]]); // prettier-ignore
  });

  it("never overlap, deadlock or start too early", () => {
    const arbitrary = fc.record({
      busyMs: fc.double({ min: 0.1, max: 9, noNaN: true }),
      deadlineMs: fc.option(fc.integer({ min: 1, max: 60 })),
      edges: fc.array(fc.nat(), { maxLength: 3 }),
      place: fc.option(fc.tuple(fc.nat(2), fc.nat(1)), { freq: 6 }),
    });
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 14 }), fc.boolean(), (drawn, isReversed) => {
        const deferred = new Set<number>();
        const at = (k: number): number => (isReversed ? drawn.length - 1 - k : k);
        const after = drawn.map((task, k) => (k === 0 ? [] : [...new Set(task.edges.map((edge) => at(edge % k)))]));
        drawn.forEach(({ place }, k) => {
          if (place === null || after[k]!.some((predecessor) => deferred.has(predecessor))) deferred.add(at(k));
        });
        const order = drawn.map((_, i) => at(i));
        const tasks = order.map((k): PlainTask => {
          const { busyMs, deadlineMs } = drawn[k]!;
          return { busyMs, deadlineMs, after: after[k]! };
        });
        const { problem, instance } = wave(tasks, [{ slots: 2 }, { slots: 2, availableFromMs: 3 }, { slots: 2 }]);
        const assignment = placed(...order.map((k, i) => (deferred.has(i) ? null : drawn[k]!.place)));
        expect(checkSchedule(instance, assignment, scheduleWave(problem, instance, assignment))).toEqual([]);
      }),
    );
  });

  it("are a bug where a placed task waits for a deferred one", () => {
    const { problem, instance } = wave([{ busyMs: 1 }, { busyMs: 1, after: [0] }], [{ slots: 1 }]);
    expect(() => scheduleWave(problem, instance, placed(null, [0, 0]))).toThrow(ModelError);
  });
});

describe("scheduleWave", () => {
  it("refuses slots that do not exist", () => {
    const { problem, instance } = wave([{ busyMs: 1 }], [{ slots: 1 }]);
    expect(() => scheduleWave(problem, instance, placed([0, 1]))).toThrow(/slot 1/);
  });

  it("has an answer for an empty plan", () => {
    const { problem, instance } = wave([{ busyMs: 1 }], [{ slots: 1 }]);
    const schedule = scheduleWave(problem, instance, placed(null));
    expect(schedule).toMatchObject({ entries: [], makespanMs: 0, slotSequences: [[[]]] });
    expect([...schedule.rank]).toEqual([1]);
  });
});

describe("checkSchedule", () => {
  it("names every kind of fault", () => {
    const { problem, instance } = wave([{ busyMs: 4 }, { busyMs: 4, after: [0] }], [{ slots: 1, availableFromMs: 1 }]);
    const assignment = onOneSlot(2);
    const good = scheduleWave(problem, instance, assignment);
    const [first, second] = good.entries as [Schedule["entries"][0], Schedule["entries"][0]];
    const faultsOf = (entries: Schedule["entries"], makespanMs = 9): string =>
      checkSchedule(instance, assignment, { ...good, entries, makespanMs }).join("; ");
    expect(faultsOf([first, second])).toBe("");
    expect(faultsOf([first, { ...second, startMs: 3, endMs: 7 }], 7)).toMatch(/overlap.*starts before it ends/);
    expect(faultsOf([{ ...first, startMs: 0, endMs: 4 }, second])).toMatch(/before its agent is available/);
    expect(faultsOf([{ ...first, endMs: 4.5 }, second])).toMatch(/instead of 4 ms/);
    expect(faultsOf([second])).toMatch(/not both.*not scheduled/);
    expect(faultsOf([first, first, second])).toMatch(/twice/);
    expect(faultsOf([first, second], 10)).toMatch(/makespan/);
    expect(faultsOf([first, { ...second, slot: 1 }])).toMatch(/left its slot.*does not exist/);
  });
});
