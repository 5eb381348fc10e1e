import { describe, expect, it } from "vitest";
import { checkSequencedPlan } from "../../../src/engine/sequencing/check-sequenced-plan.js";
import { buildSequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

/** Three tasks of 10 ms; 0 before 1; agent 0 from 5 on, agent 1 with two slots. */
const problem = buildSequencingProblem({
  numTasks: 3,
  numAgents: 2,
  agentSlots: [1, 2],
  availableFromMs: [5, 0],
  pairStart: [0, 2, 4, 6],
  pairAgent: [0, 1, 0, 1, 0, 1],
  busyMs: [10, 10, 10, 10, 10, 10],
  dependencies: [[0, 1]],
  releaseMs: [0, 0, 2],
  deadlineMs: [Infinity, 40, Infinity],
  absences: {
    availableUntilMs: Float64Array.of(Infinity, 60),
    intervalStart: Int32Array.of(0, 1, 1),
    fromMs: Float64Array.of(30),
    toMs: Float64Array.of(35),
  },
  pools: {
    limit: Float64Array.of(3),
    useStart: Int32Array.of(0, 1, 1, 2),
    usePool: Int32Array.of(0, 0),
    useAmount: Float64Array.of(2, 2),
  },
  limits: {
    slotLoadMs: Float64Array.of(Infinity, 10),
    maxTasks: Float64Array.of(1, Infinity),
    rows: [{ value: Float64Array.of(5, 1, 2, 2, 9, 2), limit: 5 }],
  },
});
const valid = {
  pairOf: Int32Array.of(1, 2, 5),
  slotOf: Int32Array.of(1, 0, 2),
  startMs: Float64Array.of(0, 10, 10),
  makespanMs: 20,
};

describe("checkSequencedPlan", () => {
  it("accepts a valid schedule", () => {
    expect(checkSequencedPlan(problem, valid)).toEqual([]);
  });

  it.each([
    ["eligibility", { pairOf: Int32Array.of(2, 2, 5) }],
    ["slot", { slotOf: Int32Array.of(0, 0, 2) }],
    ["release", { startMs: Float64Array.of(0, 10, 1) }],
    ["deadline", { startMs: Float64Array.of(0, 36, 10), makespanMs: 46 }],
    ["dependency", { startMs: Float64Array.of(0, 9, 10) }],
    ["overlap", { slotOf: Int32Array.of(1, 0, 1), startMs: Float64Array.of(0, 10, 8) }],
    ["availability", { startMs: Float64Array.of(0, 10, 55), makespanMs: 65 }],
    ["absence", { startMs: Float64Array.of(0, 22, 10), makespanMs: 32 }],
    ["pool", { startMs: Float64Array.of(0, 10, 9) }],
    ["load", { slotOf: Int32Array.of(1, 0, 1), startMs: Float64Array.of(0, 10, 10) }],
    ["max_tasks", { pairOf: Int32Array.of(0, 2, 5), slotOf: Int32Array.of(0, 0, 2) }],
    ["limit", { pairOf: Int32Array.of(0, 2, 5), slotOf: Int32Array.of(0, 0, 2) }],
    ["makespan", { makespanMs: 19 }],
  ])("finds a broken rule: %s", (rule, change) => {
    expect(checkSequencedPlan(problem, { ...valid, ...change }).map((violation) => violation.rule)).toContain(rule);
  });
});
