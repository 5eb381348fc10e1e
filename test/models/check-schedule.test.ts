import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assignment, Instance, Timing } from "../../models/instance.js";
import { findScheduleViolations, plainTiming } from "../../models/check-schedule.js";
import { placed, wave } from "../planner/forecast/instances.js";

/** One wave whose every rule of time is met exactly, and one step beyond each of them. */
const base = wave(
  [{ busyMs: 4 }, { busyMs: 4, after: [0], deadlineMs: 10 }, { busyMs: 4 }],
  [{ slots: 2, availableFromMs: 2 }, { slots: 1 }],
).instance;
const instance: Instance = base;
const timing: Timing = {
  ...plainTiming(base),
  releaseMs: Float64Array.of(2, 0, 6),
  availableUntilMs: Float64Array.of(10, 20),
  absenceStart: Int32Array.of(0, 0, 1),
  absenceFromMs: Float64Array.of(10),
  absenceToMs: Float64Array.of(14),
  poolNames: ["gpu"],
  poolLimit: Float64Array.of(2),
  useStart: Int32Array.of(0, 1, 2, 3),
  usePool: Int32Array.of(0, 0, 0),
  useAmount: Float64Array.of(1.5, 1, 1),
};
const onTwo: Assignment = placed([0, 0], [0, 0], [1, 0]);

