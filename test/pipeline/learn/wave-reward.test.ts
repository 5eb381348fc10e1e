import { describe, expect, it } from "vitest";
import type { WaveReference } from "../../../src/domain/adjustment.js";
import type { GoalKey } from "../../../src/domain/problem.js";
import { rewardOf } from "../../../src/pipeline/learn/wave-reward.js";
import { attempt, plan, ran, simpleWave, wave } from "./records.js";

/** Ten tasks, of which agents chosen at random complete 8 in 500 ms. */
const REFERENCE: WaveReference = {
  ...{ tasks: 10, successes: 8, attempts: 12, confidence: 0.8, confidenceDelta: 0.02, cost: 50, spanMs: 500 },
};

const reward = (goal: GoalKey, successes: number, over: object = {}): number =>
  rewardOf(simpleWave(10, successes, { reference: REFERENCE, ...over }), { [goal]: 1 })!;

describe("the reward of a wave", () => {
  it("is x / (1 + x) of how many times better than the reference it was", () => {
    expect(reward("success", 8)).toBeCloseTo(0.5, 12);
    expect(reward("success", 10)).toBeCloseTo(10 / 18, 12);
    // All ten tasks ended at 100 ms on one slot of agent a, which took 1000 ms of work.
    expect(reward("throughput", 8)).toBeCloseTo(500 / 600, 12);
    expect(reward("balance", 8)).toBeCloseTo(500 / 1500, 12);
    expect(reward("retries", 8)).toBeCloseTo(1.2 / 2.2, 12);
    expect(reward("confidence", 8)).toBeCloseTo(0.84 / 1.66, 12);
    const mission = { success: 3, retries: 1 };
    const both = rewardOf(simpleWave(10, 10, { reference: REFERENCE }), mission)!;
    expect(both).toBeCloseTo((3 * (10 / 18) + 1.2 / 2.2) / 4, 12);
  });

  it("is worth nothing to a strategy that promises little", () => {
    const timid = simpleWave(10, 8, { reference: REFERENCE });
    const planned = timid.planned.map((task) => ({ ...task, successProbability: 0.1, retries: 2, confidenceDelta: 0 }));
    const mission = { success: 1, throughput: 1, balance: 1, retries: 1, confidence: 1 };
    expect(rewardOf({ ...timid, planned }, mission)).toBe(rewardOf(timid, mission));
  });

  it("counts deferred tasks as not completed", () => {
    expect(reward("success", 8, { reference: { ...REFERENCE, tasks: 20, successes: 16 } })).toBeCloseTo(8 / 24, 12);
  });

  it("is none where the wave has no plan, no reference or was cut off", () => {
    expect(rewardOf(wave([], [], { reference: REFERENCE }), { success: 1 })).toBeNull();
    expect(rewardOf(simpleWave(10, 8), { success: 1 })).toBeNull();
    const cut = [ran("t", [attempt("t", { succeeded: false, fault: "aborted" })])];
    expect(rewardOf(wave([plan("t")], cut, { reference: REFERENCE }), { success: 1 })).toBeNull();
  });
});
