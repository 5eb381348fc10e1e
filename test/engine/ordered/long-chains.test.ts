import { describe, expect, it } from "vitest";
import type { Instance } from "../../../models/index.js";
import { DeadlineSchedule } from "../../../src/engine/ordered/deadline-schedule.js";
import { readDeadlineWave } from "../../../src/engine/ordered/deadline-wave.js";
import { behindItsOwn, dropBehind } from "../../../src/engine/ordered/plan-of-sums.js";
import { SumSchedule } from "../../../src/engine/ordered/sum-schedule.js";

const NUM_TASKS = 12_000;

/** A chain in which every task takes 1 on every agent; the last one has a deadline that leaves room. */
function chain(numTasks: number): Instance {
  const numAgents = 1;
  const numPairs = numTasks * numAgents;
  const each = (value: number): Float64Array => new Float64Array(numTasks).fill(value);
  const ofPairs = (value: number): Float64Array => new Float64Array(numPairs).fill(value);
  const ofAgents = (value: number): Float64Array => new Float64Array(numAgents).fill(value);
  const places = Int32Array.from({ length: numTasks + 1 }, (_, k) => k);
  return {
    ...{ numTasks, numAgents, numPairs, success: ofPairs(0.5), retries: ofPairs(0), busyMs: ofPairs(1) },
    taskIds: Array.from(places.subarray(1), String),
    agentIds: Array.from(ofAgents(0), (_, agent) => `a${agent}`),
    pairStart: places.map((k) => k * numAgents),
    pairTask: Int32Array.from({ length: numPairs }, (_, pair) => Math.floor(pair / numAgents)),
    pairAgent: Int32Array.from({ length: numPairs }, (_, pair) => pair % numAgents),
    ...{ confidenceDelta: ofPairs(0), cost: ofPairs(0), belowGate: new Uint8Array(numPairs), weight: each(1) },
    deadlineMs: each(Infinity).fill(2 * numTasks, numTasks - 1),
    dependsStart: Int32Array.from(places, (k) => Math.max(0, k - 1)),
    dependsOn: places.slice(0, -2),
    ...{ slots: new Int32Array(numAgents).fill(1), loadLimitMs: ofAgents(Infinity), maxTasks: ofAgents(Infinity) },
    ...{ availableFromMs: ofAgents(0), budget: Infinity, deferral: { kind: "first" } },
    ...{ urgencyRank: places.slice(0, -1), timing: null },
  };
}

describe("a chain as long as the wave", () => {
  const instance = chain(NUM_TASKS);
  const tasks = Array.from({ length: NUM_TASKS }, (_, task) => task);

  it("leaves a schedule under deadlines whole, from its first task on", () => {
    const schedule = new DeadlineSchedule(readDeadlineWave(instance));
    for (const task of tasks) expect(schedule.restore(task, task, 0, task)).toBe(true);
    schedule.remove(0);
    expect(schedule.outWeight).toBe(NUM_TASKS);
    expect(schedule.isIn.includes(1)).toBe(false);
  });

  it("leaves a schedule of sums whole, and is found again in its order", () => {
    const tasks = Array.from({ length: 3_000 }, (_, task) => task);
    const schedule = new SumSchedule(readDeadlineWave(chain(tasks.length)));
    for (const task of tasks) schedule.restore(task, task, 0, task);
    schedule.take(0);
    dropBehind(schedule, 0);
    expect(tasks.some((task) => schedule.isIn(task))).toBe(false);
    expect(behindItsOwn(schedule, tasks.length - 1)).toEqual(tasks);
  });
});