const rowsOf = (plan: Assignment, startMs: readonly number[], own: Timing = timing): string[] =>
  findScheduleViolations(instance, own, plan, Float64Array.from(startMs)).map(({ row }) => row.replace(/\[.*/, ""));

describe("the rows of time", () => {
  it("are kept by a schedule that meets each of them exactly", () => {
    expect(rowsOf(onTwo, [2, 6, 6])).toEqual([]);
  });

  it.each([
    ["before the task's release", placed([1, 0], [0, 0], [1, 0]), [1.5, 6, 6], ["release"]],
    ["before the agent comes", onTwo, [1.5, 6, 6], ["release", "arrival"]],
    ["past the deadline, when the agent has left", onTwo, [2, 6.5, 6], ["deadline", "departure"]],
    ["before a predecessor ends", onTwo, [2, 5.5, 6], ["precedes"]],
    ["into an absence", onTwo, [2, 6, 6.5], ["absence"]],
    ["out of an absence", onTwo, [2, 6, 13.5], ["absence"]],
    ["while another runs in the slot", placed([0, 0], [1, 0], [1, 0]), [2, 6, 6], ["overlap"]],
    ["without a time", onTwo, [2, NaN, 6], ["start"]],
  ] as const)("see a task %s", (_, plan, startMs, rows) => {
    expect(rowsOf(plan, startMs)).toEqual(rows);
  });

  it("see a pool that running tasks exceed together, and none where one has ended", () => {
    const free: Timing = { ...timing, releaseMs: new Float64Array(3) };
    expect(rowsOf(onTwo, [2, 6, 5], free)).toEqual(["pool"]);
    expect(rowsOf(onTwo, [2, 6, 6], free)).toEqual([]);
    expect(rowsOf(onTwo, [2, 6, 5], { ...free, poolLimit: Float64Array.of(2.5) })).toEqual([]);
    expect(rowsOf(placed([0, 0], null, [1, 0]), [2, NaN, 5], free)).toEqual(["pool"]);
  });

  it("say what is wrong with its numbers", () => {
    const messages = (plan: Assignment, startMs: readonly number[], own = timing): string[] =>
      findScheduleViolations(instance, own, plan, Float64Array.from(startMs)).map(
        ({ row, message }) => `${row} ${message}`,
      );
    expect(messages(onTwo, [1.5, 6.5, 6.5])).toEqual([
      "release[task_000] task_000 starts at 1.5 ms, before its release, 2 ms",
      "arrival[task_000,agent_000] task_000 starts at 1.5 ms, before agent_000 comes at 2 ms",
      "deadline[task_001] task_001 ends at 10.5 ms, after its deadline, 10 ms",
      "departure[task_001,agent_000] task_001 ends at 10.5 ms, after agent_000 leaves at 10 ms",
      "absence[task_002,agent_001] task_002 runs from 6.5 to 10.5 ms, while agent_001 is away from 10 to 14 ms",
    ]);
    expect(messages(onTwo, [2, 5.5, -1])).toEqual([
      "precedes[task_000,task_001] task_001 starts at 5.5 ms, before task_000 ends at 6 ms",
      "start[task_002] task_002 is placed and starts at -1",
    ]);
    expect(messages(placed([0, 0], [1, 0], [1, 0]), [2, 6, 6])).toEqual([
      "overlap[agent_001,0,task_001,task_002] task_001 ends at 10 ms, after task_002 starts at 6 ms in the same slot",
    ]);
    expect(messages(onTwo, [2, 6, 5], { ...timing, releaseMs: new Float64Array(3) })).toEqual([
      "pool[gpu,task_002] at 5 ms, when task_002 starts, running tasks use 2.5 of gpu, limit 2",
    ]);
  });

  it("let every task start at once where only slots, arrivals and deadlines bind", () => {
    const free = wave([{ busyMs: 4 }, { busyMs: 4 }, { busyMs: 4 }], [{ slots: 2 }, { slots: 1 }]).instance;
    const none = plainTiming(free);
    expect(findScheduleViolations(free, none, placed([0, 0], [0, 1], [1, 0]), new Float64Array(3))).toEqual([]);
    expect([none.absenceStart.length, none.useStart.length, none.poolNames]).toEqual([3, 4, []]);
    expect([...none.releaseMs, ...none.availableUntilMs]).toEqual([0, 0, 0, Infinity, Infinity]);
  });
});

/** Tasks of 1 to 4 ms in any of three slots, or deferred, each starting somewhere in 8 ms, and what each uses of two pools. */
const anyTask = fc.record({
  busyMs: fc.integer({ min: 1, max: 4 }),
  place: fc.option(fc.constantFrom([0, 0] as const, [0, 1] as const, [1, 0] as const)),
  startMs: fc.integer({ min: 0, max: 8 }),
  uses: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
});

it("names an overlap and a pool that is exceeded exactly where looking at every two tasks and every instant finds one", () => {
  fc.assert(
    fc.property(fc.array(anyTask, { minLength: 1, maxLength: 6 }), (tasks) => {
      const plain = tasks.map(({ busyMs }) => ({ busyMs }));
      const own = wave(plain, [{ slots: 2 }, { slots: 1 }]).instance;
      const limits = [3, 2];
      const plan = placed(...tasks.map(({ place }) => place));
      const startMs = Float64Array.from(tasks, (task) => (task.place === null ? NaN : task.startMs));
      const pools: Timing = {
        ...plainTiming(own),
        poolNames: ["a", "b"],
        poolLimit: Float64Array.from(limits),
        useStart: Int32Array.from({ length: tasks.length + 1 }, (_, k) => 2 * k),
        usePool: Int32Array.from({ length: 2 * tasks.length }, (_, k) => k % 2),
        useAmount: Float64Array.from(tasks.flatMap(({ uses }) => uses)),
      };
      const on = tasks.filter(({ place }) => place !== null);
      const runsAt = (task: (typeof on)[number], ms: number): boolean =>
        task.startMs <= ms && ms < task.startMs + task.busyMs;
      const overlaps = on.some(
        (one, k) =>
        on.some((other, l) => k < l && one.place === other.place && [one, other].every((task) => runsAt(task, Math.max(one.startMs, other.startMs)))), // prettier-ignore
      );
      const exceeded = limits.map((limit, pool) =>
        Array.from({ length: 12 }, (_, ms) => ms).some(
          (ms) => on.filter((task) => runsAt(task, ms)).reduce((sum, { uses }) => sum + uses[pool]!, 0) > limit,
        ),
      );
      const rows = findScheduleViolations(own, pools, plan, startMs).map(({ row }) => row);
      expect(rows.some((row) => row.startsWith("overlap"))).toBe(overlaps);
      expect(["pool[a", "pool[b"].map((start) => rows.some((row) => row.startsWith(start)))).toEqual(exceeded);
    }),
    { numRuns: 300, seed: 5 },
  );
});
