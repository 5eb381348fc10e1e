import fc from "fast-check";
import { expect, it } from "vitest";
import { plainTiming } from "../../models/check-schedule.js";
import { earliestStarts } from "../../models/earliest-starts.js";
import type { Timing } from "../../models/instance.js";
import { placed, wave } from "../planner/forecast/instances.js";

/** Tasks of 1 to 4 ms on any of three slots, or deferred; what each uses of two pools, and whether it waits for the one before. */
const anyTask = fc.record({
  busyMs: fc.integer({ min: 1, max: 4 }),
  place: fc.option(fc.constantFrom([0, 0] as const, [0, 1] as const, [1, 0] as const)),
  releaseMs: fc.integer({ min: 0, max: 6 }),
  amounts: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  waits: fc.boolean(),
});
const POOL_LIMITS = [3, 2] as const;
/** Of the first agent. */
const ABSENCES = [
  [4, 6],
  [9, 10],
] as const;

it("starts each task of an order at the first whole time at which its slot, its agent and the pools have room", () => {
  fc.assert(
    fc.property(fc.array(anyTask, { minLength: 1, maxLength: 6 }), (tasks) => {
      const { instance } = wave(
        tasks.map(({ busyMs, waits }, k) => ({ busyMs, after: waits && k > 0 ? [k - 1] : [] })),
        [{ slots: 2, availableFromMs: 1 }, { slots: 1 }],
      );
      const uses = tasks.map(({ amounts }) => [0, 1].filter((pool) => amounts[pool]! > 0));
      const timing: Timing = {
        ...plainTiming(instance),
        releaseMs: Float64Array.from(tasks, ({ releaseMs }) => releaseMs),
        absenceStart: Int32Array.of(0, 2, 2),
        absenceFromMs: Float64Array.from(ABSENCES, ([from]) => from),
        absenceToMs: Float64Array.from(ABSENCES, ([, to]) => to),
        poolNames: ["a", "b"],
        poolLimit: Float64Array.from(POOL_LIMITS),
        useStart: Int32Array.from([0, ...uses.map((_, k) => uses.slice(0, k + 1).flat().length)]),
        usePool: Int32Array.from(uses.flat()),
        useAmount: Float64Array.from(uses.flatMap((pools, k) => pools.map((pool) => tasks[k]!.amounts[pool]!))),
      };
      const starts: number[] = [];
      const runs = (task: number, ms: number): boolean =>
        starts[task]! <= ms && ms < starts[task]! + tasks[task]!.busyMs;
      const isFree = (task: number, ms: number): boolean => {
        const { place, amounts } = tasks[task]!;
        const running = tasks.slice(0, task).map((_, k) => k).filter((other) => runs(other, ms)); // prettier-ignore
        if (running.some((other) => tasks[other]!.place === place)) return false;
        if (place![0] === 0 && (ms < 1 || ABSENCES.some(([from, to]) => ms >= from && ms < to))) return false;
        return POOL_LIMITS.every(
          (limit, pool) => running.reduce((sum, other) => sum + tasks[other]!.amounts[pool]!, amounts[pool]!) <= limit,
        );
      };
      tasks.forEach(({ place, busyMs, releaseMs, waits }, task) => {
        let start = releaseMs;
        // A slot takes its tasks in order; what a task waits for, where that is deferred, keeps it from nothing.
        for (let other = 0; other < task; other++) {
          const isBefore = tasks[other]!.place === place || (waits && other === task - 1);
          if (isBefore && tasks[other]!.place !== null) start = Math.max(start, starts[other]! + tasks[other]!.busyMs);
        }
        while (place !== null && !Array.from({ length: busyMs }, (_, k) => start + k).every((ms) => isFree(task, ms)))
          start++;
        starts.push(place === null ? NaN : start);
      });
      const plan = placed(...tasks.map(({ place }) => place));
      expect([...earliestStarts(instance, timing, plan, [...tasks.keys()])]).toEqual(starts);
    }),
    { seed: 6, numRuns: 400 },
  );
});
