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
});
