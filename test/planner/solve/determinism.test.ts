import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { solveProblem } from "../../../src/planner/solve/solve-problem.js";
import { type SolveOptions, STRATEGIES } from "../../../src/domain/index.js";
import { randomFullProblem } from "../../support/random-problem.js";

afterAll(closeSolvers);

/** Solves with a clock that runs at `speed`: another machine, as far as limits can tell. */
function solveAt(speed: number, size: readonly [number, number, number], options: Partial<SolveOptions>) {
  return solveProblem(
    randomFullProblem(...size),
    { ...DEFAULT_OPTIONS, timeLimitMs: 60_000, ...options },
    { now: () => 0, clock: () => speed * performance.now(), fixedNow: true },
  );
}

function bytesOf(result: ResultDocument): string {
  expect(result.reproducible).toBe(true);
  return JSON.stringify(result);
}

describe("the same seed and work limit", () => {
  it("give the same bytes, however fast the clock runs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STRATEGIES),
        fc.tuple(fc.nat(999), fc.integer({ min: 2, max: 24 }), fc.integer({ min: 2, max: 5 })),
        fc.integer({ min: 1, max: 20_000 }),
        fc.nat(99),
        async (strategy, size, workLimit, seed) => {
          const options = { strategy, workLimit, seed };
          expect(bytesOf(await solveAt(3, size, options))).toBe(bytesOf(await solveAt(1, size, options)));
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([1, 2])("give the same bytes with %i threads of the engine", async (threads) => {
    const options = { strategy: "maximize_success", workLimit: 40_000, threads } as const;
    const [first, second] = [await solveAt(1, [5, 90, 9], options), await solveAt(3, [5, 90, 9], options)];
    expect(bytesOf(second)).toBe(bytesOf(first));
    expect(first.options.threads).toBe(threads);
  });

  it("do not need a work limit of the caller's: the default one is counted from the time limit", async () => {
    const options = { strategy: "maximize_success", timeLimitMs: 2_000 } as const;
    const [first, second] = [await solveAt(0.5, [5, 30, 4], options), await solveAt(1e-3, [5, 30, 4], options)];
    expect(bytesOf(second)).toBe(bytesOf(first));
  });
});

it("is promised where a wave with order is settled before its moves have a rate", async () => {
  const tasks = ["x", "y", "z"].map((task_id) => ({ task_id, risk_level: "LOW" as const, confidence: 0.9 }));
  const ordered = [{ ...tasks[0]!, required_skills: ["sql"] }, tasks[1]!, { ...tasks[2]!, depends_on: ["y"] }];
  const agents = [
    { agent_id: "a", max_tasks: 0 },
    { agent_id: "b", available_until_ms: 1 },
  ];
  const options = { ...DEFAULT_OPTIONS, strategy: "maximize_success" } as const;
  const problem = fillFromPrior(parseProblem({ agents, tasks: ordered }, "wave"), options);
  const clock = (): number => 20 * performance.now();
  const result = await solveProblem(problem, options, { now: () => 0, clock, fixedNow: true });
  expect([result.termination, result.limit, result.reproducible]).toEqual(["optimal", null, true]);
});

describe("a clock that strikes", () => {
  it("is named as the limit, and nothing is promised", async () => {
    const options = { strategy: "maximize_success", timeLimitMs: 30 } as const;
    const result = await solveAt(1, [5, 200, 20], { ...options, workLimit: 1e9 });
    expect([result.termination, result.limit, result.reproducible]).toEqual(["feasible", "time", false]);
  });
});

describe("several threads", () => {
  it("are no worse than the first alone, and end each other where one has the proof", async () => {
    const size = [11, 90, 9] as const;
    const limits = { strategy: "maximize_success", workLimit: 60_000 } as const;
    const [one, three] = [await solveAt(1, size, limits), await solveAt(1, size, { ...limits, threads: 3 })];
    expect(three.objective.value).toBeGreaterThanOrEqual(one.objective.value!);
    expect(three.objective.bound).toBeLessThanOrEqual(one.objective.bound! + 1e-9);
    const free = await solveAt(1, size, { strategy: "maximize_success", threads: 3, timeLimitMs: 2_000 });
    expect(free.objective.value).toBeGreaterThanOrEqual(one.objective.value!);
    expect(free.attempts.some(({ note }) => note.includes("3 threads"))).toBe(true);
  });
});
