import { describe, expect, it } from "vitest";
import { ARRAY_BASELINES } from "../../../src/planner/bench/array-baselines.js";
import type { ArrayProblem, BenchCase } from "../../../src/planner/bench/bench-instance.js";
import { densePairs, throughputProblem } from "../../../src/planner/bench/dense-problems.js";
import { evaluateArrays } from "../../../src/planner/bench/evaluate-arrays.js";
import { measureCases, type MeasureSettings } from "../../../src/planner/bench/measure.js";
import { compareValues, medianRun, type Run } from "../../../src/planner/bench/measured.js";
import { summarize } from "../../../src/planner/bench/summarize.js";
import { toDocument } from "../../../src/planner/bench/to-document.js";

/** Two tasks, two agents: the optimum is 3, with task 0 on agent 0 and task 1 on agent 1. */
const COSTS: ArrayProblem = {
  strategy: "minimize_cost",
  assignment: {
    ...densePairs(2, 2),
    cost: Float64Array.of(1, 5, 1, 2),
    use: Float64Array.of(2, 1, 2, 1),
    capacity: Float64Array.of(2, 2),
  },
};

function arrayCase(arrays: ArrayProblem, bestKnown: number | null = null): BenchCase {
  const instance = { suite: "scale", name: "tiny", kind: "arrays", sense: "min", bestKnown, arrays } as const;
  return { suite: "scale", name: "tiny", load: () => Promise.resolve(instance) };
}

const settings: MeasureSettings = {
  context: { now: Date.now, clock: () => performance.now() },
  timeLimitMs: 500,
  seeds: [1, 2, 3],
  solveArrays: null,
};

describe("evaluation of arrays", () => {
  it("counts cost or makespan, and names what is broken", () => {
    expect(evaluateArrays(COSTS, [0, 1])).toEqual({ isValid: true, value: 3 });
    expect(evaluateArrays(COSTS, [0, 0])).toMatchObject({
      isValid: false,
      violation: expect.stringContaining("agent 0 uses 4"),
    });
    expect(evaluateArrays(COSTS, [0])).toMatchObject({ isValid: false });
    expect(evaluateArrays(COSTS, [0, 7])).toMatchObject({
      isValid: false,
      violation: expect.stringContaining("not eligible"),
    });
    const times = throughputProblem({ ...densePairs(2, 2), use: Float64Array.of(3, 1, 4, 9) });
    expect(evaluateArrays(times, [1, 0])).toEqual({ isValid: true, value: 4 });
    expect(evaluateArrays(times, [0, 0])).toEqual({ isValid: true, value: 7 });
  });

  it("of every heuristic finds a plan within the limits, or none", () => {
    const values = ARRAY_BASELINES.map(({ name, plan }) => {
      const agentOf = plan(COSTS);
      return [name, agentOf === null ? null : evaluateArrays(COSTS, agentOf)] as const;
    });
    expect(Object.fromEntries(values)).toEqual({
      "round robin": { isValid: true, value: 3 },
      "least loaded": { isValid: true, value: 3 },
      "earliest end": { isValid: true, value: 6 },
      "cheapest agents": { isValid: true, value: 3 },
    });
  });
});

describe("measuring", () => {
  it("gives every solve the moves that were asked for", async () => {
    const given: unknown[] = [];
    const solveArrays = (_: unknown, { workLimit }: { workLimit?: number }) => {
      given.push(workLimit);
      return Promise.resolve({ agentOf: Int32Array.of(0, 1), bound: 3 });
    };
    await measureCases([arrayCase(COSTS)], { ...settings, seeds: [1], workLimit: 7_000, solveArrays });
    await measureCases([arrayCase(COSTS)], { ...settings, seeds: [1], solveArrays });
    expect(given).toEqual([7_000, undefined]);
  });

  it("takes the median of the seeds, and counts the value of arrays itself", async () => {
    const answers = [Int32Array.of(0, 1), Int32Array.of(1, 1), Int32Array.of(0, 0)];
    const solveArrays = (_: unknown, { seed }: { seed: number }) =>
      Promise.resolve({ agentOf: answers[seed - 1]!, bound: 3 });
    const [row] = await measureCases([arrayCase(COSTS, 3)], { ...settings, solveArrays });
    expect(row!.runs.map(({ value }) => value)).toEqual([3, 7, null]);
    expect(row!.runs.map(({ isProven }) => isProven)).toEqual([true, false, false]);
    expect(row!.runs[2]!.fault).toContain("agent 0 uses 4");
    expect([row!.ours!.value, row!.gapToBestKnown, row!.betterThanOurs]).toEqual([
      7,
      4 / 7,
      ["round robin", "least loaded", "earliest end", "cheapest agents"],
    ]);
    expect(summarize([row!])).toMatchObject([{ suite: "scale", numSolved: 1, losses: ["tiny"], faults: ["tiny"] }]);
  });

  it("leaves ours out where nothing of ours takes arrays", async () => {
    const [row] = await measureCases([arrayCase(COSTS)], settings);
    expect([row!.ours, row!.gapToBestKnown, row!.bestBaseline?.value, row!.betterThanOurs]).toEqual([
      null,
      null,
      3,
      [],
    ]);
  });

  it("solves documents and verifies the answer", async () => {
    const instance = {
      suite: "gap",
      name: "tiny",
      kind: "document",
      sense: "min",
      bestKnown: 3,
      arrays: COSTS,
    } as const;
    const one: BenchCase = {
      suite: "gap",
      name: "tiny",
      load: () => Promise.resolve({ ...instance, document: toDocument(COSTS) }),
    };
    const [row] = await measureCases([one], { ...settings, seeds: [1] });
    expect(row!.ours).toMatchObject({ value: 3, bound: 3, isProven: true, fault: null });
    expect(row!.gapToBestKnown).toBe(0);
  });

  it("ends at an abort with the rows that are complete", async () => {
    const controller = new AbortController();
    const onRow = (): void => controller.abort();
    const context = { ...settings.context, signal: controller.signal };
    const rows = await measureCases([arrayCase(COSTS), arrayCase(COSTS)], { ...settings, context, onRow });
    expect(rows).toHaveLength(1);
  });

  it("leaves out an instance whose solve was cut short", async () => {
    const controller = new AbortController();
    let calls = 0;
    const solveArrays = () => {
      if (++calls === 2) controller.abort();
      return Promise.resolve({ agentOf: Int32Array.of(0, 1), bound: null });
    };
    const context = { ...settings.context, signal: controller.signal };
    const cases = [arrayCase(COSTS), arrayCase(COSTS), arrayCase(COSTS)];
    const rows = await measureCases(cases, { ...settings, seeds: [1], context, solveArrays });
    expect([rows.length, calls]).toEqual([1, 2]);
  });
});

describe("comparison of runs", () => {
  const run = (value: number | null, wallMs: number): Run => ({
    seed: 1,
    value,
    bound: null,
    isProven: false,
    wallMs,
    fault: null,
  });

  it("puts the better value first, none last", () => {
    expect(compareValues("min", 1, 2)).toBeLessThan(0);
    expect(compareValues("max", 1, 2)).toBeGreaterThan(0);
    expect(compareValues("min", 1, 1 + 1e-12)).toBe(0);
    expect(compareValues("max", null, 2)).toBe(Infinity);
    expect(compareValues("max", null, null)).toBe(0);
  });

  it("takes the middle by value, of two the worse, with the median time", () => {
    expect(medianRun("min", [run(5, 30), run(3, 10), run(4, 20)])).toMatchObject({ value: 4, wallMs: 20 });
    expect(medianRun("max", [run(5, 10), run(3, 20)])).toMatchObject({ value: 3 });
    expect(medianRun("min", [run(null, 1), run(3, 1), run(4, 1)])).toMatchObject({ value: 4 });
    expect(medianRun("min", [])).toBeNull();
  });
});
